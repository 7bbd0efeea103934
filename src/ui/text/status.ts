// The status of a computed cell: a sign and words, for the sheet, the inspector and the map alike.
// Invariant: pure functions of plan and state; a sign means the same wherever it is drawn.

import { problemOf } from '../../core/compute/scheduler';
import type { Problem } from '../../core/kinds/problem';
import { HIDDEN_PLACE } from '../../core/plan/hidden-plan';
import type { RunPlan } from '../../core/plan/plan';
import type { RunId } from '../../core/sheet/sheet';
import { grouped } from '../../core/text-formatting';
import type { LiveState } from '../session/live-states';

/** The value is there. */
export const THERE = '●';
export const RUNNING = '◔';
export const WAITING = '○';
/** No value, for a reason outside of the cell. */
export const STUCK = '⊘';
/** No value, for a reason in the cell itself. */
export const ENDED = '✕';

/** The status of a computed cell: a sign, a text, and the problem if there is one. */
export interface Status {
  readonly sign: string;
  readonly word: string;
  readonly problem?: Problem;
  /** Whether the status changes by itself: the cell is running or queued. */
  readonly passing?: boolean;
  /** Whether the cell waits for a permission of the person. */
  readonly asks?: boolean;
}

/** The status of a cell that a person stopped. */
export const STOPPED: Status = { sign: WAITING, word: 'stopped' };

/** The status of a cell that waits for the person's consent to the whole sheet. */
export const NOT_STARTED: Status = { sign: WAITING, word: 'not started' };

/** The status of a cell with members: `done` of them have ended, out of `of`. */
export const membersStatus = (done: number, of: number): Status =>
  done < of ? { sign: RUNNING, word: `${done} of ${of}` } : { sign: THERE, word: `${of} members` };

/** Progress, from 0 to 1, as whole percent, rounded down. */
export const percentText = (progress: number): string => `${Math.floor(progress * 100)} %`;

/** The estimate that makes a cell ask first: "about 40 s", "about 3 min", "needs 300 MB". */
export function costText({ ms, bytes }: { readonly ms: number; readonly bytes: number }): string {
  const seconds = ms / 1_000;
  const time =
    seconds < 100 ? `${Math.max(1, Math.round(seconds))} s` : `${grouped(Math.round(seconds / 60))} min`;
  const heavy = bytes > 2 ** 28;
  return heavy ? `needs ${grouped(Math.round(bytes / 2 ** 20))} MB` : `about ${time}`;
}

/** The status of a run's cell; `firstRun` is the first run of the sheet with the cell's key. */
export function readStatus(
  run: RunPlan,
  kind: string,
  state: LiveState | undefined,
  firstRun: RunId | undefined,
): Status {
  const cell = run.cells.get(kind);
  if (!cell) return { sign: STUCK, word: 'missing' };
  if (cell.problem?.cell === HIDDEN_PLACE) return { sign: WAITING, word: 'hidden' };
  if (cell.problem) {
    const own = cell.problem.kind !== 'blocked' && cell.problem.cell.startsWith(`${run.run.id}.${kind}`);
    return {
      sign: own ? ENDED : STUCK,
      word: own ? 'not valid' : `blocked by ${cell.problem.cell}`,
      problem: cell.problem,
    };
  }
  const { outcome, activity, progress = 0 } = state ?? { activity: 'idle' as const };
  if (outcome?.failure) {
    const problem = problemOf(outcome.failure, kind, run.run.id);
    if (problem.kind === 'blocked') return { sign: STUCK, word: `blocked by ${problem.cell}`, problem };
    return { sign: ENDED, word: problem.kind, problem };
  }
  if (activity === 'asking')
    return { sign: WAITING, word: state?.estimate ? costText(state.estimate) : 'costly', asks: true };
  if (activity === 'running') return { sign: RUNNING, word: percentText(progress), passing: true };
  if (!outcome && state?.waitsFor) return { sign: WAITING, word: `waits for ${state.waitsFor.kind.name}` };
  if (!outcome) return { sign: WAITING, word: 'queued', passing: true };
  if (firstRun !== undefined && firstRun !== run.run.id) return { sign: THERE, word: 'shared' };
  if (outcome.result.from !== 'computed') return { sign: THERE, word: 'cached' };
  return { sign: THERE, word: `${Math.max(1, Math.round(outcome.result.ms))} ms` };
}
