// The dataset kind: points in the plane in two classes, from scikit-learn's generators or a few lines of
// numpy.
// Invariant: for equal arguments, the value equals the output of scikit-learn or numpy, cast to float32.

import { defineKind } from '../core/kinds/kind';
import { choice, int, real, SEEDS } from '../core/kinds/param';
import { check, matrix, pipe, strictObject, typed } from '../core/kinds/value';
import { perItem } from './cost';

/** Declares the param `randomState` of dataset and split: a seed of numpy's legacy `RandomState`. */
export const randomState = (about: string, sklearn: string) =>
  int({ default: 42, min: 0, max: SEEDS - 1, about, sklearn });

/** Schema of the value: points `x`, float32 [nSamples][2], and the class of each point `y`, 0 or 1. */
const datasetValue = pipe(
  strictObject({ x: matrix('float32'), y: typed('uint8') }),
  check(
    ({ x, y }) => x.shape[1] === 2 && x.shape[0] === y.length,
    'each point needs two coordinates and a class',
  ),
);

/**
 * Yields `nSamples` points and their classes. `noise` is the standard deviation added to each coordinate; for
 * blobs, the standard deviation of each cluster.
 */
export const dataset = defineKind({
  name: 'dataset',
  about: 'points in the plane, in two classes',
  version: 1,
  tab: 'Data',
  params: {
    generator: choice(['moons', 'circles', 'blobs', 'xor', 'spirals'], {
      about: 'shape of the two classes',
      sklearn: 'make_moons, make_circles, make_blobs',
    }),
    nSamples: int({
      default: 250,
      min: 2,
      max: 100_000,
      about: 'number of points',
      unit: 'points',
      sklearn: 'make_moons(n_samples)',
    }),
    noise: real({
      default: 0.05,
      min: 0,
      max: 10,
      about: 'standard deviation added to each coordinate; for blobs, that of each cluster',
      sklearn: 'make_moons(noise), make_blobs(cluster_std)',
    }),
    randomState: randomState('seed of the points', 'make_moons(random_state)'),
  },
  inputs: {},
  value: datasetValue,
  estimate: ({ nSamples }) => perItem(nSamples, 3_000, 40, 'samples'),
  async compute({ generator, nSamples, noise, randomState: seed }) {
    const { makeBlobs, makeCircles, makeMoons, makeSpirals, makeXor } = await import('../nn/data/datasets');
    const make = {
      moons: makeMoons,
      circles: makeCircles,
      blobs: makeBlobs,
      xor: makeXor,
      spirals: makeSpirals,
    };
    return make[generator](nSamples, noise, seed);
  },
});
