// The remark that a figure shows member 0 of a run with seeds, for figures that show one network and no bands.
// Invariant: every such figure has the remark, and no other figure has it. Knows no figure.

import type { Shown } from './figure';

type Run = Pick<Shown<unknown>, 'id' | 'members' | 'standsFor'>;

/**
 * Number of a run's members if the figure shows member 0 alone; undefined for a run without seeds or with
 * bands.
 */
const countOf = ({ members, standsFor }: Run): number | undefined => (members ? undefined : standsFor);

/** Remark on the member, as in "member 0 of 20"; empty if all members are shown. */
export function memberRemark(run: Run): string {
  const count = countOf(run);
  return count === undefined ? '' : `member 0 of ${count}`;
}

/** The remark behind a name, as in ", member 0 of 20"; empty if all members are shown. */
export const memberText = (run: Run): string => {
  const remark = memberRemark(run);
  return remark && `, ${remark}`;
};

/** End of a headline about some runs: "; member 0 of 20", or with the runs, if not all of them have members. */
export function membersInBrief(named: readonly Run[]): string {
  const counts = new Set(named.map(countOf));
  const [only] = counts;
  return counts.size === 1 && only !== undefined ? `; member 0 of ${only}` : membersText(named);
}

/** End of the shortest headline about one run: "; member 0"; undefined unless it is one run that shows its member 0. */
export const memberAlone = ([run, ...more]: readonly Run[]): string | undefined =>
  run && more.length === 0 && countOf(run) !== undefined ? '; member 0' : undefined;

/** End of a title, as in "; member 0 of 20 in A and of 5 in B"; empty if all members are shown. */
export function membersText(runs: readonly Run[]): string {
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
