// The messages between the page and its worker, as schemas: each side parses every message.
// Invariant: every message is plain data; inputs are copied, never transferred, since the page keeps them.
// Knows neither kinds nor questions, nor how anything is computed.

import * as v from 'valibot';
import { URGENCIES } from '../../core/compute/queue';
import { type Plain, plain } from '../../core/kinds/value';

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

/**
 * What a worker is told. It keeps inputs, and what it computes, under their keys until it is told to `forget` them, which
 * comes before all else.
 */
export const toWorker = v.variant('type', [
  v.strictObject({
    type: v.literal('compute'),
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
  /** A question by name, with its input; the question's own schema says what the input must look like. */
  v.strictObject({
    type: v.literal('ask'),
    id,
    urgency,
    question: v.string(),
    version: v.number(),
    input: plain,
  }),
  v.strictObject({ type: v.literal('urgency'), id, urgency }),
  v.strictObject({ type: v.literal('abort'), id }),
  v.strictObject({ type: v.literal('ping') }),
]);

/** What a worker says: that it is there, and by request how it goes and how it ended. */
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
  v.strictObject({ type: v.literal('answered'), id, answer: plain }),
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
