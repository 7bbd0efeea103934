// What the selected cell means: its kind's figures, for the selected runs side by side on shared scales.
// Invariant: every figure shows the same runs, the same epoch and the same marked run. Figures are loaded after the sheet.

import {
  createEffect,
  createMemo,
  createResource,
  createSignal,
  For,
  Match,
  onCleanup,
  Show,
  Switch,
} from 'solid-js';
import { nodeAt } from '../core/node';
import type { RunPlan } from '../core/plan';
import type { Scheduler } from '../core/scheduler';
import type { RunId } from '../core/sheet';
import type { Plain } from '../core/value';
import type { Shown } from './figure';
import { type Figures, FigureView, type Pointer } from './figure-view';
import { runColor } from './palette';
import type { Session } from './session';

type Of<K extends keyof Figures['figures']> = Figures['figures'][K][number] extends {
  draw(runs: readonly Shown<infer V>[], ...rest: never[]): Element;
}
  ? V
  : never;
type Trained = Of<'train'>;
type Boundary = Of<'boundary'>;

/** The probability of class 1 at points float32 [points][2]. */
export type Probabilities = (
  layers: Trained['layers'],
  points: Float32Array,
  signal: AbortSignal,
) => Promise<Float32Array>;

/** A boundary that is wished for: of which run, at which epoch. */
interface Wish {
  readonly view: Omit<Boundary, 'grid'>;
  readonly train: Trained;
  readonly run: RunPlan;
  readonly epoch: number;
}

const MAX_SHOWN = 6;
const GRID = 64;

/** The figures of train that come before the boundary: loss, accuracy, gradient flow. */
const FLOW = 3;

export function Inspector(props: {
  session: Session;
  scheduler: Scheduler;
  figures: Figures;
  probabilities: Probabilities;
}) {
  const { session, figures } = props;
  const [chosenEpoch, setChosenEpoch] = createSignal<number>();
  const [hoveredEpoch, setHoveredEpoch] = createSignal<number>();
  const [marked, setMarked] = createSignal<RunId>();

  /** The selected runs, where several are selected or the sheet is too wide to show it all; else every run. */
  const runs = createMemo(() => {
    const all = [...session.plan().runs.values()];
    const selected = session.selected();
    if (selected.length > 1) return all.filter(({ run }) => selected.includes(run.id)).slice(0, MAX_SHOWN);
    if (all.length <= MAX_SHOWN) return all;
    const at = Math.max(
      0,
      Math.min(all.findIndex(({ run }) => run.id === session.active().run) - 2, all.length - MAX_SHOWN),
    );
    return all.slice(at, at + MAX_SHOWN);
  });

  /** A cell's value, or of a running one what is known so far; checked by the kind's schema before it was stored. */
  function cellValue(run: RunPlan, kind: string): Plain | undefined {
    const node = run.cells.get(kind)?.node;
    const state = node && session.live.state(node.key);
    return state?.outcome?.result?.value ?? state?.partial;
  }

  /** The runs that have all of these kinds' values, with those joined to what a figure takes. */
  function shown<V>(
    kinds: readonly string[],
    join: (values: readonly Plain[], run: RunPlan) => unknown,
  ): readonly Shown<V>[] {
    return runs().flatMap((run) => {
      const values = kinds.flatMap((kind) => cellValue(run, kind) ?? []);
      if (values.length < kinds.length) return [];
      const joined = join(values, run);
      if (joined === undefined) return [];
      // The schemas of the kinds named here are those of V; the figures' own types follow them.
      return [{ id: run.run.id, name: run.run.name, color: runColor(run.run.id), value: joined as V }];
    });
  }
  const single = <V,>(kind: string) => createMemo(() => shown<V>([kind], ([value]) => value));

  const data = single<Of<'dataset'>>('dataset');
  const splits = createMemo(() =>
    shown<Of<'split'>>(['dataset', 'split'], ([dataset, split]) => ({ dataset, split })),
  );
  const networks = single<Of<'architecture'>>('architecture');
  const optimizers = single<Of<'optimizer'>>('optimizer');
  const trained = single<Trained>('train');
  const diffs = createMemo(() =>
    shown<Of<'diff'>>(['diff', 'optimizer'], ([diff, optimizer]) => ({ diff, optimizer })),
  );

  const epochs = createMemo(() => Math.max(1, ...trained().map(({ value }) => value.loss.length)));
  const epoch = () => Math.min(chosenEpoch() ?? epochs(), epochs());
  const pointer: Pointer = {
    epoch: () => hoveredEpoch() ?? epoch(),
    marked,
    onEpoch: setHoveredEpoch,
    onRun: setMarked,
  };
  const boundaries = createBoundaries();

  /** The decision boundaries at the chosen epoch; while one set is being computed only the newest wish waits. */
  function createBoundaries() {
    const [views, setViews] = createSignal<readonly (Shown<Boundary> & { readonly key: string })[]>([]);
    const keyOf = (id: RunId): string | undefined =>
      session.plan().runs.get(id)?.cells.get('train')?.node?.key;
    const wishes = createMemo(() =>
      session.inspected() === 'train'
        ? shown<Wish>(['dataset', 'split', 'train'], ([dataset, split, train], run) => ({
            view: { dataset, split },
            train,
            run,
            epoch: epoch(),
          }))
        : [],
    );
    const abort = new AbortController();
    let busy = false;
    let next: readonly Shown<Wish>[] | undefined;

    async function compute(wanted: readonly Shown<Wish>[]): Promise<void> {
      const settled = await Promise.allSettled(
        wanted.map(async ({ value, ...run }) => {
          const grid = await gridOf(value, await layersAt(value, abort.signal), abort.signal);
          return grid ? [{ ...run, key: keyOf(run.id) ?? '', value: { ...value.view, grid } }] : [];
        }),
      );
      if (abort.signal.aborted) return;
      setViews(settled.flatMap((one) => (one.status === 'fulfilled' ? one.value : [])));
    }
    async function work(): Promise<void> {
      busy = true;
      while (next && !abort.signal.aborted) {
        const wanted = next;
        next = undefined;
        await compute(wanted);
      }
      busy = false;
    }
    createEffect(() => {
      next = wishes();
      if (!busy) void work();
    });
    onCleanup(() => abort.abort());
    // A grid of another training than the run's present one is not shown.
    return createMemo(() => views().filter(({ id, key }) => keyOf(id) === key));
  }

  /** The weights after the wished epoch: those at hand, or those of the same training gone only so far. */
  async function layersAt(
    { run, train, epoch: at }: Wish,
    signal: AbortSignal,
  ): Promise<Trained['layers'] | undefined> {
    const node = run.cells.get('train')?.node;
    if (!node || at >= train.loss.length) return train.layers;
    const demand = props.scheduler.demand(nodeAt(node, at));
    signal.addEventListener('abort', demand.release, { once: true });
    try {
      const { result } = await demand.outcome;
      return result && (result.value as unknown as Trained).layers;
    } finally {
      signal.removeEventListener('abort', demand.release);
      demand.release();
    }
  }

  async function gridOf(
    { view }: Wish,
    layers: Trained['layers'] | undefined,
    signal: AbortSignal,
  ): Promise<Boundary['grid'] | undefined> {
    if (!layers || signal.aborted) return undefined;
    const extent = extentOf(view.dataset.x.data);
    return {
      columns: GRID,
      rows: GRID,
      extent,
      probabilities: await props.probabilities(layers, gridPoints(extent), signal),
    };
  }

  const nothing = () => (
    <p class="quiet">
      Nothing to draw yet: the values are being computed, or a problem in the sheet is in their way.
    </p>
  );
  return (
    <section class="inspector" aria-label="Inspector">
      <h2 class="unseen">Inspector</h2>
      <nav aria-label="Kind">
        <For each={session.registry.kinds}>
          {({ name }) => (
            <button
              type="button"
              aria-pressed={session.inspected() === name}
              onClick={() => session.inspect(name)}
            >
              {name}
            </button>
          )}
        </For>
      </nav>
      <div class="shown-line">
        <p class="shown-runs">
          <For each={runs()}>
            {({ run }) => (
              <span
                class="run-tag"
                classList={{ marked: marked() === run.id }}
                onPointerEnter={() => setMarked(run.id)}
                onPointerLeave={() => setMarked(undefined)}
              >
                <svg class="swatch" viewBox="0 0 8 8" aria-hidden="true">
                  <circle cx="4" cy="4" r="4" fill={runColor(run.id)} />
                </svg>
                {run.id} {run.name}
                <Show when={(session.plan().runs.get(run.id)?.seeds.count ?? 1) > 1}>
                  <span class="quiet">member 0 of {session.plan().runs.get(run.id)?.seeds.count}</span>
                </Show>
              </span>
            )}
          </For>
          <Show when={runs().length < session.sheet().runs.length}>
            <span class="quiet">
              {runs().length} of {session.sheet().runs.length} runs
            </span>
          </Show>
        </p>
        <Show when={session.inspected() === 'train' && trained().length > 0}>
          <div class="epoch">
            <label for="epoch">epoch</label>
            <input
              id="epoch"
              type="range"
              min="1"
              ref={(element) => {
                // The bound first: a value beyond it would be cut, and never be set again.
                createEffect(() => {
                  element.max = String(epochs());
                  element.value = String(epoch());
                });
              }}
              onInput={(event) => {
                const at = event.currentTarget.valueAsNumber;
                setChosenEpoch(at >= epochs() ? undefined : at);
              }}
            />
            <output for="epoch">
              {pointer.epoch()} of {epochs()}
            </output>
          </div>
        </Show>
      </div>
      <Switch>
        <Match when={session.inspected() === 'dataset'}>
          <FigureList list={figures.figures.dataset} runs={data()} />
        </Match>
        <Match when={session.inspected() === 'split'}>
          <FigureList list={figures.figures.split} runs={splits()} />
        </Match>
        <Match when={session.inspected() === 'architecture'}>
          <FigureList list={figures.figures.architecture} runs={networks()} />
        </Match>
        <Match when={session.inspected() === 'optimizer'}>
          <FigureList list={figures.figures.optimizer} runs={optimizers()} />
        </Match>
        <Match when={session.inspected() === 'diff'}>
          <FigureList list={figures.figures.diff} runs={diffs()} />
        </Match>
        <Match when={session.inspected() === 'train'}>
          <Show when={trained().length > 0} fallback={nothing()}>
            <div class="figure-list train">
              <For each={figures.figures.train.slice(0, FLOW)}>
                {(figure) => (
                  <FigureView figures={figures} figure={figure} runs={trained()} pointer={pointer} />
                )}
              </For>
              <Show when={boundaries().length > 0}>
                <For each={figures.figures.boundary}>
                  {(figure) => (
                    <FigureView figures={figures} figure={figure} runs={boundaries()} pointer={pointer} />
                  )}
                </For>
              </Show>
              <For each={figures.figures.train.slice(FLOW)}>
                {(figure) => (
                  <FigureView figures={figures} figure={figure} runs={trained()} pointer={pointer} />
                )}
              </For>
            </div>
          </Show>
        </Match>
      </Switch>
    </section>
  );

  function FigureList<V>(list: { list: readonly import('./figure').Figure<V>[]; runs: readonly Shown<V>[] }) {
    return (
      <Show when={list.runs.length > 0} fallback={nothing()}>
        <div class="figure-list">
          <For each={list.list}>
            {(figure) => <FigureView figures={figures} figure={figure} runs={list.runs} pointer={pointer} />}
          </For>
        </div>
      </Show>
    );
  }
}

/** The plane around the points, with a margin; never of no width. */
function extentOf(points: Float32Array): [x0: number, x1: number, y0: number, y1: number] {
  let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [x = 0, y = 0] = [points[i], points[i + 1]];
    [x0, x1, y0, y1] = [Math.min(x0, x), Math.max(x1, x), Math.min(y0, y), Math.max(y1, y)];
  }
  const [dx, dy] = [(x1 - x0) * 0.1 || 0.5, (y1 - y0) * 0.1 || 0.5];
  return [x0 - dx, x1 + dx, y0 - dy, y1 + dy];
}

/** The middles of GRID × GRID cells over the plane, row by row from y0 up. */
function gridPoints([x0, x1, y0, y1]: readonly [number, number, number, number]): Float32Array {
  const points = new Float32Array(GRID * GRID * 2);
  for (let row = 0, at = 0; row < GRID; row++) {
    for (let column = 0; column < GRID; column++) {
      points[at++] = x0 + ((column + 0.5) / GRID) * (x1 - x0);
      points[at++] = y0 + ((row + 0.5) / GRID) * (y1 - y0);
    }
  }
  return points;
}

/** Loads the figures once the page stands. */
export const loadFigures = () => createResource(() => import('./views'))[0];
