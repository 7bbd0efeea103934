// Counts and sums of a probe: histograms, and sums of squares by layer.
// Invariant: the sums over chunks of rows add up to the sums over all rows; no array here is larger than a
// kernel or a histogram.

import { SATURATION } from '../network/activations';
import type { Activation, Layer } from '../network/network';
import { ACTIVATION_FUNCTIONS } from '../network/probe-functions';

/** Counts of values in equal bins from `low` to `high`; a value outside is counted in the bin at that end. */
export interface Histogram {
  readonly low: number;
  readonly high: number;
  readonly counts: Float64Array;
  /** Least, greatest and mean value, including values outside the bins. */
  readonly min: number;
  readonly max: number;
  readonly mean: number;
}

/** z is counted from −8 to 8: at these ends, every activation is nearly flat or straight. */
const Z_RANGE = 8;

/** Number of bins of a histogram. The edges of the bins over ±Z_RANGE are the sample points of a `Shape`. */
const BINS = 128;

/** Samples of an activation f and its slope f′ at the BINS + 1 edges of the bins from −Z_RANGE to Z_RANGE. */
export interface Shape {
  readonly value: Float64Array;
  readonly slope: Float64Array;
  /** Intervals of z within that range in which the activation is saturated. */
  readonly saturated: readonly (readonly [from: number, to: number])[];
}

/** Samples an activation and its slope from −Z_RANGE to Z_RANGE. */
export function shapeOf(activation: Activation): Shape {
  const { value, slope } = ACTIVATION_FUNCTIONS[activation];
  const at = Float64Array.from({ length: BINS + 1 }, (_, edge) => Z_RANGE * ((2 * edge) / BINS - 1));
  const { below, above } = SATURATION[activation];
  const stretches = [[-Z_RANGE, below] as const, [above, Z_RANGE] as const];
  return {
    value: at.map(value),
    slope: at.map(slope),
    saturated: stretches.filter(([from, to]) => from < to),
  };
}

/** A histogram under construction. */
class Counter {
  readonly #counts = new Float64Array(BINS);
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #sum = 0;
  #count = 0;

  constructor(
    readonly low: number,
    readonly high: number,
  ) {}

  add(value: number): void {
    const bin = Math.floor(((value - this.low) / (this.high - this.low)) * BINS);
    const held = bin > 0 ? (bin < BINS ? bin : BINS - 1) : 0;
    this.#counts[held] = (this.#counts[held] as number) + 1;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    this.#sum += value;
    this.#count++;
  }

  histogram(): Histogram {
    const [low, high] = [this.low, this.high];
    return {
      low,
      high,
      counts: this.#counts,
      min: this.#min,
      max: this.#max,
      mean: this.#sum / this.#count,
    };
  }
}

/**
 * Sums of squares, over rows and units, of the signal on its way back to a layer, after each step in turn;
 * and of the layer's inputs.
 */
interface Squares {
  /** After the next layer's kernel. */
  weights: number;
  /** After adding the signal of the next layer's residual connection. */
  skip: number;
  /** After the multiplication by f′(z). */
  slope: number;
  /** ∂ℓ/∂s: after batch normalization, if the layer has one. */
  delta: number;
  /** Of the layer's inputs, over rows and columns. */
  input: number;
}

/** Counts and sums of one layer over the rows so far. */
export class LayerTally {
  readonly squares: Squares = { weights: 0, skip: 0, slope: 0, delta: 0, input: 0 };
  readonly z = new Counter(-Z_RANGE, Z_RANGE);
  readonly output: Counter;
  saturated = 0;
  /** By unit: 1 if the unit was not saturated for some row, else 0. */
  readonly alive: Uint8Array;
  /**
   * Σ inputs · signal over the rows so far, in the kernel's shape; undefined before the first rows and after
   * the last.
   */
  gradient: Float64Array | undefined;
  /** Mean square of ∂L/∂kernel; 0 until all rows have been added. */
  gradientSquare = 0;

  constructor(
    readonly layer: Layer,
    { value }: Shape,
  ) {
    this.output = new Counter(Math.min(...value), Math.max(...value));
    this.alive = new Uint8Array(layer.units);
  }

  /**
   * Writes f(z) to `outputs`, [rows][units], for the rows `from` up to `to`; counts z, f(z) and the saturated
   * outputs.
   */
  activate(z: Float64Array, outputs: Float64Array, from: number, to: number): void {
    const { units, activation } = this.layer;
    const { value } = ACTIVATION_FUNCTIONS[activation];
    const { below, above } = SATURATION[activation];
    for (let i = from * units; i < to * units; i++) {
      const at = z[i] as number;
      const made = value(at);
      outputs[i] = made;
      this.z.add(at);
      this.output.add(made);
      if (at <= below || at >= above) this.saturated++;
      else this.alive[i % units] = 1;
    }
  }
}

/** Sum of the squares of all values. */
export function sumOfSquares(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] as number) ** 2;
  return sum;
}
