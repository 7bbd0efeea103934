// Forward and backward passes of a dense layer, in float64 over float32 weights: sums, gradients, batch normalization.
// Invariant: a pass covers the rows from `from` up to `to` and allocates nothing. Does not know activations or losses.

import { BATCH_NORM, type BatchNorm, type Layer } from './network';

/**
 * Statistics by unit, [units] each: mean and biased variance of some rows, `deviation` = √(variance +
 * epsilon), and ∂ℓ/∂gamma and ∂ℓ/∂beta.
 */
export interface Moments {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  readonly deviation: Float64Array;
  readonly gammaGradient: Float64Array;
  readonly betaGradient: Float64Array;
}

/** Normalized sums ŝ, [rows][units], and the moments that they were normalized by. */
export interface Normalized {
  readonly values: Float64Array;
  readonly moments: Moments;
}

/** Allocates moments for `units` units, all 0. */
export const momentsOf = (units: number): Moments => ({
  mean: new Float64Array(units),
  variance: new Float64Array(units),
  deviation: new Float64Array(units),
  gammaGradient: new Float64Array(units),
  betaGradient: new Float64Array(units),
});

/**
 * Writes inputs · kernel + bias to `sums`, [rows][units], for the rows `from` up to `to`; inputs are
 * [rows][inputs].
 */
export function addSums(
  { kernel, bias, units }: Layer,
  inputs: Float64Array,
  sums: Float64Array,
  from: number,
  to: number,
): void {
  const [columns] = kernel.shape;
  const weights = kernel.data;
  for (let row = from; row < to; row++) {
    const at = row * units;
    for (let unit = 0; unit < units; unit++) sums[at + unit] = bias[unit] as number;
    for (let i = 0; i < columns; i++) {
      const input = inputs[row * columns + i] as number;
      if (input === 0) continue;
      const line = i * units;
      for (let unit = 0; unit < units; unit++)
        sums[at + unit] = (sums[at + unit] as number) + input * (weights[line + unit] as number);
    }
  }
}

/** Adds Σ input · signal over the rows `from` up to `to` to a kernel's `gradient`, [inputs][units]. */
export function addGradient(
  gradient: Float64Array,
  inputs: Float64Array,
  signal: Float64Array,
  units: number,
  from: number,
  to: number,
): void {
  const columns = gradient.length / units;
  for (let row = from; row < to; row++) {
    const at = row * units;
    for (let i = 0; i < columns; i++) {
      const input = inputs[row * columns + i] as number;
      if (input === 0) continue;
      const line = i * units;
      for (let unit = 0; unit < units; unit++)
        gradient[line + unit] = (gradient[line + unit] as number) + input * (signal[at + unit] as number);
    }
  }
}

/** Writes signal · kernelᵀ to `into`, [rows][inputs], for the rows `from` up to `to`. */
export function passBack(
  { kernel, units }: Layer,
  signal: Float64Array,
  into: Float64Array,
  from: number,
  to: number,
): void {
  const [columns] = kernel.shape;
  const weights = kernel.data;
  for (let row = from; row < to; row++) {
    const at = row * units;
    for (let i = 0; i < columns; i++) {
      const line = i * units;
      let sum = 0;
      for (let unit = 0; unit < units; unit++)
        sum += (signal[at + unit] as number) * (weights[line + unit] as number);
      into[row * columns + i] = sum;
    }
  }
}

/**
 * Writes to `into`, [units], the sum over all rows of `values`, [rows][units], or of the products with
 * `others`.
 */
export function sumByUnit(into: Float64Array, values: Float64Array, others?: Float64Array): void {
  const units = into.length;
  into.fill(0);
  for (let row = 0; row < values.length; row += units) {
    for (let unit = 0; unit < units; unit++) {
      const value = values[row + unit] as number;
      into[unit] = (into[unit] as number) + value * (others ? (others[row + unit] as number) : 1);
    }
  }
}

/** Like `sumByUnit`, but writes the mean over the rows. */
function meanByUnit(into: Float64Array, values: Float64Array, others?: Float64Array): void {
  sumByUnit(into, values, others);
  const rows = values.length / into.length;
  for (let unit = 0; unit < into.length; unit++) into[unit] = (into[unit] as number) / rows;
}

/**
 * Normalizes `sums`, [rows][units], in place by the mean and the biased variance of these rows, as Keras does
 * in training. Writes the statistics to the moments.
 */
export function normalize(sums: Float64Array, { mean, variance, deviation }: Moments): void {
  const units = mean.length;
  meanByUnit(mean, sums);
  for (let row = 0; row < sums.length; row += units)
    for (let unit = 0; unit < units; unit++)
      sums[row + unit] = (sums[row + unit] as number) - (mean[unit] as number);
  meanByUnit(variance, sums, sums);
  for (let unit = 0; unit < units; unit++)
    deviation[unit] = Math.sqrt((variance[unit] as number) + BATCH_NORM.epsilon);
  for (let row = 0; row < sums.length; row += units)
    for (let unit = 0; unit < units; unit++)
      sums[row + unit] = (sums[row + unit] as number) / (deviation[unit] as number);
}

/**
 * Backward pass of batch normalization (Ioffe and Szegedy, 2015), through the statistics too. Replaces
 * `signal`, d = ∂ℓ/∂z, by ∂ℓ/∂s = γ / deviation · (d − mean(d) − ŝ · mean(d · ŝ)), with means over the rows.
 * Writes Σ d as the gradient of beta and Σ d · ŝ as the gradient of gamma.
 */
export function denormalize(
  signal: Float64Array,
  { gamma }: BatchNorm,
  { values, moments: { deviation, gammaGradient, betaGradient } }: Normalized,
): void {
  const units = gamma.length;
  const rows = signal.length / units;
  sumByUnit(betaGradient, signal);
  sumByUnit(gammaGradient, signal, values);
  for (let unit = 0; unit < units; unit++) {
    const scale = (gamma[unit] as number) / (deviation[unit] as number);
    const mean = (betaGradient[unit] as number) / rows;
    const along = (gammaGradient[unit] as number) / rows;
    for (let i = unit; i < signal.length; i += units)
      signal[i] = scale * ((signal[i] as number) - mean - (values[i] as number) * along);
  }
}
