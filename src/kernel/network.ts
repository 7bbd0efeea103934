// The network in linear memory: the table of layers, the weights in packed order, and one layer's work on one
// chunk. Does not know the origin of the rows, nor the purpose of a pass over them.

import { activate, applySlope, SWISH } from './activation';
import { CHUNK_ROWS, Layer, panelsOf, rowMask, take, UNIT, VECTOR, vectorsOf } from './panel';
import { backward, forward, layerGradient } from './product';

/** Number of layers; the last layer is one unit whose output is a logit. */
export let count: i32 = 0;
let table: usize = 0;

/** Bytes of all weights in packed order: kernels, then biases. */
export let bytes: usize = 0;
/** Offset of the first bias in the weights, in bytes. */
export let biases: usize = 0;
/** Addresses of the weights and of their gradient, both in packed order. */
export let weights: usize = 0;
export let gradient: usize = 0;
/**
 * Address of the gradient summed over chunks in float64, two bytes for each of `bytes`; 0 unless requested.
 */
export let wide: usize = 0;
/** Address of the chunk's inputs, in panels. */
export let input: usize = 0;

/** Addresses of ∂loss/∂z of the present layer and of the layer before. */
let delta: usize = 0;
let deltaBefore: usize = 0;

/** Returns the table's entry of layer `index`. */
// @ts-ignore: decorator
@inline
export function layerAt(index: i32): Layer {
  return changetype<Layer>(table + <usize>index * offsetof<Layer>());
}

/** Takes memory for the table of `layers` layers. */
export function placeTable(layers: i32): void {
  count = layers;
  table = take(<usize>layers * offsetof<Layer>());
}

/** Writes a layer's shape to the table. */
export function defineLayer(index: i32, inputs: i32, units: i32, activation: i32): void {
  const layer = layerAt(index);
  layer.inputs = inputs;
  layer.units = units;
  layer.activation = activation;
  layer.vectors = (inputs * units + 3) >> 2;
}

/**
 * Takes memory for weights and chunks; with `gradients`, also for gradients and deltas; with `inFloat64`,
 * also for the gradient in float64.
 */
export function placeNetwork(gradients: bool, inFloat64: bool): void {
  let at: usize = 0;
  let widest = 0;
  for (let l = 0; l < count; l++) {
    const layer = layerAt(l);
    layer.kernel = at;
    at += <usize>layer.vectors * VECTOR;
    widest = max(widest, layer.units);
  }
  biases = at;
  for (let l = 0; l < count; l++) {
    const layer = layerAt(l);
    layer.bias = at;
    at += <usize>layer.units << 2;
    const panels = <usize>panelsOf(CHUNK_ROWS) * <usize>layer.units * UNIT;
    layer.output = take(panels);
    layer.slope = gradients && layer.activation == SWISH && l < count - 1 ? take(panels) : 0;
  }
  bytes = (at + 15) & ~(<usize>15);
  weights = take(bytes);
  input = take(<usize>panelsOf(CHUNK_ROWS) * <usize>layerAt(0).inputs * UNIT);
  gradient = gradients ? take(bytes) : 0;
  wide = inFloat64 ? take(bytes * 2) : 0;
  if (!gradients) return;
  const deltas = <usize>panelsOf(CHUNK_ROWS) * <usize>widest * UNIT;
  delta = take(deltas);
  deltaBefore = take(deltas);
}

/** Address of the chunk's ∂loss/∂logit: the output layer is one unit, so the rows follow one another. */
export function outputDelta(): usize {
  return delta;
}

/** Address of the chunk's logits; the rows follow one another. */
export function logits(): usize {
  return layerAt(count - 1).output;
}

/** Computes layer `index` forward over the chunk's `rows` rows. */
export function forwardLayer(index: i32, rows: i32): void {
  const layer = layerAt(index);
  const from = index == 0 ? input : layerAt(index - 1).output;
  const hidden = index < count - 1;
  const inputStride = <usize>layer.inputs * UNIT;
  const stride = <usize>layer.units * UNIT;
  const panels = panelsOf(rows);
  for (let panel = 0; panel < panels; panel++) {
    const vectors = vectorsOf(panel, rows);
    const to = layer.output + <usize>panel * stride;
    forward(
      from + <usize>panel * inputStride,
      layer.inputs,
      layer.units,
      weights + layer.kernel,
      weights + layer.bias,
      to,
      vectors,
    );
    if (!hidden) continue;
    const slope = layer.slope ? layer.slope + <usize>panel * stride : 0;
    activate(layer.activation, to, slope, layer.units, vectors);
  }
}

/**
 * Computes layer `index` backward over the chunk: the layer's gradients, which overwrite the old ones if
 * `fresh` and add to them otherwise, and the deltas of the layer before. The deltas of this layer come from
 * the layer after, or from `outputDelta`. Returns the number of saturated outputs of the layer before.
 */
export function backwardLayer(index: i32, rows: i32, fresh: bool): i32 {
  const layer = layerAt(index);
  const from = index == 0 ? input : layerAt(index - 1).output;
  const panels = panelsOf(rows);
  const tail = vectorsOf(panels - 1, rows);
  const kernelAt = gradient + layer.kernel;
  layerGradient(from, layer.inputs, delta, layer.units, panels, tail, kernelAt, gradient + layer.bias, fresh);
  if (index == 0) return 0;
  let saturated = 0;
  const before = layerAt(index - 1);
  const inputStride = <usize>layer.inputs * UNIT;
  const stride = <usize>layer.units * UNIT;
  for (let panel = 0; panel < panels; panel++) {
    const vectors = vectorsOf(panel, rows);
    const offset = <usize>panel * inputStride;
    const to = deltaBefore + offset;
    backward(delta + <usize>panel * stride, layer.inputs, layer.units, weights + layer.kernel, to, vectors);
    const source = before.slope ? before.slope : before.output;
    const mask = rowMask(panel, vectors - 1, rows);
    saturated += applySlope(before.activation, to, source + offset, layer.inputs, vectors, mask);
  }
  const swapped = delta;
  delta = deltaBefore;
  deltaBefore = swapped;
  return saturated;
}

/** Adds layer `index`'s kernel gradient of this chunk to the float64 sums. */
export function widenGradient(index: i32): void {
  const layer = layerAt(index);
  let to = wide + layer.kernel * 2;
  const end = gradient + layer.kernel + <usize>layer.vectors * VECTOR;
  for (let at = gradient + layer.kernel; at < end; at += VECTOR, to += 2 * VECTOR) {
    const x = v128.load(at);
    const high = v128.shuffle<f32>(x, x, 2, 3, 2, 3);
    v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(x)));
    v128.store(to, f64x2.add(v128.load(to, 16), f64x2.promote_low_f32x4(high)), 16);
  }
}

/** Index of a kernel's entry in packed order. */
// @ts-ignore: decorator
@inline
function entryOf(layer: Layer, row: i32, unit: i32): usize {
  const pair = unit & ~1;
  const alone = pair == layer.units - 1;
  return <usize>(pair * layer.inputs + (alone ? row : row * 2 + (unit & 1)));
}

/**
 * Copies weights or a slot between packed order at `packed` and the host's order at `plain`: kernel and bias
 * layer by layer, kernels as [inputs][units].
 */
export function repack(packed: usize, plain: usize, toPacked: bool): void {
  for (let l = 0; l < count; l++) {
    const layer = layerAt(l);
    for (let row = 0; row < layer.inputs; row++) {
      for (let unit = 0; unit < layer.units; unit++, plain += 4) {
        copyFloat(packed + layer.kernel + (entryOf(layer, row, unit) << 2), plain, toPacked);
      }
    }
    for (let unit = 0; unit < layer.units; unit++, plain += 4) {
      copyFloat(packed + layer.bias + (<usize>unit << 2), plain, toPacked);
    }
  }
}

// @ts-ignore: decorator
@inline
function copyFloat(packed: usize, plain: usize, toPacked: bool): void {
  if (toPacked) store<f32>(packed, load<f32>(plain));
  else store<f32>(plain, load<f32>(packed));
}

/** Copies the float64 sums of all kernels' gradients to `plain`, kernel by kernel as [inputs][units]. */
export function unpackWide(plain: usize): void {
  for (let l = 0; l < count; l++) {
    const layer = layerAt(l);
    for (let row = 0; row < layer.inputs; row++) {
      for (let unit = 0; unit < layer.units; unit++, plain += 8) {
        store<f64>(plain, load<f64>(wide + layer.kernel * 2 + (entryOf(layer, row, unit) << 3)));
      }
    }
  }
}
