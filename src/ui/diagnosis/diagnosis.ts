// The findings of the shown runs as signals, the effects of changes on a finding in runs based on its run, and a remedy as an
// edit.
// Invariants: while a run's training is awaited, its last findings stay, marked as old; a remedy adds a run and leaves the
// other runs unchanged, in one step of the history. Knows no elements.

import { type Accessor, createMemo } from 'solid-js';
import type { Outcome } from '../../core/compute/scheduler';
import type { Plan, RunPlan } from '../../core/plan/plan';
import { addRun, type RunId, type Sheet, setOverride } from '../../core/sheet/sheet';
import type { Session } from '../session/session';
import { type Evidence, evidenceOf } from './evidence';
import { effectOf, type Finding, findingsOf } from './findings';
import { createTallies, memberEvidence } from './member-findings';
import type { Remedy } from './remedies';

/** The plan, outcomes, evidence and findings of a run, all of one moment. */
interface Known {
  readonly plan: RunPlan;
  readonly outcomes: readonly (Outcome | undefined)[];
  readonly evidence: Evidence;
  readonly findings: readonly Finding[];
}

/** How the measure of a finding changed in another run. */
interface Effect {
  readonly run: RunId;
  readonly text: string;
}

/** Findings of the shown runs, and their effects in runs based on them, as signals. */
export interface Diagnosis {
  /** All findings of the shown runs, ailments before notes. */
  readonly findings: Accessor<readonly Finding[]>;
  /** The shown runs whose training has an outcome. */
  readonly runs: Accessor<readonly RunId[]>;
  /** Whether some findings are of the sheet before the last edit. */
  readonly old: Accessor<boolean>;
  /** In how many members a finding occurs, if its run has several: "in 17 of 20 members; in member 0". */
  extent(finding: Finding): string | undefined;
  /** How the measure of a finding changed in the shown runs that are based on its run. */
  effects(finding: Finding): readonly Effect[];
}

/** Whether the training has an outcome: a value, or a divergence. */
const isTold = ({ trained, diverged }: Evidence): boolean => trained !== undefined || diverged !== undefined;

const sameItems = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);

/** Creates the diagnosis of the runs that a session shows; call inside a Solid root. */
export function createDiagnosis(session: Session): Diagnosis {
  const outcomesOf = (plan: RunPlan): (Outcome | undefined)[] =>
    [...plan.cells.values()].map(({ node }) => node && session.live.state(node.key).outcome);

  function diagnose(plan: RunPlan, outcomes: readonly (Outcome | undefined)[]): Known {
    const byKey = new Map([...plan.cells.values()].map(({ node }, index) => [node?.key, outcomes[index]]));
    const evidence = evidenceOf(plan, 0, (key) => byKey.get(key));
    return { plan, outcomes, evidence, findings: isTold(evidence) ? findingsOf(evidence) : [] };
  }

  interface State {
    readonly known: ReadonlyMap<RunId, Known>;
    readonly old: boolean;
  }
  const tallyOf = createTallies(session);
  const nothing: State = { known: new Map(), old: false };
  const state = createMemo<State>((before) => {
    const known = new Map<RunId, Known>();
    let old = false;
    for (const id of session.shown()) {
      const plan = session.plan().runs.get(id);
      if (!plan) continue;
      const last = before.known.get(id);
      const outcomes = outcomesOf(plan);
      const isSame = last?.plan === plan && sameItems(last.outcomes, outcomes);
      const next = isSame ? last : diagnose(plan, outcomes);
      const isAwaited = !isTold(next.evidence) && plan.cells.get('train')?.node !== undefined;
      if (isAwaited && last && isTold(last.evidence)) {
        known.set(id, last);
        old = true;
      } else known.set(id, next);
    }
    const isSame = old === before.old && sameItems([...known.values()], [...before.known.values()]);
    return isSame ? before : { known, old };
  }, nothing);

  return {
    findings: createMemo(() => {
      const all = [...state().known.values()].flatMap(
        ({ plan, findings }) =>
          // The findings of member 0 stay the same objects when the other members are counted, so that their
          // lines are not rendered again.
          tallyOf(plan)?.findings.map(
            (found) =>
              findings.find(({ member, rule }) => member === found.member && rule === found.rule) ?? found,
          ) ?? findings,
      );
      return [...all.filter(({ rule }) => !rule.isNote), ...all.filter(({ rule }) => rule.isNote)];
    }),
    runs: createMemo(() =>
      [...state().known].flatMap(([id, { evidence }]) => (isTold(evidence) ? [id] : [])),
    ),
    old: () => state().old,
    extent({ run, member, rule }) {
      const plan = state().known.get(run)?.plan;
      if (!plan || plan.seeds.count < 2) return undefined;
      const tally = tallyOf(plan);
      if (!tally) return `in member 0 of ${plan.seeds.count}`;
      const soFar = tally.of < plan.seeds.count ? ' so far' : '';
      return `in ${tally.counts.get(rule.name) ?? 0} of ${tally.of} members${soFar}; in member ${member}`;
    },
    effects(finding) {
      const { known } = state();
      const base = known.get(finding.run);
      const { member } = finding;
      const evidenceIn = ({ plan, evidence }: Known): Evidence =>
        member === 0 ? evidence : memberEvidence(session, plan, member);
      return [...known.values()].flatMap((other): Effect[] => {
        const { run, seeds } = other.plan;
        if (!base || run.base !== finding.run || member >= seeds.count) return [];
        const text = effectOf(finding, evidenceIn(base), evidenceIn(other));
        if (text === undefined) return [];
        return [{ run: run.id, text: seeds.count > 1 ? `${text}, in member ${member}` : text }];
      });
    },
  };
}

/**
 * Returns the sheet with a new run behind `base` that is based on it and has the remedy. Throws `SheetError`
 * if the sheet has no room for another run.
 */
export function withRemedy(sheet: Sheet, base: RunId, remedy: Remedy): Sheet {
  const grown = addRun(sheet, { name: remedy.words, base, after: base });
  const added = grown.runs[grown.runs.findIndex(({ id }) => id === base) + 1]?.id ?? '';
  return [...remedy.changes].reduce((made, [path, text]) => setOverride(made, added, path, text), grown);
}

/** Another run with the same training and the same number of members. */
function twinOf({ runs }: Plan, id: RunId): RunId | undefined {
  const trainingOf = (run: RunPlan | undefined) => run?.cells.get('train')?.node?.key;
  const own = runs.get(id);
  const alike = [...runs.values()].find(
    (other) =>
      other !== own && trainingOf(other) === trainingOf(own) && other.seeds.count === own?.seeds.count,
  );
  return trainingOf(own) && alike?.run.id;
}

/**
 * Adds a run that has the remedy, as one edit, and shows it beside the run that it is based on. Reports
 * another run that trains the same, if the sheet has one.
 */
export function tryRemedy(session: Session, { run, rule }: Finding, remedy: Remedy): void {
  const before = session.sheet();
  session.edit(`try ${remedy.words} against ${rule.word.toLowerCase()} in ${run}`, (sheet) =>
    withRemedy(sheet, run, remedy),
  );
  if (session.sheet() === before) return;
  const added = session.sheet().runs[session.sheet().runs.findIndex(({ id }) => id === run) + 1];
  const [row = 'architecture.activation'] = remedy.changes.keys();
  if (!added) return;
  session.activate({ run: added.id, row });
  session.select({ corner: { run, row } });
  const twin = twinOf(session.plan(), added.id);
  if (twin) session.report(`added ${added.id}: the same training as ${twin}`);
}
