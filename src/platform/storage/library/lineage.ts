// A lineage: the resolved params of a finished training's ancestors, its last results and small curves.
// Invariant: a lineage is enough to list, compare and rebuild a run without loading an entry.
// Knows no kind by name except `train`.

import * as v from 'valibot';
import { paramOf, type Registry } from '../../../core/kinds/kind';
import { matrix, type Plain, parseValue, typed } from '../../../core/kinds/value';
import type { Key } from '../../../core/plan/key';
import type { Node } from '../../../core/plan/node';
import type { Cells } from '../../../core/plan/plan';
import { cleanName, MAX_NAME } from '../../../core/sheet/sheet';

/** The longest note, in characters. */
const MAX_NOTE = 2_000;
const MAX_POINTS = 64;
const MAX_TEXT = 2_000;
const MAX_PARAMS = 100;
/** The most characters of all params together, their names counted. */
const MAX_CHARACTERS = 64_000;
/** The last moment that a date can hold, in milliseconds since 1970; what is later has no year, and formatting it throws. */
export const LAST_MOMENT = 8_640_000_000_000_000;

/** The one kind that is known by name. */
const TRAIN = 'train';

// A ratio of two zeros is NaN, which valibot's `number` refuses.
const figure = v.custom<number>((input) => typeof input === 'number', 'not a number');
const points = v.pipe(
  typed('float32'),
  v.check((curve) => curve.length <= MAX_POINTS, `a curve has at most ${MAX_POINTS} points`),
);
// An address cannot hold half a character, and refuses all of the sheet for it.
const text = (most: number) =>
  v.pipe(
    v.string(),
    v.maxLength(most),
    v.check((input) => input.isWellFormed(), 'half a character in the text'),
  );

// Counted before they are read; and valibot passes over the prototype's names in silence, where nothing may be lost.
const MAX_FEW = `more than ${MAX_PARAMS} names`;
const isFew = (input: unknown): boolean =>
  typeof input === 'object' && input !== null && Object.keys(input).length <= MAX_PARAMS;
const hasPlainNames = (input: object): boolean =>
  !Object.keys(input).some((name) => ['__proto__', 'prototype', 'constructor'].includes(name));

const record = <V>(value: v.GenericSchema<unknown, V>) =>
  v.pipe(
    v.custom<object>(isFew, MAX_FEW),
    v.check(hasPlainNames, 'a name is not the name of a param'),
    v.record(text(MAX_NAME), value),
  );

function characters(params: Readonly<Record<string, Readonly<Record<string, string>>>>): number {
  let sum = 0;
  for (const [kind, texts] of Object.entries(params)) {
    sum += kind.length;
    for (const [name, value] of Object.entries(texts)) sum += name.length + value.length;
  }
  return sum;
}

/** What a stored or imported lineage must look like. */
export const lineageSchema = v.strictObject({
  key: v.pipe(v.string(), v.regex(/^train-[0-9a-f]{40}$/)),
  when: v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(LAST_MOMENT)),
  name: text(MAX_NAME),
  named: v.exactOptional(v.literal(true)),
  note: text(MAX_NOTE),
  params: v.pipe(
    record(record(text(MAX_TEXT))),
    v.check((params) => characters(params) <= MAX_CHARACTERS, 'the params are too long in total'),
  ),
  results: v.strictObject({
    loss: figure,
    accuracy: figure,
    testLoss: figure,
    testAccuracy: figure,
    firstToLast: figure,
  }),
  curves: v.strictObject({ loss: points, testLoss: points }),
  imported: v.exactOptional(v.boolean()),
});

/** A finished training as the library lists it: what led to it and how it ended. */
export interface Lineage {
  /** The train cell's key. */
  readonly key: Key;
  /** When it was computed, in milliseconds since 1970. */
  readonly when: number;
  readonly name: string;
  /** Set where a person gave the name; a training that nobody named has its run's name. */
  readonly named?: true;
  readonly note: string;
  /** The canonical texts of all params that apply, by kind and param, defaults included. */
  readonly params: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Those of the last epoch, but `firstToLast`: the first layer's `gradientRms` over the last one's in the first epoch. */
  readonly results: {
    readonly loss: number;
    readonly accuracy: number;
    readonly testLoss: number;
    readonly testAccuracy: number;
    readonly firstToLast: number;
  };
  /** At most 64 points each, evenly spaced over the epochs, the first and the last included. */
  readonly curves: { readonly loss: Float32Array; readonly testLoss: Float32Array };
  /** Set where the results come from elsewhere and were not computed here. */
  readonly imported?: boolean;
}

/** A note as it is kept. */
export const cleanNote = (note: string): string => note.toWellFormed().slice(0, MAX_NOTE).toWellFormed();

/** A change to what only a newer version can change. */
export class NewerVersionError extends Error {
  override readonly name = 'NewerVersionError';
}

/** What a person changes of a lineage. */
export interface LineageChanges {
  readonly name?: string;
  readonly note?: string;
}

/** The lineage with another name or note; one whose name is taken away counts as named by nobody. */
export function renamed(lineage: Lineage, { name, note }: LineageChanges): Lineage {
  const { named, ...rest } = lineage;
  const given = name === undefined ? lineage.name : cleanName(name);
  return {
    ...rest,
    name: given,
    ...((name === undefined ? named : given !== '') && { named: true }),
    note: note === undefined ? lineage.note : cleanNote(note),
  };
}

/**
 * One lineage of two with the same key. The time is the held one's. An imported one replaces nothing that is there; a name
 * that a person gave is replaced by another such name only.
 */
export function merged(held: Lineage | undefined, given: Lineage): Lineage {
  if (!held) return given;
  const results = given.imported && !held.imported ? held : given;
  const { named, ...rest } = results;
  const prefersHeld = held.named === given.named ? given.imported === true : held.named === true;
  const [first, second] = prefersHeld ? [held, given] : [given, held];
  const namer = first.name === '' ? second : first;
  const notes = given.imported ? [held.note, given.note] : [given.note, held.note];
  return {
    ...rest,
    when: held.when,
    name: namer.name,
    ...(namer.named && { named: true }),
    note: notes.find((note) => note !== '') ?? '',
  };
}

/** Whether a person gave the training a name or a note: what it needs is kept then. */
export const isKept = ({ named, note }: Lineage): boolean => named === true || note !== '';

const figuresOfTrain = v.object({
  loss: typed('float64'),
  accuracy: typed('float64'),
  testLoss: typed('float64'),
  testAccuracy: typed('float64'),
  gradientRms: matrix('float64'),
});

function paramsOf(node: Node, into: Record<string, Record<string, string>>): void {
  if (into[node.kind.name]) return;
  for (const input of Object.values(node.inputs)) paramsOf(input, into);
  const texts: Record<string, string> = {};
  for (const [name, param] of Object.entries(node.kind.params)) {
    const value = node.params[name];
    const applies = node.kind.applies?.(name, node.params) ?? true;
    if (applies && value !== undefined) texts[name] = param.format(value);
  }
  into[node.kind.name] = texts;
}

function thinned(curve: Float64Array): Float32Array {
  const length = Math.min(curve.length, MAX_POINTS);
  const step = length > 1 ? (curve.length - 1) / (length - 1) : 0;
  return Float32Array.from({ length }, (_, i) => curve[Math.round(i * step)] ?? 0);
}

/** The lineage of a run's training with this value; nothing where the run has none or the value is not a training's. */
export function lineageOf(cells: Cells, trainValue: Plain, when: number, name = ''): Lineage | undefined {
  const node = cells.get(TRAIN)?.node;
  const parsed = parseValue(figuresOfTrain, trainValue);
  if (!node || !parsed.ok) return undefined;
  const { loss, accuracy, testLoss, testAccuracy, gradientRms } = parsed.value;
  const params: Record<string, Record<string, string>> = {};
  paramsOf(node, params);
  const last = (curve: Float64Array): number => curve.at(-1) ?? Number.NaN;
  const [, layers] = gradientRms.shape;
  const flow = gradientRms.data.subarray(0, layers);
  return {
    key: node.key,
    when,
    name: cleanName(name),
    note: '',
    params,
    results: {
      loss: last(loss),
      accuracy: last(accuracy),
      testLoss: last(testLoss),
      testAccuracy: last(testAccuracy),
      firstToLast: (flow[0] ?? Number.NaN) / last(flow),
    },
    curves: { loss: thinned(loss), testLoss: thinned(testLoss) },
  };
}

/**
 * The overrides, by path, that make a run of its own of a lineage: every text but those at their default. A kind or a
 * param that is not known here stays among them, so that the sheet says so instead of computing something else.
 */
export function overridesOf(lineage: Lineage, registry: Registry): Map<string, string> {
  const overrides = new Map<string, string>();
  for (const [kindName, texts] of Object.entries(lineage.params)) {
    const kind = registry.get(kindName);
    for (const [name, text] of Object.entries(texts)) {
      const param = kind && paramOf(kind, name);
      if (param?.format(param.default) !== text) overrides.set(`${kindName}.${name}`, text);
    }
  }
  return overrides;
}
