// The status of a computed cell: a sign and words, for the sheet, the inspector and the map alike.
// Invariant: pure functions of plan and state; a sign means the same wherever it is drawn; every status has a mark, and
// mark-text.ts explains every mark.

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

/** The marks of computed cells, with the sign of each. */
export const SIGNS = {
  computed: THERE,
  cached: THERE,
  shared: THERE,
  members: THERE,
  counting: RUNNING,
  running: RUNNING,
  queued: WAITING,
  waiting: WAITING,
  asking: WAITING,
  stopped: WAITING,
  'not started': WAITING,
  hidden: WAITING,
  blocked: STUCK,
  missing: STUCK,
  'not valid': ENDED,
  'too large': ENDED,
  diverged: ENDED,
  failed: ENDED,
} as const;

/** What a status means; several words may have one mark: "4 ms" and "12 ms". */
export type StatusMark = keyof typeof SIGNS;

/** The status of a computed cell: a mark with its sign, a text, and the problem if there is one. */
export interface Status {
  readonly mark: StatusMark;
  readonly sign: string;
  readonly word: string;
  readonly problem?: Problem;
  /** Whether the status changes by itself: the cell is running or queued. */
  readonly passing?: boolean;
  /** Whether the cell waits for a permission of the person. */
  readonly asks?: boolean;
}

const statusOf = (
  mark: StatusMark,
  word: string = mark,
  more: Pick<Status, 'problem' | 'passing' | 'asks'> = {},
): Status => ({ mark, sign: SIGNS[mark], word, ...more });

/** The status of a cell that a person stopped. */
export const STOPPED = statusOf('stopped');

/** The status of a cell that waits for the person's consent to the whole sheet. */
export const NOT_STARTED = statusOf('not started');

/** The status of a cell with members: `done` of them have ended, out of `of`. */
export const membersStatus = (done: number, of: number): Status =>
  done < of ? statusOf('counting', `${done} of ${of}`) : statusOf('members', `${of} members`);

/** The same status of a cell whose cost is beyond the cap of any machine. */
export const tooLarge = (status: Status): Status => ({ ...status, mark: 'too large', word: 'too large' });

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
  if (!cell) return statusOf('missing');
  if (cell.problem?.cell === HIDDEN_PLACE) return statusOf('hidden');
  if (cell.problem) {
    const { problem } = cell;
    const own = problem.kind !== 'blocked' && problem.cell.startsWith(`${run.run.id}.${kind}`);
    return own
      ? statusOf('not valid', 'not valid', { problem })
      : statusOf('blocked', `blocked by ${problem.cell}`, { problem });
  }
  const { outcome, activity, progress = 0 } = state ?? { activity: 'idle' as const };
  if (outcome?.failure) {
    const problem = problemOf(outcome.failure, kind, run.run.id);
    if (problem.kind === 'blocked') return statusOf('blocked', `blocked by ${problem.cell}`, { problem });
    return statusOf(problem.kind === 'diverged' ? 'diverged' : 'failed', problem.kind, { problem });
  }
  if (activity === 'asking')
    return statusOf('asking', state?.estimate ? costText(state.estimate) : 'costly', { asks: true });
  if (activity === 'running') return statusOf('running', percentText(progress), { passing: true });
  if (!outcome && state?.waitsFor) return statusOf('waiting', `waits for ${state.waitsFor.kind.name}`);
  if (!outcome) return statusOf('queued', 'queued', { passing: true });
  if (firstRun !== undefined && firstRun !== run.run.id) return statusOf('shared');
  if (outcome.result.from !== 'computed') return statusOf('cached');
  return statusOf('computed', `${Math.max(1, Math.round(outcome.result.ms))} ms`);
}
