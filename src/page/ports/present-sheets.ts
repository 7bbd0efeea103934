// Collects the present states of all sheets, for callers that check which results the sheets need.
// Invariant: all sheets or none: if one sheet cannot be read, the call rejects. The sheet on the screen is among them, stored
// or not. Knows no results.

import type { Sheet } from '../../core/sheet/sheet';
import { sameSheet } from '../../core/sheet/sheet-patch';
import type { SheetList } from '../../platform/storage/sheets/sheet-list';
import type { SheetStore } from '../../platform/storage/sheets/sheets';
import { isReadable } from '../sheets/sheet-finding';

/** A sheet's present state, and the size of its undo steps on disk, in characters. */
interface PresentSheet {
  readonly sheet: Sheet;
  readonly stepBytes: number;
}

/** Returns all stored sheets except removed ones, and `shown`; rejects if a sheet cannot be read. */
export async function presentSheets(
  list: Pick<SheetList, 'heads' | 'lost'>,
  store: Pick<SheetStore, 'read'>,
  shown: Sheet,
): Promise<readonly PresentSheet[]> {
  const sheets: PresentSheet[] = [];
  const [lost] = await list.lost();
  if (lost !== undefined) throw new Error(`the sheet ${lost} cannot be read`);
  for (const { id, removed } of await list.heads()) {
    if (removed !== undefined) continue;
    const found = await store.read(id, false);
    if (found && !isReadable(found)) throw new Error(`the sheet ${id} cannot be read`);
    if (!found) continue;
    const stepBytes = found.sizes.reduce((sum, size) => sum + size, 0);
    sheets.push({ sheet: found.history.present, stepBytes });
  }
  const isThere = sheets.some(({ sheet }) => sameSheet(sheet, shown));
  return isThere ? sheets : [...sheets, { sheet: shown, stepBytes: 0 }];
}
