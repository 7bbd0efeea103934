// Writes an address: a whole sheet as readable text for the fragment of a URL.
// Invariants: equal sheets have equal addresses, and reading an address (address.ts) gives the sheet back. An address arrives whole
// through chats, mail and Markdown: it contains no character that linkifiers cut from its end or Markdown takes as its own.

import type { Kind, Registry } from '../../core/kinds/kind';
import { type Run, SEEDS_PATH, type Sheet } from '../../core/sheet/sheet';

/** The version of the grammar, the first part of every address. */
export const VERSION = 'v1';
/** The prefix of the pair that declares a row. */
export const ROW = 'row.';
/** The name of the pair that holds the sheet's title. */
export const TITLE = 'title' as const;
/** The name of the pair that holds the sheet's note. */
export const NOTE = 'note' as const;

/** The frozen meaning of `#v1` alone: the notebook's two networks, and the fair twin that it lacked. */
export const OPENING =
  'A=sigmoid&B=relu&B.base=A&B.architecture.hiddenLayers=2&B.architecture.activation=relu' +
  '&C=twin&C.base=A&C.architecture.activation=relu';

/**
 * Matches the characters that `encodeURIComponent` leaves and that do not survive in a message: the signs of Markdown and the
 * ends of sentences. A point before a letter or digit is safe, so that 0.05 stays readable; a minus is cut only at the end. An
 * apostrophe would end a shell's quotation of the address.
 */
const FRAGILE = /[!'()*_~]|\.(?![a-z\d])|-$/gi;

const escaped = (sign: string): string => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;

/** Returns one part of an address, with its `&`. */
export const writePair = (name: string, value: string): string =>
  `&${name}=${encodeURIComponent(value.toWellFormed()).replace(FRAGILE, escaped)}`;

/**
 * Returns a written address as earlier versions wrote the same sheet: of the fragile characters, only the apostrophe was escaped.
 * Stored sheets are found by the hash of this spelling.
 */
export const formerSpelling = (address: string): string =>
  address.replace(/%(2[189ADE]|5F|7E)/g, decodeURIComponent);

function writeOverrides(run: Run, kinds: readonly Kind[]): string {
  let text = '';
  const seeds = run.overrides.get(SEEDS_PATH);
  if (seeds !== undefined) text += writePair(`${run.id}.${SEEDS_PATH}`, seeds);
  for (const kind of kinds) {
    for (const name of Object.keys(kind.params)) {
      const path = `${kind.name}.${name}`;
      const value = run.overrides.get(path);
      if (value !== undefined) text += writePair(`${run.id}.${path}`, value);
    }
  }
  return text;
}

function writeRuns(sheet: Sheet, registry: Registry): string {
  return sheet.runs
    .map((run) => {
      const base = run.base === undefined ? '' : writePair(`${run.id}.base`, run.base);
      return writePair(run.id, run.name) + base + writeOverrides(run, registry.kinds);
    })
    .join('');
}

/**
 * Returns the sheet's address in full, with its `#`: runs in order, each with its base, its seeds and its overrides by kind; then
 * rows; then the title and the note.
 */
export function writeFullAddress(sheet: Sheet, registry: Registry): string {
  const rows = sheet.rows.map(({ name, formula }) => writePair(ROW + name, formula));
  const title = sheet.title === undefined ? '' : writePair(TITLE, sheet.title);
  const note = sheet.note === undefined ? '' : writePair(NOTE, sheet.note);
  return `#${VERSION}${writeRuns(sheet, registry)}${rows.join('')}${title}${note}`;
}

/** Returns the sheet's canonical address: the address in full, or `#v1` alone for the opening sheet. */
export function writeAddress(sheet: Sheet, registry: Registry): string {
  const full = writeFullAddress(sheet, registry);
  return full === `#${VERSION}&${OPENING}` ? `#${VERSION}` : full;
}
