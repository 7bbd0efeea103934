// Values for the gallery, computed by the real cells: the opening sheet whole, cut short, and some hard sheets.
// Invariant: nothing is made up but cuts, zeros and the differences of a check. The field of the boundary is the trained network's own.

import { registry } from '../../src/cells';
import { inlineEngine } from '../../src/core/engine';
import { createPlanner } from '../../src/core/plan';
import { createScheduler } from '../../src/core/scheduler';
import { memoryStore } from '../../src/core/store';
import { probeNetwork } from '../../src/nn/probe';
import { takeRows } from '../../src/nn/rows';
import { parseAddress } from '../../src/platform/address';
import type { Bands, Shown } from '../../src/ui/figure';
import { runColor } from '../../src/ui/palette';
import type { Look } from '../../src/ui/probes';
import { bandsOf } from '../../src/ui/views/bands';
import type { BoundaryView } from '../../src/ui/views/boundary';
import type { Differences } from '../../src/ui/views/check';
import type { Trained } from '../../src/ui/views/curves';
import type { DiffView } from '../../src/ui/views/diff';
import type { ProbabilityGrid } from '../../src/ui/views/field';
import { TRAIN_BANDS } from '../../src/ui/views/layers';
import type { MapView } from '../../src/ui/views/map-values';
import type { Network } from '../../src/ui/views/network-summary';
import type { Optimizer } from '../../src/ui/views/optimizer';
import type { SplitView } from '../../src/ui/views/split';

const SLOPES: Readonly<Record<string, (z: number) => number>> = {
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  relu: (z) => Math.max(0, z),
  tanh: Math.tanh,
  linear: (z) => z,
};

function probability({ layers }: Network, point: readonly number[]): number {
  let values = point;
  layers.forEach(({ kernel, bias, activation }, index) => {
    const f = SLOPES[index === layers.length - 1 ? 'sigmoid' : activation] ?? ((z: number) => z);
    const inputs = values;
    values = Array.from(bias, (start, unit) =>
      f(inputs.reduce((sum, value, i) => sum + value * (kernel.data[i * bias.length + unit] ?? 0), start)),
    );
  });
  return values[0] ?? Number.NaN;
}

function field(network: Network, columns = 64, rows = 48): ProbabilityGrid {
  const extent = [-1.6, 2.6, -1.1, 1.6] as const;
  const probabilities = Float32Array.from({ length: columns * rows }, (_, index) =>
    probability(network, [
      extent[0] + (((index % columns) + 0.5) / columns) * (extent[1] - extent[0]),
      extent[2] + ((Math.floor(index / columns) + 0.5) / rows) * (extent[3] - extent[2]),
    ]),
  );
  return { probabilities, columns, rows, extent };
}

/** What each kind's figures are given. */
export interface Values {
  readonly dataset: Shown<SplitView['dataset']>[];
  readonly split: Shown<SplitView>[];
  readonly architecture: Shown<Network>[];
  readonly optimizer: Shown<Optimizer>[];
  readonly train: Shown<Trained>[];
  readonly boundary: Shown<BoundaryView>[];
  readonly map: Shown<MapView>[];
  readonly ledger: Shown<Look>[];
  readonly activations: Shown<Look>[];
  readonly check: Shown<Differences>[];
  readonly diff: Shown<DiffView>[];
}

/** The network as it is before training. */
async function lookAt(
  { layers }: Network,
  { x, y }: SplitView['dataset'],
  { train }: SplitView['split'],
): Promise<Look> {
  const rows = takeRows(x, y, train);
  return { epoch: 0, ledger: await probeNetwork(layers, rows.x, rows.y, async () => {}) };
}

/** The bands of some members. */
function bandsOver(first: Trained, members: readonly Trained[]): Bands {
  const lines = TRAIN_BANDS.lines(first);
  const work = bandsOf(members, lines, TRAIN_BANDS.epochs(first), { of: members.length, lost: 0 });
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** Computes all cells of the sheet that an address declares; of runs with seeds the trainings of all members. */
export async function valuesOf(address: string): Promise<Values> {
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
    ledger: [],
    map: [],
    activations: [],
    check: [],
    diff: [],
  };
  for (const { run, seeds, member } of createPlanner(registry)(parsed.sheet).runs.values()) {
    const get = async <V>(kind: string, of = 0): Promise<V> => {
      const cell = member(of).get(kind);
      if (!cell || cell.problem) throw new Error(`${run.id}.${kind}: ${cell?.problem?.message}`);
      const { result, failure } = await scheduler.demand(cell.node).outcome;
      if (failure) throw new Error(`${run.id}.${kind}: ${JSON.stringify(failure)}`);
      return result.value as V;
    };
    const shown = <V>(value: V): Shown<V> => ({
      id: run.id,
      name: run.name || run.id,
      color: runColor(run.id),
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
    const train = await get<Trained>('train');
    values.dataset.push(shown(dataset));
    values.split.push(shown({ dataset, split }));
    const architecture = await get<Network>('architecture');
    values.architecture.push(ofMember(architecture));
    const look = ofMember(await lookAt(architecture, dataset, split));
    values.ledger.push(look);
    values.activations.push(look);
    values.optimizer.push(shown(optimizer));
    const members = await Promise.all(
      Array.from({ length: seeds.count }, (_, of) => get<Trained>('train', of)),
    );
    values.train.push({
      ...ofMember(train),
      ...(members.length > 1 && { members: bandsOver(train, members) }),
    });
    values.boundary.push(
      ofMember({ dataset, split, grid: field(train), epoch: train.loss.length, epochs: train.loss.length }),
    );
    values.check.push(shown(differences(train)));
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
