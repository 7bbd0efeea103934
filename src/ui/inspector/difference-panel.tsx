// The line on two runs, selected or chosen: explains why the runs differ, and offers a bridge between them. Loaded once two runs
// are compared.
// Invariant: the line follows from the plan; a bridge is one step of the history.

import { createMemo, Show } from 'solid-js';
import { bridgeRuns } from '../../core/plan/bridge';
import { compareRuns } from '../../core/plan/comparison';
import type { RunId } from '../../core/sheet/sheet';
import { speakOf } from '../dom/announcer';
import { focusActiveCell } from '../dom/focus';
import type { Session } from '../session/session';
import { bridgeName, comparisonText, refusalText } from '../text/difference-text';
import '../text/comparing.css';

export function DifferencePanel(props: {
  session: Session;
  /** The two runs, in the order of the sheet. */
  ends: { readonly a: RunId; readonly b: RunId };
}) {
  const { session } = props;
  const ends = () => props.ends;
  const comparison = createMemo(() => compareRuns(session.registry, session.plan(), ends().a, ends().b));
  const text = () => {
    const found = comparison();
    return found ? comparisonText(found, ends().a, ends().b) : '';
  };
  speakOf('difference', text);
  const changes = () => {
    const found = comparison();
    return found?.type === 'compared' && found.params.length > 1 ? found.params : undefined;
  };
  function bridge(): void {
    const { a, b } = ends();
    const params = changes();
    if (!params) return;
    let refusal: string | undefined;
    session.edit(`bridge ${a} and ${b}`, (sheet) => {
      const bridged = bridgeRuns(session.registry, session.plan(), sheet, a, params, (done) =>
        bridgeName(a, done),
      );
      refusal = refusalText(bridged);
      return bridged.sheet;
    });
    if (refusal) session.say(refusal);
    // The focused button disappears, since more than two runs are compared now.
    queueMicrotask(focusActiveCell);
  }
  return (
    <p class="why">
      <span>{text()}</span>{' '}
      <Show when={changes()}>
        {(params) => (
          <button
            type="button"
            title={`Inserts ${params().length - 1} ${params().length === 2 ? 'run' : 'runs'} after ${ends().a}, each with one more of these params as in ${ends().b}`}
            onClick={bridge}
          >
            Bridge
          </button>
        )}
      </Show>
    </p>
  );
}
