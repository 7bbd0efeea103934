// Turns many tiles into runs at once: a row, a column or all of the map, as one sweep.
// Invariant: the button gives the number of new runs; the new runs are one step of undo.

import { createMemo, createSignal, For } from 'solid-js';
import { sideValueText } from '../figures/map/map-value-text';
import type { MapView } from '../figures/map/map-values';
import type { SessionDocument } from '../session/document';
import type { SessionNotices } from '../session/notices';
import { type Crossing, tileSweep } from './crossed-sheet';

interface Part {
  readonly name: string;
  readonly down: readonly string[];
  readonly across: readonly string[];
}

/** Form that adds the runs of a row, a column or all tiles of `crossing` to the sheet. */
export function MapRuns(props: {
  session: SessionDocument & SessionNotices;
  crossing: Crossing;
  view: MapView;
}) {
  const { session } = props;
  const [chosen, setChosen] = createSignal(0);
  const parts = createMemo<readonly Part[]>(() => {
    const { rows, columns } = props.crossing;
    return [
      { name: 'all tiles', down: rows.texts, across: columns.texts },
      ...rows.texts.map((text, row) => ({
        name: sideValueText(props.view.rows, row),
        down: [text],
        across: columns.texts,
      })),
      ...columns.texts.map((text, column) => ({
        name: sideValueText(props.view.columns, column),
        down: rows.texts,
        across: [text],
      })),
    ];
  });
  const part = (): Part | undefined => parts()[chosen()] ?? parts()[0];
  const count = (): number => (part()?.down.length ?? 0) * (part()?.across.length ?? 0);

  function make(): void {
    const wanted = part();
    if (!wanted) return;
    const sweep = tileSweep(session.sheet(), props.crossing, wanted.down, wanted.across);
    if (!sweep.ok) {
      session.say(`No run was added: ${sweep.reason}.`);
      return;
    }
    session.edit(sweep.value.label, sweep.value.make);
    session.report(sweep.value.done);
  }
  return (
    <form
      class="map-line map-runs"
      onSubmit={(event) => {
        event.preventDefault();
        make();
      }}
    >
      <label>
        add to the sheet
        <select onChange={(event) => setChosen(event.currentTarget.selectedIndex)}>
          <For each={parts()}>
            {({ name }, index) => <option selected={index() === chosen()}>{name}</option>}
          </For>
        </select>
      </label>
      <button type="submit">{`Add ${count()} ${count() === 1 ? 'run' : 'runs'}`}</button>
    </form>
  );
}
