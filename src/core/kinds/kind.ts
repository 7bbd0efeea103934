// Declares kinds of cells: their params, inputs, value and computation.
// Invariant: a result depends on params and inputs alone; nothing else in the context can change the result.
// A declaration is light: `compute` loads the mathematics.

import type { Param, ParamSchema, ParamsOf, ParamValue } from './param';
import type { Plain, ValueSchema } from './value';

/** A training that can be gone on with: the state after `at` units of the extent. */
export interface Checkpoint<T = Plain> {
  readonly at: number;
  readonly state: T;
  /** The milliseconds of work that it stands for, from the very beginning. */
  readonly ms?: number;
}

/** What a computation may use besides its params and inputs. */
interface ComputeContext<V = Plain, T = Plain> {
  readonly signal: AbortSignal;
  /** The latest checkpoint at or below the extent, already parsed by the kind's state schema. */
  readonly checkpoint?: Checkpoint<T>;
  /** Lets other work of this thread go on; rejects once the computation is aborted. */
  turn(): Promise<void>;
  /** Reports the share done, 0 … 1, and on request the value as far as it is known. */
  progress(fraction: number, partial?: () => V): void;
  /** Whether about a second of work has passed since the last checkpoint: the next good moment to offer one. */
  due(): boolean;
  /** Offers a checkpoint, `at` a fraction where it is within a unit; the state is made only where it is kept. */
  save(at: number, state: () => T): void;
}

/** What a computation takes, roughly: operations, bytes at its peak, and what to lower where that is too much. */
export interface Cost {
  readonly flops: number;
  readonly bytes: number;
  /** What is kept of it, states that it can be gone on from included; all that it needs at its peak where this is left out. */
  readonly kept?: number;
  /** In words, after "fewer": "epochs, units or layers". */
  readonly lower: { readonly flops: string; readonly bytes: string };
}

/** The kinds of a cell's inputs, by slot. */
export type Slots = Readonly<Record<string, Kind>>;

/** The type of a kind's value. */
export type ValueOf<K> = K extends { value: ValueSchema<infer V> } ? V : never;

/** What arrives through the slots. */
export type InputsOf<I extends Slots> = { readonly [K in keyof I]: ValueOf<I[K]> };

/** A figure of a finished cell that sheets show in a row of its own, and formulas read by its name. */
interface ResultOf<V> {
  /** What the row is called. */
  readonly label: string;
  /** The kind under whose rows it stands; its own where this is left out. */
  readonly group?: string;
  /** How it is written: in four or three decimals, or as a ratio such as "1 : 125". */
  readonly format: 'loss' | 'accuracy' | 'ratio';
  /** The figure, or undefined where the value has none. */
  read(value: V): number | undefined;
  /** The course of the figure over the epochs, for a small curve. */
  curve?(value: V): Float64Array;
}

/** A sort of cell: `S` its params, `I` its inputs, `V` its value, `T` the state of its checkpoints. */
interface CellKind<S extends ParamSchema, I extends Slots, V, T extends Plain = Plain> {
  /** "train": prefix of its keys, its word in the address. */
  readonly name: string;
  /** Raised when the same params would give another value. */
  readonly version: number;
  readonly params: S;
  readonly inputs: I;
  /** What a result must look like; stored and imported ones are parsed by it. */
  readonly value: ValueSchema<V>;
  /** What of its value the sheet shows, by names that no other kind's results have. */
  readonly results?: Readonly<Record<string, ResultOf<NoInfer<V>>>>;
  /** The param that says how far a fold goes, and what a checkpoint's state must look like. */
  readonly extent?: {
    readonly param: keyof S & string;
    readonly state: ValueSchema<T>;
  };
  /** The param that chooses an engine; the recipe holds what `resolve` says instead, version included. */
  readonly engine?: {
    readonly param?: keyof S & string;
    resolve(params: ParamsOf<S>): string;
  };
  /** Whether a param counts beside the others; where not, it is held at its default and is not in the recipe. */
  applies?(param: keyof S & string, params: ParamsOf<S>): boolean;
  /** A rule across params: the param to blame and why, or nothing. */
  check?(params: ParamsOf<S>): { readonly param: keyof S & string; readonly reason: string } | undefined;
  /** What it will cost; `ancestors` are the params of all that leads to it, by kind, `engine` is what the recipe names. */
  estimate?(params: ParamsOf<S>, ancestors: Readonly<Record<string, Params>>, engine: string): Cost;
  /** Yields the value; a thrown error is the cell's problem. */
  compute(
    params: ParamsOf<S>,
    inputs: InputsOf<I>,
    context: ComputeContext<NoInfer<V>, T>,
  ): NoInfer<V> | Promise<NoInfer<V>>;
}

/** A kind with its types erased, as the core handles it. */
export interface Kind {
  readonly name: string;
  readonly version: number;
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
  check?(params: Params): { readonly param: string; readonly reason: string } | undefined;
  estimate?(params: Params, ancestors: Readonly<Record<string, Params>>, engine: string): Cost;
  compute(
    params: Params,
    inputs: Readonly<Record<string, Plain>>,
    context: ComputeContext,
  ): Plain | Promise<Plain>;
}

/** Params of some kind, by name. */
export type Params = Readonly<Record<string, ParamValue>>;

/** Gives a declaration its types, which a kind's inputs take from it. */
export function defineKind<const S extends ParamSchema, const I extends Slots, V, T extends Plain = Plain>(
  kind: CellKind<S, I, V, T>,
): CellKind<S, I, V, T> {
  return kind;
}

/** The kind's param of that name; a name from outside may be anything, "constructor" included. */
export function paramOf(kind: Kind, name: string): Param | undefined {
  return Object.hasOwn(kind.params, name) ? kind.params[name] : undefined;
}

/** A result with its name and the kind whose value it is read from. */
export interface Result extends ResultOf<Plain> {
  readonly name: string;
  readonly kind: string;
  readonly group: string;
}

/** The kinds of an application: inputs come before what takes them. */
export interface Registry {
  readonly kinds: readonly Kind[];
  /** What all kinds show of their values, in order. */
  readonly results: readonly Result[];
  get(name: string): Kind | undefined;
}

const NAME = /^[a-z][A-Za-z0-9]*$/;
/** The address's own words, those of its later additions included (DESIGN, The address). */
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

/** Puts kinds in order; throws where a name is taken or reserved, or an input is missing or later. */
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
