// The notices that tabs send each other about sheets: the changed sheet, its new revision if there is one, and whether the
// sheet was removed.
// Invariant: a notice is hostile until parsed; a notice that makes no sense counts as a missed notice.

import * as v from 'valibot';
import { sheetId } from '../../platform/storage/sheets/sheet-records';

const notice = v.object({
  id: sheetId,
  revision: v.exactOptional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  removed: v.exactOptional(v.literal(true)),
});

/** A parsed notice of another tab about one sheet. */
export type SheetNotice = v.InferOutput<typeof notice>;

/** Parses another tab's notice; undefined if it is invalid, or if notices may have been missed. */
export function parseNotice(data: unknown): SheetNotice | undefined {
  const parsed = v.safeParse(notice, data);
  return parsed.success ? parsed.output : undefined;
}
