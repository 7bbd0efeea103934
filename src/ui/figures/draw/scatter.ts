// One panel of points in the plane, with equal aspect and quiet axes; the caller draws the content within the axes.
// Invariant: a unit is as long across as it is up, in every panel of a figure.

import type { RunId } from '../../../core/sheet/sheet';
import { axisBelow, axisLeft, type Chart, chartOf } from './axes';
import type { Painter } from './canvas';
import type { Part } from './canvas-layer';
import type { Mark } from './mark';
import { HEADER } from './panels';
import type { Extent } from './points';
import { label, svg } from './svg';
import { evenTicks, tickText } from './ticks';

const LEFT = 34;
const BOTTOM = 30;
const TOP = 14;
const RIGHT = 4;

/**
 * Height in pixels of a panel of that width: the height for equal aspect, within bounds that keep it
 * readable.
 */
export function scatterHeight(width: number, x: Extent, y: Extent): number {
  const plane = (width - LEFT - RIGHT) * ((y[1] - y[0]) / (x[1] - x[0]));
  return Math.round(Math.min(Math.max(plane, 60), 320) + TOP + BOTTOM);
}

/** Widens one of the two extents so that a unit has the same length on both axes. */
function equalAspect(x: Extent, y: Extent, width: number, height: number): [Extent, Extent] {
  const unit = Math.max((x[1] - x[0]) / width, (y[1] - y[0]) / height);
  const widen = ([low, high]: Extent, length: number): Extent => {
    const more = (unit * length - (high - low)) / 2;
    return [low - more, high + more];
  };
  return [widen(x, width), widen(y, height)];
}

/** A chart with scales of equal aspect. `axes` makes new marks on each call, one for each panel. */
export function scatterChart(
  width: number,
  height: number,
  extent: { readonly x: Extent; readonly y: Extent },
): Chart & { axes(): Mark } {
  const [x, y] = equalAspect(extent.x, extent.y, width - LEFT - RIGHT, height - TOP - BOTTOM);
  const chart = chartOf({
    width,
    height,
    margin: [TOP, RIGHT, BOTTOM, LEFT],
    x: { type: 'linear', domain: x },
    y: { type: 'linear', domain: y },
  });
  const ticks = (domain: Extent, room: number) =>
    ({ at: evenTicks(...domain, room), text: tickText, lines: 'short' }) as const;
  const axes = () =>
    svg(
      'g',
      {},
      axisBelow(chart, ticks(x, width < 250 ? 3.5 : 6)),
      axisLeft(chart, ticks(y, height < 160 ? 3.5 : 6)),
      label('x₁', LEFT - 6, 9, { class: 'quiet', 'text-anchor': 'end' }),
      label('x₀', width - RIGHT, height - 2, { class: 'quiet', 'text-anchor': 'end' }),
    );
  return { ...chart, axes };
}

/**
 * Part of the canvas for the content within the axes, for a panel at this place of the drawing. `of` lists
 * the values that the painting depends on.
 */
export const withinAxes = (
  runs: readonly RunId[],
  { x, y }: { readonly x: number; readonly y: number },
  { width, height }: Chart,
  of: readonly unknown[],
  paint: Painter,
): Part => ({ runs, x, y: y + HEADER, width, height, of, paint });

/** The axes of a panel, moved below its header. */
export const below = ({ axes }: { axes(): Mark }): Mark =>
  svg('g', { transform: `translate(0 ${HEADER})` }, axes());
