// The probe question: passes its training rows through a network with fixed weights, and gives the chain rule layer by layer and the
// activity of each layer's units.
// Invariant: a probe trains nothing. Knows no epoch; the probe may first draw one layer anew.

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

export const probe = defineQuestion({
  name: 'probe',
  version: 1,
  input: strictObject({
    layers: layersValue,
    /** The points and classes of a data set, and the indices of those that the network is trained on. */
    rows: strictObject({ x: matrix('float32'), y: typed('uint8'), train: typed('uint32') }),
    /** A layer, counted from 0, whose kernel another initializer draws anew before the network is probed. */
    redraw: exactOptional(
      strictObject({
        layer: count,
        kernelInitializer: initializer,
        /** How the architecture's kernels were drawn: this gives the place in the stream where the layer's own begins. */
        drawn: strictObject({ kernelInitializer: initializer, seed: count }),
      }),
    ),
  }),
  /** See `Probe` in nn/probe. */
  value: strictObject({
    rows: count,
    of: count,
    loss: number(),
    accuracy: number(),
    layers: pipe(array(layerProbe), readonly()),
    shapes: record(string(), shape),
  }),
  async answer({ layers, rows, redraw }, { turn }) {
    const [{ probeNetwork }, { redrawn }, { takeRows }] = await Promise.all([
      import('../../nn/probe/probe'),
      import('../../nn/network/initializers'),
      import('../../nn/data/rows'),
    ]);
    const network = redraw ? redrawn(layers, redraw.layer, redraw.kernelInitializer, redraw.drawn) : layers;
    const { x, y } = takeRows(rows.x, rows.y, rows.train);
    return probeNetwork(network, x, y, turn);
  },
});
