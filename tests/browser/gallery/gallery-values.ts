// Values for the gallery, computed by the real cells: the opening sheet whole, cut short, and some hard sheets.
// Invariant: nothing is made up but cuts, zeros and the differences of a cross-check.
// The field of the boundary is the trained network's own.

import { registry } from '../../../src/cells';
import { confusion } from '../../../src/cells/questions/confusion';
import { inlineEngine } from '../../../src/core/compute/engine';
import { createScheduler } from '../../../src/core/compute/scheduler';
import { memoryStore } from '../../../src/core/compute/store';
import { createPlanner } from '../../../src/core/plan/plan';
import { takeRows } from '../../../src/nn/data/rows';
import { probeNetwork } from '../../../src/nn/probe/probe';
import { probabilities } from '../../../src/nn/training/fused-training';
import { parseAddress } from '../../../src/platform/page/address';
import { TRAIN_BANDS } from '../../../src/ui/figures/by-layer/layers';
import type { ConfusionView } from '../../../src/ui/figures/confusion/confusion-text';
import type { Differences } from '../../../src/ui/figures/cross-check/cross-check';
import { bandsOf } from '../../../src/ui/figures/curves/band-area';
import type { Trained } from '../../../src/ui/figures/curves/curves';
import type { BoundaryView } from '../../../src/ui/figures/data/boundary';
import type { ProbabilityGrid } from '../../../src/ui/figures/data/field';
import type { SplitView } from '../../../src/ui/figures/data/split';
import type { Bands, Shown } from '../../../src/ui/figures/draw/figure';
import type { MapView } from '../../../src/ui/figures/map/map-values';
import type { DiffView } from '../../../src/ui/figures/network/diff';
import type { Network } from '../../../src/ui/figures/network/network-summary';
import type { Optimizer } from '../../../src/ui/figures/network/optimizer';
import { FINE, planeOf } from '../../../src/ui/sources/boundaries';
import type { ProbeView } from '../../../src/ui/sources/probes';
import { runColors } from '../../../src/ui/text/palette';

/** The trained network's field over the plane around the points, as the page asks for it. */
async function field({ layers }: Network, dataset: SplitView['dataset']): Promise<ProbabilityGrid> {
  const { size, extent, points } = planeOf(dataset, FINE);
  return {
    probabilities: await probabilities(layers, points, async () => {}),
    columns: size,
    rows: size,
    extent,
  };
}

/** What each kind's figures are given. */
export interface Values {
  readonly dataset: Shown<SplitView['dataset']>[];
  readonly split: Shown<SplitView>[];
  readonly architecture: Shown<Network>[];
  readonly optimizer: Shown<Optimizer>[];
  readonly train: Shown<Trained>[];
  readonly boundary: Shown<BoundaryView>[];
  readonly confusion: Shown<ConfusionView>[];
  readonly map: Shown<MapView>[];
  readonly ledger: Shown<ProbeView>[];
  readonly activations: Shown<ProbeView>[];
  readonly crossCheck: Shown<Differences>[];
  readonly diff: Shown<DiffView>[];
}

/** A network after so many epochs, probed over the rows that it is trained on. */
export async function probeView(
  { layers }: Network,
  { dataset, split }: SplitView,
  epoch = 0,
): Promise<ProbeView> {
  const { x, y } = takeRows(dataset.x, dataset.y, split.train);
  return { epoch, ledger: await probeNetwork(layers, x, y, async () => {}) };
}

/** A network's confusion over the points that it is trained on and over those to test. */
async function confusionOf(
  { layers }: Trained,
  { dataset, split }: SplitView,
): Promise<Pick<ConfusionView, 'train' | 'test'>> {
  const { signal } = new AbortController();
  const over = async (chosen: Uint32Array) =>
    confusion.answer(
      { layers, rows: { ...dataset, chosen } },
      { signal, yieldThread: async () => {}, progress() {} },
    );
  return { train: await over(split.train), test: await over(split.test) };
}

/** The bands of those members of so many that are there. */
function bandsOver(first: Trained, members: readonly Trained[], of: number): Bands {
  const lines = TRAIN_BANDS.lines(first);
  const lost = of - members.length;
  const work = bandsOf(members, lines, TRAIN_BANDS.epochs(first), { of, lost });
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/**
 * Computes all cells of the sheet that an address declares; of runs with seeds the trainings of all members. `onFailure` is
 * told of each training that fails; its run is then shown as on the page, by what it began with. Without it a failure throws.
 */
export async function valuesOf(
  address: string,
  onFailure = (run: string, message: string): void => {
    throw new Error(`${run}.train: ${message}`);
  },
): Promise<Values> {
  const parsed = parseAddress(address, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  const scheduler = createScheduler({ store: memoryStore(), engine: inlineEngine(registry) });
  const values: Values = {
    dataset: [],
    split: [],
    architecture: [],
    optimizer: [],
    train: [],
    boundary: [],
    confusion: [],
    ledger: [],
    map: [],
    activations: [],
    crossCheck: [],
    diff: [],
  };
  const plan = createPlanner(registry)(parsed.sheet);
  const colors = runColors(registry, plan, [...plan.runs.keys()], 'A');
  for (const { run, seeds, member } of plan.runs.values()) {
    const get = async <V>(kind: string, of = 0): Promise<V> => {
      const cell = member(of).get(kind);
      if (!cell || cell.problem) throw new Error(`${run.id}.${kind}: ${cell?.problem?.message}`);
      const { result, failure } = await scheduler.demand(cell.node).outcome;
      if (failure) throw new Error(failure.message);
      return result.value as V;
    };
    const shown = <V>(value: V): Shown<V> => ({
      id: run.id,
      name: run.name || run.id,
      color: '',
      ...colors.get(run.id),
      value,
    });
    /** Of member 0, where there are several. */
    const ofMember = <V>(value: V): Shown<V> => ({
      ...shown(value),
      ...(seeds.count > 1 && { standsFor: seeds.count }),
    });
    const dataset = await get<SplitView['dataset']>('dataset');
    const split = await get<SplitView['split']>('split');
    const optimizer = await get<Optimizer>('optimizer');
    values.dataset.push(shown(dataset));
    values.split.push(shown({ dataset, split }));
    const architecture = await get<Network>('architecture');
    values.architecture.push(ofMember(architecture));
    const probed = ofMember(await probeView(architecture, { dataset, split }));
    values.ledger.push(probed);
    values.activations.push(probed);
    values.optimizer.push(shown(optimizer));
    const trainings = await Promise.all(
      Array.from({ length: seeds.count }, (_, of) =>
        get<Trained>('train', of).catch((error: Error) => onFailure(run.id, error.message)),
      ),
    );
    const [train] = trainings;
    if (!train) continue;
    const members = trainings.flatMap((member) => member ?? []);
    values.train.push({
      ...ofMember(train),
      ...(members.length > 1 && { members: bandsOver(train, members, seeds.count) }),
    });
    const grid = await field(train, dataset);
    const epochs = train.loss.length;
    values.boundary.push(ofMember({ dataset, split, grid, epoch: epochs, epochs }));
    const both = await confusionOf(train, { dataset, split });
    values.confusion.push(ofMember({ ...both, epoch: epochs, epochs }));
    values.crossCheck.push(shown(differences(train)));
    values.diff.push(ofMember({ diff: await get<DiffView['diff']>('diff'), optimizer }));
  }
  return values;
}

/** Differences of the size that two engines' have: rounding errors that grow with each step that was taken. */
function differences({ loss, updateRms }: Trained): Differences {
  let walked = 0;
  const weights = Float64Array.from(loss, (_, epoch) => {
    walked += updateRms.data[epoch * updateRms.shape[1]] ?? 0;
    return epoch === 0 ? 0 : walked * 2 ** -20;
  });
  return { weights, loss: weights.map((value, epoch) => value * (loss[epoch] ?? 0)) };
}

/** A training as it is known after some epochs. */
export function cutTo(train: Trained, epochs: number): Trained {
  const rows = ({ shape, data }: Trained['gradientRms']): Trained['gradientRms'] => ({
    shape: [epochs, shape[1]],
    data: data.slice(0, epochs * shape[1]),
  });
  return {
    ...train,
    loss: train.loss.slice(0, epochs),
    accuracy: train.accuracy.slice(0, epochs),
    testLoss: train.testLoss.slice(0, epochs),
    testAccuracy: train.testAccuracy.slice(0, epochs),
    gradientRms: rows(train.gradientRms),
    updateRms: rows(train.updateRms),
    saturated: rows(train.saturated),
  };
}

/** A training whose loss, and its first layer's gradient, vanish altogether. */
export function zeroed(train: Trained): Trained {
  const [, layers] = train.gradientRms.shape;
  return {
    ...train,
    loss: train.loss.map((value, index) => (index > 50 ? 0 : value)),
    gradientRms: {
      ...train.gradientRms,
      data: train.gradientRms.data.map((value, index) => (index % layers === 0 ? 0 : value)),
    },
  };
}

/** JSON that keeps typed arrays apart from lists. */
export const pack = (value: unknown): string =>
  JSON.stringify(value, (_, part) =>
    ArrayBuffer.isView(part)
      ? { typed: part.constructor.name, data: Array.from(part as unknown as ArrayLike<number>) }
      : part,
  );
