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

/** Length in pixels of the colours of a legend. */
export const RAMP_LENGTH = 160;

/** Pixels between the words of a legend and the colours beside them. */
const GAP = 16;

/** Height in pixels of a line of words above the colours, and of the colours with their ticks. */
const [LINE, BODY] = [16, 30];

/** The layout of a legend: its height, the width for its words, and the place of its colours. */
export interface RampLayout {
  readonly height: number;
  readonly words: number;
  readonly x: number;
  readonly y: number;
}

/** A legend of two lines: the words, and the colours below. */
export const rampBelow = (width: number): RampLayout => ({
  height: LINE + BODY,
  words: width,
  x: 0,
  y: LINE,
});

/** A legend of one line, the colours at the right, if the width allows; else of two. */
export const rampBeside = (width: number): RampLayout =>
  width < 480
    ? rampBelow(width)
    : { height: BODY, words: width - RAMP_LENGTH - GAP, x: width - RAMP_LENGTH, y: 0 };

/** The measure in words and the colours, with ticks below. Without ticks there are no colours. */
export function rampLegend(words: string, { x, y }: RampLayout, ticks: RampTicks): Mark {
  const group = svg('g', { class: 'ramp' }, label(words, 0, 12, { class: 'quiet' }));
  if (ticks.length === 0) return group;
  const step = RAMP_LENGTH / STEPS;
  RAMP_COLORS.forEach((fill, index) => {
    group.append(svg('rect', { x: x + index * step, y: y + 3, width: step + 0.5, height: 8, fill }));
  });
  for (const [share, text] of ticks) {
    const anchor = share < 0.1 ? 'start' : share > 0.9 ? 'end' : 'middle';
    const at = x + share * RAMP_LENGTH;
    group.append(svg('path', { d: `M${at} ${y + 11}v3`, class: 'tick' }));
    group.append(label(text, at, y + 24, { 'text-anchor': anchor, class: 'quiet' }));
  }
  return group;
}
