// Declares kinds of cells: their params, inputs, value and computation.
// Invariant: a result depends on params and inputs alone; nothing else in the context can change the result.
// A declaration is light: `compute` loads the mathematics.

import type { Described, Param, ParamSchema, ParamsOf, ParamValue } from './param';
import type { Plain, ValueSchema } from './value';

/**
 * A training that can be resumed: the state after `at` units of the extent.
 * `at` has a fraction inside a unit.
 */
export interface Checkpoint<T = Plain> {
  readonly at: number;
  readonly state: T;
  /** Work since unit 0 that resuming saves, in ms. */
  readonly ms?: number;
}

/** What a computation receives besides its params and inputs; none of it can change the value. */
interface ComputeContext<V = Plain, T = Plain> {
  readonly signal: AbortSignal;
  /** The latest checkpoint at or below the extent, already parsed by the kind's state schema. */
  readonly checkpoint?: Checkpoint<T>;
  /** Yields the thread if a time slice has passed. Rejects if the computation is aborted. */
  yieldThread(): Promise<void>;
  /**
   * Reports the completed share, 0 … 1; `partial` makes the value so far and is
   * called only if the report is passed on.
   */
  progress(fraction: number, partial?: () => V): void;
  /** Whether about a second of work has passed since the last checkpoint, so that `save` is worthwhile. */
  due(): boolean;
  /** Offers a checkpoint after `at` units of the extent; `state` is called only if the checkpoint is kept. */
  save(at: number, state: () => T): void;
}

/** Estimated cost of a computation: operations, and bytes at the peak of memory use. */
export interface Cost {
  readonly flops: number;
  readonly bytes: number;
  /** Bytes that the stores keep, checkpoints included. Default: `bytes`. */
  readonly kept?: number;
  /** The params to lower if the cost is too high, in words that follow "fewer": "epochs, units or layers". */
  readonly lower: { readonly flops: string; readonly bytes: string };
}

/** The kinds of a cell's inputs, by slot. */
export type Slots = Readonly<Record<string, Kind>>;

/** The type of a kind's value. */
export type ValueOf<K> = K extends { value: ValueSchema<infer V> } ? V : never;

/** The values of a cell's inputs, by slot. */
export type InputsOf<I extends Slots> = { readonly [K in keyof I]: ValueOf<I[K]> };

/**
 * A number read from a finished cell; the sheet shows it in a row of its own, and formulas read it by name.
 */
interface ResultOf<V> extends Described {
  /** Label of the row. */
  readonly label: string;
  /** The kind under whose rows the row appears. Default: the result's own kind. */
  readonly group?: string;
  /** The same number as a formula, where there is one: "last(train.loss)". */
  readonly formula?: string;
  /** Number format: loss has four decimals, accuracy three, a ratio reads "1 : 125". */
  readonly format: 'loss' | 'accuracy' | 'ratio';
  /** The number, or undefined if this value has none. */
  read(value: V): number | undefined;
  /** The number by epoch, for a small curve. */
  curve?(value: V): Float64Array;
}

/** What a rule across params refuses: the param to blame and why. */
interface Refusal<P extends string> {
  readonly param: P;
  readonly reason: string;
  /** Whether the param is a list of the wrong length, so that a single value would do. */
  readonly isListLength?: boolean;
}

/** A question that figures answer: each is a tab of the page. */
export type Tab = 'Data' | 'Network' | 'Learning' | 'Sweep';

/** A kind of cell: `S` its params, `I` its inputs, `V` its value, `T` the state of its checkpoints. */
interface CellKind<S extends ParamSchema, I extends Slots, V, T extends Plain = Plain> {
  /** Prefix of the kind's keys, and its word in the address: "train". */
  readonly name: string;
  /** What the kind's cells hold, in a few words, without a full stop. */
  readonly about: string;
  /** Raised if the same params would give another value; part of the recipe. */
  readonly version: number;
  /** The tab with the kind's figures. Default: a tab of its own, named after the kind. */
  readonly tab?: Tab;
  readonly params: S;
  readonly inputs: I;
  /** Required shape of a value; stored and imported results are parsed with this schema. */
  readonly value: ValueSchema<V>;
  /** Results that the sheet shows, by name; no other kind may use the same name. */
  readonly results?: Readonly<Record<string, ResultOf<NoInfer<V>>>>;
  /** The param that holds the extent of a fold (epochs), and the schema of a checkpoint's state. */
  readonly extent?: {
    readonly param: keyof S & string;
    readonly state: ValueSchema<T>;
  };
  /**
   * The param that chooses an engine. The recipe holds the text of `resolve` in its place, such as "fused 1".
   */
  readonly engine?: {
    readonly param?: keyof S & string;
    resolve(params: ParamsOf<S>): string;
  };
  /**
   * Whether a param has an effect beside the others. If not, it is held at
   * its default and left out of the recipe.
   */
  applies?(param: keyof S & string, params: ParamsOf<S>): boolean;
  /**
   * Checks a rule across params. Returns the param to blame and the reason,
   * or undefined if the params are valid.
   */
  check?(params: ParamsOf<S>): Refusal<keyof S & string> | undefined;
  /**
   * Estimates the cost of a cell. `ancestors` holds the params of all direct and indirect inputs by kind;
   * `engine` is the recipe's engine text.
   */
  estimate?(params: ParamsOf<S>, ancestors: Readonly<Record<string, Params>>, engine: string): Cost;
  /** Returns the cell's value. A thrown error becomes the cell's problem. */
  compute(
    params: ParamsOf<S>,
    inputs: InputsOf<I>,
    context: ComputeContext<NoInfer<V>, T>,
  ): NoInfer<V> | Promise<NoInfer<V>>;
}

/** A kind with its types erased, as the core handles it. */
export interface Kind {
  readonly name: string;
  readonly about: string;
  readonly version: number;
  readonly tab?: Tab;
  readonly params: ParamSchema;
  readonly inputs: Slots;
  readonly value: ValueSchema<Plain>;
  readonly results?: Readonly<Record<string, ResultOf<Plain>>>;
  readonly extent?: {
    readonly param: string;
    readonly state: ValueSchema<Plain>;
  };
  readonly engine?: {
    readonly param?: string;
    resolve(params: Params): string;
  };
  applies?(param: string, params: Params): boolean;
  check?(params: Params): Refusal<string> | undefined;
  estimate?(params: Params, ancestors: Readonly<Record<string, Params>>, engine: string): Cost;
  compute(
    params: Params,
    inputs: Readonly<Record<string, Plain>>,
    context: ComputeContext,
  ): Plain | Promise<Plain>;
}

/** Values of a kind's params, by name. */
export type Params = Readonly<Record<string, ParamValue>>;

/**
 * Returns the declaration unchanged; the call infers its types, so that
 * `compute` gets typed params and inputs.
 */
export function defineKind<const S extends ParamSchema, const I extends Slots, V, T extends Plain = Plain>(
  kind: CellKind<S, I, V, T>,
): CellKind<S, I, V, T> {
  return kind;
}

/**
 * The kind's own param of that name, or undefined. Safe for any name from outside, "constructor" included.
 */
export function paramOf(kind: Kind, name: string): Param | undefined {
  return Object.hasOwn(kind.params, name) ? kind.params[name] : undefined;
}

/** A result with its name and the kind that has the value. */
export interface Result extends ResultOf<Plain> {
  readonly name: string;
  readonly kind: string;
  readonly group: string;
}

/** The kinds of an application, each after the kinds of its inputs. */
export interface Registry {
  readonly kinds: readonly Kind[];
  /** The results of all kinds, in order of kinds. */
  readonly results: readonly Result[];
  get(name: string): Kind | undefined;
}

const NAME = /^[a-z][A-Za-z0-9]*$/;
/** Words that the address uses itself, later additions included (DESIGN, The address). */
const RESERVED: ReadonlySet<string> = new Set([
  'row',
  'base',
  'seeds',
  'vary',
  'data',
  'proof',
  'title',
  'note',
]);

/**
 * Creates a registry of kinds in the given order. Throws if a name is invalid, taken or reserved, or if a
 * kind comes before one of its inputs.
 */
export function createRegistry(kinds: readonly Kind[]): Registry {
  const byName = new Map<string, Kind>();
  for (const kind of kinds) {
    const names = [kind.name, ...Object.keys(kind.params)];
    const odd = names.find((name) => !NAME.test(name));
    if (odd !== undefined) throw new Error(`${kind.name}: ${odd} is not a name for a kind or a param`);
    if (RESERVED.has(kind.name))
      throw new Error(`${kind.name} is not a name for a kind: the address uses it`);
    if (byName.has(kind.name)) throw new Error(`two kinds are called ${kind.name}`);
    for (const [slot, input] of Object.entries(kind.inputs)) {
      if (byName.get(input.name) !== input)
        throw new Error(`${kind.name}.${slot}: ${input.name} must be registered before`);
    }
    byName.set(kind.name, kind);
  }
  const results = kinds.flatMap((kind) =>
    Object.entries(kind.results ?? {}).map(
      ([name, result]): Result => ({ group: kind.name, ...result, name, kind: kind.name }),
    ),
  );
  return { kinds, results, get: (name) => byName.get(name) };
}
