// Sheets and edits for property tests: small alphabets, so that edits meet.
// Invariant: every sheet is one that a person could have made; an edit that cannot be made leaves the sheet as it was.
// Knows neither storage nor tabs.

import fc from 'fast-check';
import { removeRow, setRow } from '../../src/core/formulas/sheet-rows';
import * as edits from '../../src/core/sheet/sheet';

export type Edit = (sheet: edits.Sheet) => edits.Sheet;

/** A sheet with runs of these names, none based on another. */
export const sheetOf = (...names: string[]): edits.Sheet =>
  names.reduce<edits.Sheet>((sheet, name) => edits.addRun(sheet, { name }), { runs: [], rows: [] });

/** The edit, or no change if the edit throws `SheetError`. */
const where =
  (edit: Edit): Edit =>
  (sheet) => {
    try {
      return edit(sheet);
    } catch (error) {
      if (error instanceof edits.SheetError) return sheet;
      throw error;
    }
  };

const run = fc.constantFrom('A', 'B', 'C', 'D', 'E');
const path = fc.constantFrom('train.epochs', 'dataset.noise', 'seeds', '__proto__');
const text = fc.oneof(fc.constantFrom('', '1', '=A.train.epochs', ' x', '“'), fc.string({ maxLength: 8 }));

const row = fc.constantFrom('gap', 'ratio');

const putRow = (sheet: edits.Sheet, name: string, formula: string): edits.Sheet =>
  sheet.rows.some((known) => known.name === name)
    ? setRow(sheet, name, formula)
    : { ...sheet, rows: [...sheet.rows, { name, formula: `=${formula}` }] };

/** The sheet with a run moved to another place, counted from 0. */
export function moved(sheet: edits.Sheet, id: edits.RunId, place: number): edits.Sheet {
  const others = sheet.runs.filter((other) => other.id !== id);
  const found = sheet.runs.find((other) => other.id === id);
  return found ? { ...sheet, runs: others.toSpliced(place, 0, found) } : sheet;
}

/** Any edit that the page can make. */
export const anyEdit: fc.Arbitrary<Edit> = fc
  .oneof(
    fc.tuple(run, path, text).map(
      ([id, at, to]): Edit =>
        (sheet) =>
          edits.setOverride(sheet, id, at, to),
    ),
    fc.tuple(run, path).map(
      ([id, at]): Edit =>
        (sheet) =>
          edits.clearOverride(sheet, id, at),
    ),
    fc.tuple(run, text).map(
      ([id, name]): Edit =>
        (sheet) =>
          edits.renameRun(sheet, id, name),
    ),
    fc.tuple(text, run).map(
      ([name, base]): Edit =>
        (sheet) =>
          edits.addRun(sheet, { name, base }),
    ),
    text.map(
      (name): Edit =>
        (sheet) =>
          edits.addRun(sheet, { name }),
    ),
    run.map(
      (id): Edit =>
        (sheet) =>
          edits.removeRun(sheet, id),
    ),
    fc.tuple(run, fc.nat(4)).map(
      ([id, place]): Edit =>
        (sheet) =>
          moved(sheet, id, place),
    ),
    fc.tuple(run, fc.option(run, { nil: undefined })).map(
      ([id, base]): Edit =>
        (sheet) =>
          edits.setBase(sheet, id, base),
    ),
    fc.tuple(row, text).map(
      ([name, formula]): Edit =>
        (sheet) =>
          putRow(sheet, name, formula),
    ),
    row.map(
      (name): Edit =>
        (sheet) =>
          removeRow(sheet, name),
    ),
    text.map(
      (title): Edit =>
        (sheet) =>
          edits.setTitle(sheet, title),
    ),
    text.map(
      (note): Edit =>
        (sheet) =>
          edits.setNote(sheet, note),
    ),
  )
  .map(where);

/** A sheet made by at most 12 edits. */
export const anySheet: fc.Arbitrary<edits.Sheet> = fc
  .array(anyEdit, { maxLength: 12 })
  .map((list) => list.reduce((sheet, edit) => edit(sheet), sheetOf('first')));
