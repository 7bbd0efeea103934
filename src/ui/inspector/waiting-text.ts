// Explains why there is nothing to draw: the state of each shown run, with a problem's words and place.
// Invariant: a pure function of plan and states; the text guesses nothing. Runs with the same state share one sentence.

import { type KeyState, problemOf } from '../../core/compute/scheduler';
import type { Problem } from '../../core/kinds/problem';
import type { Key } from '../../core/plan/key';
import type { Cell, Plan, RunPlan } from '../../core/plan/plan';
import type { RunId } from '../../core/sheet/sheet';
import { listed } from '../figures/draw/format';
import { costText, percentText } from '../text/status';

/** The plan and the states that the text is read from. */
interface Standings {
  readonly plan: Plan;
  state(key: Key): KeyState;
  isStopped(key: Key): boolean;
}

/** Text of a problem: the message, after the name of the cell unless the cell is blocked or diverged. */
const problemText = ({ kind, cell, message }: Problem): string =>
  kind === 'blocked' || kind === 'diverged' ? message : `${cell}: ${message}`;

/** Whether a cell failed because a training diverged: no value will follow. */
const hasDiverged = ({ node }: Cell, from: Standings): boolean =>
  node !== undefined && from.state(node.key).outcome?.failure?.kind === 'diverged';

/** Why a cell has no value; undefined if it has one. */
function reasonOf(cell: Cell, { run }: RunPlan, from: Standings): string | undefined {
  if (cell.problem) return problemText(cell.problem);
  const { key, kind } = cell.node;
  const { outcome, activity, progress = 0, estimate, waitsFor } = from.state(key);
  if (outcome?.failure) return problemText(problemOf(outcome.failure, kind.name, run.id));
  if (outcome) return undefined;
  if (from.isStopped(key)) return `${kind.name} was stopped; “resume” in its cell continues the computation`;
  if (activity === 'asking') {
    const cost = estimate ? ` (${costText(estimate)})` : '';
    return `${kind.name} waits for your permission${cost}; “compute” in its cell starts the computation`;
  }
  if (activity === 'running') return `${kind.name} is being computed, ${percentText(progress)}`;
  return waitsFor
    ? `${kind.name} waits for ${waitsFor.kind.name}; “compute” in its cell starts ${waitsFor.kind.name}`
    : `${kind.name} is queued`;
}

/**
 * Text on why none of these runs has the values of these kinds; `kinds` lists inputs before their dependents.
 */
export function waitingText(runs: readonly RunId[], kinds: readonly string[], from: Standings): string {
  const runsByReason = new Map<string, RunId[]>();
  let isOver = true;
  for (const id of runs) {
    const run = from.plan.runs.get(id);
    const cells = run ? kinds.flatMap((kind) => run.cells.get(kind) ?? []) : [];
    const found = run && cells.flatMap((cell) => reasonOf(cell, run, from) ?? [])[0];
    if (!found) continue;
    // Figures stand on the first member; the others may have results.
    const reason = run.seeds.count > 1 ? `member 0: ${found}` : found;
    runsByReason.set(reason, [...(runsByReason.get(reason) ?? []), id]);
    isOver &&= cells.some((cell) => hasDiverged(cell, from));
  }
  if (runsByReason.size === 0) return 'Nothing to draw yet.';
  const parts = [...runsByReason].map(([reason, ids]) => `${listed(ids)}: ${reason}`);
  return `Nothing to draw${isOver ? '' : ' yet'}. ${parts.join('; ')}.`;
}
