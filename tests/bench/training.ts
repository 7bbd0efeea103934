// The kernel beside its competitors in one process: the notebook's two networks, then growth in one dimension at a time, then a
// thousand seeds through the whole core. Ratios count; the times are this machine's.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { registry } from '../../src/cells';
import { inlineEngine } from '../../src/core/compute/engine';
import { createScheduler } from '../../src/core/compute/scheduler';
import { memoryStore } from '../../src/core/compute/store';
import { createPlanner } from '../../src/core/plan/plan';
import { makeMoons } from '../../src/nn/data/datasets';
import { trainTestSplit } from '../../src/nn/data/split';
import { initialLayers } from '../../src/nn/network/initializers';
import type { Activation } from '../../src/nn/network/network';
import { fusedTrainer } from '../../src/nn/training/fused-training';
import type { TrainingContext, TrainingSetup } from '../../src/nn/training/training';
import { parseAddress } from '../../src/platform/page/address';
import { limit } from './limit';
import { compare, print, row } from './measure';
import { coreLoop, fitModel, useBackend } from './tfjs';

const quiet: TrainingContext = {
  yieldThread: () => Promise.resolve(),
  due: () => false,
  progress: () => {},
  save: () => {},
};

interface Shape {
  readonly rows: number;
  readonly depth: number;
  readonly width: number;
  readonly activation: Activation;
  readonly epochs: number;
}

function setupOf({ rows, depth, width, activation, epochs }: Shape): TrainingSetup {
  return {
    layers: initialLayers({
      inputs: 2,
      units: Array.from({ length: depth }, () => width),
      activations: Array.from({ length: depth }, () => activation),
      kernelInitializer: 'glorotUniform',
      seed: 0,
    }),
    ...makeMoons(rows, 0.05, 42),
    ...trainTestSplit(rows, 0.2, 42),
    optimizer: {
      name: 'adam',
      learningRate: 0.001,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-7,
      globalClipNorm: 0,
    },
    epochs,
    batchSize: 32,
    seed: 0,
  };
}

/** Floating-point operations of the three products of each layer, the first of which needs no gradient of its inputs. */
function operations({ layers, train, epochs }: TrainingSetup): number {
  const products = layers.reduce((sum, { kernel }) => sum + 3 * kernel.data.length, 0);
  return 2 * (products - (layers[0]?.kernel.data.length ?? 0)) * train.length * epochs;
}

const ratio = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} times the kernel`;

async function benchNotebook(): Promise<void> {
  for (const [name, depth, activation] of [
    ['A: three sigmoid layers of ten', 3, 'sigmoid'],
    ['B: two relu layers of ten', 2, 'relu'],
  ] as const) {
    print(`\n100 epochs of ${name}; the kernel also tests after each epoch and keeps all statistics`);
    const setup = setupOf({ rows: 250, depth, width: 10, activation, epochs: 100 });
    const bare = { ...setup, test: setup.test.subarray(0, 1) };
    await useBackend('cpu');
    const [fused = Number.NaN, untested = Number.NaN, core, fitted] = await compare(
      [
        { name: 'kernel', times: 101, call: () => fusedTrainer.train(setup, quiet) },
        { name: 'untested', times: 101, call: () => fusedTrainer.train(bare, quiet) },
        { name: 'core', times: 1, call: () => coreLoop(setup) },
        { name: 'fit', times: 1, call: () => fitModel(setup) },
      ],
      5,
    );
    await useBackend('wasm');
    const [again = Number.NaN, onWasm = Number.NaN] = await compare(
      [
        { name: 'kernel', times: 101, call: () => fusedTrainer.train(setup, quiet) },
        { name: 'wasm', times: 1, call: () => coreLoop(setup) },
      ],
      5,
    );
    row('the fused kernel', fused);
    row('the fused kernel, one test row', untested, 'as little beside training as it can be asked for');
    for (const [competitor, ms = Number.NaN, kernel] of [
      ['tfjs, model.fit, cpu backend', fitted, fused],
      ['tfjs, loop over core operations, cpu backend', core, fused],
      ['tfjs, the same loop, wasm backend', onWasm, again],
    ] as const) {
      row(competitor, ms, ratio(ms / kernel));
    }
    const c = limit([setup]);
    if ('reason' in c) print(`C with AVX2 and FMA: skipped, ${c.reason}`);
    else {
      const [ms = Number.NaN] = c.ms;
      row(
        'C with AVX2 and FMA, neither tests nor statistics',
        ms,
        `the kernel takes ${(fused / ms).toFixed(2)} times as long`,
      );
    }
  }
}

async function benchGrowth(): Promise<void> {
  await useBackend('wasm');
  const usual = { rows: 250, depth: 3, width: 10, activation: 'relu', epochs: 10 } as const;
  for (const [dimension, shapes] of [
    ['width, three relu layers', [10, 32, 64, 128, 256, 512].map((width) => ({ ...usual, width }))],
    ['depth, relu layers of ten', [1, 2, 3, 4, 6, 8, 10].map((depth) => ({ ...usual, depth }))],
    ['rows, three relu layers of ten', [250, 2_500, 25_000].map((rows) => ({ ...usual, rows }))],
  ] as const) {
    print(`\ngrowth in ${dimension}, an epoch`);
    for (const shape of shapes) {
      const setup = setupOf(shape);
      const [fused = Number.NaN, wasm = Number.NaN] = await compare(
        [
          { name: 'kernel', times: 5, call: () => fusedTrainer.train(setup, quiet) },
          { name: 'wasm', times: 1, call: () => coreLoop({ ...setup, epochs: 1 }) },
        ],
        3,
      );
      const speed = operations(setup) / fused / 1e6;
      const name = `${shape.rows} rows, ${shape.depth} layers of ${shape.width}`;
      const competitor = (wasm / (fused / shape.epochs)).toFixed(1);
      row(
        name,
        fused / shape.epochs,
        `${speed.toFixed(1)} GFLOP/s; tfjs on wasm takes ${competitor} times as long`,
      );
    }
  }
}

/** A full garbage collection, without which memory says little. */
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const megabytes = (): number => {
  // Twice: what buffers held is given back with the second.
  collect();
  collect();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return (heapUsed + external + arrayBuffers) / 2 ** 20;
};

/** A thousand members of A, every cell of each, through plan, scheduler and engine on one core. */
export async function benchSeeds(): Promise<void> {
  print('\n1,000 seeds of A, every cell, one core');
  const sheet = parseAddress('#v1&A=a&A.seeds=1000', registry);
  if (!sheet.ok) throw new Error(sheet.message);
  const scheduler = createScheduler({
    store: memoryStore({ maxBytes: 2 ** 20 }),
    engine: inlineEngine(registry),
  });
  const run = createPlanner(registry)(sheet.sheet).runs.get('A');
  const compute = async (from: number, to: number): Promise<void> => {
    const demands = Array.from({ length: to - from }, (_, index) =>
      [...(run?.member(from + index).values() ?? [])].flatMap(({ node }) =>
        node ? scheduler.demand(node, { urgency: 'bulk' }) : [],
      ),
    ).flat();
    for (const { failure } of await Promise.all(demands.map(({ outcome }) => outcome))) {
      if (failure) throw new Error(failure.message);
    }
    for (const { release } of demands) release();
  };
  await compute(0, 100);
  const before = megabytes();
  const start = performance.now();
  await compute(100, 1_000);
  const seconds = (performance.now() - start) / 1_000;
  row('900 members', seconds * 1_000, `${(900 / seconds).toFixed(0)} runs a second`);
  print(`memory before ${before.toFixed(1)} MB, after ${megabytes().toFixed(1)} MB`);
}

/** Measures all of it and prints. */
export async function benchTraining(): Promise<void> {
  await benchNotebook();
  await benchGrowth();
  await benchSeeds();
}
