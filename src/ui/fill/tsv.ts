// Reads and writes tables as text, in the clipboard format of Excel, Google Sheets and LibreOffice: tabs between fields, lines.
// Invariant: reading a written text gives the same fields back. A wrongly quoted field is taken literally, so that nothing is
// lost: a quote counts only if it opens a field and its counterpart closes the field.

import type { Parsed } from '../../core/kinds/param';
import { grouped } from '../../core/text-formatting';

/** Upper bounds on a table: lines, and fields in a line. */
export const MAX_LINES = 1_000;
export const MAX_FIELDS = 1_000;
const MAX_LENGTH = 8 * 2 ** 20;

type Fields = readonly (readonly string[])[];

/**
 * The index behind the closing quote of the quoted field that begins at `start`; -1 if the field is not
 * validly quoted.
 */
function endOfQuoted(text: string, start: number): number {
  let at = start + 1;
  for (;;) {
    at = text.indexOf('"', at);
    if (at < 0) return -1;
    if (text[at + 1] !== '"') break;
    at += 2;
  }
  const next = text[at + 1];
  return next === undefined || next === '\t' || next === '\n' || next === '\r' ? at + 1 : -1;
}

/**
 * Parses TSV into [lines][fields]; lines may differ in length, and a final line end begins no further
 * line. Fails with a reason above the bounds.
 */
export function parseTsv(text: string): Parsed<string[][]> {
  const refused = (reason: string): Parsed<string[][]> => ({ ok: false, reason });
  if (text.length > MAX_LENGTH) return refused(`the table has more than ${grouped(MAX_LENGTH)} characters`);
  const lines: string[][] = [];
  let at = 0;
  while (at < text.length) {
    if (lines.length === MAX_LINES) return refused(`the table has more than ${grouped(MAX_LINES)} lines`);
    const fields: string[] = [];
    for (;;) {
      if (fields.length === MAX_FIELDS)
        return refused(`line ${grouped(lines.length + 1)} has more than ${grouped(MAX_FIELDS)} fields`);
      const quoted = text[at] === '"' ? endOfQuoted(text, at) : -1;
      let end = quoted;
      if (quoted < 0) for (end = at; end < text.length && !/[\t\r\n]/.test(text.charAt(end)); ) end++;
      fields.push(quoted < 0 ? text.slice(at, end) : text.slice(at + 1, end - 1).replaceAll('""', '"'));
      at = end;
      if (text[at] !== '\t') break;
      at++;
    }
    lines.push(fields);
    at += text.startsWith('\r\n', at) ? 2 : 1;
  }
  return { ok: true, value: lines };
}

const quoted = (field: string): string =>
  /["\t\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;

/**
 * Writes [lines][fields] as TSV; a line needs at least one field. A final line end is written only if the
 * last line is empty, because a parser would lose that line.
 */
export function writeTsv(lines: Fields): string {
  const text = lines.map((fields) => fields.map(quoted).join('\t')).join('\n');
  return lines.length > 0 && /(^|\n)$/.test(text) ? `${text}\n` : text;
}
