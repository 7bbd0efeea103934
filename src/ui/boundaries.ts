// Decision boundaries at the chosen epoch: a grid of probabilities a run, asked for beside the sheet.
// Invariant: one set at a time is under way, and the newest wish comes next; what is there stays until it is replaced.

import { type Accessor, createEffect, createMemo, createSignal, onCleanup } from 'solid-js';
import { type Node, nodeAt } from '../core/node';
import type { Scheduler } from '../core/scheduler';
import type { Plain } from '../core/value';
import type { Shown } from './figure';
import type { Session } from './session';
import { createSeries, type Series } from './values';
import type { BoundaryView } from './views';
import type { Trained } from './views/curves';

/** The probability of class 1 at points float32 [points][2]. */
export type Probabilities = (
  layers: Trained['layers'],
  points: Float32Array,
  signal: AbortSignal,
) => Promise<Float32Array>;

/** What a boundary is made from. */
interface Source {
  readonly view: Omit<BoundaryView, 'grid'>;
  readonly train: Trained;
  readonly node: Node | undefined;
}

/** Cells across and up: fewer while a hand moves, which sees the way of the line and not its last bend. */
const FINE = 64;
const COARSE = 32;

interface Plane {
  readonly size: number;
  readonly extent: readonly [x0: number, x1: number, y0: number, y1: number];
  readonly points: Float32Array;
}

const planes = new WeakMap<BoundaryView['dataset'], Plane>();

/** The plane around the points and the middles of its cells, row by row from y0 up; runs with the same points share it. */
function planeOf(dataset: BoundaryView['dataset'], size: number): Plane {
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

/** The plane around the points, with a margin; never of no width. */
function extentOf(points: Float32Array): Plane['extent'] {
  let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [x = 0, y = 0] = [points[i], points[i + 1]];
    [x0, x1, y0, y1] = [Math.min(x0, x), Math.max(x1, x), Math.min(y0, y), Math.max(y1, y)];
  }
  const [dx, dy] = [(x1 - x0) * 0.1 || 0.5, (y1 - y0) * 0.1 || 0.5];
  return [x0 - dx, x1 + dx, y0 - dy, y1 + dy];
}

/** The boundaries of the shown runs at an epoch, while trainings are what is looked at. */
export function createBoundaries(
  session: Session,
  scheduler: Scheduler,
  probabilities: Probabilities,
  epoch: Accessor<number>,
): Accessor<Series<BoundaryView>> {
  const [views, setViews] = createSignal<readonly Shown<BoundaryView>[]>([]);
  const sources = createSeries<Source>(
    session,
    ['dataset', 'split', 'train'],
    ([dataset, split, train]: readonly Plain[], run) => ({
      view: { dataset, split },
      train,
      node: run.cells.get('train')?.node,
    }),
  );
  const abort = new AbortController();
  const { signal } = abort;
  let busy = false;
  let next: (() => Promise<Shown<BoundaryView>[]>) | undefined;

  /** The weights after the epoch: those at hand, or those of the same training gone only so far. */
  async function layersAt({ node, train }: Source, at: number): Promise<Trained['layers'] | undefined> {
    if (!node || at >= train.loss.length) return train.layers;
    const demand = scheduler.demand(nodeAt(node, at), { urgency: 'selected', transient: true });
    signal.addEventListener('abort', demand.release, { once: true });
    try {
      const { result } = await demand.outcome;
      return result && (result.value as unknown as Trained).layers;
    } finally {
      signal.removeEventListener('abort', demand.release);
      demand.release();
    }
  }
  async function viewOf(source: Source, at: number, size: number): Promise<BoundaryView | undefined> {
    const layers = await layersAt(source, at);
    if (!layers || signal.aborted) return undefined;
    const { extent, points } = planeOf(source.view.dataset, size);
    const grid = {
      columns: size,
      rows: size,
      extent,
      probabilities: await probabilities(layers, points, signal),
    };
    return { ...source.view, grid };
  }
  async function work(): Promise<void> {
    busy = true;
    while (next && !signal.aborted) {
      const compute = next;
      next = undefined;
      const views = await compute();
      if (!signal.aborted) setViews(views);
    }
    busy = false;
  }

  createEffect(() => {
    if (session.inspected() !== 'train') return;
    const { runs } = sources();
    const [at, size] = [epoch(), session.isMoving() ? COARSE : FINE];
    next = async () => {
      const settled = await Promise.allSettled(runs.map(({ value }) => viewOf(value, at, size)));
      return settled.flatMap((one, index) => {
        const [run, view] = [runs[index], one.status === 'fulfilled' ? one.value : undefined];
        return run && view ? [{ ...run, value: view }] : [];
      });
    };
    if (!busy) void work();
  });
  onCleanup(() => abort.abort());

  return createMemo(() => {
    const { runs, old } = sources();
    const present = new Set(runs.map(({ id }) => id));
    return { runs: views().filter(({ id }) => present.has(id)), old };
  });
}
