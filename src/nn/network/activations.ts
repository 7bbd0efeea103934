// The hidden activations: bounds on the input beyond which an activation counts as saturated.
// Invariant: needs no exp or tanh, so the share of saturated outputs is the same in every browser and engine.
// Does not know the values and slopes of the functions: those belong to the engines.
import type { Activation } from './network';

/** The slope of leakyRelu below 0, as in Keras. */
export const LEAKY_RELU_SLOPE = 0.2;

/** Bounds of saturation: an activation is saturated at z ≤ `below` and at z ≥ `above`. */
interface Saturation {
  readonly below: number;
  readonly above: number;
}

const NEVER: Saturation = { below: Number.NEGATIVE_INFINITY, above: Number.POSITIVE_INFINITY };

/**
 * An output is saturated where |f′(z)| is below a tenth of the largest |f′|: exactly where z ≤ `below` or z ≥ `above`.
 *
 *     activation   largest |f′|           attained         |f′| is a tenth of that
 *     sigmoid      1/4                    at 0             z = ±ln(19 + 6√10)
 *     tanh         1                      at 0             z = ±ln(19 + 6√10) / 2
 *     relu         1                      above 0          inactive: z ≤ 0
 *     leakyRelu    1                      above 0          nowhere: f′ ≥ 0.2
 *     linear       1                      everywhere       nowhere
 *     elu          1                      above 0          z = −ln 10
 *     selu         1.7580993 (scale·α)    from below 0     z = −ln 10
 *     swish        1.0998393              at 2.3993573     z = −0.8824693; below, f′ ≥ −0.0998393
 */
export const SATURATION: Readonly<Record<Activation, Saturation>> = {
  sigmoid: { below: -3.6368929184641337, above: 3.6368929184641337 },
  tanh: { below: -1.8184464592320668, above: 1.8184464592320668 },
  relu: { below: 0, above: Number.POSITIVE_INFINITY },
  leakyRelu: NEVER,
  linear: NEVER,
  elu: { below: -Math.LN10, above: Number.POSITIVE_INFINITY },
  selu: { below: -Math.LN10, above: Number.POSITIVE_INFINITY },
  swish: { below: -0.8824693261343987, above: Number.POSITIVE_INFINITY },
};

/** Returns the number of saturated pre-activations in `z`; NaN is not saturated. */
export function countSaturated(activation: Activation, z: Float32Array): number {
  const { below, above } = SATURATION[activation];
  let count = 0;
  for (let i = 0; i < z.length; i++) {
    const value = z[i] as number;
    if (value <= below || value >= above) count++;
  }
  return count;
}
