// Keeps a sheet that arrived by a link or an example: the sheet becomes one of the person's, beside the others, with a name.
// Invariant: a copy of an example has the example's title, edited or not, unless the sheet has a title of its own.

import { statesOf } from '../../core/sheet/history';
import { focusActiveCell } from '../dom/focus';
import { exampleAt } from '../examples/examples';
import type { SessionDocument } from '../session/document';
import type { SessionNotices } from '../session/notices';
import { fullName, namedBy } from './sheet-name';

/** Keeps the linked sheet, and says under what name. */
export async function keepCopy(session: SessionDocument & SessionNotices): Promise<void> {
  const [first = session.sheet()] = statesOf(session.open().history);
  const example = exampleAt(session.addressOf(first)) ?? exampleAt(session.address());
  await session.sheets.keepCopy(example?.title);
  // The button that had the focus is gone with its line.
  if (document.activeElement === document.body) focusActiveCell({ preventScroll: true });
  session.report(`Kept as “${fullName(namedBy(session.sheet()))}”`);
}
