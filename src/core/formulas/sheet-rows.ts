// The rows of a sheet: their names, and the edits that add, change, move and remove them.
// Invariant: a row's name is unique and has no other meaning in a formula, so formulas can read a row by its name.

import type { Registry } from '../kinds/kind';
import { quote } from '../kinds/param';
import type { Language } from '../plan/language';
import {
  checkText,
  MAX_NAME,
  MAX_ROWS,
  SEEDS_PATH,
  type Sheet,
  SheetError,
  type SheetRow,
} from '../sheet/sheet';

/** Form of a row's name. */
export const ROW_NAME = /^[a-z][A-Za-z0-9]*$/;
const RESERVED: ReadonlySet<string> = new Set(['true', 'false', SEEDS_PATH]);

/** Why a row cannot have this name, in words; undefined if it can. */
export function refuseRowName(name: string, registry: Registry): string | undefined {
  if (name.length > MAX_NAME || !ROW_NAME.test(name))
    return `${quote(name)} is not a row name: use a lower-case letter, then letters and digits`;
  const isResult = registry.results.some((result) => result.name === name);
  const isParam = registry.kinds.some((kind) => kind.name === name || Object.hasOwn(kind.params, name));
  return isResult || isParam || RESERVED.has(name)
    ? `${quote(name)} already has a meaning in formulas`
    : undefined;
}

/** The text of a row's formula, trimmed and with its equals sign. */
export function rowFormula(text: string): string {
  const trimmed = text.trim();
  return trimmed.startsWith('=') ? trimmed : `=${trimmed}`;
}

/** The first unused name of the form "row1", "row2", …. */
export function freshRowName(rows: readonly SheetRow[]): string {
  const taken = new Set(rows.map(({ name }) => name));
  for (let index = 1; ; index++) if (!taken.has(`row${index}`)) return `row${index}`;
}

function placeOf(sheet: Sheet, name: string): number {
  const place = sheet.rows.findIndex((row) => row.name === name);
  if (place < 0) throw new SheetError(`there is no row ${quote(name)}`);
  return place;
}

function checkName(sheet: Sheet, name: string, registry: Registry): void {
  const refused = refuseRowName(name, registry);
  if (refused !== undefined) throw new SheetError(refused);
  if (sheet.rows.some((row) => row.name === name))
    throw new SheetError(`the row ${quote(name)} already exists`);
}

/**
 * Adds a row at the end. Throws `SheetError` if the name is invalid or taken, the formula exceeds `MAX_TEXT`,
 * or the sheet has `MAX_ROWS` rows.
 */
export function addRow(sheet: Sheet, row: SheetRow, registry: Registry): Sheet {
  checkName(sheet, row.name, registry);
  if (sheet.rows.length >= MAX_ROWS) throw new SheetError(`a sheet holds at most ${MAX_ROWS} rows`);
  const formula = rowFormula(row.formula);
  checkText(formula, `the row ${row.name}`);
  return { ...sheet, rows: [...sheet.rows, { name: row.name, formula }] };
}

/**
 * Changes a row's formula, valid or not. Throws `SheetError` if the row is missing
 * or the formula exceeds `MAX_TEXT`.
 */
export function setRow(sheet: Sheet, name: string, formula: string): Sheet {
  const place = placeOf(sheet, name);
  const text = rowFormula(formula);
  if (sheet.rows[place]?.formula === text) return sheet;
  checkText(text, `the row ${name}`);
  return { ...sheet, rows: sheet.rows.with(place, { name, formula: text }) };
}

/**
 * Renames a row, also in the formulas of all rows. Throws `SheetError` if the row is missing, the new name is
 * invalid or taken, or a formula would exceed `MAX_TEXT`.
 */
export function renameRow(
  sheet: Sheet,
  name: string,
  to: string,
  registry: Registry,
  language: Language,
): Sheet {
  const place = placeOf(sheet, name);
  if (name === to) return sheet;
  checkName(sheet, to, registry);
  const scope = { rows: sheet.rows.map((row) => row.name) };
  const rows = sheet.rows.map(({ name: own, formula }, index) => {
    const text = language.rewrite(formula, scope, ({ what, name: read, run }) =>
      what === 'row' && read === name ? (run === undefined ? to : `${run}.${to}`) : undefined,
    );
    if (text !== formula) checkText(text, `the row ${own}`);
    return { name: index === place ? to : own, formula: text };
  });
  return { ...sheet, rows };
}

/** Removes a row; rows that read it then show an error. Throws `SheetError` if the row is missing. */
export function removeRow(sheet: Sheet, name: string): Sheet {
  return { ...sheet, rows: sheet.rows.toSpliced(placeOf(sheet, name), 1) };
}

/** Moves a row to a place among the others, counted from 0. Throws `SheetError` if the row is missing. */
export function moveRow(sheet: Sheet, name: string, place: number): Sheet {
  const at = placeOf(sheet, name);
  const [row] = sheet.rows.slice(at, at + 1);
  return row ? { ...sheet, rows: sheet.rows.toSpliced(at, 1).toSpliced(place, 0, row) } : sheet;
}
