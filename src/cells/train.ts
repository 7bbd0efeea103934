// The train kind: a fold over epochs, from the initial weights to the final ones, with the curves on the way.
// Invariant: the outcome is the same to the byte, computed in one go or resumed from any checkpoint.

import { defineKind, type InputsOf } from '../core/kinds/kind';
import { choice, type Described, int, seed as seedParam } from '../core/kinds/param';
import { CellError } from '../core/kinds/problem';
import {
  array,
  boolean,
  exactOptional,
  integer,
  matrix,
  minValue,
  number,
  pipe,
  readonly,
  strictObject,
  typed,
} from '../core/kinds/value';
import { architecture, layersValue } from './architecture';
import { trainingCost } from './cost';
import { dataset } from './dataset';
import { optimizer } from './optimizer';
import { split } from './split';

/** Name and version of the fused kernel in recipes. */
export const FUSED_ENGINE = 'fused 1';

/** Name and version in recipes of the engine behind each value of the param `engine`. */
const ENGINES = { auto: FUSED_ENGINE, fused: FUSED_ENGINE, tfjs: 'tfjs 4.22.0' } as const;

/** Loads the trainer behind a value of the param `engine`. */
export async function trainerOf(engine: keyof typeof ENGINES) {
  if (engine !== 'tfjs') return (await import('../nn/training/fused-training')).fusedTrainer;
  const [{ batchTrainer }, { tfjsGradient }] = await Promise.all([
    import('../nn/training/batch-training'),
    import('../nn/tfjs/tfjs-gradient'),
  ]);
  return batchTrainer(await tfjsGradient());
}

/**
 * Schemas of the curves. By epoch: loss (natural logarithm) and accuracy. By epoch and layer: gradient flow,
 * and the saturation of hidden layers.
 */
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

/** Schema of a checkpoint: everything that the rest of a training depends on. */
const trainingState = strictObject({
  epoch: count,
  batches: count,
  sums: typed('float64'),
  weights: typed('float32'),
  moving: exactOptional(typed('float32')),
  optimizer: strictObject({ step: count, slots: pipe(array(typed('float32')), readonly()) }),
  random: strictObject({ key: typed('uint32'), pos: count, hasGauss: boolean(), gauss: number() }),
  curves: strictObject(curves),
});

const inputs = { dataset, split, architecture, optimizer };

type Curves = { readonly [K in 'loss' | 'accuracy' | 'testLoss' | 'testAccuracy']: Float64Array };

/** Declares a row of the sheet that shows the last epoch of a curve. */
const lastOf = (
  name: keyof Curves,
  label: string,
  format: 'loss' | 'accuracy',
  described: Pick<Described, 'about' | 'keras'>,
) => ({
  ...described,
  unit: format === 'loss' ? 'nats' : 'share',
  formula: `last(train.${name})`,
  label,
  format,
  read: (value: Curves) => value[name].at(-1),
  curve: (value: Curves) => value[name],
});

/**
 * Ratio of the first and the last layer's `gradientRms` in the first epoch; undefined without an epoch, or if
 * the last layer's is 0.
 */
function firstToLast({
  gradientRms: { shape, data },
}: {
  gradientRms: { shape: readonly [number, number]; data: Float64Array };
}) {
  const [first, last] = [data[0], data[shape[1] - 1]];
  return first === undefined || last === undefined || last === 0 ? undefined : first / last;
}

/** Combines params and inputs of a train cell into the setup that every trainer takes. */
export const setupOf = (
  { epochs, batchSize, seed }: { readonly epochs: number; readonly batchSize: number; readonly seed: number },
  { dataset, split, architecture, optimizer }: InputsOf<typeof inputs>,
) => ({
  layers: architecture.layers,
  ...dataset,
  ...split,
  optimizer,
  epochs,
  batchSize,
  seed,
});

/**
 * Yields the curves and the layers with the final weights. Fails as "diverged" if a loss or a weight is not
 * finite.
 */
export const train = defineKind({
  name: 'train',
  about: 'the training: loss and accuracy by epoch, and the final weights',
  version: 1,
  tab: 'Learning',
  params: {
    epochs: int({
      default: 100,
      min: 1,
      max: 100_000,
      about: 'passes over the training set',
      unit: 'epochs',
      keras: 'fit(epochs)',
      sklearn: 'MLPClassifier(max_iter)',
    }),
    batchSize: int({
      default: 32,
      min: 1,
      max: 100_000,
      about: 'points per step of the optimizer',
      unit: 'points',
      keras: 'fit(batch_size)',
      sklearn: 'MLPClassifier(batch_size)',
    }),
    seed: seedParam({
      default: 0,
      about: 'seed of the order of the points; member i adds i',
      keras: 'set_random_seed(seed), fit(shuffle)',
      sklearn: 'MLPClassifier(random_state)',
    }),
    engine: choice(['auto', 'fused', 'tfjs'], {
      about: 'what computes: fused is Gradsheet’s own kernel, tfjs TensorFlow.js; auto takes fused',
    }),
  },
  engine: { param: 'engine', resolve: ({ engine }) => ENGINES[engine] },
  inputs,
  value: strictObject({ ...curves, layers: layersValue }),
  results: {
    loss: lastOf('loss', 'loss', 'loss', {
      about: 'binary cross-entropy of the training set: the mean over the last epoch’s batches',
      keras: 'BinaryCrossentropy(from_logits=True)',
    }),
    accuracy: lastOf('accuracy', 'accuracy', 'accuracy', {
      about: 'share of training points in the right class: the mean over the last epoch’s batches',
      keras: 'BinaryAccuracy(threshold=0)',
    }),
    testLoss: lastOf('testLoss', 'test loss', 'loss', {
      about: 'binary cross-entropy of the test set after the last epoch',
      keras: 'val_loss',
    }),
    testAccuracy: lastOf('testAccuracy', 'test accuracy', 'accuracy', {
      about: 'share of test points in the right class after the last epoch',
      keras: 'val_binary_accuracy',
    }),
    firstToLast: {
      about: 'the first layer’s gradient against the last’s in epoch 1 (root mean squares)',
      formula: 'train.gradientRms[0][0] / last(train.gradientRms[0])',
      label: 'first : last',
      group: 'diff',
      format: 'ratio',
      read: firstToLast,
    },
  },
  extent: { param: 'epochs', state: trainingState },
  estimate: trainingCost,
  async compute(params, inputs, context) {
    const { epochs, engine } = params;
    const [{ Diverged }, trainer] = await Promise.all([import('../nn/training/training'), trainerOf(engine)]);
    try {
      return await trainer.train(setupOf(params, inputs), {
        resume: context.checkpoint?.state,
        yieldThread: context.yieldThread,
        due: context.due,
        progress: (epoch, snapshot) => context.progress(epoch / epochs, snapshot),
        save: (state, at) => context.save(at, state),
      });
    } catch (error) {
      if (error instanceof Diverged) throw new CellError('diverged', error.message);
      throw error;
    }
  },
});
