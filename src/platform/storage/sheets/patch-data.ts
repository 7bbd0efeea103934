// A patch, the change that one edit makes to a sheet, as plain data for storage; and back.
// Invariant: data are hostile until parsed, and then are a whole patch or nothing. Does not know whether the patch fits a sheet.

import * as v from 'valibot';
import { MAX_RUNS } from '../../../core/sheet/sheet';
import type { SheetPatch } from '../../../core/sheet/sheet-patch';
import {
  dataOf,
  isBounded,
  rowData,
  runId,
  runOf,
  storedNote,
  storedRows,
  storedRun,
  storedTitle,
} from './sheet-data';

const storedPatch = v.strictObject({
  order: v.exactOptional(v.pipe(v.array(runId), v.maxLength(MAX_RUNS))),
  runs: v.exactOptional(v.pipe(v.array(storedRun), v.maxLength(MAX_RUNS), v.check(isBounded))),
  rows: v.exactOptional(storedRows),
  title: v.exactOptional(storedTitle),
  note: v.exactOptional(storedNote),
});

/** Parses a patch; undefined if the data is no whole patch. */
export function parsePatch(data: unknown): SheetPatch | undefined {
  const parsed = v.safeParse(storedPatch, data);
  if (!parsed.success) return undefined;
  const { runs, ...patch } = parsed.output;
  return { ...patch, ...(runs && { runs: runs.map(runOf) }) };
}

/** Returns a patch as plain data. */
export function patchData({ order, runs, rows, title, note }: SheetPatch): v.InferInput<typeof storedPatch> {
  return {
    ...(order && { order: [...order] }),
    ...(runs && { runs: runs.map(dataOf) }),
    ...(rows && { rows: rows.map(rowData) }),
    ...(title !== undefined && { title }),
    ...(note !== undefined && { note }),
  };
}
