// Explains why two runs differ: finds the cells whose keys differ although their inputs are equal, and the params responsible.
//
//   A: dataset ─ split ─ architecture ─ optimizer ─ train ─ diff      architecture arises: hidden layers 3 → 2
//   B: same      same    another        same        another another   train and diff follow
//
// Invariant: values are compared, never texts: a formula counts as its value. A param that does not apply in the second run is no
// difference.

import type { Kind, Registry } from '../kinds/kind';
import type { Param, ParamValue } from '../kinds/param';
import type { Problem } from '../kinds/problem';
import { type RunId, SEEDS_PATH } from '../sheet/sheet';
import { seedsParam } from './param-values';
import type { Plan, RunPlan } from './plan';

/** A param that differs between two runs, with the canonical texts of both values. */
export interface ParamDifference {
  /** "optimizer.learningRate", or "seeds". */
  readonly path: string;
  /** Empty for `seeds`, which belongs to no kind. */
  readonly kind: string;
  readonly param: string;
  readonly texts: readonly [own: string, other: string];
}

/** How two runs differ; problems if either run has any. */
export type Comparison =
  | { readonly type: 'problem'; readonly problems: readonly { run: RunId; problem: Problem }[] }
  | {
      readonly type: 'compared';
      /**
       * The params responsible, in the registry's order, `seeds` last. Setting these
       * in the first run gives the second.
       */
      readonly params: readonly ParamDifference[];
      /**
       * Kinds whose cells differ by their own params, and kinds whose cells differ only through their inputs.
       */
      readonly arising: readonly string[];
      readonly following: readonly string[];
    };

/** The first problem of a run; a blocked cell names the place where its problem begins. */
function problemIn(run: RunPlan): Problem | undefined {
  if (run.problem ?? run.seeds.problem) return run.problem ?? run.seeds.problem;
  for (const { problem } of run.cells.values()) if (problem) return problem;
  return undefined;
}

/**
 * The value of a param's text, or the default, even if the param does not apply;
 * resolved params hold the default there.
 */
export function givenValue(run: RunPlan, kind: string, name: string, param: Param): ParamValue {
  return run.settings.get(kind)?.reads.get(name)?.value ?? param.default;
}

/** Whether a difference in this param can change the recipe of the kind's cell in the second run. */
function counts(kind: Kind, name: string, own: RunPlan, other: RunPlan): boolean {
  const [before, after] = [own, other].map((run) => run.settings.get(kind.name)?.params);
  if (!before || !after) return false;
  if (kind.engine?.param === name) return kind.engine.resolve(before) !== kind.engine.resolve(after);
  return kind.applies?.(name, after) ?? true;
}

/** The params of a kind that differ between the runs, in declared order. */
function differing(kind: Kind, own: RunPlan, other: RunPlan): ParamDifference[] {
  return Object.entries(kind.params).flatMap(([name, param]): ParamDifference[] => {
    const texts = [own, other].map((run) => param.format(givenValue(run, kind.name, name, param)));
    const [before = '', after = ''] = texts;
    if (before === after || !counts(kind, name, own, other)) return [];
    return [{ path: `${kind.name}.${name}`, kind: kind.name, param: name, texts: [before, after] }];
  });
}

/** Compares run `b` with run `a`. Returns undefined if the plan lacks one of them. */
export function compareRuns(registry: Registry, plan: Plan, a: RunId, b: RunId): Comparison | undefined {
  const [own, other] = [plan.runs.get(a), plan.runs.get(b)];
  if (!own || !other) return undefined;
  const problems = [own, other].flatMap((run) => {
    const problem = problemIn(run);
    return problem ? [{ run: run.run.id, problem }] : [];
  });
  if (problems.length > 0) return { type: 'problem', problems };
  const isSame = (kind: string): boolean =>
    own.cells.get(kind)?.node?.key === other.cells.get(kind)?.node?.key;
  const params: ParamDifference[] = [];
  const [arising, following]: [string[], string[]] = [[], []];
  for (const kind of registry.kinds) {
    if (isSame(kind.name)) continue;
    const found = differing(kind, own, other);
    params.push(...found);
    const hasSameInputs = Object.values(kind.inputs).every(({ name }) => isSame(name));
    (found.length > 0 || hasSameInputs ? arising : following).push(kind.name);
  }
  if (own.seeds.count !== other.seeds.count) {
    const texts = [own, other].map(({ seeds }) => seedsParam.format(seeds.count));
    const [before = '', after = ''] = texts;
    params.push({ path: SEEDS_PATH, kind: '', param: SEEDS_PATH, texts: [before, after] });
  }
  return { type: 'compared', params, arising, following };
}
