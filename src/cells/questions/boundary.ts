// The boundary question: the probability of class 1 at each of a list of points.
// Invariant: the fused kernel computes the probabilities, whichever engine trained the layers. Knows no plane and no grid.

import { defineQuestion } from '../../core/kinds/question';
import { strictObject, typed } from '../../core/kinds/value';
import { layersValue } from '../architecture';

/** Answers with the probability of class 1 at each point, in the order of the points. */
export const boundary = defineQuestion({
  name: 'boundary',
  version: 1,
  /** `points` is float32 [points][inputs], row by row. */
  input: strictObject({ layers: layersValue, points: typed('float32') }),
  /** Probabilities of class 1, float32 [points]. */
  value: typed('float32'),
  async answer({ layers, points }, { yieldThread }) {
    const { probabilities } = await import('../../nn/training/fused-training');
    return probabilities(layers, points, yieldThread);
  },
});
