// Chooses the active cell of a sheet that opens.
// Invariant: the cell follows from the sheet and its owner, never from the speed of storage or from the sheet that was open
// before, so that a link opens for its recipient as it opens for its sender.

import type { RunId } from '../../core/sheet/sheet';
import type { OpenSheet } from './open-sheets';

/**
 * The training of the first run: it is in view in any sheet, and computed first. On a first visit, the
 * activation of the last run, the fair twin: the subject of the opening sheet.
 */
export function openingCell({ id, linked, history }: OpenSheet): { run: RunId; row: string } {
  const { runs } = history.present;
  const isFirstVisit = id === undefined && !linked;
  return isFirstVisit
    ? { run: runs.at(-1)?.id ?? 'A', row: 'architecture.activation' }
    : { run: runs[0]?.id ?? 'A', row: 'train' };
}
