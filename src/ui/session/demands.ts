// The demands of a sheet on the screen, with their urgency: the whole sheet with results to be kept, or, during a drag, the
// visible part as transient demands.
// Invariant: pure functions of plan, selection and registry. The first member represents its run; the other members are bulk,
// and so are runs far from the active one, which are out of view.

import type { NodeDemand } from '../../core/compute/scheduler';
import type { Registry } from '../../core/kinds/kind';
import { tabOf } from '../../core/kinds/tabs';
import type { Key } from '../../core/plan/key';
import type { Node } from '../../core/plan/node';
import type { Cells, Plan, RunPlan } from '../../core/plan/plan';
import type { RunId } from '../../core/sheet/sheet';

const nodesOf = (cells: Cells): Node[] => [...cells.values()].flatMap(({ node }) => node ?? []);

/**
 * The nodes of a run's members after the first, one list per member, without the nodes that the first member
 * shares.
 */
const laterMembers = (run: RunPlan): Node[][] =>
  Array.from({ length: Math.max(0, run.seeds.count - 1) }, (_, index) =>
    nodesOf(run.member(index + 1)).filter((node) => node !== run.cells.get(node.kind.name)?.node),
  );

/**
 * Decisions of the person: runs whose later members are paused, stopped cells, and cells allowed in spite of
 * their cost. A permission for a run's own cell covers the same cell of all members.
 */
interface Decisions {
  readonly paused: ReadonlySet<RunId>;
  readonly stopped: ReadonlySet<Key>;
  readonly allowed: ReadonlySet<Key>;
}

/** Whether the node or one of its precedents, at any depth, is stopped. */
const isStopped = (node: Node, stopped: ReadonlySet<Key>): boolean =>
  stopped.has(node.key) || Object.values(node.inputs).some((input) => isStopped(input, stopped));

/** Runs up to this many columns from the active one count as visible: as many as a wide screen has. */
const NEAR = 12;

const demandsByRun = new WeakMap<RunPlan, readonly NodeDemand[]>();

/** Default demands of a run's later members; cached by run, since an edit leaves most runs unchanged. */
function memberDemands(run: RunPlan): readonly NodeDemand[] {
  const known = demandsByRun.get(run);
  if (known) return known;
  const made = laterMembers(run)
    .flat()
    .map((node): NodeDemand => ({ node, urgency: 'bulk', allowed: false }));
  demandsByRun.set(run, made);
  return made;
}

/**
 * Demands for all cells of a plan except the stopped ones, with results to be kept. Of paused members, only
 * the cells that `isThere` accepts.
 */
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

/** The kinds on the screen: the kinds of result rows, the kinds of the open tab, and all their precedents. */
function seenKinds(registry: Registry, inspected: string): Set<string> {
  const seen = new Set(registry.results.map(({ kind }) => kind));
  for (const kind of registry.kinds.toReversed()) {
    if (tabOf(registry, kind.name) === inspected) seen.add(kind.name);
    if (seen.has(kind.name)) for (const input of Object.values(kind.inputs)) seen.add(input.name);
  }
  return seen;
}

/**
 * Transient demands for a sheet that a drag previews: the visible kinds of the first member of each shown
 * run.
 */
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

/** The most runs that figures show side by side: as many as a figure has panels for. */
export const MAX_SHOWN = 12;

/**
 * The runs that figures show, in the order of `all`: those that the person did not hide or, if the person hid
 * none, the selected runs if there are several, else every run. More than MAX_SHOWN runs are shown in parts of
 * that many, the part with the active run, so that moving within a part changes nothing.
 */
export function shownRuns(
  all: readonly RunId[],
  selected: readonly RunId[],
  active: RunId,
  hidden?: ReadonlySet<RunId>,
): readonly RunId[] {
  const open = hidden ? all.filter((id) => !hidden.has(id)) : selected.length > 1 ? selected : all;
  const runs = open.length > 0 ? open : all;
  const part = Math.floor(runs.indexOf(active) / MAX_SHOWN) * MAX_SHOWN;
  const at = Math.max(0, Math.min(part, runs.length - MAX_SHOWN));
  return runs.slice(at, at + MAX_SHOWN);
}
