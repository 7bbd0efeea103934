// From a sheet to a key, or a problem, for every cell: synchronous, pure, no I/O.
//
//   run's overrides ─▶ settings (texts → values, by kind) ─▶ cell (params + input nodes → recipe → key)
//
// Invariants: the plan is a function of the sheet alone, and planning never throws. What did not change is the very
// same object as before: runs are remembered by identity, nodes by recipe, so that an edit costs what it touches.

import type { Kind, Params, Registry } from './kind';
import { createNode, type Node, recipeOf } from './node';
import { quote } from './param';
import { blockedBy, type Problem } from './problem';
import {
  memberSettings,
  readText,
  resolveSettings,
  type Seeds,
  type Setting,
  type Settings,
  seedsParam,
} from './settings';
import { type Run, type RunId, SEEDS_PATH, type Sheet } from './sheet';

/** A cell: the node that computes it, or why it has none. */
export type Cell =
  | { readonly node: Node; readonly problem?: never }
  | { readonly problem: Problem; readonly node?: never };

/** A run's cells by kind, in the registry's order. */
export type Cells = ReadonlyMap<string, Cell>;

/** One column, planned. */
export interface RunPlan {
  readonly run: Run;
  /** Set where the run's place among the others is broken, so that nothing can be inherited; then no settings are. */
  readonly problem?: Problem;
  readonly settings: ReadonlyMap<string, Settings>;
  readonly seeds: Seeds;
  /** The cells of member 0, which are the run's own. */
  readonly cells: Cells;
  /** The cells of member i, its seeds raised by i; made when first asked for. */
  member(index: number): Cells;
}

/** A whole sheet, planned. */
export interface Plan {
  readonly sheet: Sheet;
  readonly runs: ReadonlyMap<RunId, RunPlan>;
}

const MAX_NODES = 20_000;

/** Where a cell stands, as people write it: "A.train", or "A[3].train" for a member of a run with seeds. */
export function cellName(run: RunId, kind: string, member?: number): string {
  return member === undefined ? `${run}.${kind}` : `${run}[${member}].${kind}`;
}

/** Plans sheets of one registry; remembers what it planned so that the next plan costs what has changed. */
export function createPlanner(registry: Registry): (sheet: Sheet) => Plan {
  const planned = new WeakMap<Run, { base: RunPlan | undefined; plan: RunPlan }>();
  const nodes = new Map<string, Node>();
  const defaults = new Map<Kind, Settings>(
    registry.kinds.map((kind) => [kind, resolveSettings(kind, new Map(), '')]),
  );

  function internNode(kind: Kind, params: Params, inputs: Readonly<Record<string, Node>>): Node {
    const recipe = recipeOf(kind, params, inputs);
    const known = nodes.get(recipe);
    if (known) return known;
    const node = createNode(kind, params, inputs, recipe);
    // Dragging a number makes thousands of recipes that never return; forgetting all of them only costs hashing.
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
          message: 'it has no params',
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

  /** Plans a run's cells, taking over those of `like` whose settings and inputs are the same objects. */
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

  function settingsOf(run: Run, base: RunPlan | undefined): ReadonlyMap<string, Settings> {
    const settings = new Map<string, Settings>();
    for (const kind of registry.kinds) {
      const inherited = base?.settings.get(kind.name) ?? defaults.get(kind);
      const prefix = `${kind.name}.`;
      let texts: Map<string, Setting> | undefined;
      for (const [path, text] of run.overrides) {
        if (!path.startsWith(prefix)) continue;
        texts ??= new Map(inherited?.texts);
        texts.set(path.slice(prefix.length), { text, from: run.id });
      }
      const own = texts ? resolveSettings(kind, texts, run.id) : inherited;
      if (own) settings.set(kind.name, own);
    }
    return settings;
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

  function seedsOf(run: Run, base: RunPlan | undefined): Seeds {
    const text = run.overrides.get(SEEDS_PATH);
    if (text === undefined) return base?.seeds ?? { count: 1 };
    const read = readText(seedsParam, text, `${run.id}.${SEEDS_PATH}`);
    return 'problem' in read
      ? { count: 1, text, from: run.id, problem: read.problem }
      : { count: read.value, text, from: run.id };
  }

  function planRun(run: Run, base: RunPlan | undefined): RunPlan {
    const known = planned.get(run);
    if (known && known.base === base) return known.plan;
    const plan = freshRun(run, base);
    planned.set(run, { base, plan });
    return plan;
  }

  function freshRun(run: Run, base: RunPlan | undefined): RunPlan {
    const unknown = [...run.overrides.keys()].find(
      (path) => path !== SEEDS_PATH && !registry.get(path.split('.')[0] ?? ''),
    );
    if (unknown !== undefined) {
      return brokenRun(run, {
        kind: 'reference',
        cell: `${run.id}.${unknown}`,
        message: 'there is no such kind',
      });
    }
    const settings = settingsOf(run, base);
    const seeds = seedsOf(run, base);
    const cells = seeds.problem
      ? blockedCells(seeds.problem)
      : planCells(settings, base?.seeds.problem ? undefined : base);
    const members = new Map<number, Cells>([[0, cells]]);
    return {
      run,
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
    const byId = new Map(sheet.runs.map((run) => [run.id, run]));
    const plans = new Map<RunId, RunPlan>();

    /** Plans a run after its ancestors, in a loop: chains may be as long as the sheet. */
    function visit(start: Run): void {
      const chain: Run[] = [];
      let next: Run | undefined = start;
      while (next && !plans.has(next.id) && !chain.includes(next)) {
        chain.push(next);
        next = next.base === undefined ? undefined : byId.get(next.base);
      }
      const ring = next && !plans.has(next.id) ? chain.slice(chain.indexOf(next)) : [];
      for (const run of ring) plans.set(run.id, brokenRun(run, cycleOf(run)));
      for (const run of chain.toReversed()) {
        if (plans.has(run.id)) continue;
        plans.set(run.id, planBased(run));
      }
    }

    function planBased(run: Run): RunPlan {
      if (run.base === undefined) return planRun(run, undefined);
      const base = plans.get(run.base);
      if (!base)
        return brokenRun(run, {
          kind: 'reference',
          cell: `${run.id}.base`,
          message: `there is no run ${quote(run.base)}`,
        });
      return base.problem ? brokenRun(run, blockedBy(base.problem)) : planRun(run, base);
    }

    for (const run of sheet.runs) visit(run);
    return {
      sheet,
      runs: new Map(
        sheet.runs.flatMap(({ id }) => {
          const planOf = plans.get(id);
          return planOf ? [[id, planOf] as const] : [];
        }),
      ),
    };
  };
}

const cycleOf = (run: Run): Problem => ({
  kind: 'cycle',
  cell: `${run.id}.base`,
  message: `${run.id} is based on itself, by way of ${run.base}`,
});
