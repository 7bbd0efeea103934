// What is dense in a drawing: fields, cells and points, painted on one canvas below all else.
// Invariant: one canvas a drawing, since each costs the browser a layer; it is painted again only where something that
// its parts are `of` is another. Knows nothing of what is painted.

import type { RunId } from '../../core/sheet';
import type { Frame } from '../figure';
import { reportRun } from './follow';
import type { Mark, Painter } from './mark';
import { html, svg } from './svg';

/** A part of the canvas: whose it is, where it stands, of what it is and how it is painted. */
export interface Part {
  readonly runs: readonly RunId[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly of: readonly unknown[];
  readonly paint: Painter;
}

/**
 * The canvas, and over each part a veil, which does for it what dimming does for marks, and reports the part's run.
 * `of` is what all parts depend on; what is no number or text is compared as JSON where it is a list.
 */
export function painted(
  width: number,
  height: number,
  parts: readonly Part[],
  of: readonly unknown[],
  frame: Frame,
): Mark[] {
  const board = html('canvas', { 'data-width': width, 'data-height': height });
  board.canvas = {
    of: [
      JSON.stringify(of),
      ...parts.flatMap(({ x, y, width: across, height: down, of: own }) => [x, y, across, down, ...own]),
    ],
    paint(context, tone, scale) {
      for (const { x, y, paint } of parts) {
        context.save();
        context.translate(x, y);
        paint(context, tone, scale);
        context.restore();
      }
    },
  };
  const veils = parts.map(({ runs, x, y, width: across, height: down }) => {
    const veil = svg('rect', {
      x,
      y,
      width: across,
      height: down,
      class: 'veil',
      'data-runs': runs.join(' '),
    });
    const [only] = runs;
    if (only !== undefined && runs.length === 1) reportRun(veil, only, frame);
    return veil;
  });
  return [svg('foreignObject', { width, height }, board), ...veils];
}
