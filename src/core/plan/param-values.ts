// Settings: the texts of a run for the params of a kind, and their values.
// Invariant: a run inherits texts; an invalid literal is a problem of the run that sets the literal, a failed formula is a problem
// of the run that evaluates the formula.

import { type Kind, type Params, paramOf, type Registry } from '../kinds/kind';
import { int, type Param, type ParamValue, quote, SEEDS } from '../kinds/param';
import type { Problem } from '../kinds/problem';
import { type RunId, SEEDS_PATH } from '../sheet/sheet';

/** A param's text, and the run that sets it: the run itself or one of its bases. */
export interface Setting {
  readonly text: string;
  readonly from: RunId;
}

/** The outcome of a text: a value that its param accepts, or a problem. */
export type Read<T extends ParamValue = ParamValue> =
  | { readonly value: T; readonly problem?: never }
  | { readonly problem: Problem; readonly value?: never };

/** A kind's params in one run: the texts by param, and either the resolved `params` or a `problem`. */
export interface Settings {
  readonly texts: ReadonlyMap<string, Setting>;
  /** The outcome of each text, by param. */
  readonly reads: ReadonlyMap<string, Read>;
  readonly params?: Params;
  readonly problem?: Problem;
  /** Whether the problem is a list of the wrong length, so that a single value would do. */
  readonly isListLength?: boolean | undefined;
}

/** The number of members of a run: 1 without `seeds`, or if its text has a problem. */
export interface Seeds {
  readonly count: number;
  /** The text of `seeds`, and the run that sets it; absent at the default. */
  readonly text?: string;
  readonly from?: RunId;
  readonly problem?: Problem;
}

/** The run's own param `seeds`: its number of members. */
export const seedsParam = int({
  default: 1,
  min: 1,
  max: 1_000,
  about: 'number of members: trainings that differ in their seeds alone',
  unit: 'members',
});

/** The param at a path ("train.epochs", or "seeds"); undefined for an unknown path. */
export function paramAt(registry: Registry, path: string): Param | undefined {
  if (path === SEEDS_PATH) return seedsParam;
  const [name = '', param = ''] = path.split('.');
  const kind = registry.get(name);
  return kind && paramOf(kind, param);
}

/** Whether a text is a formula, which begins with an equals sign, rather than a literal. */
export const isFormula = (text: string): boolean => text.trimStart().startsWith('=');

/** Parses a literal; a problem names `cell` as its place. */
export function readText<T extends ParamValue>(param: Param<T>, text: string, cell: string): Read<T> {
  const parsed = param.parse(text);
  return parsed.ok
    ? { value: parsed.value }
    : { problem: { kind: 'bad-param', cell, message: parsed.reason } };
}

/**
 * Sets params that do not apply to their defaults, so that the result cannot
 * depend on a param outside the recipe.
 */
function withApplied(kind: Kind, given: Params): Params {
  if (!kind.applies) return given;
  const params = { ...given };
  for (const [name, param] of Object.entries(kind.params)) {
    if (!kind.applies(name, given)) params[name] = param.default;
  }
  return params;
}

/**
 * Resolves a kind's texts to params, or to the first problem in declared order. `read` evaluates one text. A
 * refusal of `check` blames the run that sets the literal, or else `run`.
 */
export function resolveSettings(
  kind: Kind,
  texts: ReadonlyMap<string, Setting>,
  run: RunId,
  read: (name: string, param: Param, setting: Setting) => Read,
): Settings {
  for (const [name, { from }] of texts) {
    if (paramOf(kind, name)) continue;
    const cell = `${from}.${kind.name}.${name}`;
    const problem: Problem = {
      kind: 'reference',
      cell,
      message: `${kind.name} has no param ${quote(name)}`,
    };
    return { texts, reads: new Map(), problem };
  }
  const given: Record<string, ParamValue> = {};
  const reads = new Map<string, Read>();
  let problem: Problem | undefined;
  // In declared order, so that the blamed text does not depend on the order of typing.
  for (const [name, param] of Object.entries(kind.params)) {
    const setting = texts.get(name);
    const found = setting && read(name, param, setting);
    if (found) reads.set(name, found);
    problem ??= found?.problem;
    given[name] = found?.value ?? param.default;
  }
  if (problem) return { texts, reads, problem };
  const params = withApplied(kind, given);
  const refused = kind.check?.(params);
  if (!refused) return { texts, reads, params };
  const blamed = texts.get(refused.param);
  const from = blamed && !isFormula(blamed.text) ? blamed.from : run;
  return {
    texts,
    reads,
    problem: {
      kind: 'bad-param',
      cell: `${from}.${kind.name}.${refused.param}`,
      message: refused.reason,
    },
    isListLength: refused.isListLength,
  };
}

/** The seed of member `index`: raised by `index`, modulo 2³². */
export const memberSeed = (seed: ParamValue, index: number): number => (Number(seed) + index) % SEEDS;

/** The settings of member `index`: every seed param raised by `index`. */
export function memberSettings(kind: Kind, settings: Settings, index: number): Settings {
  const names = Object.keys(kind.params).filter((name) => kind.params[name]?.type === 'seed');
  if (!settings.params || names.length === 0 || index === 0) return settings;
  const params: Record<string, ParamValue> = { ...settings.params };
  for (const name of names) params[name] = memberSeed(params[name] ?? 0, index);
  return { texts: settings.texts, reads: settings.reads, params };
}
