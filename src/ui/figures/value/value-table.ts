// Draws the value of a kind without a figure of its own: a table with a row for each field and a column for each value.
// Invariant: the drawing is bounded whatever the size of the value, and a note says when something is left out.
// This file does not know what the fields mean.

import type { Plain } from '../../../core/kinds/value';
import { grouped } from '../../../core/text-formatting';
import type { Figure, Shown, Table } from '../draw/figure';
import { count, fitText, formatSigned, listed } from '../draw/format';
import { type KindFigures, ofOwnValue } from '../draw/kind-figures';
import type { Mark } from '../draw/mark';
import { memberRemark } from '../draw/member-text';
import { type Group, groupRuns, idsOf, MAX_PANELS } from '../draw/panels';
import { html, nothing } from '../draw/svg';
import { type Field, fieldsOf, type Scalar, samePlain } from './value-fields';

/** Bounds of a drawing: fields, entries of a list, rows and columns of a matrix, matrices. */
const MOST = { fields: 100, entries: 8, rows: 12, columns: 8, matrices: 24 } as const;

/** Bounds of the CSV file, in rows, and of a text in the drawing, in characters. */
const MOST_SAVED = 100_000;
const MOST_TEXT = 60;

const groupsOf = (runs: readonly Shown<Plain>[]): Group<Plain>[] => groupRuns(runs, samePlain);

/** The first fields of a value, and whether the value has more. */
function firstFields(value: Plain): { readonly fields: readonly Field[]; readonly isCut: boolean } {
  const fields: Field[] = [];
  for (const field of fieldsOf(value)) {
    if (fields.length === MOST.fields) return { fields, isCut: true };
    fields.push(field);
  }
  return { fields, isCut: false };
}

const isMatrix = ({ shape }: Field): boolean => shape.length === 2;

function entryText(entry: Scalar | undefined): string {
  if (typeof entry === 'number') return formatSigned(entry);
  if (entry === null || entry === undefined) return '–';
  return fitText(String(entry), MOST_TEXT, 1);
}

/** Size of a field: "3 × 4" for a matrix, "4 entries" for a list, empty for a scalar. */
const sizeText = ({ shape: [length, columns] }: Field): string =>
  length === undefined
    ? ''
    : columns === undefined
      ? count(length, 'entry', 'entries')
      : `${length} × ${columns}`;

/**
 * A field in one line: the value of a scalar, the first entries and the length of a list, the size of a
 * matrix.
 */
function fieldText(field: Field): string {
  const size = sizeText(field);
  if (isMatrix(field)) return size;
  if (size === '') return entryText(field.entries[0]);
  if (field.entries.length === 0) return 'empty';
  const shown = Array.from({ length: Math.min(field.entries.length, MOST.entries) }, (_, index) =>
    entryText(field.entries[index]),
  );
  const rest = field.entries.length > MOST.entries ? ', …' : '';
  return `${shown.join(', ')}${rest} (${size})`;
}

const isCutField = ({ shape: [length = 0, columns], entries }: Field): boolean =>
  columns === undefined
    ? entries.length > MOST.entries || String(entries[0] ?? '').length > MOST_TEXT
    : length > MOST.rows || columns > MOST.columns;

const headerOf = (runs: readonly Shown<Plain>[]): string => {
  const [only] = runs;
  const remark = only && runs.length === 1 ? memberRemark(only) : undefined;
  return listed(idsOf(runs)) + (remark ? ` (${remark})` : '');
};

const head = (text: string, kind?: 'number'): Mark => html('th', { scope: 'col', class: kind }, text);
const cellOf = (entry: string, isNumber: boolean): Mark =>
  html('td', isNumber ? { class: 'number' } : {}, entry);

/** Table of all fields, with one column per group of runs. */
function fieldTable(groups: readonly Group<Plain>[]): Mark {
  const columns = groups.map(
    ({ value }) => new Map(firstFields(value).fields.map((field) => [field.path, field])),
  );
  const paths = [...new Set(columns.flatMap((column) => [...column.keys()]))];
  return html(
    'table',
    { class: 'figure-table' },
    html('thead', {}, html('tr', {}, head('field'), ...groups.map((group) => head(headerOf(group.runs))))),
    html(
      'tbody',
      {},
      ...paths.map((path) =>
        html(
          'tr',
          {},
          html('th', { scope: 'row' }, path),
          ...columns.map((column) => {
            const field = column.get(path);
            return cellOf(
              field ? fieldText(field) : '',
              typeof field?.entries[0] === 'number' && !field.shape.length,
            );
          }),
        ),
      ),
    ),
  );
}

/** Table of the first rows and columns of a matrix. */
function matrixTable(field: Field, words: string): Mark {
  const [rows = 0, columns = 0] = field.shape;
  const [down, across] = [Math.min(rows, MOST.rows), Math.min(columns, MOST.columns)];
  const places = (length: number): number[] => Array.from({ length }, (_, index) => index);
  return html(
    'table',
    { class: 'figure-table' },
    html('caption', {}, `${field.path} in ${words}, ${sizeText(field)}`),
    html(
      'thead',
      {},
      html('tr', {}, html('td'), ...places(across).map((column) => head(String(column + 1), 'number'))),
    ),
    html(
      'tbody',
      {},
      ...places(down).map((row) =>
        html(
          'tr',
          {},
          html('th', { scope: 'row' }, String(row + 1)),
          ...places(across).map((column) => cellOf(entryText(field.entries[row * columns + column]), true)),
        ),
      ),
    ),
  );
}

const sameEntries = (a: Field, b: Field): boolean =>
  a.shape.join() === b.shape.join() &&
  Array.prototype.every.call(a.entries, (entry: Scalar, index: number) => Object.is(entry, b.entries[index]));

/** The matrices of all groups by path; equal matrices occur once, with all their runs. */
function matricesOf(groups: readonly Group<Plain>[]): { field: Field; runs: Shown<Plain>[] }[] {
  const byPath = new Map<string, { field: Field; runs: Shown<Plain>[] }[]>();
  for (const { value, runs } of groups) {
    for (const field of firstFields(value).fields) {
      if (!isMatrix(field) || field.entries.length === 0) continue;
      const known = byPath.get(field.path) ?? [];
      const twin = known.find((other) => sameEntries(other.field, field));
      if (twin) twin.runs.push(...runs);
      else known.push({ field, runs: [...runs] });
      byPath.set(field.path, known);
    }
  }
  return [...byPath.values()].flat();
}

/** Rows of all entries, up to the bound of the file. */
function savedRows(groups: readonly Group<Plain>[]): Table {
  const rows: (string | number)[][] = [['runs', 'field', 'row', 'column', 'value']];
  for (const { runs, value } of groups) {
    const ids = idsOf(runs).join(' ');
    for (const { path, shape, entries } of fieldsOf(value)) {
      const columns = shape[1] ?? 1;
      for (let index = 0; index < entries.length; index++) {
        if (rows.length > MOST_SAVED) return [...rows, [ids, path, '', '', 'the rest is left out']];
        const entry = entries[index];
        rows.push([
          ids,
          path,
          shape.length > 0 ? Math.floor(index / columns) + 1 : '',
          shape.length > 1 ? (index % columns) + 1 : '',
          typeof entry === 'number' ? entry : String(entry ?? ''),
        ]);
      }
    }
  }
  return rows;
}

/** Sentence on what the drawing leaves out; undefined if it is complete. */
function cutText(groups: readonly Group<Plain>[]): string | undefined {
  const isCut =
    groups.length > MAX_PANELS ||
    matricesOf(groups.slice(0, MAX_PANELS)).length > MOST.matrices ||
    groups.some(({ value }) => {
      const first = firstFields(value);
      return first.isCut || first.fields.some(isCutField);
    });
  return isCut
    ? `The table shows the beginning of the value; the CSV file holds up to ${grouped(MOST_SAVED)} entries.`
    : undefined;
}

/** The table figure for the values of one kind. */
export function valueTable(kind: string): Figure<Plain> {
  return {
    name: `value-of-${kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    isTable: true,
    title(runs) {
      const groups = groupsOf(runs).length;
      const where = listed(idsOf(runs));
      if (groups === 0) return `No value of ${kind} to show`;
      if (groups > 1) return `The ${groups} different values of ${kind} in ${where}`;
      return runs.length > 1 ? `The same value of ${kind} in ${where}` : `The value of ${kind} in ${where}`;
    },
    headlines(runs) {
      const groups = groupsOf(runs).length;
      if (groups === 0) return [`No value of ${kind} to show`, 'No value to show'];
      const own = runs.length > 1 ? `${runs.length} runs` : (idsOf(runs)[0] ?? '');
      const words = groups > 1 ? `${groups} values of ${kind}` : `The value of ${kind}`;
      return [`${words} in ${own}`, words, groups > 1 ? `${groups} values` : 'The value'];
    },
    describe(runs) {
      const groups = groupsOf(runs);
      if (groups.length === 0) return `There is no value of ${kind} yet.`;
      const parts = groups.slice(0, MAX_PANELS).map((group) => {
        const { fields } = firstFields(group.value);
        const entries = fields.slice(0, MOST.entries).map((field) => `${field.path}: ${fieldText(field)}`);
        return `${headerOf(group.runs)}: ${entries.join('; ')}${fields.length > MOST.entries ? '; …' : ''}.`;
      });
      return `The value of ${kind} as a table of its fields. ${parts.join(' ')}`;
    },
    table: (runs) => savedRows(groupsOf(runs)),
    note: (runs) => cutText(groupsOf(runs)),
    draw(runs) {
      const groups = groupsOf(runs).slice(0, MAX_PANELS);
      if (groups.length === 0) return nothing(`No value of ${kind} to show yet.`);
      const matrices = matricesOf(groups).slice(0, MOST.matrices);
      return html(
        'div',
        { class: 'figure-scroll', tabindex: 0, role: 'region', 'aria-label': `Value of ${kind}` },
        fieldTable(groups),
        ...matrices.map(({ field, runs: own }) => matrixTable(field, headerOf(own))),
      );
    },
  };
}

/** Entry of a kind without figures: a table of its value. */
export const asValueTable = (kind: string): KindFigures => ofOwnValue(kind, [valueTable(kind)]);
