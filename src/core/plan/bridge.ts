// Builds a bridge between two runs: runs that take over the second run's params one at a time, each based on the run before.
//
//   A ──hidden layers 2──▶ D ──activation relu──▶ B        neighbours differ in one param each
//
// Invariant: a pure edit; every param of an inserted run has the first run's value or the second run's value, so the values of
// the first run's formulas are written out as literals. The order makes as many runs valid as any order can.

import type { Kind, Registry } from '../kinds/kind';
import { addRun, type RunId, SEEDS_PATH, type Sheet, SheetError, setOverride } from '../sheet/sheet';
import { givenValue, type ParamDifference } from './comparison';
import { isFormula, readText, resolveSettings, type Setting, type Settings } from './param-values';
import type { Plan, RunPlan } from './plan';

/** A sheet with a bridge. */
export interface Bridged {
  readonly sheet: Sheet;
  /** Ids of the inserted runs, in order. */
  readonly runs: readonly RunId[];
  /** Inserted runs that are invalid, or whose change has no effect, in every order; with the reason. */
  readonly refused: readonly { readonly run: RunId; readonly reason: string }[];
}

/** One change of the bridge; `reason` says why the run after it is invalid or unchanged. */
interface Step {
  readonly change: ParamDifference;
  readonly reason?: string | undefined;
}

/** All params of a kind as canonical texts, with a run's values. */
function textsOf(kind: Kind, run: RunPlan): Map<string, Setting> {
  const from = run.run.id;
  return new Map(
    Object.entries(kind.params).map(([name, param]) => [
      name,
      { text: param.format(givenValue(run, kind.name, name, param)), from },
    ]),
  );
}

/**
 * Orders the changes of one kind so that the fewest steps are refused; among equal orders, declared order
 * wins. Searches all subsets: 2ⁿ states for n changes.
 */
function ordered(kind: Kind, run: RunPlan, changes: readonly ParamDifference[]): Step[] {
  const first = textsOf(kind, run);
  const settled = new Map<number, Settings>();
  /** The kind's settings after some changes; bit i of `set` means change i. */
  function settingsAfter(set: number): Settings {
    let found = settled.get(set);
    if (!found) {
      const texts = new Map(first);
      changes.forEach(({ param, texts: [, text] }, index) => {
        if (set & (1 << index)) texts.set(param, { text, from: run.run.id });
      });
      found = resolveSettings(kind, texts, run.run.id, (name, param, { text }) =>
        readText(param, text, `${run.run.id}.${kind.name}.${name}`),
      );
      settled.set(set, found);
    }
    return found;
  }
  /** Why the run after a step is refused: the params are invalid, or the changed param does not apply yet. */
  function reasonOf(set: number, { param }: ParamDifference): string | undefined {
    const { params, problem } = settingsAfter(set);
    if (!params) return problem?.message ?? 'the run is not valid';
    return kind.applies?.(param, params) === false ? `${param} has no effect there` : undefined;
  }
  const all = (1 << changes.length) - 1;
  const best = new Map<number, { cost: number; steps: readonly Step[] }>();
  /** The best order of the changes that `set` lacks, with its number of refused steps. */
  function wayFrom(set: number): { cost: number; steps: readonly Step[] } {
    const known = best.get(set);
    if (known) return known;
    let way: { cost: number; steps: readonly Step[] } | undefined;
    changes.forEach((change, index) => {
      const next = set | (1 << index);
      if (next === set) return;
      const reason = reasonOf(next, change);
      const rest = wayFrom(next);
      const cost = rest.cost + (reason === undefined ? 0 : 1);
      if (!way || cost < way.cost) way = { cost, steps: [{ change, reason }, ...rest.steps] };
    });
    const found = set === all || !way ? { cost: 0, steps: [] } : way;
    best.set(set, found);
    return found;
  }
  return [...wayFrom(0).steps];
}

/** The values of the first run's formulas as literal texts, by path. */
function writtenOut(registry: Registry, { settings, seeds, ...run }: RunPlan): Map<string, string> {
  const texts = new Map<string, string>();
  for (const kind of registry.kinds) {
    for (const [name, { text }] of settings.get(kind.name)?.texts ?? []) {
      const param = kind.params[name];
      if (param && isFormula(text))
        texts.set(
          `${kind.name}.${name}`,
          param.format(givenValue({ settings, seeds, ...run }, kind.name, name, param)),
        );
    }
  }
  if (isFormula(seeds.text ?? '')) texts.set(SEEDS_PATH, String(seeds.count));
  return texts;
}

/**
 * Inserts runs behind run `a`; each takes over one more of `changes`, which `compareRuns` found.
 * `nameOf` names a run by the changes so far. Throws `SheetError` if there are fewer than two changes,
 * or the sheet would hold too many runs.
 */
export function bridgeRuns(
  registry: Registry,
  plan: Plan,
  sheet: Sheet,
  a: RunId,
  changes: readonly ParamDifference[],
  nameOf: (changes: readonly ParamDifference[]) => string,
): Bridged {
  const run = plan.runs.get(a);
  if (!run || changes.length < 2) throw new SheetError('no run fits between these two runs');
  const ofKind = (name: string): ParamDifference[] => changes.filter(({ kind }) => kind === name);
  const steps: Step[] = [
    ...registry.kinds.flatMap((kind) => ordered(kind, run, ofKind(kind.name))),
    ...ofKind('').map((change) => ({ change })),
  ];
  const runs: RunId[] = [];
  const refused: { run: RunId; reason: string }[] = [];
  let grown = sheet;
  let last = a;
  for (const [index, { change, reason }] of steps.slice(0, -1).entries()) {
    const name = nameOf(steps.slice(0, index + 1).map((step) => step.change));
    const before = new Set(grown.runs.map(({ id }) => id));
    grown = addRun(grown, { name, base: last, after: last });
    last = grown.runs.find(({ id }) => !before.has(id))?.id ?? last;
    runs.push(last);
    const overrides = index === 0 ? writtenOut(registry, run) : new Map<string, string>();
    overrides.set(change.path, change.texts[1]);
    for (const [path, text] of overrides) grown = setOverride(grown, last, path, text);
    if (reason !== undefined) refused.push({ run: last, reason });
  }
  return { sheet: grown, runs, refused };
}
