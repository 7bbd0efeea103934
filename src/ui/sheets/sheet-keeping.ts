// Keeps a sheet that arrived by a link or an example: the sheet joins the person's own sheets, with a
// name.
// Invariant: a copy of an example has the example's title, edited or not, unless the sheet has a title of
// its own.

import { statesOf } from '../../core/sheet/history';
import { focusActiveCell } from '../dom/focus';
import { exampleAt } from '../examples/examples';
import type { SessionDocument } from '../session/document';
import type { SessionNotices } from '../session/notices';
import { fullName, namedBy } from './sheet-name';

/** Adds the linked sheet to the person's sheets and reports the copy's name. */
export async function keepCopy(session: SessionDocument & SessionNotices): Promise<void> {
  const [first = session.sheet()] = statesOf(session.open().history);
  const example = exampleAt(session.addressOf(first)) ?? exampleAt(session.address());
  await session.sheets.keepCopy(example?.title);
  // The focused button disappears together with its line.
  if (document.activeElement === document.body) focusActiveCell({ preventScroll: true });
  session.report(`Kept as “${fullName(namedBy(session.sheet()))}”`);
}
