// Explains in words why two runs differ, and names the bridge between them.
// Invariant: pure functions of a comparison; every number is a canonical text.

import type { Bridged } from '../../core/plan/bridge';
import type { Comparison, ParamDifference } from '../../core/plan/comparison';
import type { RunId } from '../../core/sheet/sheet';
import { joined, words } from '../../core/text-formatting';
import { pathText } from './sheet-rows';

const arrow = ({ param, texts: [before, after] }: ParamDifference): string =>
  `${words(param)} ${before} → ${after}`;

/** The params responsible, kind by kind: "architecture: hidden layers 3 → 2, activation sigmoid → relu". */
function responsible(params: readonly ParamDifference[]): string {
  const kinds = [...new Set(params.map(({ kind }) => kind))];
  return kinds
    .map((kind) => {
      const own = params.filter((difference) => difference.kind === kind).map(arrow);
      return kind === '' ? own.join('') : `${kind}: ${own.join(', ')}`;
    })
    .join('; ');
}

/** One sentence on how run `b` differs from run `a`, or on why the two cannot be compared. */
export function comparisonText(comparison: Comparison, a: RunId, b: RunId): string {
  if (comparison.type === 'problem') {
    const texts = comparison.problems.map(({ run, problem }) => {
      const words = problem.kind === 'blocked' ? problem.message : `${problem.cell}: ${problem.message}`;
      return `${run} cannot be compared, ${words}`;
    });
    return `${texts.join('; ')}.`;
  }
  const { params, arising, following } = comparison;
  if (params.length === 0 && arising.length === 0)
    return `Nothing differs between ${a} and ${b}: every cell is shared.`;
  const cause = params.length > 0 ? responsible(params) : joined(arising);
  const follow =
    following.length > 0
      ? `; ${joined(following)} ${following.length > 1 ? 'follow' : 'follows'}`
      : arising.length === 0
        ? '; the cells of member 0 are shared'
        : '';
  return `${b} differs from ${a} in ${cause}${follow}.`;
}

/** Name of a run of a bridge: "A with hidden layers 2, activation relu". */
export const bridgeName = (a: RunId, changes: readonly ParamDifference[]): string =>
  `${a} with ${changes.map(({ kind, param, texts: [, text] }) => `${pathText(kind === '' ? param : `${kind}.${param}`)} ${text}`).join(', ')}`;

/** Notice about the runs of a bridge that cannot be valid; undefined if all are valid. */
export function refusalText({ refused }: Bridged): string | undefined {
  if (refused.length === 0) return undefined;
  const reasons = refused.map(({ run, reason }) => `${run} (${reason})`);
  return `The bridge has ${refused.length === 1 ? 'a run' : 'runs'} that cannot be computed in any order: ${joined(reasons)}.`;
}
