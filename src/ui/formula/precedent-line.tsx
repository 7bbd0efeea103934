// One line about the active cell: its precedents and its dependents, each a link to the cell.
// Invariant: never more than a line; cells that do not fit are counted.

import { type Accessor, For, Show } from 'solid-js';
import type { Place } from './precedents';

/**
 * The precedents and dependents of the active cell; `nameOf` gives a cell's name for people, `go`
 * activates a cell.
 */
export interface PrecedentLineProps {
  readonly precedents: readonly Place[];
  readonly dependents: readonly Place[];
  readonly nameOf: (place: Place) => string;
  readonly go: (place: Place) => void;
}

function Places(props: { words: string; places: readonly Place[]; line: PrecedentLineProps }) {
  /** The line has room for two names. */
  const most = (): number => (props.line.precedents.length > 0 && props.line.dependents.length > 0 ? 1 : 2);
  const more = (): number => props.places.length - most();
  return (
    <Show when={props.places.length > 0}>
      <span>
        {props.words}{' '}
        <For each={props.places.slice(0, most())}>
          {(place, index) => (
            <>
              {index() > 0 && ', '}
              <button type="button" onClick={() => props.line.go(place)}>
                {props.line.nameOf(place)}
              </button>
            </>
          )}
        </For>
        <Show when={more() > 0}> +{more()}</Show>
      </span>
    </Show>
  );
}

/** The line; empty for a cell without precedents and dependents. */
export function PrecedentLine(props: { line: Accessor<PrecedentLineProps | undefined> }) {
  return (
    <Show when={props.line()}>
      {(line) => (
        <p class="trace-line">
          <Places words="reads" places={line().precedents} line={line()} />
          <Show when={line().precedents.length > 0 && line().dependents.length > 0}>
            <span aria-hidden="true"> · </span>
          </Show>
          <Places words="read by" places={line().dependents} line={line()} />
        </p>
      )}
    </Show>
  );
}
