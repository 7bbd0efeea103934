// Loads the panel of rows of formulas with its first use, and opens it.
// Invariant: one panel at a time: a double click does not open it twice.

import { late, withPart } from '../../core/late-loading';
import type { Session } from '../session/session';
import type { OwnRow } from '../text/sheet-rows';

const rowPanel = late(() => import('./row-panel'));

let isOpening = false;

/** Opens the panel of a row of formulas; for the proposed row, the panel of a new row. */
export function openRow(session: Session, row: OwnRow): void {
  if (isOpening || document.querySelector('dialog[open]')) return;
  isOpening = true;
  const done = (): void => {
    isOpening = false;
  };
  withPart(rowPanel, ({ openRowPanel }) =>
    row.proposed === undefined
      ? openRowPanel(session, row.name)
      : openRowPanel(session, undefined, [row.name, row.proposed]),
  );
  rowPanel().then(done, done);
}
