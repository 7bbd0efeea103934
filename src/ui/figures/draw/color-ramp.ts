// The colours of magnitudes: the steps of viridis, and their legend.
// Invariant: a step's colour depends on the share alone, so that equal values look equal in every panel and run.

import { RAMP_COLORS, STEPS } from '../../text/viridis';
import type { Mark } from './mark';
import { label, svg } from './svg';

/** The step of a share; shares below 0 or above 1 get the first or the last step. */
export const rampStep = (share: number): number =>
  Math.min(STEPS - 1, Math.max(0, Math.floor(share * STEPS)));

/** Ticks of a legend: position as a share of the length, and text. */
export type RampTicks = readonly (readonly [share: number, text: string])[];

/**
 * A legend of this length in pixels, RAMP_HEIGHT high: the measure in words, the colours, and ticks below.
 * Without ticks it has no colours.
 */
export function rampLegend(words: string, length: number, ticks: RampTicks): Mark {
  const group = svg('g', { class: 'ramp' }, label(words, 0, 11, { class: 'quiet' }));
  if (ticks.length === 0) return group;
  const step = length / STEPS;
  RAMP_COLORS.forEach((fill, index) => {
    group.append(svg('rect', { x: index * step, y: 17, width: step + 0.5, height: 8, fill }));
  });
  for (const [share, text] of ticks) {
    const anchor = share < 0.04 ? 'start' : share > 0.96 ? 'end' : 'middle';
    group.append(svg('path', { d: `M${share * length} 25v3`, class: 'tick' }));
    group.append(label(text, share * length, 39, { 'text-anchor': anchor }));
  }
  return group;
}

/** Height in pixels of a legend. */
export const RAMP_HEIGHT = 44;
