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
/** The most characters of all params together, names included. */
const MAX_CHARACTERS = 64_000;
/** The last moment that a `Date` can hold, in milliseconds since 1970; formatting a later one throws. */
export const LAST_MOMENT = 8_640_000_000_000_000;

/** The one kind that this file knows by name. */
const TRAIN = 'train';

// The ratio of two zeros is NaN, which valibot's `number` refuses.
const figure = v.custom<number>((input) => typeof input === 'number', 'not a number');
const points = v.pipe(
  typed('float32'),
  v.check((curve) => curve.length <= MAX_POINTS, `a curve has at most ${MAX_POINTS} points`),
);
// An address cannot contain half a surrogate pair, and one such text would make the whole sheet refused.
const text = (most: number) =>
  v.pipe(
    v.string(),
    v.maxLength(most),
    v.check((input) => input.isWellFormed(), 'half a character in the text'),
  );

// Checked before the record is parsed: the count, and the prototype's names, which valibot skips silently.
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

/** The schema of a stored or imported lineage. */
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

/** A finished training as the library lists it: its params and its last results. */
export interface Lineage {
  /** The train cell's key. */
  readonly key: Key;
  /** When the training was computed, in milliseconds since 1970. */
  readonly when: number;
  readonly name: string;
  /** Set if a person gave the name; otherwise the name is the run's name. */
  readonly named?: true;
  readonly note: string;
  /** The canonical texts of all params that apply, by kind and param, defaults included. */
  readonly params: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /**
   * Results of the last epoch, except `firstToLast`: `gradientRms` of the first layer divided by that of the
   * last layer, in the first epoch.
   */
  readonly results: {
    readonly loss: number;
    readonly accuracy: number;
    readonly testLoss: number;
    readonly testAccuracy: number;
    readonly firstToLast: number;
  };
  /** At most 64 points each, evenly spaced over the epochs, including the first and the last. */
  readonly curves: { readonly loss: Float32Array; readonly testLoss: Float32Array };
  /** Set if the results were imported and not computed here. */
  readonly imported?: boolean;
}

/** Returns a note in stored form: well-formed, at most MAX_NOTE characters. */
export const cleanNote = (note: string): string => note.toWellFormed().slice(0, MAX_NOTE).toWellFormed();

/** Thrown by a change to a record that a newer version wrote. */
export class NewerVersionError extends Error {
  override readonly name = 'NewerVersionError';
}

/** A person's changes to a lineage. */
export interface LineageChanges {
  readonly name?: string;
  readonly note?: string;
}

/** Returns the lineage with another name or note. An empty name counts as given by nobody. */
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
 * Merges two lineages with the same key. The time of `held` stays. Results that were computed here win over
 * imported ones. A name that a person gave wins over a run's name. Otherwise an imported lineage only fills
 * in a name or a note that is empty.
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

/** Whether a person gave the training a name or a note: such a training's results are kept. */
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

/**
 * Returns the lineage of a run's training with this value; undefined if the run has no training or the value
 * is not a training's.
 */
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
 * Returns the overrides, by path, that rebuild the lineage's run: every text that differs from its default.
 * Unknown kinds and params are included, so that the sheet reports them instead of computing another result.
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
