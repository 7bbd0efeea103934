// What filling and pasting work with besides the desk: a way to say what was done, and a look ahead at what it would cost.
// Invariant: an edit is one step of the history, says what it did, and leaves selected what it wrote.

import type { Foresight } from '../session/session';
import type { Desk } from '../workspace/workspace';
import type { BlockEdit } from './block';

export interface FillDesk extends Desk {
  /** Says politely what was done, in the receipt line. */
  report(text: string): void;
  readonly foresight: Foresight;
}

/** The desk with what its session knows of the sheets that could be. */
export const fillDeskOf = (desk: Desk): FillDesk => ({
  ...desk,
  report: desk.session.report,
  foresight: desk.session.foresight,
});

/** Makes an edit, says what it did and selects what it wrote; false where it could not be made, which has been said. */
export function makeEdit(
  { session, selection, report }: FillDesk,
  edit: Pick<BlockEdit, 'label' | 'done' | 'make' | 'corners'>,
): boolean {
  let refused = true;
  session.edit(edit.label, (sheet) => {
    const made = edit.make(sheet);
    refused = false;
    return made;
  });
  if (refused) return false;
  report(edit.done);
  const corners = edit.corners(session.sheet());
  if (corners) selection.set(corners.from, corners.to);
  return true;
}
