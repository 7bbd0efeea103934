// The colours of runs: Okabe and Ito's palette, which colour-blind eyes can tell apart (jfly.uni-koeln.de/color).
// Invariant: a run's colour follows from its id alone, so that it is the same in the sheet and in every figure.

import type { RunId } from '../../core/sheet/sheet';

/**
 * Blue, vermillion, green, purple; orange and sky blue darkened to a contrast of 3 : 1 with white and with
 * near-black.
 */
export const RUN_COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b87f00', '#2b8fc9'] as const;

/**
 * The colour of a run by its id: A has the first colour, B the second; after the last, the colours repeat.
 */
export function runColor(id: RunId): string {
  const index = [...id].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  return RUN_COLORS[index % RUN_COLORS.length] ?? RUN_COLORS[0];
}
