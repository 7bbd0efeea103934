// The bits of training in a real browser: fifty random sheets through the page's own worker, under the page's content
// security policy, and through Node's inline engine. Invariant: every value of every cell is the same to the byte.

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { inlineEngine } from '../../../src/core/compute/engine';
import { createScheduler } from '../../../src/core/compute/scheduler';
import { memoryStore } from '../../../src/core/compute/store';
import { digest } from '../../../src/core/kinds/digest';
import { createPlanner } from '../../../src/core/plan/plan';
import { parseAddress } from '../../../src/platform/page/address';
import { startHarness } from '../harness/start';
import type { WatchedPage } from '../support/app';

const ACTIVATIONS = ['sigmoid', 'linear', 'tanh', 'relu', 'leakyRelu', 'elu', 'selu', 'swish'];
const INITIALIZERS = [
  'glorotUniform',
  'glorotNormal',
  'heUniform',
  'heNormal',
  'leCunUniform',
  'leCunNormal',
  'randomNormal',
];

const seeds = fc.nat(2 ** 32 - 1);
const from = (...values: (string | number)[]) => fc.constantFrom(...values);
const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });

/** What makes a network one that the kernel does not hold, in a third of those that can have it. */
const extras = (hiddenLayers: number) =>
  fc.constantFrom(
    {},
    {},
    {},
    {},
    ...(hiddenLayers > 0 ? [{ 'architecture.batchNorm': 'true' }] : []),
    ...(hiddenLayers > 1 ? [{ 'architecture.batchNorm': 'true', 'architecture.residual': 'true' }] : []),
  );

const network = fc
  .array(fc.tuple(from(...ACTIVATIONS), fc.integer({ min: 1, max: 40 })), { maxLength: 6 })
  .map((hidden) => ({
    'architecture.hiddenLayers': hidden.length,
    ...(hidden.length > 0 && {
      'architecture.activation': hidden.map(([activation]) => activation).join(','),
      'architecture.units': hidden.map(([, units]) => units).join(','),
    }),
  }))
  .chain((drawn) => extras(drawn['architecture.hiddenLayers']).map((extra) => ({ ...drawn, ...extra })));

const clipping = fc.record(
  { 'optimizer.globalClipNorm': between(0.01, 2), 'optimizer.learningRate': between(1e-4, 0.5) },
  { requiredKeys: [] },
);
const momentum = { 'optimizer.momentum': between(0, 1) };
const optimizer = fc.oneof(
  fc.record({ 'optimizer.name': from('adam'), 'optimizer.beta1': between(0, 0.99) }),
  fc.record({ 'optimizer.name': from('sgd'), 'optimizer.nesterov': from('true', 'false'), ...momentum }),
  fc.record({ 'optimizer.name': from('rmsprop'), 'optimizer.rho': between(0.5, 0.99), ...momentum }),
);

const rest = fc.record({
  'dataset.generator': from('moons', 'circles', 'blobs', 'xor', 'spirals'),
  'dataset.nSamples': fc.integer({ min: 10, max: 300 }),
  'dataset.noise': between(0, 1),
  'dataset.randomState': seeds,
  'split.testSize': between(0.1, 0.9),
  'split.randomState': seeds,
  'architecture.kernelInitializer': from(...INITIALIZERS),
  'architecture.seed': seeds,
  'train.epochs': fc.integer({ min: 1, max: 30 }),
  'train.batchSize': fc.integer({ min: 1, max: 130 }),
  'train.seed': seeds,
});

const addresses = fc
  .sample(fc.tuple(network, optimizer, clipping, rest), { numRuns: 50, seed: 50 })
  .map((parts) => {
    const overrides = Object.entries(Object.assign({}, ...parts) as Record<string, string | number>);
    return `#v1&A=a${overrides.map(([path, value]) => `&A.${path}=${encodeURIComponent(value)}`).join('')}`;
  });

/** Each cell's digest, or its failure in words; by address and kind. */
type Outcomes = Record<string, Record<string, string>>;

async function inNode(): Promise<Outcomes> {
  const scheduler = createScheduler({ store: memoryStore(), engine: inlineEngine(registry) });
  const outcomes: Outcomes = {};
  for (const address of addresses) {
    const parsed = parseAddress(address, registry);
    if (!parsed.ok) throw new Error(`${parsed.message}: ${address}`);
    const digests: Record<string, string> = {};
    for (const [kind, { node }] of createPlanner(registry)(parsed.sheet).runs.get('A')?.cells ?? []) {
      if (!node) throw new Error(`no ${kind}: ${address}`);
      const { result, failure } = await scheduler.demand(node).outcome;
      digests[kind] = result ? digest(result.value) : String(failure?.message);
    }
    outcomes[address] = digests;
  }
  return outcomes;
}

let app: Awaited<ReturnType<typeof startHarness>>;
let opened: WatchedPage;

beforeAll(async () => {
  app = await startHarness('kernel');
  opened = await app.openPage();
});

afterAll(() => app?.close());

test('fifty random sheets have the same bits in Node and in the browser’s worker', async () => {
  const inBrowser = await opened.page.evaluate(async (all) => {
    const {
      cellsOf,
      createScheduler,
      digest: digestOf,
      memoryStore: newStore,
      spawnWorker,
      workerEngine,
    } = window.harness;
    const engine = workerEngine({ spawn: spawnWorker });
    const scheduler = createScheduler({ store: newStore(), engine });
    const outcomes: Outcomes = {};
    for (const address of all) {
      const digests: Record<string, string> = {};
      for (const [kind, { node }] of cellsOf(address)) {
        const outcome = node && (await scheduler.demand(node).outcome);
        digests[kind] = outcome?.result ? digestOf(outcome.result.value) : String(outcome?.failure?.message);
      }
      outcomes[address] = digests;
    }
    engine.dispose();
    return outcomes;
  }, addresses);
  const expected = await inNode();
  expect(inBrowser).toEqual(expected);
  // Most of them are trainings that went well, and all say what they computed with.
  const trained = Object.values(expected).filter(({ train }) => /^[0-9a-f]{64}$/.test(train ?? ''));
  expect(trained.length).toBeGreaterThan(40);
  expect(new Set(trained.map(({ train }) => train)).size).toBe(trained.length);
  opened.expectClean();
}, 300_000);
