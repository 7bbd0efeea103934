// The colours of magnitudes: viridis in steps, readable for colour-blind eyes and in greyscale prints, and its legend.
// Invariant: a step's colour depends on the share alone, so that equal values look equal in every panel and run.

import type { Mark } from './mark';
import { label, svg } from './svg';

/**
 * Viridis, dark for small and light for large values. The colours are Observable Plot's; its module is too
 * large to load for them.
 */
export const RAMP_COLORS: readonly string[] = [
  '#440154 #460a5d #481467 #481c6e #482576 #472d7b #453581 #433d84 #404588 #3d4d8a',
  '#3a538b #375b8d #34618d #31688e #2e6e8e #2b748e #297b8e #26818e #24878e #228d8d',
  '#20938c #1f998a #1fa088 #21a585 #25ac82 #2db27d #35b779 #40bd72 #4cc26c #5ac864',
  '#67cc5c #77d153 #89d548 #98d83e #aadc32 #bade28 #cde11d #dde318 #efe51c #fde725',
].flatMap((colors) => colors.split(' '));

/** Number of steps of the colour scale; each step is drawn as one path. */
export const STEPS = RAMP_COLORS.length;

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
