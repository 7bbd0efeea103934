// One panel of points in the plane, with equal aspect and quiet axes; what lies under and over them is the caller's.
// Invariant: a unit is as long across as it is up, in every panel of a figure.

import { axisX, axisY } from '@observablehq/plot';
import type { Extent } from './points';
import { tickText } from './series';
import { type Chart, chart, label } from './svg';

const LEFT = 34;
const BOTTOM = 30;
const TOP = 14;
const RIGHT = 4;

/** The height of a panel of that width: what equal aspect takes, within bounds that keep it readable. */
export function scatterHeight(width: number, x: Extent, y: Extent): number {
  const plane = (width - LEFT - RIGHT) * ((y[1] - y[0]) / (x[1] - x[0]));
  return Math.round(Math.min(Math.max(plane, 60), 320) + TOP + BOTTOM);
}

/** Widens the shorter of the two extents so that a unit has one length on both axes. */
function equalAspect(x: Extent, y: Extent, width: number, height: number): [Extent, Extent] {
  const unit = Math.max((x[1] - x[0]) / width, (y[1] - y[0]) / height);
  const widen = ([low, high]: Extent, length: number): Extent => {
    const more = (unit * length - (high - low)) / 2;
    return [low - more, high + more];
  };
  return [widen(x, width), widen(y, height)];
}

/** Draws the axes; the chart's scales place the points. */
export function scatterChart(
  width: number,
  height: number,
  extent: { readonly x: Extent; readonly y: Extent },
): Chart {
  const [x, y] = equalAspect(extent.x, extent.y, width - LEFT - RIGHT, height - TOP - BOTTOM);
  const plain = { tickSize: 3, tickPadding: 3, label: null, tickFormat: tickText };
  const drawn = chart({
    width,
    height,
    marginLeft: LEFT,
    marginRight: RIGHT,
    marginTop: TOP,
    marginBottom: BOTTOM,
    x: { type: 'linear', domain: x },
    y: { type: 'linear', domain: y },
    marks: [
      axisX({ ...plain, ticks: width < 250 ? 3 : 5 }),
      axisY({ ...plain, ticks: height < 160 ? 3 : 5 }),
    ],
  });
  drawn.element.append(
    label('x₁', LEFT - 6, 9, { class: 'quiet', 'text-anchor': 'end' }),
    label('x₀', width - RIGHT, height - 2, { class: 'quiet', 'text-anchor': 'end' }),
  );
  return drawn;
}
