// The bars at the bottom of a phone: the run that is edited, with its loss and accuracy always in view, and the choice between
// sheet and figures.
// Invariant: the numbers are of the present sheet, or a mark says that they are being computed. Loaded on phones only.

import { createMemo, For, Show } from 'solid-js';
import { SmallCurve } from '../dom/small-curve';
import type { Session } from '../session/session';
import { runColor } from '../text/palette';
import { formatResult } from '../text/result-text';
import './phone.css';

/** The parts of the page that a phone shows one at a time. */
export const VIEWS = ['Sheet', 'Figures'] as const;
export type View = (typeof VIEWS)[number];

export function PhoneBars(props: { session: Session; view: View; onView: (view: View) => void }) {
  const { session } = props;
  const run = () => session.active().run;
  const state = createMemo(() => {
    const node = session.plan().runs.get(run())?.cells.get('train')?.node;
    return node && session.live.state(node.key);
  });
  const value = () => state()?.outcome?.result?.value ?? state()?.partial;
  /** The results of the training with a curve: its loss and its accuracy first. */
  const results = session.registry.results.filter(({ kind, curve }) => kind === 'train' && curve).slice(0, 2);
  return (
    <footer class="phone-bars">
      <div class="edited-run">
        <svg class="swatch" viewBox="0 0 8 8" aria-hidden="true">
          <circle cx="4" cy="4" r="4" fill={runColor(session, run()).color} />
        </svg>
        <strong>{run()}</strong>
        <For each={results}>
          {(result) => {
            const number = () => {
              const known = value();
              return known === undefined ? undefined : result.read(known);
            };
            const curve = () => {
              const known = value();
              return known === undefined ? undefined : result.curve?.(known);
            };
            return (
              <span class="edited-result">
                <span class="quiet">{result.label}</span>{' '}
                <strong>{number() === undefined ? '…' : formatResult(result, number() ?? Number.NaN)}</strong>
                <Show when={result.format === 'loss' && curve()}>
                  {(values) => <SmallCurve values={values()} log />}
                </Show>
              </span>
            );
          }}
        </For>
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
