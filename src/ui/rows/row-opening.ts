// Opens the panel of a row of formulas, which loads on first use.
// Invariant: one panel at a time.

import { late, withPart } from '../../core/late-loading';
import type { Session } from '../session/session';
import type { Row } from '../text/sheet-rows';

const rowPanel = late(() => import('./row-panel'));

let isOpening = false;

/** Opens the panel of a row of formulas, or of a new row. */
export function openRow(session: Session, row: Row & { type: 'own' | 'add' }): void {
  // A double click must not open the panel twice.
  if (isOpening || document.querySelector('dialog[open]')) return;
  isOpening = true;
  const done = (): void => {
    isOpening = false;
  };
  withPart(rowPanel, ({ openRowPanel }) => openRowPanel(session, row.type === 'own' ? row.name : undefined));
  rowPanel().then(done, done);
}
