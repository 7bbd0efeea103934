// The baseline: the run whose results are compared with the results of all other runs during a visit; no part of the sheet.
// Invariant: the baseline is a run of the sheet or none; a baseline that returns by undo is the baseline again.

import { createSignal } from 'solid-js';
import type { RunPlan } from '../../core/plan/plan';
import type { RunId } from '../../core/sheet/sheet';
import type { SessionDocument } from '../session/document';

/** The chosen baseline; an id whose run is not in the sheet counts as none. */
export interface Baseline {
  /** The present plan of the baseline; undefined if there is none. */
  run(): RunPlan | undefined;
  is(id: RunId): boolean;
  /** Makes a run the baseline; undefined removes the baseline. */
  choose(id: RunId | undefined): void;
}

/** The baseline of a session: none at first. */
export function createBaseline(session: SessionDocument): Baseline {
  const [chosen, choose] = createSignal<RunId>();
  const run = (): RunPlan | undefined => session.plan().runs.get(chosen() ?? '');
  return { run, is: (id) => chosen() === id && run() !== undefined, choose };
}
