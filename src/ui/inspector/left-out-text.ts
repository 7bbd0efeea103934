// Says which runs the figures leave out, and why.
// Invariant: every run of the sheet that is not shown is named, alone or within a stretch of neighbours.

import type { RunId } from '../../core/sheet/sheet';
import { listed } from '../figures/draw/format';

/** Runs in words, with three or more neighbours as a stretch: "A, C and E to H". */
function stretches(all: readonly RunId[], chosen: readonly RunId[]): string {
  const found: RunId[][] = [];
  let last = Number.NaN;
  for (const id of chosen) {
    const at = all.indexOf(id);
    if (at === last + 1) found.at(-1)?.push(id);
    else found.push([id]);
    last = at;
  }
  return listed(found.flatMap((part) => (part.length > 2 ? `${part[0]} to ${part.at(-1)}` : part)));
}

/**
 * Text on the runs of `all` that are not `shown`: "hidden: B", "not selected: A and D", or "no room: M to T".
 * Empty if all are shown.
 */
export function leftOutText(
  all: readonly RunId[],
  shown: readonly RunId[],
  hidden: ReadonlySet<RunId> | undefined,
  selected: readonly RunId[],
): string {
  const out = all.filter((id) => !shown.includes(id));
  const byPerson = out.filter((id) =>
    hidden ? hidden.has(id) : selected.length > 1 && !selected.includes(id),
  );
  const tooMany = out.filter((id) => !byPerson.includes(id));
  return [
    byPerson.length > 0 ? `${hidden ? 'hidden' : 'not selected'}: ${stretches(all, byPerson)}` : '',
    tooMany.length > 0 ? `no room: ${stretches(all, tooMany)}` : '',
  ]
    .filter(Boolean)
    .join('; ');
}
