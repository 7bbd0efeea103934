// The canvas of a drawing: paints fields, cells and points on one canvas below all other marks.
// Invariant: one canvas per drawing, since each canvas costs the browser a layer; the canvas is painted again only when a box of
// its parts or a value in `of` changes. Knows nothing of the content of the parts.

import type { RunId } from '../../../core/sheet/sheet';
import { type CanvasPart, paintPart } from './canvas';
import type { Frame } from './figure';
import { reportRun } from './frame-following';
import type { Mark } from './mark';
import { html, svg } from './svg';

/** A part of the canvas, and the runs that it belongs to. */
export interface Part extends CanvasPart {
  readonly runs: readonly RunId[];
}

/**
 * The canvas of a drawing, and over each part a veil: dimming the veil dims the part, and the veil of a
 * single run reports that run. `of` lists the values that all parts depend on, compared as JSON.
 */
export function canvasMarks(
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
