// The baseline: the run that all other runs' results are compared with during a visit; no part of the sheet.
// Invariant: the baseline is a run of the sheet or none; a baseline that returns by undo is the baseline again.

import { createSignal } from 'solid-js';
import type { RunPlan } from '../../core/plan/plan';
import type { RunId } from '../../core/sheet/sheet';
import type { SessionDocument } from '../session/document';

export interface Baseline {
  /** The run that others are compared with, as it is planned now. */
  run(): RunPlan | undefined;
  is(id: RunId): boolean;
  /** Compares with this run, or with none. */
  choose(id: RunId | undefined): void;
}

/** The baseline of a session: none at first. */
export function createBaseline(session: SessionDocument): Baseline {
  const [chosen, choose] = createSignal<RunId>();
  const run = (): RunPlan | undefined => session.plan().runs.get(chosen() ?? '');
  return { run, is: (id) => chosen() === id && run() !== undefined, choose };
}
