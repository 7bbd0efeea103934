// Scrubbing without a screen: how far a step goes, and that the newest value always comes.

import { createRoot } from 'solid-js';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { registry } from '../../../src/cells';
import type { Demand, NodeDemand, Outcome, Scheduler } from '../../../src/core/compute/scheduler';
import type { Param } from '../../../src/core/kinds/param';
import type { Sheet } from '../../../src/core/sheet/sheet';
import { agreement } from '../../../src/ui/figures/cross-check/cross-check-text';
import { scrubScale } from '../../../src/ui/scrub/scrub-scale';
import { createPreview } from '../../../src/ui/session/preview';

function paramAt(path: string): Param {
  const [kind = '', name = ''] = path.split('.');
  const param = registry.get(kind)?.params[name];
  if (!param) throw new Error(`no param ${path}`);
  return param;
}

function scaleAt(path: string, value: number) {
  const scale = scrubScale(paramAt(path), value);
  if (!scale) throw new Error(`${path} has no scale`);
  return scale;
}

describe('a step of a number', () => {
  test('is one for depth and seeds, even for noise, a ratio for the learning rate', () => {
    expect(scaleAt('architecture.hiddenLayers', 3).move(3, 2)).toBe(5);
    expect(scaleAt('train.seed', 7).move(7, -2)).toBe(5);
    expect(scaleAt('dataset.randomState', 4_000_000_000).move(4_000_000_000, 1)).toBe(4_000_000_001);
    expect(scaleAt('dataset.noise', 0.05).move(0.05, 3)).toBe(0.065);
    expect(scaleAt('optimizer.learningRate', 0.001).move(0.001, 40)).toBe(0.01);
    expect(scaleAt('optimizer.learningRate', 0.001).move(0.001, 1)).toBe(0.00106);
    expect(scaleAt('train.epochs', 100).move(100, 40)).toBe(1000);
    expect(scaleAt('architecture.units', 10).move(10, 1)).toBe(11);
  });

  test('stays within what the param takes, from either end and from any value', () => {
    for (const kind of registry.kinds) {
      for (const [name, param] of Object.entries(kind.params)) {
        const scale = scrubScale(param, param.default);
        if (!scale) continue;
        const value = Number(param.default);
        const { min, max } = scale.range(value);
        expect(min, `${kind.name}.${name}`).toBeLessThan(max);
        for (const next of [
          scale.at(min),
          scale.at(max),
          scale.move(value, -9_999),
          scale.move(value, 9_999),
        ])
          expect(param.parse(param.format(next)), `${kind.name}.${name} ${next}`).toMatchObject({ ok: true });
        expect(scale.move(value, 0)).toBe(value);
      }
    }
  });

  test('is not there for words, lists and truths', () => {
    expect(scrubScale(paramAt('dataset.generator'), 'moons')).toBeUndefined();
    expect(scrubScale(paramAt('architecture.units'), [10, 5])).toBeUndefined();
    expect(scrubScale(paramAt('optimizer.nesterov'), false)).toBeUndefined();
  });
});

describe('a preview', () => {
  beforeEach(() => {
    vi.stubGlobal('requestAnimationFrame', (next: () => void) => setTimeout(next));
  });

  /** A scheduler whose demands are answered by hand. */
  function manual() {
    const open: { answer(): void; released: boolean }[] = [];
    const demand = (): Demand => {
      const entry = { answer: (): void => {}, released: false };
      const outcome = new Promise<Outcome>((resolve) => {
        entry.answer = () => resolve({} as Outcome);
      });
      open.push(entry);
      return {
        outcome,
        placed: Promise.resolve(),
        change: () => {},
        release: () => {
          entry.released = true;
        },
      };
    };
    return { open, scheduler: { demand, subscribe: () => () => {} } as unknown as Scheduler };
  }
  const sheets = Array.from({ length: 5 }, (): Sheet => ({ runs: [], rows: [] }));
  const wanted = (): NodeDemand[] => [{ node: { key: 'train-1' } } as NodeDemand];
  const tick = () => new Promise((resolve) => setTimeout(resolve, 5));
  /** Longer than a number waits for its results. */
  const longer = () => new Promise((resolve) => setTimeout(resolve, 80));

  test('shows a number with its results and what accompanies them, where these come quickly', async () => {
    const { open, scheduler } = manual();
    const preview = createRoot(() => createPreview(scheduler, wanted));
    let accompany = (): void => {};
    const leave = preview.workBeside(async (sheet, outcomes) => {
      expect(sheet).toBe(sheets[0]);
      expect([...outcomes.keys()]).toEqual(['train-1']);
      await outcomes.get('train-1');
      await new Promise<void>((resolve) => {
        accompany = resolve;
      });
    });
    preview.request(sheets[0] as Sheet);
    open[0]?.answer();
    await new Promise((resolve) => setTimeout(resolve));
    expect(preview.sheet()).toBeUndefined();
    accompany();
    await tick();
    expect(preview.sheet()).toBe(sheets[0]);
    leave();
    preview.request(sheets[1] as Sheet);
    preview.end();
    open[1]?.answer();
    await tick();
    expect(preview.sheet()).toBeUndefined();
  });

  test('finishes the value that is under way, skips those in between and comes to the last', async () => {
    const { open, scheduler } = manual();
    const preview = createRoot(() => createPreview(scheduler, wanted));
    for (const sheet of sheets) preview.request(sheet);
    await longer();
    expect(preview.sheet()).toBe(sheets[0]);
    expect(open).toHaveLength(1);
    expect(open[0]?.released).toBe(false);
    open[0]?.answer();
    await longer();
    expect(preview.sheet()).toBe(sheets[4]);
    expect(open).toHaveLength(2);
    expect(open[0]?.released).toBe(true);
    expect(open[1]?.released).toBe(false);
  });

  test('ends with the edit made before anything is let go, and can begin again', async () => {
    const { open, scheduler } = manual();
    const preview = createRoot(() => createPreview(scheduler, wanted));
    preview.request(sheets[0] as Sheet);
    await tick();
    preview.end(() => expect(open[0]?.released).toBe(false));
    await tick();
    expect(preview.sheet()).toBeUndefined();
    expect(open[0]?.released).toBe(true);
    preview.request(sheets[1] as Sheet);
    await longer();
    expect(preview.sheet()).toBe(sheets[1]);
  });
});

describe('a cross-check against TensorFlow.js', () => {
  const differences = (weights: number[], loss: number[]) => ({
    weights: Float64Array.from(weights),
    loss: Float64Array.from(loss),
  });

  test('says by how much weights and loss differ, and where most', () => {
    expect(agreement(differences([1e-7, 2.1e-6, 1e-6], [1e-8, 1.4e-7, 0]))).toBe(
      'agrees with TensorFlow.js: weights within 2.1e−6 (most in epoch 2), loss within 1.4e−7',
    );
    expect(agreement(differences([0, 0], [0, 0]))).toContain('no difference');
  });

  test('says plainly where they drift apart, and where a difference is no number', () => {
    const words = agreement(differences([1e-6, 0.02, 0.5], [1e-7, 1e-4, 0.1]));
    expect(words).toContain('differs from TensorFlow.js: weights within 0.5 (most in epoch 3)');
    expect(words).toContain('from epoch 2 on');
    expect(agreement(differences([1e-6, Number.NaN], [0, 0]))).toContain('epoch 2 is no number');
  });
});
