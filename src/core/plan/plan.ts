// Plans a sheet: a key or a problem for every cell. Synchronous and pure, no I/O.
//
//   run's overrides ─▶ inherited (texts, inherited ones too) ─▶ formulas evaluated ─▶ settings (values, by kind)
//                                                            ─▶ cell (params + input nodes → recipe → key)
//
// Invariants: the plan is a function of the sheet alone, and planning never throws. An unchanged run or node is the same
// object as in the plan before (runs are found by identity, nodes by recipe), so an edit costs only what it changes. All
// runs of a plan together have at most MAX_MEMBERS members, whatever their seeds say.

import type { Kind, Params, Registry } from '../kinds/kind';
import type { Param } from '../kinds/param';
import { blockedBy, type Problem } from '../kinds/problem';
import { type Run, type RunId, SEEDS_PATH, type Sheet } from '../sheet/sheet';
import { type Evaluation, type Evaluator, withoutLanguage } from './evaluation';
import { createInheritance, type InheritedTexts } from './inheritance';
import type { Key } from './key';
import type { Language } from './language';
import { createMemberLimit } from './member-limit';
import { createNode, type Node, recipeOf } from './node';
import {
  isFormula,
  memberSettings,
  type Read,
  resolveSettings,
  type Seeds,
  type Setting,
  type Settings,
  seedsParam,
} from './param-values';

/** A cell: the node that computes it, or the problem that prevents a node. */
export type Cell =
  | { readonly node: Node; readonly problem?: never }
  | { readonly problem: Problem; readonly node?: never };

/** A run's cells by kind, in the registry's order. */
export type Cells = ReadonlyMap<string, Cell>;

/** The plan of one run. */
export interface RunPlan {
  readonly run: Run;
  /**
   * Set if the run's base is missing, broken or in a cycle, or if it overrides a param of an
   * unknown kind; then `settings` is empty.
   */
  readonly problem?: Problem;
  readonly settings: ReadonlyMap<string, Settings>;
  readonly seeds: Seeds;
  /** The run's own cells, which are those of member 0. */
  readonly cells: Cells;
  /** The cells of member `index`, whose seeds are raised by `index`. Computed at the first call and kept. */
  member(index: number): Cells;
}

/** The run's text at a path, and the run that sets it; undefined at the default. */
export function settingIn({ settings, seeds }: RunPlan, path: string): Setting | undefined {
  if (path === SEEDS_PATH)
    return seeds.text === undefined || seeds.from === undefined
      ? undefined
      : { text: seeds.text, from: seeds.from };
  const [kind = '', param = ''] = path.split('.');
  return settings.get(kind)?.texts.get(param);
}

/** The outcome of the run's text at a path; undefined at the default of a kind's param. */
export function readIn({ settings, seeds }: RunPlan, path: string): Read | undefined {
  if (path === SEEDS_PATH) return seeds.problem ? { problem: seeds.problem } : { value: seeds.count };
  const [kind = '', param = ''] = path.split('.');
  return settings.get(kind)?.reads.get(param);
}

/** The plan of a sheet: its runs' plans by id, in the sheet's order. */
export interface Plan {
  readonly sheet: Sheet;
  readonly runs: ReadonlyMap<RunId, RunPlan>;
}

/**
 * The most nodes that a planner keeps: more than any sheet within its limits has, so that
 * only earlier sheets' nodes are lost.
 */
const MAX_NODES = 80_000;

const noRead = (): Read => ({ problem: { kind: 'failed', cell: '', message: 'nothing was set' } });

/** The place of a cell in words: "A.train", or "A[3].train" for a member of a run with seeds. */
export function cellName(run: RunId, kind: string, member?: number): string {
  return member === undefined ? `${run}.${kind}` : `${run}[${member}].${kind}`;
}

/**
 * Creates the function that plans sheets. The function remembers its earlier plans, so a plan costs as much
 * as its change. `language` is called at each plan; while it returns undefined, every formula is a problem.
 */
export function createPlanner(
  registry: Registry,
  language: () => Language | undefined = () => undefined,
): (sheet: Sheet) => Plan {
  const inheritance = createInheritance(registry);
  let spoken: Language | undefined;
  let evaluate: Evaluator = withoutLanguage;
  const planned = new WeakMap<
    InheritedTexts,
    { base: RunPlan | undefined; reads: readonly Read[]; plan: RunPlan }
  >();
  let last: ReadonlyMap<RunId, RunPlan> = new Map();
  const limited = createMemberLimit<RunPlan>((plan, problem) => {
    const cells = blockedCells(problem);
    return { ...plan, seeds: { ...plan.seeds, count: 1, problem }, cells, member: () => cells };
  });
  const nodes = new Map<string, Node>();
  const defaults = new Map<Kind, Settings>(
    registry.kinds.map((kind) => [kind, resolveSettings(kind, new Map(), '', noRead)]),
  );

  function internNode(kind: Kind, params: Params, inputs: Readonly<Record<string, Node>>): Node {
    const recipe = recipeOf(kind, params, inputs);
    const known = nodes.get(recipe);
    if (known) return known;
    const node = createNode(kind, params, inputs, recipe);
    // Dragging a number makes thousands of recipes that never return; losing all nodes costs only hashing.
    if (nodes.size >= MAX_NODES) nodes.clear();
    nodes.set(recipe, node);
    return node;
  }

  function planCell(kind: Kind, settings: Settings, cells: Cells): Cell {
    if (!settings.params) {
      return {
        problem: settings.problem ?? {
          kind: 'failed',
          cell: kind.name,
          message: 'the cell has no params',
        },
      };
    }
    const inputs: Record<string, Node> = {};
    for (const [slot, input] of Object.entries(kind.inputs)) {
      const cell = cells.get(input.name);
      if (cell?.problem) return { problem: blockedBy(cell.problem) };
      if (cell) inputs[slot] = cell.node;
    }
    return { node: internNode(kind, settings.params, inputs) };
  }

  /** Plans a run's cells; reuses a cell of `like` if its settings and input cells are the same objects. */
  function planCells(
    settings: ReadonlyMap<string, Settings>,
    like?: { settings: ReadonlyMap<string, Settings>; cells: Cells },
  ): Cells {
    const cells = new Map<string, Cell>();
    for (const kind of registry.kinds) {
      const own = settings.get(kind.name);
      if (!own) continue;
      const twin = like?.settings.get(kind.name) === own ? like.cells.get(kind.name) : undefined;
      const sameInputs = Object.values(kind.inputs).every(
        (input) => cells.get(input.name) === like?.cells.get(input.name),
      );
      cells.set(kind.name, twin && sameInputs ? twin : planCell(kind, own, cells));
    }
    return cells;
  }

  /**
   * A run's settings by kind; reuses those of the plans in `like` if texts and
   * formula outcomes are the same objects.
   */
  function settingsOf(
    inherited: InheritedTexts,
    evaluation: Evaluation,
    like: readonly (RunPlan | undefined)[],
  ) {
    const settings = new Map<string, Settings>();
    for (const kind of registry.kinds) {
      const texts = inherited.texts.get(kind.name);
      if (!texts || texts.size === 0) {
        const usual = defaults.get(kind);
        if (usual) settings.set(kind.name, usual);
        continue;
      }
      const read = (name: string, param: Param, setting: Setting): Read =>
        evaluation.read(inherited, `${kind.name}.${name}`, param, setting);
      const known = like
        .map((plan) => plan?.settings.get(kind.name))
        .find((other) => other?.texts === texts && sameReads(kind, other, read));
      settings.set(kind.name, known ?? resolveSettings(kind, texts, inherited.run.id, read));
    }
    return settings;
  }

  /**
   * Whether all formulas have the same outcomes as before. Literals need no
   * check: equal texts have equal outcomes.
   */
  function sameReads(
    kind: Kind,
    { texts, reads }: Settings,
    read: (name: string, param: Param, setting: Setting) => Read,
  ): boolean {
    for (const [name, setting] of texts) {
      if (!isFormula(setting.text)) continue;
      const param = kind.params[name];
      if (!param || read(name, param, setting) !== reads.get(name)) return false;
    }
    return true;
  }

  function blockedCells(problem: Problem): Cells {
    return new Map(registry.kinds.map((kind) => [kind.name, { problem: blockedBy(problem) }]));
  }

  function brokenRun(run: Run, problem: Problem): RunPlan {
    const cells: Cells = new Map(registry.kinds.map((kind) => [kind.name, { problem }]));
    return {
      run,
      problem,
      settings: new Map(),
      seeds: { count: 1 },
      cells,
      member: () => cells,
    };
  }

  function seedsOf(inherited: InheritedTexts, evaluation: Evaluation): Seeds {
    const { seeds } = inherited;
    if (!seeds) return { count: 1 };
    const { text, from } = seeds;
    const read = evaluation.read(inherited, SEEDS_PATH, seedsParam, seeds);
    return read.problem
      ? { count: 1, text, from, problem: read.problem }
      : { count: Number(read.value), text, from };
  }

  function planRun(inherited: InheritedTexts, base: RunPlan | undefined, evaluation: Evaluation): RunPlan {
    const reads = evaluation.reads(inherited);
    const known = planned.get(inherited);
    if (known && known.base === base && known.reads.every((read, index) => read === reads[index]))
      return known.plan;
    const before = last.get(inherited.run.id);
    const plan = freshRun(inherited, base, evaluation, before);
    planned.set(inherited, { base, reads, plan });
    return plan;
  }

  function freshRun(
    inherited: InheritedTexts,
    base: RunPlan | undefined,
    evaluation: Evaluation,
    before: RunPlan | undefined,
  ): RunPlan {
    const settings = settingsOf(inherited, evaluation, [base, before]);
    const seeds = seedsOf(inherited, evaluation);
    const cells = seeds.problem
      ? blockedCells(seeds.problem)
      : planCells(settings, base?.seeds.problem ? undefined : base);
    const members = new Map<number, Cells>([[0, cells]]);
    return {
      run: inherited.run,
      settings,
      seeds,
      cells,
      member(index) {
        let member = members.get(index);
        if (!member) {
          const raised = new Map(
            registry.kinds.flatMap((kind) => {
              const own = settings.get(kind.name);
              return own ? [[kind.name, memberSettings(kind, own, index)] as const] : [];
            }),
          );
          member = planCells(raised, { settings, cells });
          members.set(index, member);
        }
        return member;
      },
    };
  }

  return function plan(sheet) {
    const inheritedByRun = inheritance(sheet);
    if (language() !== spoken) {
      spoken = language();
      evaluate = spoken?.evaluator() ?? withoutLanguage;
    }
    const evaluation = evaluate(inheritedByRun);
    const plans = new Map<RunId, RunPlan>();
    // `inheritedByRun` has bases before the runs that are based on them.
    for (const [id, inherited] of inheritedByRun) {
      const base = inherited.base && plans.get(inherited.base.run.id);
      plans.set(
        id,
        inherited.problem
          ? brokenRun(inherited.run, inherited.problem)
          : planRun(inherited, base, evaluation),
      );
    }
    last = plans;
    return { sheet, runs: limited(sheet.runs.flatMap(({ id }) => plans.get(id) ?? [])) };
  };
}

/** The first run of the sheet that has each key; later runs with the key share its cell. */
export function firstRunsByKey(plan: Plan): ReadonlyMap<Key, RunId> {
  const firstRuns = new Map<Key, RunId>();
  for (const { run, cells } of plan.runs.values()) {
    for (const { node } of cells.values())
      if (node && !firstRuns.has(node.key)) firstRuns.set(node.key, run.id);
  }
  return firstRuns;
}
