// What tabs announce to each other about sheets: which one changed, its revision where there is a new one,
// and whether the sheet was removed.
// Invariant: an announcement is hostile until it is parsed; one that makes no sense counts as one that was missed.

import * as v from 'valibot';
import { sheetId } from '../../platform/storage/sheets/sheet-records';

const notice = v.object({
  id: sheetId,
  revision: v.exactOptional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  removed: v.exactOptional(v.literal(true)),
});

export type SheetNotice = v.InferOutput<typeof notice>;

/** What another tab announced; undefined where that makes no sense, or where something may have been missed. */
export function parseNotice(data: unknown): SheetNotice | undefined {
  const parsed = v.safeParse(notice, data);
  return parsed.success ? parsed.output : undefined;
}
