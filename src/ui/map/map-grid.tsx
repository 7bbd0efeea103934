// The input layer of the map: a grid of tiles over the drawing, by W3C's ARIA pattern; a click or Enter opens a tile.
// Invariant: one tab stop; the grid lies exactly over the drawn tiles and draws only the tile under the pointer.

import { createMemo, createSignal, createUniqueId, For } from 'solid-js';
import type { MapPlace } from '../figures/map/map';

/** Grid of `rows` × `columns` tiles over a drawing; tiles are counted row by row. */
export function MapGrid(props: {
  label: string;
  rows: number;
  columns: number;
  place: MapPlace;
  /** Description of a tile for assistive technology. */
  words(index: number): string;
  /** Called with the tile that is under the pointer or that has the focus; undefined if there is none. */
  onPoint(index: number | undefined): void;
  onOpen(index: number): void;
}) {
  const id = createUniqueId();
  const [at, setAt] = createSignal(0);
  const active = createMemo(() => Math.min(at(), props.rows * props.columns - 1));
  const nameOf = (index: number): string => `${id}-${index}`;

  function go(next: number): void {
    setAt(next);
    props.onPoint(next);
  }
  function onKeyDown(event: KeyboardEvent): void {
    const { rows, columns } = props;
    const [row, column] = [Math.floor(active() / columns), active() % columns];
    const isFar = event.ctrlKey || event.metaKey;
    if (event.altKey || event.shiftKey) return;
    const place = (down: number, across: number): number =>
      Math.max(0, Math.min(rows - 1, down)) * columns + Math.max(0, Math.min(columns - 1, across));
    const moves: Readonly<Record<string, number>> = {
      ArrowUp: place(isFar ? 0 : row - 1, column),
      ArrowDown: place(isFar ? rows - 1 : row + 1, column),
      ArrowLeft: place(row, isFar ? 0 : column - 1),
      ArrowRight: place(row, isFar ? columns - 1 : column + 1),
      Home: place(isFar ? 0 : row, 0),
      End: place(isFar ? rows - 1 : row, columns - 1),
    };
    const next = moves[event.key];
    if (next !== undefined) go(next);
    else if (!isFar && (event.key === 'Enter' || event.key === ' ')) props.onOpen(active());
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  return (
    <div class="map-over">
      <table
        class="map-grid"
        role="grid"
        aria-label={props.label}
        tabIndex={0}
        aria-activedescendant={nameOf(active())}
        style={{
          left: `${props.place.left}px`,
          top: `${props.place.top}px`,
          width: `${props.place.cell.width * props.columns}px`,
          height: `${props.place.cell.height * props.rows}px`,
        }}
        onKeyDown={onKeyDown}
        onFocus={() => props.onPoint(active())}
        onBlur={() => props.onPoint(undefined)}
        onPointerLeave={() => props.onPoint(undefined)}
      >
        <tbody>
          <For each={places(props.rows)}>
            {(row) => (
              <tr>
                <For each={places(props.columns)}>
                  {(column) => <Tile index={row * props.columns + column} />}
                </For>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );

  function Tile(own: { index: number }) {
    return (
      // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the focus, and takes the keys of all its cells.
      <td
        id={nameOf(own.index)}
        aria-label={props.words(own.index)}
        classList={{ active: own.index === active() }}
        onPointerEnter={() => props.onPoint(own.index)}
        onClick={() => {
          // Clicking focuses the grid, and `onFocus` has just reported the tile that was active before.
          go(own.index);
          props.onOpen(own.index);
        }}
      />
    );
  }
}

const places = (count: number): number[] => Array.from({ length: count }, (_, place) => place);
