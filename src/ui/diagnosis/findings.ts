// Finds the findings of a run by the rules, and compares a finding with the runs that are based on the run.
// Invariant: pure; a finding that another finding explains is left out. Knows no screen.

import type { RunId } from '../../core/sheet/sheet';
import type { Evidence } from './evidence';
import { type Remedy, remedyFor } from './remedies';
import type { Rule } from './rule';
import { RULES } from './rules';

/** The finding of one rule in a run, with the remedies that are possible in the run. */
export interface Finding {
  readonly run: RunId;
  /** The index of the member with the finding. */
  readonly member: number;
  readonly rule: Rule;
  readonly sentence: string;
  readonly remedies: readonly Remedy[];
}

/**
 * The findings of a member of a run, in the order of RULES, without findings that another finding explains.
 */
export function findingsOf(evidence: Evidence): Finding[] {
  const found = RULES.flatMap((rule): Finding[] => {
    const sentence = rule.find(evidence);
    if (sentence === undefined) return [];
    const remedies = rule.remedies.flatMap((name) => remedyFor(name, evidence) ?? []);
    return [{ run: evidence.id, member: evidence.member, rule, sentence, remedies }];
  });
  const names = new Set(found.map(({ rule }) => rule.name));
  return found.filter(({ rule }) => !rule.explainedBy?.some((name) => names.has(name)));
}

/**
 * How the measure of a finding changed from its run to a run based on it, as in "first : last from 1 : 125 to
 * 1.5 : 1"; undefined if the other run has no such measure yet.
 */
export function effectOf({ rule }: Finding, base: Evidence, other: Evidence): string | undefined {
  const { diverged } = other;
  if (diverged !== undefined)
    return base.diverged === undefined ? `diverges: ${diverged}` : `diverges too: ${diverged}`;
  const [before, after] = [rule.measure(base), rule.measure(other)];
  if (!after) return undefined;
  if (!before) return `does not diverge; ${after.what} ${after.text}`;
  const worse = after.size < before.size ? '' : ', no better';
  return `${before.what} from ${before.text} to ${after.text}${worse}`;
}
