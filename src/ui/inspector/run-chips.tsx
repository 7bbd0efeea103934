// The runs of the sheet as chips above the figures: a pressed chip is a run that the figures show.
// Invariant: the chips choose for the figures alone; the sheet and its selection stay the same. One tab stop; hovering a chip
// marks the run everywhere.

import { createMemo, createSignal, For, Show } from 'solid-js';
import type { RunId } from '../../core/sheet/sheet';
import type { SessionCursor } from '../session/cursor';
import type { SessionDocument } from '../session/document';
import { runColor } from '../text/palette';
import { chooseRun, isChosen, pressOf } from '../workspace/run-choice';

/** Largest number of chips; in a wider sheet only the shown runs have chips, and with room those that the person hid. */
const MOST_CHIPS = 40;

const KEYS =
  'A click hides or shows a run in the figures; Ctrl+click adds it to the chosen runs; Alt+click shows it alone';

export function RunChips(props: {
  session: SessionDocument & SessionCursor;
  /** Which members of a run the figures show, in words; empty for a run without seeds. */
  membersText: (run: RunId) => string;
  /** Which runs the figures leave out, in words; empty for none. */
  leftOut: string;
  marked: RunId | undefined;
  onMark: (run: RunId | undefined) => void;
}) {
  const { session } = props;
  /** The runs that have a chip. */
  const ids = createMemo(() => {
    const all = session.sheet().runs.map(({ id }) => id);
    if (all.length <= MOST_CHIPS) return all;
    const near = all.filter((id) => session.shown().includes(id) || session.hidden()?.has(id));
    return near.length <= MOST_CHIPS ? near : session.shown();
  });
  const [stop, setStop] = createSignal<RunId>();
  /** The chip that the Tab key reaches. */
  const stopped = () => (ids().includes(stop() ?? '') ? stop() : ids()[0]);

  /** Arrow keys move between chips; Enter and Space with Ctrl or Alt press as a click does. */
  function onKeyDown(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
    const chips = [...event.currentTarget.querySelectorAll('button')];
    const at = event.target instanceof HTMLButtonElement ? chips.indexOf(event.target) : -1;
    const run = ids()[at];
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      Home: 0,
      End: chips.length - 1,
    };
    const to = chips[steps[event.key] ?? -1];
    if (to) to.focus();
    else if (run && pressOf(event) !== 'toggle' && (event.key === 'Enter' || event.key === ' '))
      chooseRun(session, run, pressOf(event));
    else return;
    event.preventDefault();
  }

  return (
    <div class="shown-runs">
      <div
        class="run-chips"
        role="toolbar"
        aria-label="Runs in the figures"
        title={KEYS}
        onKeyDown={onKeyDown}
      >
        <For each={ids()}>
          {(id) => (
            <button
              type="button"
              class="run-chip"
              classList={{ marked: props.marked === id, away: !session.shown().includes(id) }}
              aria-pressed={session.shown().includes(id)}
              tabindex={stopped() === id ? 0 : -1}
              onFocus={() => setStop(id)}
              onClick={(event) => chooseRun(session, id, pressOf(event))}
              onPointerEnter={() => props.onMark(id)}
              onPointerLeave={() => props.onMark(undefined)}
            >
              <svg class="swatch" viewBox="0 0 8 8" aria-hidden="true">
                <circle cx="4" cy="4" r="4" fill={runColor(session, id).color} />
              </svg>
              <strong>{id}</strong>
              <span class="chip-name">{session.plan().runs.get(id)?.run.name}</span>
              <Show when={session.shown().includes(id) && props.membersText(id)}>
                {(text) => <span class="quiet">{text()}</span>}
              </Show>
            </button>
          )}
        </For>
      </div>
      <Show when={isChosen(session)}>
        <button type="button" class="all-runs" title={props.leftOut} onClick={() => session.hide(undefined)}>
          Show all
        </button>
      </Show>
    </div>
  );
}
