// The colours of magnitudes: viridis in steps, which colour-blind eyes and greyscale prints can read, and its legend.
// Invariant: a step's colour depends on the share alone, so that equal values look equal in every panel and run.

import { scale } from '@observablehq/plot';
import type { Mark } from './mark';
import { label, svg } from './svg';

/** How many steps a colour scale has: one path is drawn for each. */
export const STEPS = 40;

let colors: readonly string[] | undefined;

/** Viridis in STEPS steps, dark for little, light for much. */
export function rampColors(): readonly string[] {
  if (!colors) {
    const viridis = scale({ color: { type: 'linear', scheme: 'viridis', domain: [0, 1] } });
    colors = Array.from({ length: STEPS }, (_, step) => String(viridis.apply(step / (STEPS - 1))));
  }
  return colors;
}

/** The step of a share from 0 to 1. */
export const rampStep = (share: number): number =>
  Math.min(STEPS - 1, Math.max(0, Math.floor(share * STEPS)));

/** Ticks of a legend: where each stands, as a share of the length, and its text. */
export type RampTicks = readonly (readonly [share: number, text: string])[];

/** A legend of the given length: what is measured, the colours, and ticks below; without ticks no colours. It is RAMP_HEIGHT high. */
export function rampLegend(words: string, length: number, ticks: RampTicks): Mark {
  const group = svg('g', { class: 'ramp' }, label(words, 0, 11, { class: 'quiet' }));
  if (ticks.length === 0) return group;
  const step = length / STEPS;
  rampColors().forEach((fill, index) => {
    group.append(svg('rect', { x: index * step, y: 17, width: step + 0.5, height: 8, fill }));
  });
  for (const [share, text] of ticks) {
    const anchor = share < 0.04 ? 'start' : share > 0.96 ? 'end' : 'middle';
    group.append(svg('path', { d: `M${share * length} 25v3`, class: 'tick' }));
    group.append(label(text, share * length, 39, { 'text-anchor': anchor }));
  }
  return group;
}

export const RAMP_HEIGHT = 44;
