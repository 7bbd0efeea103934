// The bars at the bottom of a phone: the run that is edited, with its loss and accuracy always in view, and the choice between
// sheet and figures.
// Invariant: the numbers are of the present sheet; "so far" while the training runs, the state in their place where there are
// none, and of a run with seeds those of member 0. Loaded on phones only.

import { createMemo, For, Index, Show } from 'solid-js';
import { SmallCurve } from '../dom/small-curve';
import type { Session } from '../session/session';
import { runColor } from '../text/palette';
import { SO_FAR, singleResult } from '../text/single-result';
import { readStatus, STOPPED } from '../text/status';
import './phone.css';

/** The parts of the page that a phone shows one at a time. */
export const VIEWS = ['Sheet', 'Figures'] as const;
export type View = (typeof VIEWS)[number];

export function PhoneBars(props: { session: Session; view: View; onView: (view: View) => void }) {
  const { session } = props;
  const run = () => session.active().run;
  const plan = () => session.plan().runs.get(run());
  const key = () => plan()?.cells.get('train')?.node?.key;
  /** The results of the training with a curve: its loss and its accuracy first. */
  const results = session.registry.results.filter(({ kind, curve }) => kind === 'train' && curve).slice(0, 2);
  const shown = createMemo(() => {
    const known = key();
    return known === undefined
      ? []
      : results.flatMap((result) => {
          const single = singleResult(session, result, known);
          return single ? [{ result, single }] : [];
        });
  });
  /** Why there is no number: blocked, diverged, queued, waiting for a permission. */
  const status = (): string => {
    const [planned, known] = [plan(), key()];
    if (!planned) return '';
    if (known === undefined) return readStatus(planned, 'train', undefined, undefined).word;
    if (session.stopped().has(known)) return STOPPED.word;
    return readStatus(planned, 'train', session.live.state(known), run()).word;
  };
  const members = () => plan()?.seeds.count ?? 1;
  return (
    <footer class="phone-bars">
      <div class="edited-run">
        <svg class="swatch" viewBox="0 0 8 8" aria-hidden="true">
          <circle cx="4" cy="4" r="4" fill={runColor(session, run()).color} />
        </svg>
        <strong>{run()}</strong>
        <Show when={members() > 1}>
          <span class="quiet">member 0 of {members()}</span>
        </Show>
        <Index each={shown()} fallback={<span class="edited-result quiet">{status()}</span>}>
          {(known) => (
            <span class="edited-result">
              <span class="quiet">{known().result.label}</span> <strong>{known().single.text}</strong>
              <Show when={known().single.note === SO_FAR}>
                <span class="quiet">{SO_FAR}</span>
              </Show>
              <Show when={known().result.format === 'loss' && known().single.curve}>
                {(values) => <SmallCurve values={values()} log />}
              </Show>
            </span>
          )}
        </Index>
      </div>
      <nav aria-label="Sheet or figures">
        <For each={VIEWS}>
          {(view) => (
            <button
              type="button"
              aria-pressed={props.view === view}
              onClick={() => {
                props.onView(view);
              }}
            >
              {view}
            </button>
          )}
        </For>
      </nav>
    </footer>
  );
}
