// The train kind: a fold over epochs, from the initial weights to the final ones, with the curves on the way.
// Invariant: the outcome is the same to the byte, computed in one go or resumed from any checkpoint.

import { defineKind, type InputsOf } from '../core/kinds/kind';
import { choice, int, seed as seedParam } from '../core/kinds/param';
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

/** The fused kernel as recipes name it. */
export const FUSED_ENGINE = 'fused 1';

/** What computes a training by the param `engine`, as recipes name it. */
const ENGINES = { auto: FUSED_ENGINE, fused: FUSED_ENGINE, tfjs: 'tfjs 4.22.0' } as const;

/** The mathematics behind the param `engine`. */
export async function trainerOf(engine: keyof typeof ENGINES) {
  if (engine !== 'tfjs') return (await import('../nn/training/fused-training')).fusedTrainer;
  const [{ batchTrainer }, { tfjsGradient }] = await Promise.all([
    import('../nn/training/batch-training'),
    import('../nn/tfjs/tfjs-gradient'),
  ]);
  return batchTrainer(await tfjsGradient());
}

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

/** A curve's last epoch as a row of the sheet. */
const lastOf = (name: keyof Curves, label: string, format: 'loss' | 'accuracy') => ({
  label,
  format,
  read: (value: Curves) => value[name].at(-1),
  curve: (value: Curves) => value[name],
});

/** The first layer's gradient over the last's in the first epoch, before training has changed either. */
function firstToLast({
  gradientRms: { shape, data },
}: {
  gradientRms: { shape: readonly [number, number]; data: Float64Array };
}) {
  const [first, last] = [data[0], data[shape[1] - 1]];
  return first === undefined || last === undefined || last === 0 ? undefined : first / last;
}

/** A training as the mathematics wants it. */
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

export const train = defineKind({
  name: 'train',
  version: 1,
  params: {
    epochs: int({ default: 100, min: 1, max: 100_000 }),
    batchSize: int({ default: 32, min: 1, max: 100_000 }),
    seed: seedParam({ default: 0 }),
    engine: choice(['auto', 'fused', 'tfjs']),
  },
  engine: { param: 'engine', resolve: ({ engine }) => ENGINES[engine] },
  inputs,
  value: strictObject({ ...curves, layers: layersValue }),
  results: {
    loss: lastOf('loss', 'loss', 'loss'),
    accuracy: lastOf('accuracy', 'accuracy', 'accuracy'),
    testLoss: lastOf('testLoss', 'test loss', 'loss'),
    testAccuracy: lastOf('testAccuracy', 'test accuracy', 'accuracy'),
    firstToLast: { label: 'first : last', group: 'diff', format: 'ratio', read: firstToLast },
  },
  extent: { param: 'epochs', state: trainingState },
  estimate: trainingCost,
  async compute(params, inputs, context) {
    const { epochs, engine } = params;
    const [{ Diverged }, trainer] = await Promise.all([import('../nn/training/training'), trainerOf(engine)]);
    try {
      return await trainer.train(setupOf(params, inputs), {
        resume: context.checkpoint?.state,
        turn: context.turn,
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
