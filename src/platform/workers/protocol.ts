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

/** An input: a value, a value with the key under which the worker keeps it, or the key of a kept value. */
const input = v.strictObject({ key: v.exactOptional(v.string()), value: v.exactOptional(plain) });

/**
 * Messages to a worker. The worker keeps inputs and results by key until a message lists them in `forget`,
 * which is handled first.
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
  /** A question by name, with its input; the question's own schema parses the input. */
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

/** Messages from a worker: its start, pongs, and the progress, checkpoints and outcome of each request. */
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
    /** The checkpoints that no earlier `saved` message carried. */
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

/** A parsed message to a worker. */
export type ToWorker = v.InferOutput<typeof toWorker>;
/** A parsed message from a worker. */
export type FromWorker = v.InferOutput<typeof fromWorker>;

/**
 * Returns the distinct buffers of all typed arrays in a value, for transfer. Views on parts of a buffer are
 * left out, and so are copied.
 */
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
