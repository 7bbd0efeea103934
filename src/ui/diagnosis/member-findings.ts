// Counts the findings of the members of runs with seeds as members arrive, a share of a frame at a time.
// Invariant: a count belongs to the plan of the counted members; each member is evaluated once. Knows no elements.

import { createEffect, createSignal, onCleanup } from 'solid-js';
import type { Outcome } from '../../core/compute/scheduler';
import type { RunPlan } from '../../core/plan/plan';
import type { RunId } from '../../core/sheet/sheet';
import { inSlices } from '../../core/slices';
import type { SessionProgress } from '../session/progress';
import { untilRedrawTick } from '../session/redraw-tick';
import type { Session } from '../session/session';
import { type Evidence, evidenceOf } from './evidence';
import { type Finding, findingsOf } from './findings';
import type { RuleName } from './rule';
import { RULES } from './rules';

/** Smallest share of the members for which a finding is shown that member 0 does not have. */
const TOLD_SHARE = 0.1;

/** Counts of findings in a run's members. */
interface Tally {
  /** Number of members that were diagnosed, which are those with an outcome. */
  readonly of: number;
  /** Number of members with a finding, by rule. */
  readonly counts: ReadonlyMap<RuleName, number>;
  /**
   * For each rule that is frequent enough or found in member 0, its finding in the first member that has it;
   * in the order of RULES.
   */
  readonly findings: readonly Finding[];
}

/** Evidence of a member of a run; a computation that reads it runs again when the run's members change. */
export function memberEvidence(session: SessionProgress, run: RunPlan, member: number): Evidence {
  const nodes = [...run.member(member).values()].flatMap(({ node }) => node ?? []);
  const states = session.members.states(run.run.id, nodes);
  const outcomes = new Map(nodes.map(({ key }, index) => [key, states[index]?.outcome]));
  return evidenceOf(run, member, (key) => outcomes.get(key));
}

/**
 * Returns an accessor of the tally of a run with seeds; undefined until its members are counted. Counts the
 * shown runs; call inside a Solid root.
 */
export function createTallies(session: Session): (run: RunPlan) => Tally | undefined {
  const [made, setMade] = createSignal<ReadonlyMap<RunId, { run: RunPlan; tally: Tally }>>(new Map());
  const requests = new Map<RunId, RunPlan>();
  const seen = new WeakMap<Outcome, readonly Finding[]>();
  let isBusy = false;
  let hasEnded = false;

  function diagnoseMember(run: RunPlan, member: number): readonly Finding[] | undefined {
    const node = run.member(member).get('train')?.node;
    const outcome = node && session.members.states(run.run.id, [node])[0]?.outcome;
    if (!outcome) return undefined;
    const known = seen.get(outcome);
    if (known) return known;
    const evidence = memberEvidence(session, run, member);
    if (!evidence.initial || !(evidence.trained || evidence.diverged !== undefined)) return undefined;
    const found = findingsOf(evidence);
    seen.set(outcome, found);
    return found;
  }

  function* count(run: RunPlan): Generator<void, Tally> {
    const counts = new Map<RuleName, number>();
    const firsts = new Map<RuleName, Finding>();
    let of = 0;
    for (let member = 0; member < session.members.opened(run).seeds.count; member++) {
      const found = diagnoseMember(run, member);
      if (found) of++;
      for (const finding of found ?? []) {
        const { name } = finding.rule;
        counts.set(name, (counts.get(name) ?? 0) + 1);
        if (!firsts.has(name)) firsts.set(name, finding);
      }
      yield;
    }
    const findings = RULES.flatMap(({ name }) => firsts.get(name) ?? []).filter(
      ({ member, rule }) => member === 0 || (counts.get(rule.name) ?? 0) >= TOLD_SHARE * of,
    );
    return { of, counts, findings };
  }

  async function work(): Promise<void> {
    isBusy = true;
    while (requests.size > 0 && !hasEnded) {
      const batch = [...requests];
      requests.clear();
      const fresh: (readonly [RunId, { run: RunPlan; tally: Tally }])[] = [];
      for (const [id, run] of batch) {
        const isWanted = (): boolean => !hasEnded && (requests.get(id) ?? run) === run;
        const made = await inSlices(count(run), isWanted);
        if (made) fresh.push([id, { run, tally: made.value }]);
      }
      // One update for all runs, since the panel renders again after each update.
      if (fresh.length > 0) setMade((before) => new Map([...before, ...fresh]));
      await new Promise((resolve) => setTimeout(resolve, untilRedrawTick()));
    }
    isBusy = false;
  }

  createEffect(() => {
    if (session.isMoving()) return;
    for (const id of session.shown()) {
      const run = session.plan().runs.get(id);
      if (!run || run.seeds.count < 2) continue;
      session.members.version(id);
      requests.set(id, run);
    }
    if (requests.size > 0 && !isBusy) void work();
  });
  onCleanup(() => {
    hasEnded = true;
  });

  return (run) => {
    const found = made().get(run.run.id);
    return found?.run === run && found.tally.of > 0 ? found.tally : undefined;
  };
}
