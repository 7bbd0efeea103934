// The right edge of a run's header: a drag changes the width of the column, a double click gives it the width of its texts.
// Invariant: a press on the edge selects nothing, moves no run and leaves no listener. The run's menu does the same by keys.

import type { RunId } from '../../core/sheet/sheet';
import type { ColumnWidths } from '../workspace/column-widths';

/** Makes an element the edge of a run's header. */
export function attachEdge(edge: HTMLElement, run: RunId, widths: ColumnWidths): void {
  edge.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    const before = widths.of(run);
    const from = event.clientX;
    edge.setPointerCapture(event.pointerId);
    const drag = ({ clientX }: PointerEvent): void => widths.set(run, before + clientX - from);
    edge.addEventListener('pointermove', drag);
    edge.addEventListener('lostpointercapture', () => edge.removeEventListener('pointermove', drag), {
      once: true,
    });
  });
  edge.addEventListener('mousedown', (event) => event.stopPropagation());
  edge.addEventListener('dblclick', (event) => {
    event.stopPropagation();
    widths.set(run, undefined);
  });
}
