// One result of a run as a number, the mean over the members of a run with seeds.
// Invariant: a number is given only once every member has ended; a member without a number is counted.

import type { Result } from '../../core/kinds/kind';
import type { RunId } from '../../core/sheet/sheet';
import { memberNodes } from '../session/members';
import type { Session } from '../session/session';
import { summarize } from '../text/spread';

/** The number, if there is one; `isPending` while a member has not ended. */
export interface RunResult {
  readonly number?: number;
  readonly members: number;
  readonly isPending: boolean;
}

/** The result of a run: for a ratio over members, the geometric mean. Reactive. */
export function resultOver(session: Session, id: RunId, result: Result): RunResult {
  const run = session.plan().runs.get(id);
  const first = run?.cells.get(result.kind);
  if (!run || !first) return { members: 0, isPending: false };
  if (!first.node) return { members: 1, isPending: false };
  const nodes = run.seeds.count === 1 ? [first.node] : memberNodes(run, result.kind);
  const states =
    run.seeds.count === 1
      ? nodes.map(({ key }) => session.live.state(key))
      : session.members.states(id, nodes);
  const isPending = states.some(({ outcome }) => !outcome);
  const figures = states.flatMap(({ outcome }) => {
    const value = outcome?.result?.value;
    return (value === undefined ? undefined : result.read(value)) ?? [];
  });
  const members = run.seeds.count;
  if (isPending || figures.length === 0) return { members, isPending };
  const isRatio = result.format === 'ratio';
  const { mean } = summarize(isRatio ? figures.map(Math.log) : figures);
  return { number: isRatio ? Math.exp(mean) : mean, members, isPending };
}

/** The result of every run of the sheet. Reactive. */
export const resultsOver = (session: Session, result: Result): (RunResult & { readonly run: RunId })[] =>
  session.sheet().runs.map(({ id }) => ({ run: id, ...resultOver(session, id, result) }));
