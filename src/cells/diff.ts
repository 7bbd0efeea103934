// The diff kind: the change of the weights by training, as three honest figures side by side: the true gradient before and
// after, the update with the notebook's figure, and the percent change. The notebook called the second figure "the gradient".

import { defineKind } from '../core/kinds/kind';
import { real } from '../core/kinds/param';
import { array, matrix, strictObject } from '../core/kinds/value';
import { architecture } from './architecture';
import { comparisonCost } from './cost';
import { dataset } from './dataset';
import { optimizer } from './optimizer';
import { split } from './split';
import { FUSED_ENGINE, train } from './train';

/**
 * Yields the change of every kernel by training, and the gradient of the mean loss over the training set
 * before and after.
 */
export const diff = defineKind({
  name: 'diff',
  about: 'how training changed the weights: gradients before and after, and the update',
  version: 1,
  tab: 'Network',
  params: {
    floor: real({
      default: 0.001,
      min: 0,
      max: 1e30,
      about: 'weights nearer to 0 than this get no percent change',
    }),
  },
  engine: { resolve: () => FUSED_ENGINE },
  inputs: { dataset, split, architecture, optimizer, train },
  /**
   * One item per layer, each matrix [inputs][units]; `percentChange` is NaN where |before| is below the floor
   * or 0.
   */
  value: strictObject({
    layers: array(
      strictObject({
        before: matrix('float32'),
        after: matrix('float32'),
        update: matrix('float64'),
        perLearningRate: matrix('float64'),
        percentChange: matrix('float64'),
        gradientBefore: matrix('float64'),
        gradientAfter: matrix('float64'),
      }),
    ),
  }),
  estimate: (_, ancestors, engine) => comparisonCost(ancestors, engine),
  async compute({ floor }, inputs, context) {
    const [{ change }, { takeRows }, { fusedTrainer }] = await Promise.all([
      import('../nn/training/diff'),
      import('../nn/data/rows'),
      import('../nn/training/fused-training'),
    ]);
    const { x, y } = takeRows(inputs.dataset.x, inputs.dataset.y, inputs.split.train);
    const gradientsBefore = await fusedTrainer.gradients(
      inputs.architecture.layers,
      x,
      y,
      context.yieldThread,
    );
    const gradientsAfter = await fusedTrainer.gradients(inputs.train.layers, x, y, context.yieldThread);
    const layers = inputs.architecture.layers.map(({ kernel: before }, index) => {
      const after = inputs.train.layers[index]?.kernel;
      const gradientBefore = gradientsBefore[index];
      const gradientAfter = gradientsAfter[index];
      if (!after || !gradientBefore || !gradientAfter)
        throw new RangeError('the trained network has other layers');
      const { learningRate } = inputs.optimizer;
      return { before, after, ...change(before, after, learningRate, floor), gradientBefore, gradientAfter };
    });
    return { layers };
  },
});
