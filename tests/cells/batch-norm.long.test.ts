// Batch normalization and residual connections as cells: what is in a recipe, what a value holds, and both engines on one
// sheet. The mathematics is held to Keras in tests/nn/training/keras-batch-norm.long.test.ts.
import { describe, expect, test } from 'vitest';
import { registry } from '../../src/cells';
import { inlineEngine } from '../../src/core/compute/engine';
import { createScheduler } from '../../src/core/compute/scheduler';
import { memoryStore } from '../../src/core/compute/store';
import { parseValue, type ValueSchema } from '../../src/core/kinds/value';
import type { Node } from '../../src/core/plan/node';
import { createPlanner, type Plan } from '../../src/core/plan/plan';
import { parseAddress } from '../../src/platform/page/address';

const FEATURES = '&A.architecture.batchNorm=true&A.architecture.residual=true';

function planOf(address: string): Plan {
  const parsed = parseAddress(address, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  return createPlanner(registry)(parsed.sheet);
}

interface Layer {
  readonly units: number;
  readonly bias: Float32Array;
  readonly residual?: true;
  readonly batchNorm?: Readonly<Record<'gamma' | 'beta' | 'movingMean' | 'movingVariance', Float32Array>>;
}
interface Trained {
  readonly loss: Float64Array;
  readonly testLoss: Float64Array;
  readonly layers: readonly Layer[];
}

const scheduler = createScheduler({ store: memoryStore(), engine: inlineEngine(registry) });

function nodeOf(plan: Plan, run: string, kind: string): Node {
  const node = plan.runs.get(run)?.cells.get(kind)?.node;
  if (!node) throw new Error(`${run}.${kind} has a problem`);
  return node;
}

async function computed<V>(plan: Plan, run: string, kind: string): Promise<V> {
  const { result, failure } = await scheduler.demand(nodeOf(plan, run, kind)).outcome;
  if (!result) throw new Error(failure?.message);
  return result.value as V;
}

describe('an architecture with batch normalization and residual connections', () => {
  test('says so in its recipe, and one without them says nothing of either', () => {
    const recipe = (address: string) => nodeOf(planOf(address), 'A', 'architecture').recipe;
    expect(recipe(`#v1&A=a${FEATURES}`)).toMatch(/batchNorm=true.*residual=true/);
    expect(recipe('#v1&A=a&A.architecture.batchNorm=false')).not.toMatch(/batchNorm|residual/);
  });

  test('counts neither where there is no layer for it', () => {
    const recipe = (layers: number) =>
      nodeOf(planOf(`#v1&A=a${FEATURES}&A.architecture.hiddenLayers=${layers}`), 'A', 'architecture').recipe;
    expect(recipe(0)).not.toMatch(/batchNorm|residual/);
    expect(recipe(1)).toMatch(/batchNorm=true/);
    expect(recipe(1)).not.toMatch(/residual/);
  });

  test('has them in its layers, and trains to the same with either engine', async () => {
    const plan = planOf(`#v1&A=a${FEATURES}&B=b&B.base=A&B.train.engine=tfjs`);
    const [fused, tfjs] = [
      await computed<Trained>(plan, 'A', 'train'),
      await computed<Trained>(plan, 'B', 'train'),
    ];
    expect(fused.layers.map(({ residual }) => residual)).toEqual([undefined, true, true, undefined]);
    expect(fused.layers.map(({ batchNorm }) => batchNorm?.gamma.length)).toEqual([10, 10, 10, undefined]);
    for (const [epoch, loss] of fused.loss.entries()) {
      expect(Math.abs(loss - (tfjs.loss[epoch] ?? 0))).toBeLessThan(2e-6);
      expect(Math.abs((fused.testLoss[epoch] ?? 0) - (tfjs.testLoss[epoch] ?? 0))).toBeLessThan(2e-5);
    }
    expect(fused.layers[0]?.batchNorm?.movingMean.every((mean) => mean !== 0)).toBe(true);
    // What normalization takes away is not trained.
    expect(fused.layers[1]?.bias.every((bias) => bias === 0)).toBe(true);
  }, 30_000);

  test('more epochs go on from those that were trained, to the same as in one go', async () => {
    const address = (epochs: number) => `#v1&A=a${FEATURES}&A.train.epochs=${epochs}`;
    await computed(planOf(address(20)), 'A', 'train');
    const longer = await computed<Trained>(planOf(address(30)), 'A', 'train');
    const alone = createScheduler({ store: memoryStore(), engine: inlineEngine(registry) });
    const { result } = await alone.demand(nodeOf(planOf(address(30)), 'A', 'train')).outcome;
    expect(result?.value).toEqual(longer);
  }, 30_000);

  test('is refused where what is stored of a layer does not fit it', async () => {
    const value = await computed<{ layers: Layer[] }>(planOf(`#v1&A=a${FEATURES}`), 'A', 'architecture');
    const schema = registry.get('architecture')?.value as ValueSchema<never>;
    expect(parseValue(schema, value).ok).toBe(true);
    const spoilt = value.layers.map((layer) => ({
      ...layer,
      ...(layer.batchNorm && { batchNorm: { ...layer.batchNorm, beta: new Float32Array(3) } }),
    }));
    expect(parseValue(schema, { layers: spoilt })).toMatchObject({ ok: false });
    expect(
      parseValue(schema, { layers: value.layers.map((layer) => ({ ...layer, residual: false })) }).ok,
    ).toBe(false);
  });
});
