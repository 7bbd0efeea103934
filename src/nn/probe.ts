// A network looked at with its weights held still, over all rows at once: the chain rule as a ledger, layer by layer from
// the loss back, and what each layer's units do. Invariant: the ledger's factors multiply to the gradients that it shows.
// Knows neither epochs nor optimizers.
import type { Activation } from './network';

/** Counts of values over equal bins from `low` to `high`; what lies outside is counted in the bin at that end. */
export interface Histogram {
  readonly low: number;
  readonly high: number;
  readonly counts: Float64Array;
}

/**
 * How the signal came to a hidden layer from the one after it, as ratios of root mean squares over rows and units; their
 * product is `delta` of this layer over `delta` of the layer after.
 */
export interface Passage {
  /** What the next layer's kernel does to the signal on its way back. */
  readonly weights: number;
  /** What the next layer's residual connection adds to it; 1 without one. */
  readonly skip: number;
  /** What f′(z) of this layer leaves of it. */
  readonly slope: number;
  /** What the way back through this layer's batch normalization does; 1 without one. */
  readonly batchNorm: number;
}

/** One layer over all rows. */
export interface LayerProbe {
  readonly units: number;
  readonly activation: Activation;
  /** Root mean square, over rows and units, of ∂ℓ/∂s: a row's own loss by this layer's sums. */
  readonly delta: number;
  /** How `delta` came about; undefined for the output layer, where the signal begins. */
  readonly passage: Passage | undefined;
  /** Root mean square of the layer's inputs over rows and columns. */
  readonly input: number;
  /** What averaging over the rows leaves: `gradient` / (`delta` · `input`), at most 1. */
  readonly agreement: number;
  /** Root mean square of ∂L/∂kernel, L being the mean loss over all rows. */
  readonly gradient: number;
  /** What the activation gets, z, and what it makes of it, f(z), over rows and units. */
  readonly z: Histogram;
  readonly output: Histogram;
  /** Share of the outputs with |f′(z)| below a tenth of its maximum; 0 for the output layer, which is not looked at. */
  readonly saturated: number;
  /** Units, counted from 0, of a hidden layer that are saturated (of relu: inactive) for every row. */
  readonly dead: readonly number[];
}

/** A network over all rows, batch normalization by the statistics of these rows; layers in order, the output last. */
export interface Probe {
  readonly rows: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly layers: readonly LayerProbe[];
}
