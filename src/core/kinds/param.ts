// Typed params: the texts and values that a cell accepts.
// One declaration drives the form, the address, the key and the message of a refusal.
// Invariant: `parse(format(value))` is the value, and `format` is canonical: equal values have one text.

/** The value of a param. */
export type ParamValue = number | boolean | string | readonly (number | string)[];

/** The outcome of parsing a text: a value, or the reason for the refusal in words. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string };

/** What something means, and its names elsewhere; the page explains every param and result with it. */
export interface Described {
  /** The meaning in a few words, without a full stop. */
  readonly about: string;
  readonly unit?: string;
  /** The name in Keras with what takes it: "Dense(units)". */
  readonly keras?: string;
  /** The name in TensorFlow.js if it is not the param's own. */
  readonly tfjs?: string;
  /** The name in scikit-learn with what takes it: "make_moons(noise)". */
  readonly sklearn?: string;
}

/** A param's type: default, bounds, the text form in both directions, and what it means. */
export interface Param<T extends ParamValue = ParamValue> extends Described {
  readonly type: 'int' | 'real' | 'seed' | 'bool' | 'choice' | 'list';
  readonly default: T;
  /** The accepted texts in words: "a whole number from 2 to 100,000". */
  readonly accepts: string;
  /** Declared bounds of a number, for sliders and series; `real` may exclude either. */
  readonly range?: { readonly min: number; readonly max: number };
  /** The words of a choice, in the order of the menu. */
  readonly choices?: readonly string[];
  parse(text: string): Parsed<T>;
  format(value: T): string;
}

/** The params of a kind by name, in the order of the form, the address and the recipe. */
export type ParamSchema = Readonly<Record<string, Param>>;

/** The type of the values that a schema describes, by name. */
export type ParamsOf<S extends ParamSchema> = {
  readonly [K in keyof S]: S[K]['default'];
};

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const MAX_TEXT = 2_000;
const SHOWN_TEXT = 40;

/**
 * The text in double quotes for a one-line message: cut to 40 characters,
 * control and format characters escaped.
 */
export function quote(text: string): string {
  const shown = text.length > SHOWN_TEXT ? `${text.slice(0, SHOWN_TEXT)}…` : text;
  const escaped = (sign: string): string => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(shown.toWellFormed()).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, escaped);
}

const refused = (text: string, accepts: string): { ok: false; reason: string } => ({
  ok: false,
  reason: text.trim() === '' ? `the text is empty; write ${accepts}` : `${quote(text)} is not ${accepts}`,
});

// Not Intl: formatting its first number costs 10 ms before first paint.
const grouped = (whole: number): string => String(whole).replace(/\B(?=(\d{3})+$)/g, ',');

const formatted = (value: number): string =>
  Math.abs(value) < 1e15 && Number.isInteger(value) ? grouped(value) : String(value).replace('e+', 'e');

// String() gives the shortest decimal that parses to the same double, in every engine; "-0" becomes "0".
const formatNumber = (value: number): string => String(value === 0 ? 0 : value);

interface NumberOptions extends Described {
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

function numeric(
  type: 'int' | 'real' | 'seed',
  { min, max, ...options }: NumberOptions,
  accepts: string,
  within: (value: number) => boolean,
): Param<number> {
  return {
    ...options,
    type,
    accepts,
    range: { min, max },
    parse(text) {
      const trimmed = text.trim();
      if (trimmed.length > MAX_TEXT || !NUMBER.test(trimmed)) return refused(text, accepts);
      const value = Number(trimmed);
      return Number.isFinite(value) && within(value)
        ? { ok: true, value: value === 0 ? 0 : value }
        : refused(text, accepts);
    },
    format: formatNumber,
  };
}

/** A param for a whole number from `min` to `max`, both included. */
export function int(options: NumberOptions): Param<number> {
  const { min, max } = options;
  const accepts = `a whole number from ${formatted(min)} to ${formatted(max)}`;
  return numeric('int', options, accepts, (value) => Number.isInteger(value) && value >= min && value <= max);
}

/** A param for a finite number from `min` to `max`; `open` excludes the named ends. */
export function real({
  open,
  ...options
}: NumberOptions & { readonly open?: 'min' | 'max' | 'both' }): Param<number> {
  const { min, max } = options;
  const aboveMin = open === 'min' || open === 'both';
  const belowMax = open === 'max' || open === 'both';
  const accepts = `a number ${aboveMin ? 'above' : 'from'} ${formatted(min)} ${
    belowMax ? 'and below' : aboveMin ? 'and at most' : 'to'
  } ${formatted(max)}`;
  return numeric(
    'real',
    options,
    accepts,
    (value) => (aboveMin ? value > min : value >= min) && (belowMax ? value < max : value <= max),
  );
}

/** Number of seeds: seeds are 32-bit, as in numpy's legacy RandomState. */
export const SEEDS = 2 ** 32;

/** A param for a random seed from 0 to 2³² − 1; member i of a run with `seeds` adds i, modulo 2³². */
export function seed(options: Described & { readonly default: number }): Param<number> {
  const { min, max } = { min: 0, max: SEEDS - 1 };
  const within = (value: number): boolean => Number.isInteger(value) && value >= min && value <= max;
  return numeric('seed', { ...options, min, max }, `a whole number from 0 to ${formatted(max)}`, within);
}

/** A boolean param, written `true` or `false` in any letter case. */
export function bool(options: Described & { readonly default: boolean }): Param<boolean> {
  const accepts = 'true or false';
  return {
    ...options,
    type: 'bool',
    accepts,
    choices: ['false', 'true'],
    parse(text) {
      const word = text.trim().toLowerCase();
      return word === 'true' || word === 'false'
        ? { ok: true, value: word === 'true' }
        : refused(text, accepts);
    },
    format: String,
  };
}

/** A param with a fixed set of words, accepted in any letter case; the first word is the default. */
export function choice<const C extends readonly [string, ...string[]]>(
  choices: C,
  described: Described,
): Param<C[number]> {
  const accepts = `one of ${choices.join(', ')}`;
  return {
    ...described,
    type: 'choice',
    default: choices[0],
    accepts,
    choices,
    parse(text) {
      const word = text.trim().toLowerCase();
      const found = choices.find((known) => known.toLowerCase() === word);
      return found === undefined ? refused(text, accepts) : { ok: true, value: found };
    },
    format: String,
  };
}

/**
 * A param for one item or a comma-separated list of at most `max` items, with the item's meaning. A
 * list of one item is parsed as the item.
 */
export function listOf<T extends number | string>(item: Param<T>, max: number): Param<T | readonly T[]> {
  const accepts = `${item.accepts}, or a comma-separated list of at most ${max}`;
  return {
    ...item,
    type: 'list',
    accepts,
    parse(text) {
      if (text.length > MAX_TEXT) return refused(text, accepts);
      const parts = text.split(',');
      if (parts.length > max)
        return {
          ok: false,
          reason: `${parts.length} values; the limit is ${max}`,
        };
      const values: T[] = [];
      for (const [index, part] of parts.entries()) {
        const parsed = item.parse(part);
        if (!parsed.ok) {
          return parts.length === 1
            ? refused(text, accepts)
            : { ok: false, reason: `value ${index + 1} of the list: ${parsed.reason}` };
        }
        values.push(parsed.value);
      }
      const [only] = values;
      return {
        ok: true,
        value: values.length === 1 && only !== undefined ? only : values,
      };
    },
    format: (value) => (Array.isArray(value) ? value.map(item.format).join(',') : item.format(value as T)),
  };
}
