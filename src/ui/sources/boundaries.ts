// The decision boundaries at the chosen epoch: one grid of probabilities per run, requested as questions, not as cells.
// Invariant: one set at a time is awaited, and the newest request comes next; a boundary stays until it is replaced, and an
// unchanged boundary is the same object as before, so that it is not drawn again.

import { type Accessor, createEffect, createMemo, createSignal, onCleanup, untrack } from 'solid-js';
import type { Ask } from '../../cells/questions';
import type { Scheduler } from '../../core/compute/scheduler';
import { tabOf } from '../../core/kinds/tabs';
import type { Plain } from '../../core/kinds/value';
import type { Node } from '../../core/plan/node';
import type { Trained } from '../figures/curves/curves';
import type { BoundaryView } from '../figures/data/boundary';
import type { Shown } from '../figures/draw/figure';
import type { Session } from '../session/session';
import { lateBeside } from '../session/staleness';
import { type Asking, type Training, weightsAt } from './epoch-weights';
import { createFigureValues, type FigureValues } from './figure-values';

/** The values that a boundary is computed from. */
interface Source extends Training {
  readonly dataset: BoundaryView['dataset'];
  readonly split: BoundaryView['split'];
}

const KINDS = ['dataset', 'split', 'train'] as const;

/** The values of KINDS, in order, as a source; the kinds' schemas have checked them. */
const sourceOf = ([dataset, split, train]: readonly Plain[], node: Node | undefined): Source =>
  ({ dataset, split, train, node }) as unknown as Source;

/**
 * Cells per side of a boundary's grid. COARSE applies during a drag and while a training plays, when details
 * are not seen.
 */
export const FINE = 64;
const COARSE = 32;

/**
 * A square grid over the plane: cells per side, extent, and the centres of the cells as x, y pairs
 * [size²][2].
 */
interface Plane {
  readonly size: number;
  readonly extent: readonly [x0: number, x1: number, y0: number, y1: number];
  readonly points: Float32Array;
}

const planes = new WeakMap<BoundaryView['dataset'], Plane>();

/**
 * The grid around the points of a data set, with its cells row by row from y0 upward. Cached by data set, so
 * that runs with the same points share the grid.
 */
export function planeOf(dataset: BoundaryView['dataset'], size: number): Plane {
  const known = planes.get(dataset);
  if (known?.size === size) return known;
  const extent = extentOf(dataset.x.data);
  const [x0, x1, y0, y1] = extent;
  const points = new Float32Array(size * size * 2);
  for (let row = 0, at = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      points[at++] = x0 + ((column + 0.5) / size) * (x1 - x0);
      points[at++] = y0 + ((row + 0.5) / size) * (y1 - y0);
    }
  }
  const plane = { size, extent, points };
  planes.set(dataset, plane);
  return plane;
}

/** A side shorter than this share of the other side counts as flat. */
const THIN = 1e-3;

/**
 * Extent of the points (x, y pairs) with a margin of a tenth of each side; a flat side gets half of the other
 * side, or 0.5 around a single place.
 */
function extentOf(points: Float32Array): Plane['extent'] {
  let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [x = 0, y = 0] = [points[i], points[i + 1]];
    [x0, x1, y0, y1] = [Math.min(x0, x), Math.max(x1, x), Math.min(y0, y), Math.max(y1, y)];
  }
  const margin = (side: number, other: number): number =>
    side > THIN * other ? side * 0.1 : other / 2 || 0.5;
  const [dx, dy] = [margin(x1 - x0, y1 - y0), margin(y1 - y0, x1 - x0)];
  return [x0 - dx, x1 + dx, y0 - dy, y1 + dy];
}

/** Boundaries of runs, and the sources that they were requested for. */
interface Made {
  readonly views: readonly Shown<BoundaryView>[];
  readonly of: readonly Shown<Source>[];
}

/** The last requested boundary of a training, finished or pending. */
interface Known {
  readonly at: number;
  readonly size: number;
  /** Aborts the pending computation, because another epoch or size is requested. */
  supersede(): void;
  view: BoundaryView | Promise<BoundaryView | undefined> | undefined;
}

/**
 * Boundaries of the shown runs after `epoch` epochs, computed while they are wanted and the tab of `train` is open; coarse
 * while `playing`. Must be made inside a Solid root.
 */
export function createBoundaries(
  session: Session,
  scheduler: Scheduler,
  ask: Ask,
  { epoch, playing, wanted }: Asking,
): Accessor<FigureValues<BoundaryView>> {
  const [made, setMade] = createSignal<Made>({ views: [], of: [] });
  const sources = createFigureValues<Source>(session, KINDS, (values, run) =>
    sourceOf(values, run.cells.get('train')?.node),
  );
  const abort = new AbortController();
  const { signal } = abort;
  const known = new WeakMap<Trained, Known>();
  const [busy, setBusy] = createSignal(false);
  let next: (() => Promise<Made & { isWhole: boolean }>) | undefined;
  /** Whether the pending set is out of date, because a newer set is shown already. */
  let overtaken = false;

  async function compute(
    source: Source,
    at: number,
    size: number,
    signal: AbortSignal,
  ): Promise<BoundaryView | undefined> {
    const layers = await weightsAt(scheduler, source, at, signal);
    if (!layers || signal.aborted) return undefined;
    const { extent, points } = planeOf(source.dataset, size);
    const grid = {
      columns: size,
      rows: size,
      extent,
      probabilities: await ask('boundary', { layers, points }, { signal }),
    };
    const epochs = source.train.loss.length;
    return { dataset: source.dataset, split: source.split, grid, epoch: Math.min(at, epochs), epochs };
  }
  /** The boundary of a training after `chosen` epochs; the last one of each training is cached. */
  function viewOf(source: Source, chosen: number, size: number): Known['view'] {
    const at = Math.min(chosen, source.train.loss.length);
    const last = known.get(source.train);
    if (last?.at === at && last.size === size) return last.view;
    last?.supersede();
    const own = new AbortController();
    const made: Known = { at, size, supersede: () => own.abort(), view: undefined };
    known.set(source.train, made);
    made.view = compute(source, at, size, AbortSignal.any([signal, own.signal]))
      .catch(() => undefined)
      .then((view) => {
        made.view = view;
        // A failure may be temporary: the next request tries again.
        if (!view && known.get(source.train) === made) known.delete(source.train);
        return view;
      });
    return made.view;
  }
  async function work(): Promise<void> {
    setBusy(true);
    while (next && !signal.aborted) {
      const compute = next;
      next = undefined;
      overtaken = false;
      const { isWhole, ...found } = await compute();
      // A superseded set lacks runs, and is not shown if a newer request follows.
      if (!signal.aborted && !overtaken && (isWhole || !next)) setMade(found);
    }
    setBusy(false);
  }

  const runs = createMemo(() => sources().runs);
  // Playing does not wait for boundaries: the wanted epoch stays until the pending set is done, then jumps to
  // the epoch of that moment.
  const wantedEpoch = createMemo<number>((before) => (playing() && busy() ? before : epoch()), epoch());
  createEffect(() => {
    if (!wanted() || session.inspected() !== tabOf(session.registry, 'train')) return;
    const shown = runs();
    const [at, size] = [wantedEpoch(), session.isMoving() || playing() ? COARSE : FINE];
    const found = shown.map(({ value }) => viewOf(value, at, size));
    const join = (views: readonly (BoundaryView | undefined)[]) =>
      shown.flatMap((run, index) => {
        const value = views[index];
        return value ? [{ ...run, value }] : [];
      });
    const there = found.flatMap((view) => (view instanceof Promise ? [] : view));
    if (there.length === found.length) {
      next = undefined;
      overtaken = true;
      setMade({ views: join(there), of: shown });
      return;
    }
    next = async () => {
      const all = await Promise.all(found);
      return {
        views: join(all),
        of: shown,
        isWhole: all.every((view) => view !== undefined),
      };
    };
    if (!untrack(busy)) void work();
  });
  // During a drag, the boundary of a training is requested as soon as the training is done, and shown
  // together with it.
  const stopWork = session.workBeside(async (plan, outcomes) => {
    if (!wanted() || session.inspected() !== tabOf(session.registry, 'train')) return;
    const made = session.shown().map(async (id) => {
      const cells = plan.runs.get(id)?.cells;
      const all = await Promise.all(KINDS.map((kind) => outcomes.get(cells?.get(kind)?.node?.key ?? '')));
      const values = all.flatMap((outcome) => outcome?.result?.value ?? []);
      if (values.length === KINDS.length)
        await viewOf(sourceOf(values, cells?.get('train')?.node), epoch(), COARSE);
    });
    await Promise.allSettled(made);
  });
  onCleanup(() => {
    abort.abort();
    stopWork();
  });

  const isLate = lateBeside(() => made().of, runs);
  const shown = createMemo(() => {
    const present = new Set(runs().map(({ id }) => id));
    return made().views.filter(({ id }) => present.has(id));
  });
  return () => ({ runs: shown(), old: sources().old || isLate() });
}
