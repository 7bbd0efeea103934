// Fills cells: continues the cells at one side of a selection into the neighbouring cells, as copies or
// as a series, with new runs at the end of the sheet.
// Invariant: every fill is one edit, a pure function of the sheet, and only params are filled. Knows no
// pointer and no keys.

import type { Param } from '../../core/kinds/param';
import type { RunId, Sheet } from '../../core/sheet/sheet';
import { counted, words } from '../../core/text-formatting';
import { spansDecades } from '../scrub/scrub-scale';
import { type Area, type Block, type BlockCell, type BlockEdit, type Lines, writeBlock } from './block';
import { type Series, seriesOf } from './series';

const FILL = ['fill', 'filled'] as const;

/** The edit of a fill, or the reason why there is none. */
export type Filling =
  | { readonly edit: BlockEdit; readonly reason?: never }
  | { readonly reason: string; readonly edit?: never };

/** Reads an area's cells. */
type Read = (area: Area) => Block;

const nameOf = (row: string): string => words(row.split('.').at(-1) ?? row);

const listed = (rows: readonly string[]): string =>
  rows.length === 1 ? nameOf(rows[0] ?? '') : counted(rows.length, 'row');

const paramRows = (lines: Lines, rows: readonly string[]): string[] => rows.filter((row) => lines.param(row));

/** The lines of a block from the first to the last of these rows; rows in between stay unwritten. */
function spread(
  lines: Lines,
  rows: readonly string[],
  line: (row: string) => readonly (BlockCell | undefined)[],
) {
  const places = rows.map((row) => lines.ids.indexOf(row));
  const all = lines.ids.slice(Math.min(...places), Math.max(...places) + 1);
  return all.map((row) => (rows.includes(row) ? line(row) : []));
}

/**
 * Copies the first selected column to the other selected columns; for a single column, copies the column
 * left of it.
 */
export function fillRight(sheet: Sheet, lines: Lines, area: Area, read: Read): Filling {
  const rows = paramRows(lines, area.rows);
  if (rows.length === 0) return { reason: 'select a param: only params can be filled' };
  const [first = ''] = area.runs;
  const at = sheet.runs.findIndex(({ id }) => id === first);
  const [from, to] = area.runs.length > 1 ? [first, area.runs.slice(1)] : [sheet.runs[at - 1]?.id, area.runs];
  if (from === undefined) return { reason: `there is no column left of ${first} to fill from` };
  const column = sheet.runs.findIndex(({ id }) => id === to[0]);
  const block = spread(lines, rows, (row) => read({ runs: [from], rows: [row] })[0] ?? []);
  const what = `${listed(rows)} of ${rangeText(to)} from ${from}`;
  const target = { column, row: rows[0] ?? '', lines: block.length, columns: to.length };
  return withCorners(area, writeBlock(sheet, lines, target, block, { verbs: FILL, what }));
}

/**
 * Copies the first selected param to the selected params below; for a single param, copies the param
 * above it.
 */
export function fillDown(sheet: Sheet, lines: Lines, area: Area, read: Read): Filling {
  const rows = paramRows(lines, area.rows);
  const [first = ''] = rows;
  if (first === '') return { reason: 'select a param: only params can be filled' };
  const above = paramRows(lines, lines.ids.slice(0, lines.ids.indexOf(first))).at(-1);
  const [from, to] = rows.length > 1 ? [first, rows.slice(1)] : [above, rows];
  if (from === undefined) return { reason: `there is no param above ${nameOf(first)} to fill from` };
  return copyDown(sheet, lines, area, read({ runs: area.runs, rows: [from] }), to, nameOf(from));
}

function copyDown(
  sheet: Sheet,
  lines: Lines,
  area: Area,
  source: Block,
  to: readonly string[],
  from: string,
): Filling {
  const column = sheet.runs.findIndex(({ id }) => id === area.runs[0]);
  const places = new Map(to.map((row, index) => [row, source[index % source.length] ?? []]));
  const block = spread(lines, to, (row) => places.get(row) ?? []);
  const what = `${listed(to)} of ${rangeText(area.runs)} from ${from}`;
  const target = { column, row: to[0] ?? '', lines: block.length, columns: area.runs.length };
  return withCorners(area, writeBlock(sheet, lines, target, block, { verbs: FILL, what }));
}

/** Keeps the selection unchanged after the edit. */
function withCorners(area: Area, edit: BlockEdit): Filling {
  const [from, to] = [area.runs[0] ?? '', area.runs.at(-1) ?? ''];
  const [above, below] = [area.rows[0] ?? '', area.rows.at(-1) ?? ''];
  const corners = { from: { run: from, row: above }, to: { run: to, row: below } };
  return { edit: { ...edit, corners: () => corners } };
}

const rangeText = (runs: readonly RunId[]): string =>
  runs.length < 2 ? (runs[0] ?? '') : `${runs[0]} to ${runs.at(-1)}`;

/** The runs of `count` columns in words; the runs beyond the last one are not named. */
function columnsText(sheet: Sheet, column: number, count: number): string {
  const there = sheet.runs.slice(column, column + count).map(({ id }) => id);
  if (there.length === 0) return ' of new runs';
  return there.length < count ? ` from ${there[0]} on` : ` of ${rangeText(there)}`;
}

/** A fill by dragging: the direction, and the number of columns or rows to fill. */
export interface Pull {
  readonly direction: 'right' | 'left' | 'down';
  readonly count: number;
}

/**
 * A fill, for a single row the values that the fill sets, for a preview, and the reason why a series ends before the
 * cells do.
 */
export type SeriesFilling = Filling & { readonly values?: readonly string[]; readonly ends?: string };

/** The cells that continue a row, and the reason why there are fewer than asked for. */
interface Continuation {
  readonly cells: readonly BlockCell[];
  readonly ends?: string;
}

/**
 * Continues a row's cells by `count` cells: numbers as a series, by ratio where the param's values span decades; all
 * other cells by repetition. A series ends before the first value that the param refuses.
 */
function continuation(
  row: string,
  param: Param | undefined,
  cells: readonly (BlockCell | undefined)[],
  count: number,
): Continuation {
  const present = cells.flatMap((held) => held ?? []);
  const texts = present.map(({ raw = '' }) => raw);
  const series: Series = seriesOf(texts, param && spansDecades(param));
  const computed = series.kind === 'arithmetic' || series.kind === 'geometric';
  const more: BlockCell[] = [];
  for (let place = 0; place < count; place++) {
    const held = present[place % present.length];
    const value = series.at(place);
    const parsed = computed ? param?.parse(value) : undefined;
    if (parsed && !parsed.ok)
      return { cells: more, ends: `${nameOf(row)} cannot be ${value}: ${parsed.reason}` };
    more.push(computed || !held ? { value } : held);
  }
  return { cells: more };
}

/**
 * Fills from the selected params in the direction of a pull. To the right and to the left, the values
 * continue; beyond the last run, twins of the last selected run are added. Downwards, the values are
 * copied.
 */
export function fillSeries(sheet: Sheet, lines: Lines, area: Area, read: Read, pull: Pull): SeriesFilling {
  const rows = paramRows(lines, area.rows);
  if (rows.length === 0) return { reason: 'select a param: only params can be filled' };
  const left = sheet.runs.findIndex(({ id }) => id === area.runs[0]);
  const cellsOf = (row: string): readonly (BlockCell | undefined)[] =>
    read({ runs: area.runs, rows: [row] })[0] ?? [];
  if (pull.direction === 'down') {
    const below = lines.ids.indexOf(area.rows.at(-1) ?? '') + 1;
    const to = paramRows(lines, lines.ids.slice(below, below + pull.count));
    if (to.length === 0) return { reason: 'there is no param below to fill' };
    return copyDown(sheet, lines, area, rows.map(cellsOf), to, listed(rows));
  }
  const isRight = pull.direction === 'right';
  const wanted = isRight ? pull.count : Math.min(pull.count, left);
  if (wanted < 1) return { reason: 'there is no column to fill' };
  const continued = rows.map((row) => {
    const cells = cellsOf(row);
    return continuation(row, lines.param(row), isRight ? cells : cells.toReversed(), wanted);
  });
  // All rows end with the first one that ends, so that no run is a mixture.
  const count = Math.min(...continued.map(({ cells }) => cells.length));
  const ends = continued.find(({ cells }) => cells.length === count)?.ends;
  if (count < 1) return { reason: ends ?? 'there is nothing to continue' };
  const column = isRight ? left + area.runs.length : left - count;
  const filled = new Map(
    rows.map((row, index) => {
      const more = continued[index]?.cells.slice(0, count) ?? [];
      return [row, isRight ? more : more.toReversed()] as const;
    }),
  );
  // An added run is a twin of its base, so a text copied from the base is inherited, not written.
  const block = spread(lines, rows, (row) =>
    (filled.get(row) ?? []).map((held, index) =>
      column + index >= sheet.runs.length && held.raw !== undefined ? { ...held, inherited: true } : held,
    ),
  );
  const [first = ''] = rows;
  const values = (filled.get(first) ?? []).map(({ raw, value }) => raw ?? value);
  const where = columnsText(sheet, column, count);
  const edit = writeBlock(sheet, lines, { column, row: first }, block, {
    verbs: FILL,
    what:
      rows.length === 1 ? `${nameOf(first)}${where} with ${shortList(values)}` : `${listed(rows)}${where}`,
    ...(isRight && area.runs.length > 0 && { base: area.runs.at(-1) ?? '' }),
    ...(rows.length === 1 && { name: (index: number) => runName([[first, values[index] ?? '']]) }),
  });
  return {
    edit: {
      ...edit,
      corners(made) {
        const ends = [Math.min(left, column), Math.max(left + area.runs.length, column + count) - 1];
        const [from = '', last = ''] = ends.map((at) => made.runs[at]?.id);
        const [above, below] = [area.rows[0] ?? '', area.rows.at(-1) ?? ''];
        return { from: { run: from, row: above }, to: { run: last, row: below } };
      },
    },
    ...(rows.length === 1 && { values }),
    ...(ends !== undefined && { ends }),
  };
}

/**
 * Writes texts to the cells of one row, starting at a run. Runs added at the end of the sheet are twins
 * of `base`.
 */
export function fillTexts(
  sheet: Sheet,
  lines: Lines,
  { run, row, base }: { readonly run: RunId; readonly row: string; readonly base: RunId },
  texts: readonly string[],
): BlockEdit {
  const column = sheet.runs.findIndex(({ id }) => id === run);
  return writeBlock(sheet, lines, { column, row }, [texts.map((value) => ({ value }))], {
    verbs: FILL,
    what: `${nameOf(row)}${columnsText(sheet, column, texts.length)} with ${shortList(texts)}`,
    base,
    name: (index) => runName([[row, texts[index] ?? '']]),
  });
}

const MOST_LISTED = 5;

/**
 * A list of at most five texts: "0.1, 0.2, 0.4"; a longer list is cut before its last text: "0.1, 0.2,
 * 0.4, … 12.8".
 */
export const shortList = (texts: readonly string[]): string =>
  texts.length <= MOST_LISTED
    ? texts.join(', ')
    : `${texts.slice(0, MOST_LISTED - 2).join(', ')}, … ${texts.at(-1)}`;

/** Name of a run that differs from its base in these values: "noise 0.1, units 5". */
export const runName = (values: readonly (readonly [row: string, text: string])[]): string =>
  values.map(([row, text]) => `${nameOf(row)} ${text}`).join(', ');
