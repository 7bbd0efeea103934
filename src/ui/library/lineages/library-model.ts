// The library's model of a finished training, in words and in order: settings, summary, sorting,
// contrast.
// Invariant: pure, and nothing is lost: sorting only reorders, and a contrast puts every param on exactly
// one side. Knows neither where lineages are stored nor how they are drawn.

import type { Kind, Params } from '../../../core/kinds/kind';
import type { Param } from '../../../core/kinds/param';
import { words } from '../../../core/text-formatting';

/** A finished training: its lineage as canonical texts [kind][param], its results and its loss curves. */
export interface Lineage {
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly when: number;
  readonly name: string;
  readonly note: string;
  readonly params: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /**
   * Values at the last epoch, except `firstToLast`: the gradient of the first layer over that of the last
   * layer, in the first epoch.
   */
  readonly results: Readonly<Record<Result, number>>;
  /** At most 64 points each, evenly spaced from the first epoch to the last. */
  readonly curves: { readonly loss: Float32Array; readonly testLoss: Float32Array };
  readonly imported?: boolean;
}

/** Name of a result, as in the sheet. */
export type Result = 'loss' | 'accuracy' | 'testLoss' | 'testAccuracy' | 'firstToLast';

/**
 * All results in the order of the sheet, with their words. `better` is the direction of an improvement,
 * absent for `firstToLast`.
 */
export const RESULTS: readonly {
  readonly name: Result;
  readonly words: string;
  readonly better?: 'lower' | 'higher';
}[] = [
  { name: 'loss', words: 'loss', better: 'lower' },
  { name: 'accuracy', words: 'accuracy', better: 'higher' },
  { name: 'testLoss', words: 'test loss', better: 'lower' },
  { name: 'testAccuracy', words: 'test accuracy', better: 'higher' },
  { name: 'firstToLast', words: 'first : last' },
];

/** A param of a kind in lineages; a lineage without the param has the default. */
export interface Setting {
  readonly kind: string;
  readonly name: string;
  readonly param: Param;
  /**
   * The name among all params: "noise", but "split random state", because two kinds have a random state.
   */
  readonly label: string;
  /** The text of the default. */
  readonly plain: string;
  text(lineage: Lineage): string;
  /** Whether the param has an effect, given the lineage's other params of the same kind. */
  applies(lineage: Lineage): boolean;
}

function paramsOf(kind: Kind, lineage: Lineage): Params {
  const texts = lineage.params[kind.name];
  return Object.fromEntries(
    Object.entries(kind.params).map(([name, param]) => {
      const parsed = param.parse(texts?.[name] ?? '');
      return [name, parsed.ok ? parsed.value : param.default];
    }),
  );
}

/**
 * The kinds up to the last one with an extent: the kind of a training, and the kinds that it may depend
 * on. All kinds if none has an extent.
 */
export function ancestry(kinds: readonly Kind[]): readonly Kind[] {
  const last = kinds.findLastIndex((kind) => kind.extent !== undefined);
  return last < 0 ? kinds : kinds.slice(0, last + 1);
}

/** Every param in lineages, in the order of the kinds. */
export function settingsOf(kinds: readonly Kind[]): readonly Setting[] {
  const held = ancestry(kinds);
  const names = held.flatMap((kind) => Object.keys(kind.params));
  // The label "name" alone would mean the lineage's own name.
  const ambiguous = (name: string): boolean =>
    name === 'name' || names.indexOf(name) !== names.lastIndexOf(name);
  return held.flatMap((kind) => {
    const known = new WeakMap<Lineage, Params>();
    const paramsIn = (lineage: Lineage): Params => {
      let params = known.get(lineage);
      if (!params) {
        params = paramsOf(kind, lineage);
        known.set(lineage, params);
      }
      return params;
    };
    return Object.entries(kind.params).map(([name, param]): Setting => {
      const plain = param.format(param.default);
      return {
        kind: kind.name,
        name,
        param,
        label: ambiguous(name) ? `${kind.name} ${words(name)}` : words(name),
        plain,
        text: (lineage) => lineage.params[kind.name]?.[name] ?? plain,
        applies: (lineage) => kind.applies?.(name, paramsIn(lineage)) ?? true,
      };
    });
  });
}

/** A param with its value in a few words: "relu", "2 hidden layers", "learning rate 0.01". */
function settingText({ param, label }: Setting, text: string): string {
  if (param.type === 'bool') return text === 'true' ? label : `no ${label}`;
  const shown = text.replaceAll(',', ', ');
  if (param.choices) return /[a-z]/i.test(text) ? shown : `${label} ${shown}`;
  if (!label.endsWith('s')) return `${label} ${shown}`;
  const counted = label.replace(/^n /, '');
  return `${shown} ${text === '1' ? counted.slice(0, -1) : counted}`;
}

/**
 * The params with an effect that differ from their default, each in a few words, in the order of the
 * kinds.
 */
export function summaryOf(lineage: Lineage, settings: readonly Setting[]): readonly string[] {
  return settings.flatMap((setting) => {
    const text = setting.text(lineage);
    return text === setting.plain || !setting.applies(lineage) ? [] : [settingText(setting, text)];
  });
}

/** Columns that lineages can be sorted by. */
export type Column = 'name' | 'when' | Result;

/** A sort order: a column and its direction. */
export interface Order {
  readonly column: Column;
  readonly descending: boolean;
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** The title of a lineage: its name, else its summary, else "all defaults". */
export const titleOf = (lineage: Lineage, settings: readonly Setting[]): string =>
  lineage.name.trim() || summaryOf(lineage, settings).join(' · ') || 'all defaults';

/** The first direction of a column: newest first for times, best first for results. */
export function firstOrder(column: Column): Order {
  const descending = column === 'when' || RESULTS.find(({ name }) => name === column)?.better === 'higher';
  return { column, descending };
}

/** The comparison function of a sort order; missing names and NaN come last in both directions. */
export function comparator({ column, descending }: Order): (a: Lineage, b: Lineage) => number {
  const sign = descending ? -1 : 1;
  if (column === 'name') {
    return (a, b) => {
      if (a.name === '' || b.name === '') return Number(a.name === '') - Number(b.name === '');
      return a.name === b.name ? 0 : sign * collator.compare(a.name, b.name);
    };
  }
  const value = (lineage: Lineage): number => (column === 'when' ? lineage.when : lineage.results[column]);
  return (a, b) => {
    const [left, right] = [value(a), value(b)];
    if (Number.isNaN(left) || Number.isNaN(right))
      return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
    return left === right ? 0 : sign * (left < right ? -1 : 1);
  };
}

/** The lineages in a sort order; equal lineages keep their order. */
export const sorted = (lineages: readonly Lineage[], order: Order): readonly Lineage[] =>
  lineages.toSorted(comparator(order));

/** The text of a setting, or its default where the setting does not apply, as in a plan. */
function heldText(setting: Setting, lineage: Lineage): string {
  return setting.applies(lineage) ? setting.text(lineage) : setting.plain;
}

/** Splits the settings into those that differ between the lineages and those that do not. */
export function contrast(
  lineages: readonly Lineage[],
  settings: readonly Setting[],
): { readonly differing: readonly Setting[]; readonly identical: readonly Setting[] } {
  const differs = (setting: Setting): boolean =>
    new Set(lineages.map((lineage) => heldText(setting, lineage))).size > 1;
  return {
    differing: settings.filter(differs),
    identical: settings.filter((setting) => !differs(setting)),
  };
}

/**
 * A difference from the baseline; `judgement` is undefined where no direction is better, or where a value
 * is missing.
 */
interface Difference {
  readonly amount: number;
  readonly judgement?: 'better' | 'worse' | 'the same';
}

/**
 * The difference of a result from the baseline's: `lineage` − `baseline`, or the ratio for first : last.
 * NaN if a value is missing.
 */
export function differenceOf(result: Result, lineage: Lineage, baseline: Lineage): Difference {
  const [value, base] = [lineage.results[result], baseline.results[result]];
  const better = RESULTS.find(({ name }) => name === result)?.better;
  if (!better) return { amount: value / base };
  const amount = value - base;
  if (Number.isNaN(amount)) return { amount };
  if (amount === 0) return { amount, judgement: 'the same' };
  return { amount, judgement: amount < 0 === (better === 'lower') ? 'better' : 'worse' };
}
