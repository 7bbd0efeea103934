// The probe question: passes the training rows through a network with fixed weights, and gives the chain rule
// layer by layer and the activity of each layer's units.
// Invariant: a probe trains nothing; before the probe, it can redraw one layer's kernel. Knows no epoch.

import { defineQuestion } from '../../core/kinds/question';
import {
  array,
  exactOptional,
  integer,
  matrix,
  minValue,
  number,
  picklist,
  pipe,
  readonly,
  record,
  strictObject,
  string,
  tuple,
  typed,
} from '../../core/kinds/value';
import { INITIALIZERS, layersValue } from '../architecture';

const count = pipe(number(), integer(), minValue(0));
const initializer = picklist(INITIALIZERS);

const histogram = strictObject({
  low: number(),
  high: number(),
  counts: typed('float64'),
  min: number(),
  max: number(),
  mean: number(),
});

const layerProbe = strictObject({
  units: count,
  activation: string(),
  delta: number(),
  passage: exactOptional(
    strictObject({ weights: number(), skip: number(), slope: number(), batchNorm: number() }),
  ),
  input: number(),
  agreement: number(),
  gradient: number(),
  z: histogram,
  output: histogram,
  saturated: number(),
  dead: pipe(array(count), readonly()),
});

const shape = strictObject({
  value: typed('float64'),
  slope: typed('float64'),
  saturated: pipe(array(pipe(tuple([number(), number()]), readonly())), readonly()),
});

/**
 * Answers with a probe of the network over the training rows, or over evenly spaced ones if all would take
 * too long.
 */
export const probe = defineQuestion({
  name: 'probe',
  version: 1,
  input: strictObject({
    layers: layersValue,
    /** `x` and `y` are a data set; `train` holds the indices of the training rows. */
    rows: strictObject({ x: matrix('float32'), y: typed('uint8'), train: typed('uint32') }),
    /** A layer, counted from 0, whose kernel another initializer redraws before the probe. */
    redraw: exactOptional(
      strictObject({
        layer: count,
        kernelInitializer: initializer,
        /**
         * How the architecture's kernels were drawn. This determines the position in the random stream at
         * which the layer's kernel begins.
         */
        drawn: strictObject({ kernelInitializer: initializer, seed: count }),
      }),
    ),
  }),
  /** The fields of `Probe` in src/nn/probe/probe.ts. */
  value: strictObject({
    rows: count,
    of: count,
    loss: number(),
    accuracy: number(),
    layers: pipe(array(layerProbe), readonly()),
    shapes: record(string(), shape),
  }),
  async answer({ layers, rows, redraw }, { yieldThread }) {
    const [{ probeNetwork }, { redrawn }, { takeRows }] = await Promise.all([
      import('../../nn/probe/probe'),
      import('../../nn/network/initializers'),
      import('../../nn/data/rows'),
    ]);
    const network = redraw ? redrawn(layers, redraw.layer, redraw.kernelInitializer, redraw.drawn) : layers;
    const { x, y } = takeRows(rows.x, rows.y, rows.train);
    return probeNetwork(network, x, y, yieldThread);
  },
});
