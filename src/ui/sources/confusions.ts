// The confusions of the shown runs at the chosen epoch, over the training and the test points.
// Invariant: one set at a time is awaited, and the newest request comes next; the last set stays until the next one arrives.
// While trainings play, the cores belong to the boundaries: the last set stays and names its own epoch.

import { type Accessor, createEffect, createMemo, createSignal, onCleanup } from 'solid-js';
import type { Ask } from '../../cells/questions';
import type { Scheduler } from '../../core/compute/scheduler';
import { tabOf } from '../../core/kinds/tabs';
import type { ConfusionView } from '../figures/confusion/confusion-text';
import type { SplitView } from '../figures/data/split';
import type { Shown } from '../figures/draw/figure';
import type { Session } from '../session/session';
import { lateBeside } from '../session/staleness';
import { type Asking, type Training, weightsAt } from './epoch-weights';
import { createFigureValues, type FigureValues } from './figure-values';
import { createNewestRequest } from './newest-request';

/** The values that a confusion is computed from. */
interface Source extends Training, SplitView {}

/** Confusions of runs, and the sources that they were requested for. */
interface Made {
  readonly views: readonly Shown<ConfusionView>[];
  readonly of: readonly Shown<Source>[];
}

/** The last requested confusion of a training, finished or pending. */
interface Known {
  readonly at: number;
  readonly view: Promise<ConfusionView | undefined>;
}

/**
 * Confusions of the shown runs after `epoch` epochs, computed while they are wanted and the tab of `train` is open; the epoch
 * stays while `playing`. Must be made inside a Solid root.
 */
export function createConfusions(
  session: Session,
  scheduler: Scheduler,
  ask: Ask,
  { epoch, playing, wanted }: Asking,
): Accessor<FigureValues<ConfusionView>> {
  const [made, setMade] = createSignal<Made>({ views: [], of: [] });
  // The kinds' schemas have checked these values.
  const sources = createFigureValues<Source>(session, ['dataset', 'split', 'train'], (values, run) => {
    const [dataset, split, train] = values;
    return { dataset, split, train, node: run.cells.get('train')?.node };
  });
  const abort = new AbortController();
  const { signal } = abort;
  const known = new WeakMap<Training['train'], Known>();
  const request = createNewestRequest<Made>(signal, setMade);

  async function compute(source: Source, at: number): Promise<ConfusionView | undefined> {
    const { dataset, split, train } = source;
    const layers = await weightsAt(scheduler, source, at, signal);
    if (!layers || signal.aborted) return undefined;
    const over = (chosen: Uint32Array) =>
      ask('confusion', { layers, rows: { ...dataset, chosen } }, { signal });
    const [ofTrain, ofTest] = await Promise.all([over(split.train), over(split.test)]);
    return { train: ofTrain, test: ofTest, epoch: at, epochs: train.loss.length };
  }
  /** The confusion of a training after `chosen` epochs; the last one of each training is cached. */
  function viewOf(source: Source, chosen: number): Known['view'] {
    const at = Math.min(chosen, source.train.loss.length);
    const last = known.get(source.train);
    if (last?.at === at) return last.view;
    const view = compute(source, at).catch(() => {
      // A failure may be temporary: the next request tries again.
      if (known.get(source.train)?.at === at) known.delete(source.train);
      return undefined;
    });
    known.set(source.train, { at, view });
    return view;
  }

  const runs = createMemo(() => sources().runs);
  const wantedEpoch = createMemo<number>((before) => (playing() ? before : epoch()), epoch());
  createEffect(() => {
    if (!wanted() || session.inspected() !== tabOf(session.registry, 'train')) return;
    const [shown, at] = [runs(), wantedEpoch()];
    request(async () => {
      const all = await Promise.all(
        shown.map(async (run) => {
          const value = await viewOf(run.value, at);
          return value ? [{ ...run, value }] : [];
        }),
      );
      return { views: all.flat(), of: shown };
    });
  });
  onCleanup(() => abort.abort());

  const isLate = lateBeside(() => made().of, runs);
  const views = createMemo(() => {
    const present = new Set(runs().map(({ id }) => id));
    return made().views.filter(({ id }) => present.has(id));
  });
  return () => ({ runs: views(), old: sources().old || isLate() });
}
