// Training: a fold over epochs, from the initial weights to the final ones, with the curves on the way.
// Invariant: the outcome is the same to the byte whether it was computed in one go or from any checkpoint.

import { defineKind } from '../core/kind';
import { choice, int, seed } from '../core/param';
import { CellError } from '../core/problem';
import {
  array,
  boolean,
  integer,
  matrix,
  minValue,
  number,
  pipe,
  readonly,
  strictObject,
  typed,
} from '../core/value';
import { architecture, layersValue } from './architecture';
import { dataset } from './dataset';
import { optimizer } from './optimizer';
import { split } from './split';

/** What computes trainings and gradients, as recipes name it. */
export const TFJS_ENGINE = 'tfjs 4.22.0';

/** By epoch: loss (natural logarithm) and accuracy; by epoch and layer: gradient flow, saturation of hidden layers. */
const curves = {
  loss: typed('float64'),
  accuracy: typed('float64'),
  testLoss: typed('float64'),
  testAccuracy: typed('float64'),
  gradientRms: matrix('float64'),
  updateRms: matrix('float64'),
  saturated: matrix('float64'),
};

const count = pipe(number(), integer(), minValue(0));

/** A training after some epochs: all that the rest of it depends on. */
const trainingState = strictObject({
  epoch: count,
  weights: typed('float32'),
  optimizer: strictObject({ step: count, slots: pipe(array(typed('float32')), readonly()) }),
  random: strictObject({ key: typed('uint32'), pos: count, hasGauss: boolean(), gauss: number() }),
  curves: strictObject(curves),
});

export const train = defineKind({
  name: 'train',
  version: 1,
  params: {
    epochs: int({ default: 100, min: 1, max: 100_000 }),
    batchSize: int({ default: 32, min: 1, max: 100_000 }),
    seed: seed({ default: 0 }),
    engine: choice(['auto', 'fused', 'tfjs']),
  },
  engine: { param: 'engine', resolve: () => TFJS_ENGINE },
  check: ({ engine }) =>
    engine === 'fused'
      ? { param: 'engine', reason: 'the fused engine is not there yet; auto and tfjs are' }
      : undefined,
  inputs: { dataset, split, architecture, optimizer },
  value: strictObject({ ...curves, layers: layersValue }),
  extent: { param: 'epochs', state: trainingState },
  async compute({ epochs, batchSize, seed: orderSeed }, inputs, run) {
    const [training, { tfjsGradient }] = await Promise.all([
      import('../nn/training'),
      import('../nn/tfjs-gradient'),
    ]);
    const task = {
      layers: inputs.architecture.layers,
      ...inputs.dataset,
      ...inputs.split,
      optimizer: inputs.optimizer,
      epochs,
      batchSize,
      seed: orderSeed,
    };
    try {
      return await training.train(
        task,
        {
          resume: run.checkpoint?.state,
          turn: run.turn,
          progress: (epoch, snapshot) => run.progress(epoch / epochs, snapshot),
          save: (state, epoch) => run.save(epoch, state),
        },
        await tfjsGradient(),
      );
    } catch (error) {
      if (error instanceof training.Diverged) throw new CellError('diverged', error.message);
      throw error;
    }
  },
});
