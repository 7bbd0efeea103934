// The words of curves by epoch: titles, text alternatives, tables.
// Invariant: every number of a run with members is called a median, and has its n.

import type { train } from '../../../cells/train';
import type { ValueOf } from '../../../core/kinds/kind';
import type { Shown, Table } from '../draw/figure';
import { count, earlier, formatNumber, listed } from '../draw/format';
import { headlinesOf } from '../draw/headline';
import { endOf, readingAt } from './band-area';

/** Value of a training, finished or up to the latest epoch. */
export type Trained = ValueOf<typeof train>;

/** The runs of a figure of curves. */
export type Runs = readonly Shown<Trained>[];

/**
 * A measure to draw: the names of its curves in training and on the test points, and the words of its axis.
 */
export interface Measure {
  readonly name: 'loss' | 'accuracy';
  readonly test: 'testLoss' | 'testAccuracy';
  readonly axis: string;
  /** Words of the axis in a narrow chart. */
  readonly short: string;
  readonly digits: number;
}

/** Cross-entropy in nats. */
export const LOSS: Measure = {
  name: 'loss',
  test: 'testLoss',
  axis: 'loss: cross-entropy in nats, log scale',
  short: 'loss in nats (log)',
  digits: 4,
};
/** Share of correctly classified points. */
export const ACCURACY: Measure = {
  name: 'accuracy',
  test: 'testAccuracy',
  axis: 'accuracy: share of points',
  short: 'accuracy',
  digits: 3,
};

/** Names of the curves that bands are computed for. */
export const BANDED = [LOSS.name, LOSS.test, ACCURACY.name, ACCURACY.test] as const;

/** The runs with at least one epoch. */
export const started = (runs: Runs): Runs => runs.filter(({ value }) => value.loss.length > 0);

/** The last epoch of the longest run; 1 without runs. */
export const longest = (runs: Runs): number => Math.max(1, ...runs.map(({ value }) => value.loss.length));

/** The lower and the upper end of a band, as in "0.421 to 0.463". */
export const rangeText = ([low, high]: readonly [number, number], joint: string): string =>
  `${formatNumber(low, 3)}${joint}${formatNumber(high, 3)}`;

/**
 * Last values in words, as in "0.061 in C, to 0.445 in A": with the epochs if they differ, and of more than
 * four runs the best and the worst only.
 */
function endings(runs: Runs, name: Measure['name'], ascending: boolean, joint: string): string {
  const epochs = new Set(runs.map(({ value }) => value.loss.length));
  const sorted = [...runs].sort(
    (a, b) => (endOf(a, name).value - endOf(b, name).value) * (ascending ? 1 : -1),
  );
  const part = (run: Shown<Trained>): string =>
    `${formatNumber(endOf(run, name).value, 3)} in ${run.id}${epochs.size > 1 ? ` (epoch ${run.value.loss.length})` : ''}`;
  const [first, second] = sorted;
  const last = sorted.at(-1);
  if (!first || !second || !last || sorted.length <= 4) return sorted.map(part).join(joint);
  const number = (run: Shown<Trained> | undefined): string =>
    run ? formatNumber(endOf(run, name).value, 3) : '';
  if (number(first) === number(last)) return `${number(first)} in all ${sorted.length} runs`;
  const best = number(first) === number(second) ? 'among the best' : 'best';
  const worst = number(last) === number(sorted.at(-2)) ? 'among the worst' : 'the worst';
  return `${part(first)}, ${best} of ${sorted.length} runs${joint}${part(last)}, ${worst}`;
}

/**
 * States which numbers are medians, and of how many members, as in "; medians of 20 in A and 3 of 5 in B";
 * empty without members. `of` gives the number of members that have the number, if some lack it.
 */
export function medianText(
  runs: Runs,
  of: (run: Runs[number]) => number | undefined = () => undefined,
): string {
  const counts = new Map<string, string[]>();
  for (const run of runs) {
    if (!run.members) continue;
    const own = of(run);
    const count = own === undefined ? `${run.members.there}` : `${own} of ${run.members.there}`;
    counts.set(count, [...(counts.get(count) ?? []), run.id]);
  }
  const whose = (ids: readonly string[]): string => (ids.length === runs.length ? '' : ` in ${listed(ids)}`);
  const parts = [...counts].map(([there, ids]) => `${there}${whose(ids)}`);
  const isOne = [...counts.values()].flat().length === 1;
  return parts.length > 0 ? `; ${isOne ? 'median' : 'medians'} of ${listed(parts)}` : '';
}

/** The shortest form of a headline on one run with members: "Median 0.437 in B, n 5"; empty for other runs. */
export function medianInBrief(
  named: Runs,
  tail: string,
  read: (run: Runs[number]) => string,
  of: (run: Runs[number]) => number | undefined = () => undefined,
): string {
  const [run, ...more] = named;
  if (!run?.members || more.length > 0 || tail) return '';
  return `Median ${read(run)} in ${run.id}, n ${of(run) ?? run.members.there}`;
}

/** The runs by their last value of a measure, the best first. */
const ranked = (runs: Runs, name: Measure['name']): Runs =>
  [...runs].sort((a, b) => (endOf(a, name).value - endOf(b, name).value) * (name === 'loss' ? 1 : -1));

/** Last values of a measure: "0.061 in C, 0.445 in A", or "C 0.061, A 0.445" with the `verb` after the first run. */
function lastValues(named: Runs, name: Measure['name'], verb?: string): string {
  const number = (run: Shown<Trained>): string => formatNumber(endOf(run, name).value, 3);
  if (verb === undefined) return named.map((run) => `${number(run)} in ${run.id}`).join(', ');
  return named.map((run, index) => `${run.id} ${index === 0 ? `${verb} ` : ''}${number(run)}`).join(', ');
}

/** Forms of a headline on last values: first with `lead`, the words for the runs that it names, then in brief. */
function endHeadlines(
  all: Runs,
  name: Measure['name'],
  verb: string,
  lead: (named: Runs) => string | undefined,
): readonly string[] {
  const runs = ranked(started(all), name);
  if (runs.length === 0) return ['No epoch is trained yet'];
  return headlinesOf(
    runs,
    { first: 'best', text: (run) => formatNumber(endOf(run, name).value, 3) },
    (named, tail) => {
      const words = lead(named);
      return words === undefined ? '' : `${words} ${lastValues(named, name)}${tail}${medianText(named)}`;
    },
    (named, tail) => `${lastValues(named, name, verb)}${tail}${medianText(named)}`,
    (named, tail) => medianInBrief(named, tail, (run) => formatNumber(endOf(run, name).value, 3)),
  );
}

/** Forms of the loss's headline. */
export const lossHeadlines = (all: Runs): readonly string[] =>
  endHeadlines(all, 'loss', 'reaches', (named) => {
    if (longest(all) === 1) return 'Loss after one epoch:';
    const falls = named.map((run) => endOf(run, 'loss').value <= readingAt(run, 'loss', 1).value);
    if (falls.every(Boolean)) return 'Loss falls to';
    return falls.some(Boolean) ? undefined : 'Loss rises to';
  });

/** Forms of the accuracy's headline. */
export const accuracyHeadlines = (all: Runs): readonly string[] =>
  endHeadlines(all, 'accuracy', 'ends at', () =>
    longest(all) === 1 ? 'Accuracy after one epoch:' : 'Accuracy ends at',
  );

/** States the last losses, separately for losses that fell and losses that rose. */
export function lossTitle(all: Runs): string {
  const runs = started(all);
  if (runs.length === 0) return 'No epoch is trained yet';
  if (longest(runs) === 1)
    return `Loss after one epoch: ${endings(runs, 'loss', true, ', ')}${medianText(runs)}`;
  const first = (run: Shown<Trained>): number => readingAt(run, 'loss', 1).value;
  const last = (run: Shown<Trained>): number => endOf(run, 'loss').value;
  const [one, more] = [
    runs.filter(({ value }) => value.loss.length === 1),
    runs.filter(({ value }) => value.loss.length > 1),
  ];
  const [down, up] = [
    more.filter((run) => last(run) <= first(run)),
    more.filter((run) => last(run) > first(run)),
  ];
  const ends = [
    down.length > 0 ? `Loss falls to ${endings(down, 'loss', true, ', to ')}` : '',
    up.length > 0
      ? `${down.length > 0 ? 'it rises' : 'Loss rises'} to ${endings(up, 'loss', true, ', to ')}`
      : '',
    one.length > 0 ? `after one epoch: ${endings(one, 'loss', true, ', ')}` : '',
  ]
    .filter(Boolean)
    .join('; ');
  return `${ends}${medianText(runs)}`;
}

/** States the last accuracies, highest first. */
export function accuracyTitle(all: Runs): string {
  const runs = started(all);
  if (runs.length === 0) return 'No epoch is trained yet';
  return `Accuracy ${longest(runs) === 1 ? 'after one epoch:' : 'ends at'} ${endings(runs, 'accuracy', false, ', ')}${medianText(runs)}`;
}

/** The values at an epoch in words: "Epoch 62: A 0.4448 in training, 0.4512 on the test points; B …". */
export function wordsAt(measure: Measure, all: Runs, epoch: number): string {
  const number = (value: number): string => formatNumber(value, measure.digits);
  const parts = started(all).map((run) => {
    const [own, test] = [readingAt(run, measure.name, epoch), readingAt(run, measure.test, epoch)];
    const words = `${number(own.value)} in training, ${number(test.value)} on the test points`;
    return `${run.id} ${words}${earlier(run.value.loss.length, epoch)}`;
  });
  return parts.length === 0 ? 'No epoch is trained yet.' : `Epoch ${epoch}: ${parts.join('; ')}.`;
}

/** Text alternative: first and last value in training and last value on the test points, by run. */
export function describe(measure: Measure, all: Runs): string {
  const runs = started(all);
  if (runs.length === 0) return 'No epoch is trained yet.';
  const number = (value: number): string => formatNumber(value, measure.digits);
  const parts = runs.map((run) => {
    const { id, name, value, members } = run;
    const [first, last, test] = [
      readingAt(run, measure.name, 1),
      endOf(run, measure.name),
      endOf(run, measure.test),
    ];
    const lost = members && members.lost > 0 ? `, ${members.lost} without a result` : '';
    const over = members ? `, median of ${members.there} of ${members.of} members${lost}` : '';
    const within = last.range ? ` (5th to 95th percentile ${rangeText(last.range, ' to ')})` : '';
    return `${id} (${name}${over}): from ${number(first.value)} to ${number(last.value)}${within} in training, ${number(test.value)} on the test points, after ${count(value.loss.length, 'epoch')}.`;
  });
  const bands = runs.some(({ members }) => members)
    ? ' Bands go from the 5th to the 95th percentile over members, fainter on the test points.'
    : '';
  return `Curves of ${measure.name} by epoch, training solid, test dashed.${bands} ${parts.join(' ')}`;
}

/**
 * Rows of runs and epochs; the curves of a run with members are member 0's, and the percentiles follow at
 * sampled epochs.
 */
export function table(measure: Measure, runs: Runs): Table {
  const banded = runs.some(({ members }) => members);
  const curves = [measure.name, measure.test];
  const heads = curves.flatMap((name) => [`${name} 5 %`, `${name} median`, `${name} 95 %`]);
  return [
    ['run', 'epoch', measure.name, measure.test, ...(banded ? ['members', ...heads] : [])],
    ...runs.flatMap(({ id, value, members }) => {
      const places = new Map(Array.from(members?.epochs ?? [], (epoch, index) => [epoch, index]));
      const percentiles = (epoch: number): (string | number)[] => {
        const at = places.get(epoch);
        if (!members || at === undefined) return ['', ...heads.map(() => '')];
        const cells = curves.flatMap((name) => {
          const band = members.curves[name];
          return [band?.low[at] ?? '', band?.middle[at] ?? '', band?.high[at] ?? ''];
        });
        return [members.there, ...cells];
      };
      return Array.from(value[measure.name], (number, index) => [
        id,
        index + 1,
        number,
        value[measure.test][index] ?? '',
        ...(banded ? percentiles(index + 1) : []),
      ]);
    }),
  ];
}
