// The canvas of a drawing: paints fields, cells and points on one canvas below all other marks.
// Invariant: one canvas a drawing, since each canvas costs the browser a layer; the canvas is painted again only when a box of
// its parts or a value in `of` changes. Knows nothing of the content of the parts.

import type { RunId } from '../../../core/sheet/sheet';
import { type CanvasPart, paintPart } from './canvas';
import type { Frame } from './figure';
import { reportRun } from './follow';
import type { Mark } from './mark';
import { html, svg } from './svg';

/** A part of the canvas, and whose it is. */
export interface Part extends CanvasPart {
  readonly runs: readonly RunId[];
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
    parts,
    of: [JSON.stringify(of)],
    paint: (...by) => {
      for (const part of parts) paintPart(part, ...by);
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
