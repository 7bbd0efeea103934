// Sweeps: one param over several values, or two crossed, as new runs after the run that they are based
// on.
// Invariant: the new runs differ from their base in the swept params alone, and have these params in
// their names; the param checks the typed text before a run is made. Pure; knows no screen.

import type { Param, Parsed } from '../../core/kinds/param';
import { MAX_RUNS, type RunId, type Sheet } from '../../core/sheet/sheet';
import { counted, grouped, rounded, words } from '../../core/text-formatting';

import { addTwins, draftOf } from './draft-sheet';
import { runName, shortList } from './fill';
import { checkedTexts, linear, listedTexts, logarithmic } from './series';

/**
 * The state of the form for a series of values: linear or logarithmic steps between two ends, a typed
 * list, or some of a param's choices. All numbers are typed texts.
 */
export interface ValuesForm {
  readonly how: 'linear' | 'logarithmic' | 'list' | 'choices';
  readonly first: string;
  readonly last: string;
  readonly count: string;
  readonly list: string;
  readonly chosen: readonly string[];
}

const WAYS = ['linear', 'logarithmic', 'list', 'choices'] as const;
/** Number of texts that `formTexts` returns. */
export const FORM_TEXTS = 6;

/** Serializes a form as six texts, for the memory of typed texts. */
export const formTexts = ({ how, first, last, count, list, chosen }: ValuesForm): readonly string[] => [
  how,
  first,
  last,
  count,
  list,
  chosen.join('\n'),
];

/** Restores a form from the texts of `formTexts`; undefined for any other texts. */
export function formOfTexts(texts: readonly string[]): ValuesForm | undefined {
  const [word, first, last, count, list, chosen] = texts;
  const how = WAYS.find((way) => way === word);
  if (!how || first === undefined || last === undefined || count === undefined) return undefined;
  if (list === undefined || chosen === undefined) return undefined;
  return { how, first, last, count, list, chosen: chosen.split('\n').filter(Boolean) };
}

/** Whether a param takes numbers, so that there are steps between two values. */
export const hasSteps = (param: Param): boolean =>
  param.range !== undefined && (param.type !== 'list' || typeof param.default === 'number');

const isWhole = (param: Param): boolean =>
  param.type !== 'real' && (param.type !== 'list' || Number.isInteger(param.default));

/** The number in a typed text; NaN for a text without a digit, because `Number` reads a blank text as 0. */
const numberOf = (text: string): number => (/\d/.test(text) ? Number(text) : Number.NaN);

/**
 * The texts that a form yields, not yet parsed by the param. Fails with a reason if the form yields none.
 */
export function writtenTexts(param: Param, form: ValuesForm): Parsed<string[]> {
  switch (form.how) {
    case 'choices': {
      const chosen = (param.choices ?? []).filter((choice) => form.chosen.includes(choice));
      return chosen.length > 0 ? { ok: true, value: chosen } : { ok: false, reason: 'no value is chosen' };
    }
    case 'list': {
      const texts = listedTexts(form.list);
      return texts.length > 0 ? { ok: true, value: texts } : { ok: false, reason: 'the list is empty' };
    }
    default: {
      const make = form.how === 'linear' ? linear : logarithmic;
      const [from, to, count] = [form.first, form.last, form.count].map(numberOf) as [number, number, number];
      const steps = make(from, to, count, { whole: isWhole(param) });
      return steps.ok ? { ok: true, value: steps.value.map(String) } : steps;
    }
  }
}

/**
 * The texts that a form yields, in canonical form. Fails with the number of the first text that the param
 * refuses.
 */
export function textsOf(param: Param, form: ValuesForm): Parsed<string[]> {
  const written = writtenTexts(param, form);
  return written.ok ? checkedTexts(param, written.value) : written;
}

/** Initial values for a form, around the present value `text`. */
export function suggestedForm(param: Param, text: string): ValuesForm {
  const value = numberOf(text);
  const near =
    param.type === 'seed'
      ? [value, value + 1, value + 2]
      : isWhole(param)
        ? value < 8
          ? [value - 1, value, value + 1]
          : [Math.round(value / 2), value, value * 2]
        : value === 0
          ? [0, 0.1, 1]
          : [value / 10, value, value * 10];
  const texts = near.map((number) => String(rounded(number, 12)));
  const taken = texts.filter((candidate) => param.parse(candidate).ok);
  return {
    how: param.choices ? 'choices' : 'list',
    first: taken[0] ?? text,
    last: taken.at(-1) ?? '',
    count: isWhole(param) ? String(Math.max(2, taken.length)) : '5',
    list: taken.length > 0 ? taken.join(', ') : (param.choices ?? [text]).join(', '),
    chosen: param.choices ?? [],
  };
}

/** A swept param with its values. */
export interface Axis {
  /** The param's path as in a run's overrides: "dataset.noise". */
  readonly path: string;
  readonly texts: readonly string[];
}

/** An edit that adds the runs of a sweep. */
export interface Sweep {
  readonly label: string;
  readonly done: string;
  readonly names: readonly string[];
  make(sheet: Sheet): Sheet;
}

const nameOf = (path: string): string => words(path.split('.').at(-1) ?? path);

/** The Cartesian product of the axes' values; the first axis varies slowest. */
function crossed(axes: readonly Axis[]): (readonly (readonly [path: string, text: string])[])[] {
  return axes.reduce<(readonly (readonly [string, string])[])[]>(
    (points, { path, texts }) =>
      points.flatMap((point) => texts.map((text) => [...point, [path, text] as const])),
    [[]],
  );
}

/**
 * Prepares a sweep: new runs after their base. Fails with a reason if there are no values, if a param is
 * crossed with itself, or if the sheet cannot hold so many runs.
 */
export function sweepRuns(sheet: Sheet, base: RunId, axes: readonly Axis[]): Parsed<Sweep> {
  const refused = (reason: string): Parsed<Sweep> => ({ ok: false, reason });
  if (new Set(axes.map(({ path }) => path)).size < axes.length)
    return refused(`${nameOf(axes[0]?.path ?? '')} cannot be crossed with itself`);
  const count = axes.reduce((product, { texts }) => product * texts.length, 1);
  if (axes.length === 0 || count === 0) return refused('there are no values');
  const room = MAX_RUNS - sheet.runs.length;
  if (count > room) {
    const most = grouped(MAX_RUNS);
    return refused(
      `${counted(count, 'run')} are too many: a sheet holds at most ${most}, and ${grouped(room)} can be added`,
    );
  }
  const points = crossed(axes);
  const names = points.map(runName);
  const over = axes.map(({ path, texts }) => `${nameOf(path)} over ${shortList(texts)}`).join(' and ');
  const summary = `${over}, ${counted(count, 'run')} based on ${base}`;
  return {
    ok: true,
    value: {
      label: `sweep ${summary}`,
      done: `swept ${summary}`,
      names,
      make(from) {
        const grown = addTwins(from, names, { base, after: base });
        const draft = draftOf(grown);
        const first = grown.runs.findIndex(({ id }) => id === base) + 1;
        for (const [index, point] of points.entries()) {
          const run = grown.runs[first + index]?.id ?? '';
          for (const [path, text] of point) draft.set(run, path, text);
        }
        return draft.sheet();
      },
    },
  };
}
