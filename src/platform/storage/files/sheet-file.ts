// The file of one sheet, `.gradsheet`: JSON in UTF-8 that a person can read and compare line by line.
//   { "format": "gradsheet sheet", "version": 1, "address"?, "title"?, "sheet", "checksum" }
// `sheet` holds the document, including invalid texts. `address` is for people and the command line, and is present only if
// every text is valid. `checksum` is the SHA-256 of the canonical text of the other fields (checksums.ts).
// Invariant: reading gives a whole sheet or nothing; a sheet with a wrong checksum is offered and marked as changed.

import * as v from 'valibot';
import { quote } from '../../../core/kinds/param';
import { cleanName, MAX_ROWS, MAX_RUNS, type Sheet } from '../../../core/sheet/sheet';
import { parseJson, sealed, sealOf } from '../checksums';
import { FileFault } from '../file-fault';
import { parseSheet, sheetData } from '../sheets/sheet-data';

const FORMAT = 'gradsheet sheet';
const VERSION = 1;

/** The file name extension of a sheet's file. */
export const SHEET_SUFFIX = '.gradsheet';

/** The content of a sheet's file. */
export interface FiledSheet {
  readonly title: string;
  readonly sheet: Sheet;
}

/** Matches a pair of texts over several lines, to put it on one; a JSON text never contains a line break. */
const PAIR = /\[\n\s*("(?:[^"\\]|\\.)*"),\n\s*("(?:[^"\\]|\\.)*")\n\s*\]/g;

/** Returns the text of a sheet's file; `address` is left out if a text in the sheet is invalid. */
export async function writeSheetFile({ title, sheet }: FiledSheet, address?: string): Promise<string> {
  const file = await sealed({
    format: FORMAT,
    version: VERSION,
    ...(address !== undefined && { address }),
    ...(title !== '' && { title }),
    sheet: sheetData(sheet),
  });
  return `${JSON.stringify(file, null, 2).replace(PAIR, '[$1, $2]')}\n`;
}

// Accepts fields of later versions.
const sheetFile = v.looseObject({
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  title: v.exactOptional(v.string(), ''),
  sheet: v.looseObject({}),
});

const PLAIN_RUN = { id: 'A', name: '', overrides: [] };

function withoutBase(run: unknown): unknown {
  if (typeof run !== 'object' || run === null) return run;
  const { base: _, ...rest } = run as { readonly base?: unknown };
  return rest;
}

/** Returns the place of the fault within a sheet: the first run or row that is invalid on its own. */
function faultyPlace({ version, runs, rows }: Readonly<Record<string, unknown>>): string {
  const isSound = (run: unknown, ...own: unknown[]): boolean =>
    parseSheet({ version, runs: [withoutBase(run)], ...(own.length > 0 && { rows: own }) }) !== undefined;
  if (!isSound(PLAIN_RUN)) return 'sheet.version';
  if (!Array.isArray(runs)) return 'sheet.runs';
  const run = runs.slice(0, MAX_RUNS).findIndex((one) => !isSound(one));
  if (run >= 0) return `sheet.runs.${run}`;
  const row = Array.isArray(rows) ? rows.slice(0, MAX_ROWS).findIndex((one) => !isSound(PLAIN_RUN, one)) : -1;
  return row >= 0 ? `sheet.rows.${row}` : 'sheet';
}

/** Reads a sheet's file. `notes` are remarks for the person. Throws `FileFault`, which names the place. */
export async function readSheetFile(
  bytes: Uint8Array,
): Promise<FiledSheet & { readonly notes: readonly string[] }> {
  const data = parseJson(bytes);
  if (typeof data !== 'object' || data === null || !('format' in data))
    throw new FileFault('not the file of a sheet');
  if (data.format !== FORMAT)
    throw new FileFault(`format: ${quote(String(data.format))} is not ${quote(FORMAT)}`);
  const parsed = v.safeParse(sheetFile, data, { abortEarly: true });
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new FileFault(`${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`);
  }
  const { version, title, sheet: content } = parsed.output;
  const notes: string[] = [];
  if (version > VERSION)
    notes.push(`written by a newer Gradsheet (version ${version}); unknown data were skipped`);
  const seal = await sealOf(data);
  if (seal === 'damaged')
    notes.push('read, but the checksum does not match: the file was changed after it was saved');
  if (seal === 'none') notes.push('read, but the file has no checksum');
  const sheet = parseSheet(content);
  if (!sheet) throw new FileFault(`${faultyPlace(content)}: not valid in this version`);
  return { title: cleanName(title), sheet, notes };
}
