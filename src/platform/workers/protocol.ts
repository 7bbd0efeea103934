// What the page and its worker say to each other, as schemas: each side parses what it hears.
// Invariant: every message is plain data; inputs are copied, never transferred, since the page keeps them.
// Knows neither kinds nor how anything is computed.

import * as v from 'valibot';
import { URGENCIES } from '../../core/compute/queue';
import { matrix, type Plain, plain, typed } from '../../core/kinds/value';

const id = v.pipe(v.number(), v.integer(), v.minValue(0));
const place = v.pipe(v.number(), v.finite(), v.minValue(0));
const point = { at: place, state: plain, ms: v.exactOptional(place) };
const checkpoint = v.strictObject(point);
const saved = v.strictObject({ ...point, digest: v.exactOptional(v.string()) });
const urgency = v.picklist(URGENCIES);
const paramValue = v.union([
  v.number(),
  v.boolean(),
  v.string(),
  v.pipe(v.array(v.union([v.number(), v.string()])), v.readonly()),
]);

/** An input: its value, the key under which the worker keeps that, or by the key alone what the worker has kept. */
const input = v.strictObject({ key: v.exactOptional(v.string()), value: v.exactOptional(plain) });

/** A layer's kernel that is drawn anew by another initializer before the network is looked at. */
const redraw = v.strictObject({
  layer: place,
  kernelInitializer: v.string(),
  /** How the architecture's kernels were drawn, which says where in the stream the layer's own begins. */
  drawn: v.strictObject({ kernelInitializer: v.string(), seed: place }),
});

const list = <T>(item: v.GenericSchema<unknown, T>) => v.pipe(v.array(item), v.readonly());

const histogram = v.strictObject({
  low: v.number(),
  high: v.number(),
  counts: typed('float64'),
  min: v.number(),
  max: v.number(),
  mean: v.number(),
});

/** What `nn/probe.ts` makes of a network. */
const probe = v.strictObject({
  rows: id,
  of: id,
  loss: v.number(),
  accuracy: v.number(),
  layers: list(
    v.strictObject({
      units: id,
      activation: v.string(),
      delta: v.number(),
      passage: v.optional(
        v.strictObject({ weights: v.number(), skip: v.number(), slope: v.number(), batchNorm: v.number() }),
      ),
      input: v.number(),
      agreement: v.number(),
      gradient: v.number(),
      z: histogram,
      output: histogram,
      saturated: v.number(),
      dead: list(id),
    }),
  ),
  shapes: v.record(
    v.string(),
    v.strictObject({
      value: typed('float64'),
      slope: typed('float64'),
      saturated: list(v.pipe(v.tuple([v.number(), v.number()]), v.readonly())),
    }),
  ),
});

/**
 * What a worker is told. It keeps inputs, and what it computes, under their keys until it is told to `forget` them, which
 * comes before all else.
 */
export const toWorker = v.variant('type', [
  v.strictObject({
    type: v.literal('run'),
    id,
    urgency,
    sparse: v.boolean(),
    kind: v.string(),
    params: v.record(v.string(), paramValue),
    inputs: v.record(v.string(), input),
    key: v.exactOptional(v.string()),
    forget: v.array(v.string()),
    checkpoint: v.exactOptional(checkpoint),
  }),
  v.strictObject({ type: v.literal('probabilities'), id, layers: plain, points: typed('float32') }),
  v.strictObject({
    type: v.literal('probe'),
    id,
    layers: plain,
    rows: v.strictObject({ x: matrix('float32'), y: typed('uint8'), train: typed('uint32') }),
    redraw: v.exactOptional(redraw),
  }),
  v.strictObject({
    type: v.literal('check'),
    id,
    params: v.record(v.string(), paramValue),
    inputs: v.record(v.string(), plain),
  }),
  v.strictObject({ type: v.literal('urgency'), id, urgency }),
  v.strictObject({ type: v.literal('abort'), id }),
  v.strictObject({ type: v.literal('ping') }),
]);

/** What a worker says: that it is there, and by job how it goes and how it ended. */
export const fromWorker = v.variant('type', [
  v.strictObject({ type: v.literal('ready') }),
  v.strictObject({ type: v.literal('pong') }),
  v.strictObject({
    type: v.literal('progress'),
    id,
    fraction: v.number(),
    partial: v.exactOptional(plain),
  }),
  v.strictObject({ type: v.literal('saved'), id, checkpoints: v.array(saved) }),
  v.strictObject({
    type: v.literal('computed'),
    id,
    computed: v.strictObject({ value: plain, ms: v.number(), digest: v.exactOptional(v.string()) }),
    /** Those that were not handed over before. */
    checkpoints: v.array(saved),
  }),
  v.strictObject({ type: v.literal('probabilities'), id, values: typed('float32') }),
  v.strictObject({ type: v.literal('probed'), id, probe }),
  v.strictObject({
    type: v.literal('checked'),
    id,
    differences: v.strictObject({ weights: typed('float64'), loss: typed('float64') }),
  }),
  v.strictObject({
    type: v.literal('failed'),
    id,
    kind: v.picklist(['failed', 'diverged']),
    message: v.string(),
  }),
  v.strictObject({ type: v.literal('aborted'), id }),
]);

export type ToWorker = v.InferOutput<typeof toWorker>;
export type FromWorker = v.InferOutput<typeof fromWorker>;
export type Probed = v.InferOutput<typeof probe>;
export type Redraw = v.InferOutput<typeof redraw>;

/** Points and classes, and the indices of those that are trained on. */
export type ProbedRows = Extract<ToWorker, { type: 'probe' }>['rows'];

/** A Dense layer as values of `architecture` and `train` hold it. */
export interface NetworkLayer {
  readonly units: number;
  readonly activation: string;
  readonly kernel: { readonly shape: readonly [number, number]; readonly data: Float32Array };
  readonly bias: Float32Array;
}

/** The buffers of all typed arrays in a value that is given away, each once; views on parts of a buffer stay copies. */
export function buffersOf(value: Plain): Set<ArrayBuffer> {
  const buffers = new Set<ArrayBuffer>();
  const visit = (part: Plain): void => {
    if (ArrayBuffer.isView(part)) {
      const { buffer } = part;
      if (buffer instanceof ArrayBuffer && part.byteLength === buffer.byteLength) buffers.add(buffer);
    } else if (typeof part === 'object' && part !== null) {
      Object.values(part).forEach(visit);
    }
  };
  visit(value);
  return buffers;
}
