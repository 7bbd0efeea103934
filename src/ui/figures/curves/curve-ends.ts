// Places the names and last values at the ends of curves by epoch.
// Invariant: no two labels overlap; where the labels do not fit, there are none.

import type { Chart } from '../draw/axes';
import type { Shown } from '../draw/figure';
import { formatNumber } from '../draw/format';
import { legendEntry } from '../draw/legend-entries';
import type { Mark } from '../draw/mark';
import { svg } from '../draw/svg';
import { spread } from '../draw/ticks';
import { endOf } from './band-area';
import type { Measure, Runs, Trained } from './curve-text';

/**
 * Width in pixels from which labels and legends have room for n and full names; narrower charts give n in the
 * title only.
 */
export const ROOMY = 420;

/**
 * The text behind a curve's last value: n if the run has members and the chart is wide enough, else empty.
 */
const countText = ({ members }: Shown<Trained>, width: number): string =>
  members && width >= ROOMY ? `n ${members.there}` : '';

/** Width in pixels of the margin at the right for names, last values and n. */
export function labelRoom(measure: Measure, runs: Runs, width: number): number {
  const counts = runs.map((run) => countText(run, width).length);
  return Math.round(
    18 + 6.2 * (2 + measure.digits + 2 + Math.max(...counts)) + (Math.max(...counts) ? 4 : 0),
  );
}

/**
 * Names and last values of the runs at the ends of their curves; empty if the labels do not fit without
 * overlap.
 */
export function endLabels(measure: Measure, runs: Runs, { x, y, width, inner }: Chart): Mark[] {
  const ends = runs.map((run) => y(endOf(run, measure.name).value));
  const places = spread(ends, 13, inner.top + 2, inner.bottom);
  if (!places) return [];
  return runs.map((run, index) => {
    const { id, color, value } = run;
    const right = Math.round(x(value.loss.length)) + 9;
    const [from, place] = [Math.round(ends[index] ?? 0), Math.round(places[index] ?? 0)];
    const leader = svg('path', {
      d: `M${right - 6} ${from}L${right - 1} ${place}`,
      stroke: color,
      class: 'leader',
    });
    const count = countText(run, width);
    const text = svg(
      'text',
      { x: right + 1, y: place + 4, class: 'label end' },
      svg('tspan', { class: 'strong' }, id),
      ` ${formatNumber(endOf(run, measure.name).value, measure.digits)}`,
      ...(count ? [svg('tspan', { class: 'quiet', dx: 4 }, count)] : []),
    );
    return legendEntry(id, svg('g', { 'data-runs': id }, leader, text));
  });
}
