// The remark that a figure shows member 0 of a run with seeds, for figures that show one network and no bands.
// Invariant: every such figure has the remark, and no other figure has it. Knows no figure.

import type { Shown } from './figure';

type Run = Pick<Shown<unknown>, 'id' | 'members' | 'standsFor'>;

/** How many members a run has of which member 0 alone is shown; undefined where it has none or bands show all. */
const countOf = ({ members, standsFor }: Run): number | undefined => (members ? undefined : standsFor);

/** "member 0 of 20", or nothing. */
export function memberRemark(run: Run): string {
  const count = countOf(run);
  return count === undefined ? '' : `member 0 of ${count}`;
}

/** The same behind a name: ", member 0 of 20". */
export const memberText = (run: Run): string => {
  const remark = memberRemark(run);
  return remark && `, ${remark}`;
};

/** The end of a title: "; member 0 of 20 in A and of 5 in B". */
export function memberWords(runs: readonly Run[]): string {
  const counts = new Map<number, string[]>();
  for (const run of runs) {
    const count = countOf(run);
    if (count !== undefined) counts.set(count, [...(counts.get(count) ?? []), run.id]);
  }
  const parts = [...counts].map(([count, ids]) => {
    const named = ids.length > 3 ? `${ids.length} runs` : ids.join(', ').replace(/, (\S+)$/, ' and $1');
    return `of ${count} in ${named}`;
  });
  return parts.length > 0 ? `; member 0 ${parts.join(' and ')}` : '';
}
