// Probes networks with fixed weights: the ledgers of the shown runs at the chosen epoch, requested as questions, not as cells,
// and the ledger of one run with one layer changed.
// Invariant: one set at a time is awaited, and the newest request comes next; a change trains nothing.

import { type Accessor, createEffect, createMemo, createSignal, onCleanup } from 'solid-js';
import type { AnswerOf, Ask, AskedOf } from '../../cells/questions';
import type { Scheduler } from '../../core/compute/scheduler';
import type { Node } from '../../core/plan/node';
import type { RunPlan } from '../../core/plan/plan';
import type { RunId } from '../../core/sheet/sheet';
import type { Trained } from '../figures/curves/curves';
import type { BoundaryView } from '../figures/data/boundary';
import type { Shown } from '../figures/draw/figure';
import type { Session } from '../session/session';
import { lateBeside } from '../session/staleness';
import { type Training, weightsAt } from './epoch-weights';
import { createFigureValues, type FigureValues } from './figure-values';
import { createNewestRequest } from './newest-request';

/**
 * A change to try: one hidden layer of a run, counted from 0, with another activation or with a kernel drawn
 * again by another initializer.
 */
export interface Change {
  readonly run: RunId;
  readonly layer: number;
  readonly param: 'activation' | 'kernelInitializer';
  readonly choice: string;
}

/** Name of a kernel initializer; the question refuses any other text. */
type Initializer = NonNullable<AskedOf<'probe'>['redraw']>['kernelInitializer'];

/**
 * The values that a run's network is probed with; after a failed training, only the values from before
 * training.
 */
interface Source {
  readonly training?: Training;
  /** Message of the failed training. */
  readonly failure?: string;
  /** Object under which the probes are cached: the training's value, or a new object without one. */
  readonly of: object;
  readonly node: Node | undefined;
  readonly dataset: BoundaryView['dataset'];
  readonly split: BoundaryView['split'];
  readonly architecture: Pick<Trained, 'layers'>;
}

/**
 * The ledger of a run's network at an epoch, 0 being before training; or, in `trouble`, the reason for its
 * absence.
 */
export interface ProbeView {
  readonly epoch: number;
  readonly ledger?: AnswerOf<'probe'>;
  readonly trouble?: string;
}

const STARTS = ['dataset', 'split', 'architecture'] as const;
const KINDS = [...STARTS, 'train'] as const;

/** Probes of runs, and the sources that they were requested for. */
interface Made {
  readonly views: readonly Shown<ProbeView>[];
  readonly of: readonly Shown<Source>[];
}

/** The most ledgers that are cached per training. */
const KEPT = 32;

/** The epoch to probe at, 0 being before training, the change to try, and whether an open figure wants the ledgers. */
interface ProbeChoice {
  readonly wanted: Accessor<boolean>;
  readonly epoch: Accessor<number>;
  readonly change: Accessor<Change | undefined>;
}

/**
 * Ledgers of the shown runs; the ledger with the change follows its run, under the run's id with a prime (′).
 * Must be made inside a Solid root.
 */
export function createProbes(
  session: Session,
  scheduler: Scheduler,
  ask: Ask,
  { epoch, change, wanted }: ProbeChoice,
): Accessor<FigureValues<ProbeView>> {
  const [made, setMade] = createSignal<Made>({ views: [], of: [] });
  const nodeOf = (run: RunPlan): Node | undefined => run.cells.get('train')?.node;
  const starts = createFigureValues<Source>(session, STARTS, ([dataset, split, architecture], run) => ({
    ...({ dataset, split, architecture } as unknown as Pick<Source, 'dataset' | 'split' | 'architecture'>),
    of: {},
    node: nodeOf(run),
  }));
  const trained = createFigureValues<Source>(
    session,
    KINDS,
    ([dataset, split, architecture, train], run) => ({
      ...({ dataset, split, architecture } as unknown as Pick<Source, 'dataset' | 'split' | 'architecture'>),
      of: train as object,
      node: nodeOf(run),
      training: { train: train as unknown as Trained, node: nodeOf(run) },
    }),
  );
  /** Message of a run's failed training; undefined unless the training failed. */
  const failureOf = (id: RunId): string | undefined => {
    const node = session.plan().runs.get(id)?.cells.get('train')?.node;
    return node && session.live.state(node.key).outcome?.failure?.message;
  };
  const sources = createMemo<FigureValues<Source>>(() => {
    const [{ runs, old }, begun] = [trained(), starts()];
    const failed = begun.runs.flatMap((run) => {
      const failure = runs.some(({ id }) => id === run.id) ? undefined : failureOf(run.id);
      return failure === undefined ? [] : [{ ...run, value: { ...run.value, failure } }];
    });
    if (failed.length === 0) return { runs, old };
    const order = session.shown();
    const all = [...runs, ...failed].sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
    return { runs: all, old };
  });
  const abort = new AbortController();
  const { signal } = abort;
  const known = new WeakMap<object, Map<string, Promise<ProbeView>>>();
  const request = createNewestRequest<Made>(signal, setMade);

  async function probe(source: Source, at: number, tried: Change | undefined): Promise<ProbeView> {
    const { dataset, split, architecture, node, training, failure } = source;
    if (at > 0 && !training) return { epoch: at, trouble: failure ?? 'not trained' };
    const layers =
      at === 0 || !training ? architecture.layers : await weightsAt(scheduler, training, at, signal);
    if (!layers) return { epoch: at, trouble: 'the weights at this epoch are not available' };
    const changed =
      tried?.param === 'activation'
        ? layers.map((layer, index) =>
            index === tried.layer ? { ...layer, activation: tried.choice as typeof layer.activation } : layer,
          )
        : layers;
    const drawn = node?.inputs['architecture']?.params;
    const redraw = tried?.param === 'kernelInitializer' &&
      drawn && {
        layer: tried.layer,
        kernelInitializer: tried.choice as Initializer,
        drawn: {
          kernelInitializer: String(drawn['kernelInitializer']) as Initializer,
          seed: Number(drawn['seed']),
        },
      };
    const rows = { ...dataset, train: split.train };
    const input = { layers: changed, rows, ...(redraw && { redraw }) };
    return { epoch: at, ledger: await ask('probe', input, { signal }) };
  }
  /** The ledger of a source after `chosen` epochs, with the change if there is one; cached. */
  function viewOf(source: Source, chosen: number, tried: Change | undefined): Promise<ProbeView> {
    const at = Math.min(chosen, source.training?.train.loss.length ?? chosen);
    const own = known.get(source.of) ?? new Map<string, Promise<ProbeView>>();
    known.set(source.of, own);
    const name = tried ? `${at} ${tried.layer} ${tried.choice}` : String(at);
    const there = own.get(name);
    if (there) return there;
    const made = probe(source, at, tried).catch((error: unknown): ProbeView => {
      // A failure may be temporary: the next request tries again.
      own.delete(name);
      return { epoch: at, trouble: error instanceof Error ? error.message : String(error) };
    });
    const [oldest] = own.keys();
    if (own.size >= KEPT && oldest !== undefined) own.delete(oldest);
    own.set(name, made);
    return made;
  }

  const runs = createMemo(() => sources().runs);
  createEffect(() => {
    if (!wanted()) return;
    const shown = runs();
    const [at, tried] = [epoch(), change()];
    request(async () => {
      const all = shown.flatMap((run) => {
        const asIs = viewOf(run.value, at, undefined).then((value) => ({ ...run, value }));
        if (tried?.run !== run.id) return [asIs];
        const name = `layer ${tried.layer + 1} ${tried.choice}`;
        const whatIf = viewOf(run.value, at, tried).then((value) => ({
          ...run,
          id: `${run.id}′`,
          name,
          value,
        }));
        return [asIs, whatIf];
      });
      return { views: await Promise.all(all), of: shown };
    });
  });
  onCleanup(() => abort.abort());

  const isLate = lateBeside(() => made().of, runs);
  const shown = createMemo(() => {
    const present = new Set(runs().map(({ id }) => id));
    return made().views.filter(({ id }) => present.has(id.replace('′', '')));
  });
  return () => ({ runs: shown(), old: sources().old || isLate() });
}
