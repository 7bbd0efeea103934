// The results of the cross-checks against TensorFlow.js, a line a run, above the figures of training.
// Invariant: a line gives the difference in numbers, for agreement and disagreement alike.

import { For, Match, Show, Switch } from 'solid-js';
import type { RunId } from '../../core/sheet/sheet';
import { speakOf } from '../dom/announcer';
import type { Differences } from '../figures/cross-check/cross-check';
import { agreement } from '../figures/cross-check/cross-check-text';
import type { Shown } from '../figures/draw/figure';
import type { SessionCursor } from '../session/cursor';
import type { SessionDocument } from '../session/document';
import { runColor } from '../text/palette';
import type { CrossChecks } from '../workspace/cross-checks';

/** The differences that the finished cross-checks of the shown runs found. */
export const finishedChecks = (
  session: SessionDocument & SessionCursor,
  crossChecks: CrossChecks,
): readonly Shown<Differences>[] =>
  session.shown().flatMap((id) => {
    const known = crossChecks.state(id);
    const name = session.plan().runs.get(id)?.run.name ?? '';
    return known?.type === 'done' ? [{ id, name, ...runColor(session, id), value: known.differences }] : [];
  });

export function CrossCheckLines(props: {
  session: SessionDocument & SessionCursor;
  crossChecks: CrossChecks;
}) {
  const { session, crossChecks } = props;
  const ofMember = (id: RunId) => ((session.plan().runs.get(id)?.seeds.count ?? 1) > 1 ? 'member 0 ' : '');
  /** The ends of the shown cross-checks; nothing while one runs, since its share changes all the time. */
  speakOf('cross-check', () =>
    session
      .shown()
      .flatMap((id) => {
        const state = crossChecks.state(id);
        if (state?.type === 'done') return [`${id} ${ofMember(id)}${agreement(state.differences)}`];
        return state?.type === 'failed' ? [`${id} could not be cross-checked: ${state.message}`] : [];
      })
      .join('. '),
  );
  return (
    <div class="cross-checks">
      <For each={session.shown()}>
        {(id) => (
          <Show when={crossChecks.state(id)}>
            {(state) => (
              <p>
                <strong>{id}</strong> {ofMember(id)}
                <Words id={id} state={state()} dismiss={() => crossChecks.dismiss(id)} />
              </p>
            )}
          </Show>
        )}
      </For>
    </div>
  );
}

type State = NonNullable<ReturnType<CrossChecks['state']>>;

function Words(props: { id: string; state: State; dismiss: () => void }) {
  const of = <T extends State['type']>(type: T): Extract<State, { type: T }> | undefined =>
    props.state.type === type ? (props.state as Extract<State, { type: T }>) : undefined;
  return (
    <Switch>
      <Match when={of('running')}>
        {(state) => (
          <>
            <progress value={state().fraction} aria-label={`TensorFlow.js trains ${props.id}`} />{' '}
            TensorFlow.js trains the same run …{' '}
            <button
              type="button"
              aria-label={`Cancel the cross-check of ${props.id}`}
              onClick={() => state().cancel()}
            >
              Cancel
            </button>
          </>
        )}
      </Match>
      <Match when={of('done')}>
        {(state) => (
          <>
            {agreement(state().differences)}{' '}
            <button
              type="button"
              aria-label={`Close the cross-check of ${props.id}`}
              onClick={() => props.dismiss()}
            >
              Close
            </button>
          </>
        )}
      </Match>
      <Match when={of('failed')}>
        {(state) => (
          <>
            <span class="bad">could not be cross-checked: {state().message}</span>{' '}
            <button
              type="button"
              aria-label={`Close the cross-check of ${props.id}`}
              onClick={() => props.dismiss()}
            >
              Close
            </button>
          </>
        )}
      </Match>
    </Switch>
  );
}
