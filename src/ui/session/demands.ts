// The demands of a sheet on the screen, with their urgency: all of the sheet to be kept, or the visible part for the moment.
// Invariant: pure functions of plan, selection and registry. The first member represents its run; the other members are bulk,
// and so are runs far from the active one, which nobody sees.

import type { NodeDemand } from '../../core/compute/scheduler';
import type { Registry } from '../../core/kinds/kind';
import type { Key } from '../../core/plan/key';
import type { Node } from '../../core/plan/node';
import type { Cells, Plan, RunPlan } from '../../core/plan/plan';
import type { RunId } from '../../core/sheet/sheet';

const nodesOf = (cells: Cells): Node[] => [...cells.values()].flatMap(({ node }) => node ?? []);

/** What a run's members after the first have beside what the first one has, which stands for the run. */
const laterMembers = (run: RunPlan): Node[][] =>
  Array.from({ length: Math.max(0, run.seeds.count - 1) }, (_, index) =>
    nodesOf(run.member(index + 1)).filter((node) => node !== run.cells.get(node.kind.name)?.node),
  );

/**
 * What a person decided: whose members are stopped, which cells are, and what was allowed to cost what it costs; what a
 * run's own cell is allowed, its members are too.
 */
interface Decisions {
  readonly paused: ReadonlySet<RunId>;
  readonly stopped: ReadonlySet<Key>;
  readonly allowed: ReadonlySet<Key>;
}

/** Whether a node or one that it needs was stopped. */
const isStopped = (node: Node, stopped: ReadonlySet<Key>): boolean =>
  stopped.has(node.key) || Object.values(node.inputs).some((input) => isStopped(input, stopped));

/** A run that lies no further than this from the active one counts as seen: as many columns as a wide screen has. */
const NEAR = 12;

const demandsByRun = new WeakMap<RunPlan, readonly NodeDemand[]>();

/** What a run's later members demand by default: the same each time, since an edit leaves most runs alone. */
function memberDemands(run: RunPlan): readonly NodeDemand[] {
  const known = demandsByRun.get(run);
  if (known) return known;
  const made = laterMembers(run)
    .flat()
    .map((node): NodeDemand => ({ node, urgency: 'bulk', allowed: false }));
  demandsByRun.set(run, made);
  return made;
}

/** Every cell of a plan that is not stopped, to be kept; of paused members those that are there. */
export function lastingDemands(
  plan: Plan,
  active: RunId,
  { paused, stopped, allowed }: Decisions,
  isThere: (key: Key) => boolean,
): NodeDemand[] {
  const runs = [...plan.runs.values()];
  const place = runs.findIndex(({ run }) => run.id === active);
  const own = runs.flatMap((run, at): NodeDemand[] =>
    nodesOf(run.cells).map((node) => ({
      node,
      urgency: at === place ? 'selected' : Math.abs(at - place) <= NEAR ? 'visible' : 'bulk',
      allowed: allowed.has(node.key),
    })),
  );
  const isAllowed = (run: RunPlan, { kind }: Node): boolean =>
    allowed.has(run.cells.get(kind.name)?.node?.key ?? '');
  const members = runs.flatMap((run): readonly NodeDemand[] => {
    const all = memberDemands(run);
    const kept = paused.has(run.run.id) ? all.filter(({ node }) => isThere(node.key)) : all;
    return allowed.size > 0
      ? kept.map((demand) => (isAllowed(run, demand.node) ? { ...demand, allowed: true } : demand))
      : kept;
  });
  const wanted = [...own, ...members];
  return stopped.size > 0 ? wanted.filter(({ node }) => !isStopped(node, stopped)) : wanted;
}

/** The kinds that something on the screen reads: the sheet's results, the inspected kind, and what goes into these. */
function seenKinds(registry: Registry, inspected: string): Set<string> {
  const seen = new Set([inspected, ...registry.results.map(({ kind }) => kind)]);
  for (const kind of registry.kinds.toReversed())
    if (seen.has(kind.name)) for (const input of Object.values(kind.inputs)) seen.add(input.name);
  return seen;
}

/** What is seen of a sheet while a hand moves: of these runs the first members, for the moment. */
export function passingDemands(
  registry: Registry,
  plan: Plan,
  shown: readonly RunId[],
  active: RunId,
  inspected: string,
): NodeDemand[] {
  const seen = seenKinds(registry, inspected);
  return shown.flatMap((id) => {
    const cells = plan.runs.get(id)?.cells ?? new Map();
    const nodes = nodesOf(new Map([...cells].filter(([kind]) => seen.has(kind))));
    return nodes.map(
      (node): NodeDemand => ({ node, urgency: id === active ? 'selected' : 'visible', transient: true }),
    );
  });
}

/** More runs than these tell nothing side by side. */
const MAX_SHOWN = 6;

/** The selected runs, where several are selected or the sheet is too wide to show it all; else every run. */
export function shownRuns(
  all: readonly RunId[],
  selected: readonly RunId[],
  active: RunId,
): readonly RunId[] {
  if (selected.length > 1) return selected.slice(0, MAX_SHOWN);
  if (all.length <= MAX_SHOWN) return all;
  const at = Math.max(0, Math.min(all.indexOf(active) - 2, all.length - MAX_SHOWN));
  return all.slice(at, at + MAX_SHOWN);
}
