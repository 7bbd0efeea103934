// The data sets: scikit-learn's moons, circles and blobs, and Gradsheet's own xor and spirals (numpy code: src/nn/README.md).
// Invariant: equal to scikit-learn, or to that numpy code, after the cast to float32, row for row, for every seed: the same
// arithmetic in the same order, in double precision until the cast.
// Does not know how the samples are split or used.

import type { Matrix } from '../network/network';
import { cos, sin } from '../random/elementary';
import { RandomState } from '../random/random-state';

/** Samples in the plane: `x` is [nSamples][2], `y` the class of each sample, 0 or 1. */
export interface Dataset {
  readonly x: Matrix<Float32Array>;
  readonly y: Uint8Array;
}

/**
 * Two interleaving half circles, equal to scikit-learn's `make_moons(nSamples, noise=…, random_state=…)`:
 * class 0 is the outer moon, with ⌊nSamples/2⌋ samples; noise is the standard deviation added to each
 * coordinate. Throws RangeError unless nSamples ≥ 1 is an integer, noise ≥ 0 is finite and randomState is a
 * seed.
 */
export function makeMoons(nSamples: number, noise: number, randomState: number): Dataset {
  const nOuter = Math.floor(nSamples / 2);
  return noisy(nSamples, noise, randomState, (sample, point) => {
    if (sample < nOuter) {
      const angle = halfTurn(sample, nOuter);
      point[0] = cos(angle);
      point[1] = sin(angle);
    } else {
      const angle = halfTurn(sample - nOuter, nSamples - nOuter);
      point[0] = 1 - cos(angle);
      point[1] = 1 - sin(angle) - 0.5;
    }
  });
}

/**
 * Two concentric circles, equal to scikit-learn's `make_circles(nSamples, noise=…, random_state=…,
 * factor=0.5)`: class 0 is the outer circle, with ⌊nSamples/2⌋ samples and radius 1; class 1 is the inner
 * circle, with radius 0.5. Throws RangeError as makeMoons does.
 */
export function makeCircles(nSamples: number, noise: number, randomState: number): Dataset {
  const nOuter = Math.floor(nSamples / 2);
  const outerStep = (2 * Math.PI) / nOuter;
  const innerStep = (2 * Math.PI) / (nSamples - nOuter);
  return noisy(nSamples, noise, randomState, (sample, point) => {
    const isOuter = sample < nOuter;
    const angle = isOuter ? sample * outerStep : (sample - nOuter) * innerStep;
    const radius = isOuter ? 1 : 0.5;
    point[0] = cos(angle) * radius;
    point[1] = sin(angle) * radius;
  });
}

/**
 * Two Gaussian clusters, equal to scikit-learn's
 * `make_blobs(nSamples, centers=2, n_features=2, cluster_std=clusterStd, random_state=…)`: centres uniform in
 * [−10, 10)², class 0 with ⌈nSamples/2⌉ samples. Throws RangeError as makeMoons does.
 */
export function makeBlobs(nSamples: number, clusterStd: number, randomState: number): Dataset {
  checkSizes(nSamples, 'clusterStd', clusterStd);
  const random = new RandomState(randomState);
  const centers = Float64Array.from({ length: 4 }, () => random.uniform(-10, 10));
  const nFirst = Math.ceil(nSamples / 2);
  const drawn = new Float32Array(2 * nSamples);
  for (let i = 0; i < drawn.length; i++) {
    const axis = i & 1;
    drawn[i] = random.normal(centers[i < 2 * nFirst ? axis : 2 + axis] as number, clusterStd);
  }
  const order = random.permutation(nSamples);
  const data = new Float32Array(drawn.length);
  const y = new Uint8Array(nSamples);
  for (let row = 0; row < nSamples; row++) {
    const sample = order[row] as number;
    data[2 * row] = drawn[2 * sample] as number;
    data[2 * row + 1] = drawn[2 * sample + 1] as number;
    y[row] = sample < nFirst ? 0 : 1;
  }
  return { x: { shape: [nSamples, 2], data }, y };
}

/**
 * Signs of (x0, x1) by quadrant, in the order of xor's samples; the first and the third quadrant have class
 * 0.
 */
const QUADRANTS = [
  [1, 1],
  [-1, 1],
  [-1, -1],
  [1, -1],
] as const;

/**
 * Four squares around the origin, one per quadrant; opposite quadrants share a class, and class 1 is where
 * the signs of x0 and x1 differ. The absolute value of each coordinate is uniform between 0.1 and 1, so a gap
 * of 0.2 separates the classes. Samples go to the quadrants in turn, so the numbers of samples differ by at
 * most one. Noise is the standard deviation added to each coordinate and changes no class. Gradsheet's own;
 * in numpy:
 *
 *     random, quadrant = np.random.RandomState(random_state), np.arange(n) % 4
 *     sign = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])[quadrant]
 *     x, y = random.uniform(0.1, 1, (n, 2)) * sign, quadrant % 2
 *     order = random.permutation(n)
 *     return x[order] + random.normal(0, noise, (n, 2)), y[order]
 *
 * Throws RangeError as makeMoons does.
 */
export function makeXor(nSamples: number, noise: number, randomState: number): Dataset {
  checkSizes(nSamples, 'noise', noise);
  const random = new RandomState(randomState);
  const sizes = Float64Array.from({ length: 2 * nSamples }, () => random.uniform(0.1, 1));
  return shuffled(random, nSamples, noise, isOdd, (sample, point) => {
    const [sign0, sign1] = QUADRANTS[(sample & 3) as 0 | 1 | 2 | 3];
    point[0] = (sizes[2 * sample] as number) * sign0;
    point[1] = (sizes[2 * sample + 1] as number) * sign1;
  });
}

/**
 * Two interleaved spirals of one and a half turns each, from radius 0.1 to radius 1, with the same density at
 * every radius. Class 1 is class 0 rotated by half a turn; samples alternate between the classes from the
 * inside out. Noise is the standard deviation added to each coordinate. Gradsheet's own; in numpy:
 *
 *     random, sample = np.random.RandomState(random_state), np.arange(n)
 *     radius = np.sqrt(0.01 + 0.99 * (sample + 0.5) / n)
 *     angle, arm = 3 * np.pi * radius, radius * (1 - 2 * (sample % 2))
 *     x, order = np.c_[arm * np.cos(angle), arm * np.sin(angle)], random.permutation(n)
 *     return x[order] + random.normal(0, noise, (n, 2)), (sample % 2)[order]
 *
 * Throws RangeError as makeMoons does.
 */
export function makeSpirals(nSamples: number, noise: number, randomState: number): Dataset {
  checkSizes(nSamples, 'noise', noise);
  const random = new RandomState(randomState);
  return shuffled(random, nSamples, noise, isOdd, (sample, point) => {
    const radius = Math.sqrt(0.01 + (0.99 * (sample + 0.5)) / nSamples);
    const angle = 3 * Math.PI * radius;
    const arm = isOdd(sample) ? -radius : radius;
    point[0] = arm * cos(angle);
    point[1] = arm * sin(angle);
  });
}

const isOdd = (sample: number): boolean => (sample & 1) === 1;

/** Shuffled, noisy samples whose order before the shuffle is scikit-learn's: class 0 first. */
function noisy(
  nSamples: number,
  noise: number,
  randomState: number,
  place: (sample: number, point: Float64Array) => void,
): Dataset {
  checkSizes(nSamples, 'noise', noise);
  const nFirst = Math.floor(nSamples / 2);
  return shuffled(new RandomState(randomState), nSamples, noise, (sample) => sample >= nFirst, place);
}

/**
 * Shuffled samples with noise. `place` writes the coordinates of a sample to `point`, and `isOne` tells class
 * 1. The noise is drawn row by row after the shuffle.
 */
function shuffled(
  random: RandomState,
  nSamples: number,
  noise: number,
  isOne: (sample: number) => boolean,
  place: (sample: number, point: Float64Array) => void,
): Dataset {
  const order = random.permutation(nSamples);
  const data = new Float32Array(2 * nSamples);
  const y = new Uint8Array(nSamples);
  const point = new Float64Array(2);
  for (let row = 0; row < nSamples; row++) {
    const sample = order[row] as number;
    place(sample, point);
    data[2 * row] = (point[0] as number) + random.normal(0, noise);
    data[2 * row + 1] = (point[1] as number) + random.normal(0, noise);
    y[row] = isOne(sample) ? 1 : 0;
  }
  return { x: { shape: [nSamples, 2], data }, y };
}

/**
 * Element i of numpy's `linspace(0, π, n)`: the last element is exactly π, whatever (n − 1)·step rounds to.
 */
function halfTurn(i: number, n: number): number {
  if (i === 0) return 0;
  return i === n - 1 ? Math.PI : i * (Math.PI / (n - 1));
}

function checkSizes(nSamples: number, spreadName: string, spread: number): void {
  if (!Number.isInteger(nSamples) || nSamples < 1 || nSamples > 0x7fffffff) {
    throw new RangeError(`nSamples must be a whole number of at least 1, not ${nSamples}`);
  }
  if (!(spread >= 0 && spread < Infinity)) {
    throw new RangeError(`${spreadName} must be a finite number of at least 0, not ${spread}`);
  }
}
