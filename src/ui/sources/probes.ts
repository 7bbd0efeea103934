// Probes networks with fixed weights: the ledgers of the shown runs at the chosen epoch, asked for beside the sheet, and the
// ledger of one run with one layer changed.
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
import { newestFirst } from './newest';

/** One layer of one run, counted from 0, given another activation or drawn anew by another initializer. */
export interface Change {
  readonly run: RunId;
  readonly layer: number;
  readonly param: 'activation' | 'kernelInitializer';
  readonly choice: string;
}

/** How a kernel is drawn; the question refuses any other text. */
type Initializer = NonNullable<AskedOf<'probe'>['redraw']>['kernelInitializer'];

/** What a run's network is probed with; of a run whose training failed, only what it would have begun with. */
interface Source {
  readonly training?: Training;
  /** Why there is no training. */
  readonly failure?: string;
  /** What its probes are kept under. */
  readonly of: object;
  readonly node: Node | undefined;
  readonly dataset: BoundaryView['dataset'];
  readonly split: BoundaryView['split'];
  readonly architecture: Pick<Trained, 'layers'>;
}

/** A run's network probed at an epoch, 0 being before training; or why it could not be. */
export interface ProbeView {
  readonly epoch: number;
  readonly ledger?: AnswerOf<'probe'>;
  readonly trouble?: string;
}

const STARTS = ['dataset', 'split', 'architecture'] as const;
const KINDS = [...STARTS, 'train'] as const;

/** The probes of runs, and what they are of. */
interface Made {
  readonly views: readonly Shown<ProbeView>[];
  readonly of: readonly Shown<Source>[];
}

/** Ledgers of one training that are kept. */
const KEPT = 32;

/** What `createProbes` follows: the chosen epoch, 0 being before training, and the change that is tried. */
interface ProbeChoice {
  readonly epoch: Accessor<number>;
  readonly change: Accessor<Change | undefined>;
}

/** The ledgers of the shown runs; behind its run comes what that is with the change. */
export function createProbes(
  session: Session,
  scheduler: Scheduler,
  ask: Ask,
  { epoch, change }: ProbeChoice,
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
  /** Why a run has no training, where it failed. */
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
  const request = newestFirst<Made>(signal, setMade);

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
  /** A ledger, which is made once. */
  function viewOf(source: Source, chosen: number, tried: Change | undefined): Promise<ProbeView> {
    const at = Math.min(chosen, source.training?.train.loss.length ?? chosen);
    const own = known.get(source.of) ?? new Map<string, Promise<ProbeView>>();
    known.set(source.of, own);
    const name = tried ? `${at} ${tried.layer} ${tried.choice}` : String(at);
    const there = own.get(name);
    if (there) return there;
    const made = probe(source, at, tried).catch((error: unknown): ProbeView => {
      // What failed may be the machine's fault, and is tried again.
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
