// Blocks of cells: a part of the sheet as a matrix of texts, and the edit that writes such a matrix onto the sheet.
// Invariants: an edit is a pure function of the sheet and touches only runs that it changes; an edit never writes to computed
// cells; a cell that inherited its text inherits again if the result is the same. Knows no clipboard.

import type { Param } from '../../core/kinds/param';
import { isFormula } from '../../core/plan/param-values';
import { checkText, type RunId, type Sheet } from '../../core/sheet/sheet';
import { counted, words } from '../../core/text-formatting';

import type { Column } from '../workspace/columns';
import { NAME_ROW } from '../workspace/editing';
import { addTwins, draftOf } from './draft-sheet';

/** A cell of a block: `value` is the full content, `raw` the typed text. A computed cell has no `raw`. */
export interface BlockCell {
  readonly value: string;
  /** The typed text, own or inherited; empty for no text. */
  readonly raw?: string | undefined;
  /** Whether the typed text is inherited or a default. */
  readonly inherited?: boolean | undefined;
}

/** Cells as [rows][columns]; nothing is written for an undefined cell. */
export type Block = readonly (readonly (BlockCell | undefined)[])[];

/** A part of the grid: runs from left to right, ids of rows from top to bottom. */
export interface Area {
  readonly runs: readonly RunId[];
  readonly rows: readonly string[];
  /** The columns to read, if they are not the runs alone: those of members too. */
  readonly columns?: readonly Column[];
}

/** The grid's rows as a block edit needs them. */
export interface Lines {
  /** Ids of all rows from top to bottom; the row of names comes first. */
  readonly ids: readonly string[];
  /** The param of a row; undefined for the row of names and for computed rows. */
  param(row: string): Param | undefined;
  /** The canonical text of a formula, as the sheet stores the formula. */
  formula?(text: string): string;
}

/** An edit that is prepared but not yet applied, with its description. */
export interface BlockEdit {
  /** The description before and after the edit: "paste 6 cells to B.noise", "pasted 6 cells to B.noise". */
  readonly label: string;
  readonly done: string;
  /** Number of written cells; an edit with 0 cells has no effect. */
  readonly count: number;
  /**
   * Returns the edited sheet. Throws `SheetError` if the sheet would get too many runs, or if a text is
   * too long.
   */
  make(sheet: Sheet): Sheet;
  /**
   * The corner cells of the written block in `made`, the sheet after the edit; undefined if the selection
   * should not change.
   */
  corners(made: Sheet): { readonly from: Place; readonly to: Place } | undefined;
}

/** A cell of the grid. */
interface Place {
  readonly run: RunId;
  readonly row: string;
}

/** The canonical text of a value. A text that the param refuses is returned trimmed. */
function canonicalText(param: Param, text: string, formula?: Lines['formula']): string {
  const trimmed = text.trim();
  if (isFormula(trimmed)) return formula?.(trimmed) ?? trimmed;
  const parsed = param.parse(trimmed);
  return parsed.ok ? param.format(parsed.value) : trimmed;
}

/** A text to write, with the target's column, counted from the left of the block. */
interface Writing {
  readonly column: number;
  readonly row: string;
  readonly cell: BlockCell;
}

/** The target of a block: its upper left corner, and the size of the selection there. */
interface Target {
  /** Index of a run in the sheet; the edit adds runs beyond the last one. */
  readonly column: number;
  readonly row: string;
  readonly lines?: number;
  readonly columns?: number;
}

/** The description of an edit, and the runs that the edit adds at the end of the sheet. */
interface WriteOptions {
  /** The verb before and after the edit: "paste", "pasted". */
  readonly verbs: readonly [string, string];
  /** Replaces the default description, such as "6 cells to B.noise". */
  readonly what?: string;
  /** The base of the added runs; by default the sheet's last run. */
  readonly base?: RunId;
  /**
   * What a cell shows now, for texts of other programs, which know no formulas: a block that says in all what the cells
   * show changes nothing, and a cell goes on inheriting a value that is the same.
   */
  shown?(run: RunId, row: string): string | undefined;
  /** The name of the run that is added for a column of the block; by default, for example, "twin of B". */
  name?(column: number): string;
}

/**
 * The size to write, as [rows, columns]: the selection's size if the block fills the selection by
 * repetition, else the block's own size.
 */
function sizeIn({ lines: down = 1, columns: across = 1 }: Target, lines: number, columns: number) {
  const fits = (room: number, size: number): boolean => room === 1 || room % size === 0;
  return fits(down, lines) && fits(across, columns)
    ? ([Math.max(down, lines), Math.max(across, columns)] as const)
    : ([lines, columns] as const);
}

/**
 * Prepares the edit that writes a block to a target. The block is repeated if the selection's size is a
 * multiple of the block's size, so a single value fills the selection. Computed cells, and lines below
 * the last row, are left out and counted in the description.
 */
export function writeBlock(
  sheet: Sheet,
  lines: Lines,
  target: Target,
  block: Block,
  options: WriteOptions,
): BlockEdit {
  const columns = Math.max(0, ...block.map((line) => line.length));
  const [down, across] = columns === 0 ? [0, 0] : sizeIn(target, block.length, columns);
  const top = lines.ids.indexOf(target.row);
  const rows = top < 0 ? [] : lines.ids.slice(top, top + down);
  const writings: Writing[] = [];
  let computed = 0;
  for (const [index, row] of rows.entries()) {
    const line = block[index % block.length] ?? [];
    const writable = row === NAME_ROW || lines.param(row) !== undefined;
    for (let column = 0; column < across; column++) {
      const cell = line[column % columns];
      if (!cell) continue;
      if (writable) writings.push({ column, row, cell });
      else computed++;
    }
  }
  const wide = writings.reduce((most, { column }) => Math.max(most, column + 1), 0);
  const added = wide === 0 ? 0 : Math.max(0, target.column + wide - sheet.runs.length);
  const base = options.base ?? sheet.runs.at(-1)?.id;

  const isForeign = (cell: BlockCell): boolean => options.shown !== undefined && cell.raw === undefined;
  /** Whether a cell of a sheet says this already. */
  function isSaid({ runs }: Sheet, { column, row, cell }: Writing): boolean {
    const run = runs[target.column + column];
    const [param, text] = [lines.param(row), cell.value];
    if (!run || !isForeign(cell)) return false;
    if (!param) return run.name === text.trim();
    const shown = options.shown?.(run.id, row);
    return shown !== undefined && canonicalText(param, shown) === canonicalText(param, text, lines.formula);
  }

  function make(from: Sheet): Sheet {
    if (writings.every((writing) => isSaid(from, writing))) return from;
    const names = Array.from(
      { length: added },
      (_, index) => options.name?.(wide - added + index) ?? `twin of ${base}`,
    );
    const full = addTwins(from, names, { base });
    const draft = draftOf(full);
    const before = new Map(full.runs.map((run) => [run.id, run.overrides]));
    const put = (run: RunId, row: string, text: string): void => {
      // The length of an unchanged text is not checked: the sheet holds the text already.
      if (before.get(run)?.get(row) !== text)
        checkText(text, `${words(row.split('.').at(-1) ?? row)} of ${run}`);
      draft.set(run, row, text);
    };
    const later: { run: RunId; row: string; param: Param; text: string }[] = [];
    for (const { column, row, cell } of writings) {
      const run = full.runs[target.column + column]?.id ?? '';
      const text = cell.raw ?? cell.value;
      const param = lines.param(row);
      if (!param) draft.rename(run, text.trim());
      else if (text.trim() === '') draft.set(run, row, undefined);
      else {
        const kept = canonicalText(param, text, lines.formula);
        if (isForeign(cell) && before.get(run)?.get(row) === undefined) {
          later.push({ run, row, param, text: kept });
          continue;
        }
        if (cell.inherited) later.push({ run, row, param, text: kept });
        else put(run, row, kept);
      }
    }
    // A base is written before the runs that inherit from it, so that `inherited` sees the new texts.
    const depths = new Map(later.map(({ run }) => [run, draft.depth(run)]));
    later.sort((a, b) => (depths.get(a.run) ?? 0) - (depths.get(b.run) ?? 0));
    for (const { run, row, param, text } of later) {
      if (canonicalText(param, draft.inherited(run, row, param)) === text) draft.set(run, row, undefined);
      else put(run, row, text);
    }
    return draft.sheet();
  }

  const beyond = down - rows.length;
  const parts = [
    options.what ??
      `${counted(writings.length, 'cell')} to ${placeName(sheet.runs[target.column]?.id, target.row)}`,
    added > 0 ? `adding ${counted(added, 'run')}` : '',
    computed > 0 ? `leaving out ${counted(computed, 'computed cell')}` : '',
    beyond > 0 ? `leaving out ${counted(beyond, 'line')} below the last row` : '',
  ].filter(Boolean);
  return {
    label: `${options.verbs[0]} ${parts.join(', ')}`,
    done: `${options.verbs[1]} ${parts.join(', ')}`,
    count: writings.length,
    make,
    corners(made) {
      const [from, to] = [made.runs[target.column], made.runs.slice(0, target.column + across).at(-1)];
      const [above, below] = [rows[0], rows.at(-1)];
      if (!from || !to || above === undefined || below === undefined) return undefined;
      return { from: { run: from.id, row: above }, to: { run: to.id, row: below } };
    },
  };
}

/** A cell's short name, for example "B.noise". */
const placeName = (run: RunId | undefined, row: string): string =>
  `${run ?? 'new runs'}.${row.split('.').at(-1)}`;

/**
 * Prepares the edit that removes the overrides of an area's params, so that the cells inherit again.
 * Names and computed cells are unchanged.
 */
export function cutArea(lines: Lines, area: Area): BlockEdit {
  const rows = area.rows.filter((row) => lines.param(row));
  const count = rows.length * area.runs.length;
  const what = `cut ${counted(count, 'cell')} from ${placeName(area.runs[0], area.rows[0] ?? '')}`;
  return {
    label: what,
    done: what,
    count,
    make(sheet) {
      const draft = draftOf(sheet);
      for (const run of area.runs) for (const row of rows) draft.set(run, row, undefined);
      return draft.sheet();
    },
    corners: () => undefined,
  };
}
