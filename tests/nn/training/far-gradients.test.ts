// Gradients far from 1, whose squares float32 cannot hold: their root mean squares, and those of steps, come out all the
// same. Networks whose gradients vanish are what the sheet is for.
import { expect, it } from 'vitest';
import { type InitialNetwork, initialLayers } from '../../../src/nn/network/initializers';
import type { Layer } from '../../../src/nn/network/network';
import { tfjsGradient } from '../../../src/nn/tfjs/tfjs-gradient';
import { batchTrainer } from '../../../src/nn/training/batch-training';
import { fusedTrainer } from '../../../src/nn/training/fused-training';
import { both, excess, within } from '../closeness';
import { quiet, SGD, sized } from '../setups';

const network = (shape: Pick<InitialNetwork, 'activations' | 'units'>): Layer[] =>
  initialLayers({ inputs: 2, kernelInitializer: 'glorotUniform', seed: 2, ...shape });

const relative = { absolute: 0, relative: 1e-5 };

it('gradients far below 1e-19, whose squares are nothing in float32, keep their root mean square', async () => {
  for (const depth of [20, 30, 40]) {
    const layers = network({
      activations: Array(depth).fill('sigmoid'),
      units: Array(depth).fill(10),
    });
    const setup = sized([], 50, 10, {
      layers,
      optimizer: { ...SGD, learningRate: 0.01 },
      epochs: 2,
      batchSize: 16,
    });
    const [fused, plain] = await both(setup);
    expect(excess(fused.gradientRms.data, plain.gradientRms.data, relative)).toSatisfy(within);
    const gradients = await Promise.all(
      [fusedTrainer, batchTrainer(await tfjsGradient())].map((trainer) =>
        trainer.gradients(layers, setup.x, setup.y, quiet.yieldThread),
      ),
    );
    for (const [l, { data }] of (gradients[0] ?? []).entries()) {
      const largest = data.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
      const bound = { absolute: 1e-5 * largest, relative: 0 };
      expect(excess(data, gradients[1]?.[l]?.data ?? [], bound)).toSatisfy(within);
    }
    if (depth === 40) expect(fused.gradientRms.data[0]).toBeLessThan(1e-25);
  }
});

it('gradients far above 1e19, whose squares are infinite in float32, keep their root mean square, as do steps', async () => {
  const made = network({
    activations: ['linear'],
    units: [20],
  });
  const scaled = (first: number, second: number): Layer[] =>
    made.map((layer, l) => ({
      ...layer,
      kernel: {
        ...layer.kernel,
        data: layer.kernel.data.map((value) => value * (l === 0 ? first : second)),
      },
    }));
  const trained = (layers: Layer[], learningRate: number, epochs: number) =>
    both(sized([], 50, 10, { layers, optimizer: { ...SGD, learningRate }, epochs, batchSize: 50 }));

  const [fused, plain] = await trained(scaled(1e-15, 1e24), 1e-50, 2);
  expect(plain.gradientRms.data[0]).toBeGreaterThan(1e22);
  expect(excess(fused.gradientRms.data, plain.gradientRms.data, relative)).toSatisfy(within);
  const [moved, plainly] = await trained(scaled(1, 1e10), 1e11, 1);
  expect(plainly.updateRms.data[0]).toBeGreaterThan(1e20);
  expect(excess(moved.updateRms.data, plainly.updateRms.data, relative)).toSatisfy(within);
});
