// Blocks of cells: a part of the sheet as a matrix of texts, and the edit that writes such a matrix onto the sheet.
// Invariants: an edit is a pure function of the sheet and touches only runs that it changes; an edit never writes to computed
// cells; a cell that inherited its text inherits again if the result is the same. Knows no clipboard.

import type { Param } from '../../core/kinds/param';
import { isFormula } from '../../core/plan/param-values';
import { checkText, type RunId, type Sheet } from '../../core/sheet/sheet';
import { counted, words } from '../../core/words';

import { NAME_ROW } from '../workspace/editing';
import { addTwins, draftOf } from './draft-sheet';

/** A cell of a block: what it shows, in full, and what was typed; only the former where nothing can be typed. */
export interface BlockCell {
  readonly value: string;
  /** What stands there as typed, be it inherited; an empty one is nothing. */
  readonly raw?: string | undefined;
  /** Whether what was typed is inherited or a default. */
  readonly inherited?: boolean | undefined;
}

/** Lines of cells from top to bottom; where there is none, nothing is written. */
export type Block = readonly (readonly (BlockCell | undefined)[])[];

/** A part of the grid: runs from left to right, ids of rows from top to bottom. */
export interface Area {
  readonly runs: readonly RunId[];
  readonly rows: readonly string[];
}

/** The grid's rows as an edit knows them. */
export interface Lines {
  /** All of them from top to bottom, the runs' names first. */
  readonly ids: readonly string[];
  /** The param of a row; undefined where nothing can be typed, and for names. */
  param(row: string): Param | undefined;
  /** A formula as it is to be kept. */
  formula?(text: string): string;
}

/** An edit that is ready to be made, and what it does in words. */
export interface BlockEdit {
  /** "paste 6 cells to B.noise", and the same when it is done: "pasted 6 cells to B.noise". */
  readonly label: string;
  readonly done: string;
  /** How many cells are written; where there are none, there is nothing to be done. */
  readonly count: number;
  /** Throws `SheetError` where there are too many runs, or a text is longer than a sheet keeps. */
  make(sheet: Sheet): Sheet;
  /** The corner cells of what was written, in the sheet that was made; undefined where nothing is to be selected. */
  corners(made: Sheet): { readonly from: Place; readonly to: Place } | undefined;
}

/** A cell of the grid. */
interface Place {
  readonly run: RunId;
  readonly row: string;
}

/** A text as its param writes it, where the param takes it; spreadsheets write TRUE and may write Relu. */
function canonicalText(param: Param, text: string, formula?: Lines['formula']): string {
  const trimmed = text.trim();
  if (isFormula(trimmed)) return formula?.(trimmed) ?? trimmed;
  const parsed = param.parse(trimmed);
  if (parsed.ok) return param.format(parsed.value);
  const known = param.choices?.find((choice) => choice.toLowerCase() === trimmed.toLowerCase());
  return known ?? trimmed;
}

/** What stands in one cell of the target. */
interface Writing {
  readonly column: number;
  readonly row: string;
  readonly cell: BlockCell;
}

/** Where a block is written to: its upper left corner, and how much is selected there. */
interface Target {
  /** The place of a run among the others; behind the last one runs are added. */
  readonly column: number;
  readonly row: string;
  readonly lines?: number;
  readonly columns?: number;
}

/** How an edit is called, and what runs it makes where the sheet ends. */
interface WriteOptions {
  /** What is done, and what was done: "paste", "pasted". */
  readonly verbs: readonly [string, string];
  /** Instead of "6 cells to B.noise". */
  readonly what?: string;
  /** Added runs are twins of this one; of the sheet's last unless said otherwise. */
  readonly base?: RunId;
  /** The name of the run that is added for a column of the block; "twin of B" unless said otherwise. */
  name?(column: number): string;
}

/** The size that is written: the block's own, or the selection's where the block goes into it without rest. */
function sizeIn({ lines: down = 1, columns: across = 1 }: Target, lines: number, columns: number) {
  const fits = (room: number, size: number): boolean => room === 1 || room % size === 0;
  return fits(down, lines) && fits(across, columns)
    ? ([Math.max(down, lines), Math.max(across, columns)] as const)
    : ([lines, columns] as const);
}

/** Writes a block to a target; a single value fills what is selected there, one that goes into it is repeated. */
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

  function make(from: Sheet): Sheet {
    const names = Array.from(
      { length: added },
      (_, index) => options.name?.(wide - added + index) ?? `twin of ${base}`,
    );
    const full = addTwins(from, names, { base });
    const draft = draftOf(full);
    const before = new Map(full.runs.map((run) => [run.id, run.overrides]));
    const put = (run: RunId, row: string, text: string): void => {
      // What stands there already stays, however long it is.
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
        if (cell.inherited) later.push({ run, row, param, text: kept });
        else put(run, row, kept);
      }
    }
    // A run's base comes before it, since what it would inherit may have been written just now.
    const depths = new Map(later.map(({ run }) => [run, draft.depth(run)]));
    later.sort((a, b) => (depths.get(a.run) ?? 0) - (depths.get(b.run) ?? 0));
    for (const { run, row, param, text } of later) {
      if (draft.inherited(run, row, param) === text) draft.set(run, row, undefined);
      else put(run, row, text);
    }
    return draft.sheet();
  }

  const beyond = down - rows.length;
  const said = [
    options.what ??
      `${counted(writings.length, 'cell')} to ${placeName(sheet.runs[target.column]?.id, target.row)}`,
    added > 0 ? `adding ${counted(added, 'run')}` : '',
    computed > 0 ? `leaving out ${counted(computed, 'computed cell')}` : '',
    beyond > 0 ? `leaving out ${counted(beyond, 'line')} below the last row` : '',
  ].filter(Boolean);
  return {
    label: `${options.verbs[0]} ${said.join(', ')}`,
    done: `${options.verbs[1]} ${said.join(', ')}`,
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

/** "B.noise". */
const placeName = (run: RunId | undefined, row: string): string =>
  `${run ?? 'new runs'}.${row.split('.').at(-1)}`;

/** Cuts an area's params: what they inherit stands there again. Names and what is computed stay. */
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
