// What the page and its worker say to each other, as schemas: each side parses what it hears.
// Invariant: every message is plain data; inputs are copied, never transferred, since the page keeps them.
// Knows neither kinds nor how anything is computed.

import * as v from 'valibot';
import { type Plain, plain, typed } from '../core/value';

const id = v.pipe(v.number(), v.integer(), v.minValue(0));
const checkpoint = v.strictObject({ at: v.number(), state: plain });
const paramValue = v.union([
  v.number(),
  v.boolean(),
  v.string(),
  v.pipe(v.array(v.union([v.number(), v.string()])), v.readonly()),
]);

/** What a worker is told. */
export const toWorker = v.variant('type', [
  v.strictObject({
    type: v.literal('run'),
    id,
    task: v.strictObject({
      kind: v.string(),
      params: v.record(v.string(), paramValue),
      inputs: v.record(v.string(), plain),
      checkpoint: v.exactOptional(checkpoint),
    }),
  }),
  v.strictObject({ type: v.literal('probabilities'), id, layers: plain, points: typed('float32') }),
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
  v.strictObject({ type: v.literal('save'), id, checkpoint }),
  v.strictObject({
    type: v.literal('computed'),
    id,
    computed: v.strictObject({ value: plain, checksum: v.string(), ms: v.number() }),
  }),
  v.strictObject({ type: v.literal('probabilities'), id, values: typed('float32') }),
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

/** A Dense layer as values of `architecture` and `train` hold it. */
export interface NetworkLayer {
  readonly units: number;
  readonly activation: string;
  readonly kernel: { readonly shape: readonly [number, number]; readonly data: Float32Array };
  readonly bias: Float32Array;
}

/** The buffers of all typed arrays in a value that is given away, each once; views on parts of a buffer stay copies. */
export function buffersOf(value: Plain): ArrayBuffer[] {
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
  return [...buffers];
}
