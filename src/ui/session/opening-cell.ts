// Where a sheet opens: which of its cells is the active one when it comes on the screen.
// Invariant: it follows from the sheet and from whose it is, never from how fast storage answered or what was open before, so
// that a link opens for whoever follows it as it opens for the person who sent it.

import type { RunId } from '../../core/sheet/sheet';
import type { OpenSheet } from './open-sheets';

/**
 * The training of the first run, which is in view in any sheet and computed first. The sheet of a first visit opens at what
 * its story is about: the activation of its last run, the fair twin.
 */
export function openingCell({ id, linked, history }: OpenSheet): { run: RunId; row: string } {
  const { runs } = history.present;
  const isFirstVisit = id === undefined && !linked;
  return isFirstVisit
    ? { run: runs.at(-1)?.id ?? 'A', row: 'architecture.activation' }
    : { run: runs[0]?.id ?? 'A', row: 'train' };
}
