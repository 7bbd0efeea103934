// A curve the size of a word, beside the figure that it leads to. The curve is decoration; the figure gives the number.

import { curvePath } from './curve-path';

/** Draws values in order, hidden from assistive technology; `log` draws their logarithms. */
export function SmallCurve(props: { values: Float64Array; log: boolean }) {
  return (
    <svg class="small-curve" viewBox="0 0 48 16" aria-hidden="true">
      <path d={curvePath(props.values, props.log)} />
    </svg>
  );
}
