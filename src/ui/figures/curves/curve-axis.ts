// The value axis of curves by epoch. Invariant: the axis covers everything in the chart: curves, bands and published figures.

import { logExtent, logTicks } from '../draw/ticks';
import type { Measure, Runs } from './curve-text';
import type { PublishedValue } from './published-figures';

/** Distances of the ticks of accuracy, each up to a length of the axis that gives four ticks at most. */
const STEPS = [
  [0.05, 0.15],
  [0.1, 0.35],
  [0.2, 0.65],
  [0.25, 0.8],
] as const;

/** All numbers that the curves of a measure draw: the edges of bands, or the run's own values. */
const listsOf = (measure: Measure, runs: Runs): Float64Array[] =>
  runs.flatMap(({ value, members }) => {
    const [own, test] = [members?.curves[measure.name], members?.curves[measure.test]];
    return own && test
      ? [own.low, own.high, test.low, test.high]
      : [value[measure.name], value[measure.test]];
  });

/**
 * Type, domain and ticks of the value axis: logarithmic for loss; for accuracy linear, from the next tenth
 * below the lowest value to just above 1.
 */
export function valueAxis(
  measure: Measure,
  runs: Runs,
  publishedValues: readonly PublishedValue[],
): { type: 'log' | 'linear'; domain: [number, number]; ticks: number[] } {
  const lists = [...listsOf(measure, runs), Float64Array.from(publishedValues, ({ value }) => value)];
  if (measure.name === 'loss') {
    const [low, high] = logExtent(lists);
    const domain: [number, number] = [low / 1.08, high * 1.08];
    return { type: 'log', domain, ticks: logTicks(...domain, 4) };
  }
  let low = 1;
  for (const list of lists) for (const value of list) if (value < low) low = value;
  const from = Math.min(0.9, Math.max(0, Math.floor(low * 10 - 0.001) / 10));
  const [step] = STEPS.find(([, most]) => 1 - from < most) ?? [0.5];
  const steps = Math.floor((1 - from) / step + 1e-9);
  return {
    type: 'linear',
    domain: [from, 1.004],
    ticks: Array.from({ length: steps + 1 }, (_, index) => Number((1 - (steps - index) * step).toFixed(2))),
  };
}
