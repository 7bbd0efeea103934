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

/** Width in pixels of a character of a tick, and the least distance of two texts. */
const [CHARACTER, APART] = [6.2, 8];

const anchorOf = (share: number): 'start' | 'middle' | 'end' =>
  share < 0.1 ? 'start' : share > 0.9 ? 'end' : 'middle';

/** The left and the right end of a tick's text, in pixels from the start of the colours. */
function extentOf([share, text]: RampTicks[number]): readonly [number, number] {
  const width = text.length * CHARACTER;
  const left = share * RAMP_LENGTH - { start: 0, middle: width / 2, end: width }[anchorOf(share)];
  return [left, left + width];
}

/** The ticks, from the lowest on, whose texts stand apart; the highest tick keeps its text, and others make room. */
export function readableTicks(ticks: RampTicks): RampTicks {
  const sorted = ticks.toSorted(([a], [b]) => a - b);
  const last = sorted.pop();
  const kept: RampTicks[number][] = [];
  const isApart = (left: RampTicks[number] | undefined, right: RampTicks[number]): boolean =>
    !left || extentOf(left)[1] + APART <= extentOf(right)[0];
  for (const tick of sorted) if (isApart(kept.at(-1), tick)) kept.push(tick);
  while (last && !isApart(kept.at(-1), last)) kept.pop();
  return last ? [...kept, last] : kept;
}

/** The measure in words and the colours, with ticks below. Without ticks there are no colours. */
export function rampLegend(words: string, { x, y }: RampLayout, ticks: RampTicks): Mark {
  const group = svg('g', { class: 'ramp' }, label(words, 0, 12, { class: 'quiet' }));
  if (ticks.length === 0) return group;
  const step = RAMP_LENGTH / STEPS;
  RAMP_COLORS.forEach((fill, index) => {
    group.append(svg('rect', { x: x + index * step, y: y + 3, width: step + 0.5, height: 8, fill }));
  });
  const readable = new Set(readableTicks(ticks).map(([share]) => share));
  for (const [share, text] of ticks) {
    const at = x + share * RAMP_LENGTH;
    group.append(svg('path', { d: `M${at} ${y + 11}v3`, class: 'tick' }));
    if (readable.has(share))
      group.append(label(text, at, y + 24, { 'text-anchor': anchorOf(share), class: 'quiet' }));
  }
  return group;
}
