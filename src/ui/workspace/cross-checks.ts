// The cross-checks of trainings against TensorFlow.js: started by a person, one at a time for each training,
// forgotten with the page.
// Invariant: a shown cross-check belongs to the run's present training, never to another training.

import { createSignal } from 'solid-js';
import type { Ask } from '../../cells/questions';
import type { Scheduler } from '../../core/compute/scheduler';
import { late } from '../../core/late-loading';
import type { Key } from '../../core/plan/key';
import type { Cells } from '../../core/plan/plan';
import type { RunId } from '../../core/sheet/sheet';
import type { Differences } from '../figures/cross-check/cross-check';
import type { SessionCursor } from '../session/cursor';
import type { SessionDocument } from '../session/document';

const crossCheck = late(() => import('./cross-check-question'));

type CrossCheckState =
  | { readonly type: 'running'; readonly fraction: number; readonly cancel: () => void }
  | { readonly type: 'done'; readonly differences: Differences }
  | { readonly type: 'failed'; readonly message: string };

/** Cross-checks by run, each about the present training of the run. */
export interface CrossChecks {
  start(run: RunId): void;
  /** State of the cross-check of the run's present training; undefined if there is none. */
  state(run: RunId): CrossCheckState | undefined;
  /** Removes the cross-check of the run's present training. */
  dismiss(run: RunId): void;
}

/** Cross-checks of a session, none at first; must be made inside a Solid root. */
export function createCrossChecks(
  session: SessionDocument & SessionCursor,
  scheduler: Scheduler,
  ask: Ask,
): CrossChecks {
  const [states, setStates] = createSignal<ReadonlyMap<Key, CrossCheckState>>(new Map());
  const set = (key: Key, state: CrossCheckState | undefined): void => {
    const next = new Map(states());
    if (state) next.set(key, state);
    else next.delete(key);
    setStates(next);
  };
  const keyOf = (run: RunId): Key | undefined => session.plan().runs.get(run)?.cells.get('train')?.node?.key;
  const state = (run: RunId): CrossCheckState | undefined => states().get(keyOf(run) ?? '');

  async function work(key: Key, cells: Cells): Promise<void> {
    const abort = new AbortController();
    const cancel = (): void => abort.abort();
    set(key, { type: 'running', fraction: 0, cancel });
    try {
      const { askCrossCheck } = await crossCheck();
      const differences = await askCrossCheck(scheduler, ask, cells, abort.signal, (fraction) => {
        if (!abort.signal.aborted) set(key, { type: 'running', fraction, cancel });
      });
      set(key, { type: 'done', differences });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      set(key, abort.signal.aborted ? undefined : { type: 'failed', message });
    }
  }

  return {
    start(run) {
      const [key, cells] = [keyOf(run), session.plan().runs.get(run)?.cells];
      if (!key || !cells || states().get(key)?.type === 'running') return;
      session.inspect('train');
      void work(key, cells);
    },
    state,
    dismiss(run) {
      const key = keyOf(run);
      if (key) set(key, undefined);
    },
  };
}
