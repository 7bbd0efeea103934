// Settings: the texts of a run for the params of a kind, and their values.
// Invariant: a run inherits texts; an invalid text is a problem at the place of the text, a failed formula is a problem of the run
// that evaluates the formula.

import { type Kind, type Params, paramOf, type Registry } from '../kinds/kind';
import { int, type Param, type ParamValue, quote, SEEDS } from '../kinds/param';
import type { Problem } from '../kinds/problem';
import { type RunId, SEEDS_PATH } from '../sheet/sheet';

/** Where a param's text comes from: the run itself, one that it inherits from, or (absent) the default. */
export interface Setting {
  readonly text: string;
  readonly from: RunId;
}

/** What a text came to: a value that its param takes, or why not. */
export type Read<T extends ParamValue = ParamValue> =
  | { readonly value: T; readonly problem?: never }
  | { readonly problem: Problem; readonly value?: never };

/** A kind's params in one run: the texts set for it, and what they come to. */
export interface Settings {
  readonly texts: ReadonlyMap<string, Setting>;
  /** What each of the texts came to. */
  readonly reads: ReadonlyMap<string, Read>;
  readonly params?: Params;
  readonly problem?: Problem;
}

/** How many members stand behind a column: 1 unless `seeds` says otherwise, and where that is said. */
export interface Seeds {
  readonly count: number;
  /** The text that says so, where one does. */
  readonly text?: string;
  readonly from?: RunId;
  readonly problem?: Problem;
}

/** The run's own param: how many members it stands for. */
export const seedsParam = int({ default: 1, min: 1, max: 1_000 });

/** The param of a path, "train.epochs" or the run's own "seeds"; undefined where there is none. */
export function paramAt(registry: Registry, path: string): Param | undefined {
  if (path === SEEDS_PATH) return seedsParam;
  const [name = '', param = ''] = path.split('.');
  const kind = registry.get(name);
  return kind && paramOf(kind, param);
}

/** Whether a text is a formula rather than a literal. */
export const isFormula = (text: string): boolean => text.trimStart().startsWith('=');

/** Reads a literal by its param; `cell` is where it was written. */
export function readText<T extends ParamValue>(param: Param<T>, text: string, cell: string): Read<T> {
  const parsed = param.parse(text);
  return parsed.ok
    ? { value: parsed.value }
    : { problem: { kind: 'bad-param', cell, message: parsed.reason } };
}

/** Params that do not apply are held at their default, so that a result cannot depend on what its recipe leaves out. */
function withApplied(kind: Kind, given: Params): Params {
  if (!kind.applies) return given;
  const params = { ...given };
  for (const [name, param] of Object.entries(kind.params)) {
    if (!kind.applies(name, given)) params[name] = param.default;
  }
  return params;
}

/**
 * The params that these texts come to, or the first problem in declared order; `read` reads a text, `run` is blamed where
 * no literal is.
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
  // In declared order: of several bad texts the same one is blamed, in whatever order they were typed.
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
  };
}

/** A seed as member `index` has it: raised, wrapping at 2³². */
export const memberSeed = (seed: ParamValue, index: number): number => (Number(seed) + index) % SEEDS;

/** The settings of member `index`: every seed raised by it. */
export function memberSettings(kind: Kind, settings: Settings, index: number): Settings {
  const names = Object.keys(kind.params).filter((name) => kind.params[name]?.type === 'seed');
  if (!settings.params || names.length === 0 || index === 0) return settings;
  const params: Record<string, ParamValue> = { ...settings.params };
  for (const name of names) params[name] = memberSeed(params[name] ?? 0, index);
  return { texts: settings.texts, reads: settings.reads, params };
}
