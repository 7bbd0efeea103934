// Every figure of sheets that nobody hopes for: each is drawn and said, or a sentence says why there is nothing to draw.
// Invariant: no drawing is empty, and no "NaN" is shown but as what a loss became.

import { describe, expect, test } from 'vitest';
import { csvText } from '../../../src/ui/figures';
import { gradientFigure } from '../../../src/ui/figures/by-layer/gradient';
import { boundaryFigure } from '../../../src/ui/figures/data/boundary';
import type { Shown } from '../../../src/ui/figures/draw/figure';
import type { Mark } from '../../../src/ui/figures/draw/mark';
import { mapFigure } from '../../../src/ui/figures/map/map';
import { networkFigure } from '../../../src/ui/figures/network/network';
import { ledgerFigure } from '../../../src/ui/figures/probe/ledger';
import { mapOf } from '../../browser/gallery/gallery-maps';
import { BAD_SHEETS, type BadValues, badValuesOf } from './bad-sheets';
import { type AnyFigure, type Entry, everyFigure, type Runs } from './every-figure';
import { paintingText } from './painting-text';

/** No number, or no value at all, as scripts write them. */
const BROKEN = /NaN|undefined|Infinity|\bnull\b|\[object/;

/** Why a training failed may name what its loss became. */
const isBroken = (text: string): boolean => BROKEN.test(text.replaceAll('the loss became NaN', ''));

const textsOf = (mark: Mark): string[] => mark.children.filter((child) => typeof child === 'string');

/** What is wrong with a drawing, each with where it is. */
const faultsOf = (drawing: Mark): string[] =>
  [...drawing.all()].flatMap((mark) => {
    const at = `${mark.name}.${mark.attributes.get('class') ?? ''}`;
    const attributes = [...mark.attributes].map(([name, value]) => `${name}="${value}"`);
    return [...attributes, ...textsOf(mark), ...paintingText(mark)]
      .filter(isBroken)
      .map((text) => `${at}: ${text.slice(0, 80)}`);
  });

const SHAPES = ['path', 'rect', 'circle', 'td'];

/** Whether there is something to see: more than axes, a key and a ground. */
const isDrawn = (drawing: Mark): boolean =>
  [...drawing.all()].some(
    (mark) =>
      paintingText(mark).length > 0 ||
      (SHAPES.includes(mark.name) &&
        !/^M0 0$|^$/.test(mark.attributes.get('d') ?? 'drawn') &&
        !/grid|tick|key|veil|mark/.test(mark.attributes.get('class') ?? '')),
  );

/** The sentences that stand where nothing is drawn. */
const sentencesOf = (drawing: Mark): string[] =>
  [...drawing.all()]
    .filter(({ attributes }) => attributes.get('class') === 'figure-empty')
    .map((mark) => textsOf(mark).join(''));

/** A table's fields as RFC 4180 has them. */
function fieldsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

const FRAMES = [
  { width: 560, epoch: 1 },
  { width: 560, epoch: 99, marked: 'A' },
  { width: 358, epoch: 2 },
  { width: 300, epoch: 0, marked: 'Z' },
] as const;

function examine(figure: AnyFigure, runs: readonly Shown<unknown>[]): void {
  for (const words of [
    figure.title(runs),
    figure.describe(runs),
    figure.note?.(runs) ?? 'Nothing to note.',
  ]) {
    expect(words).toMatch(/^\S.*\S$/s);
    expect(words).not.toSatisfy(isBroken);
  }
  expect(figure.describe(runs)).toMatch(/\.$/);
  for (const frame of FRAMES) {
    const drawing = figure.draw(runs, frame);
    expect(faultsOf(drawing)).toEqual([]);
    const sentences = sentencesOf(drawing);
    for (const sentence of sentences) expect(sentence).toMatch(/^\S+( \S+){3,}\.$/);
    if (sentences.length === 0) expect(drawing).toSatisfy(isDrawn);
  }
  const [head = [], ...rows] = fieldsOf(csvText(figure.table(runs)));
  expect(new Set(head).size).toBe(head.length);
  expect(head).not.toContain('');
  const malformed = rows.filter(
    (row) => row.length !== head.length || /NaN|undefined|\bnull\b|\[object/.test(row.join(' ')),
  );
  expect(malformed).toEqual([]);
}

const entries = (runs: Runs): (readonly [string, Entry])[] =>
  everyFigure(runs).map((entry) => [entry.figure.name, entry]);

const bad = new Map<string, BadValues>();
for (const [name, address] of Object.entries(BAD_SHEETS)) bad.set(name, await badValuesOf(address));

describe.each([...bad])('a sheet of %s', (_, { values, after }) => {
  const runs: Runs = { ...values };
  test.each(entries(runs))('is drawn and said: %s', (_, { kind, figure }) => {
    examine(figure, runs[kind] ?? []);
  });

  test.each(['ledger', 'activations'])('is probed after training: %s', (kind) => {
    for (const [, { figure }] of entries({ ...runs, [kind]: after }).filter(
      ([, entry]) => entry.kind === kind,
    ))
      examine(figure, after);
  });
});

/** Title and note of a figure of a sheet. */
function saidOf(sheet: keyof typeof BAD_SHEETS, name: string): string {
  const values: Runs = { ...bad.get(sheet)?.values };
  const found = everyFigure(values).find(({ figure }) => figure.name === name);
  const runs = values[found?.kind ?? ''] ?? [];
  return [found?.figure.title(runs), found?.figure.note?.(runs)].filter(Boolean).join(' | ');
}

describe('what a drawing hides is said beside it', () => {
  test('where points cover each other, or lie on a line', () => {
    expect(saidOf('points without variance', 'dataset')).toBe(
      '3 data sets: 8 points in A, 2 points in B and 4 points in C | The 8 points of A lie in 2 places. All points of B have the same x₁.',
    );
  });

  test('where no gradient is, and nothing moves', () => {
    expect(saidOf('no gradient', 'gradient')).toBe(
      'In epoch 1, no gradient reaches A’s and B’s first or last layer | In A and B the gradient of every layer is 0 in every epoch.',
    );
    expect(saidOf('no gradient', 'diff-layer-2')).toBe(
      'Layer 2’s weights did not move in A and B | In A and B no gradient reaches layer 2, and its weights did not move: all its values are 0.',
    );
    const { train = [] } = bad.get('no gradient')?.values ?? {};
    const blank = [...gradientFigure.draw(train, FRAMES[0]).all()].flatMap(textsOf);
    expect(blank).toContain('RMS |∂L/∂W|, log scale; blank is 0; layers down, epochs across');
    expect(blank).not.toContain('0.1');
    const { architecture = [] } = bad.get('no gradient')?.values ?? {};
    const drawing = networkFigure.draw(architecture, FRAMES[0]);
    expect([...drawing.all()].flatMap(textsOf)).toContain('No lines: every weight is 0.');
  });

  test('where one class is trained on, or a unit is alone', () => {
    expect(saidOf('one class', 'boundary')).toContain('All training points of A are of class 1.');
    expect(saidOf('one class', 'confusion')).toContain(
      'A has no training point of class 0: the recall is set to 0.',
    );
    expect(saidOf('one class', 'roc')).toContain(
      'A has no ROC curve over its training points: all are of class 1.',
    );
    expect(saidOf('no hidden layer', 'saturation')).toBe('No hidden layer in A and B: nothing can saturate');
    expect(saidOf('a single unit', 'activations')).toContain('Dead in B: the only unit of layer 4');
  });

  test('where trainings diverged', () => {
    const { failures, after } = bad.get('NaN from the first step') ?? {};
    expect([...(failures ?? [])]).toEqual(['A', 'B'].map((run) => [run, 'the loss became NaN in epoch 1']));
    expect(ledgerFigure.title(after ?? [])).toBe('A and B have no signal: the loss became NaN in epoch 1');
    expect(sentencesOf(ledgerFigure.draw(after ?? [], FRAMES[0]))).toEqual([
      'A and B: the loss became NaN in epoch 1.',
    ]);
    expect(saidOf('NaN in some members', 'gradient')).toMatch(/; median of 2$/);
    expect(saidOf('NaN beside a training', 'map')).toContain(
      '1 of 4 trainings diverged: their loss is not a number.',
    );
  });
});

test('the plane around points on a line, or to rounding on one, is high enough to be seen', () => {
  const runs = bad.get('points without variance')?.values.boundary.slice(1) ?? [];
  expect(runs).toHaveLength(2);
  const painted = [...boundaryFigure.draw(runs, FRAMES[0]).all()].flatMap(paintingText);
  const sizes = painted.flatMap((line) =>
    [...line.matchAll(/^image (\d+) × (\d+)/g)].map((size) => size.slice(1)),
  );
  expect(sizes).toHaveLength(2);
  for (const size of sizes.flat()) expect(Number(size)).toBeGreaterThan(15);
});

test('a map on which every training diverges is drawn, and says so', async () => {
  const [rows, columns] = [
    { path: 'optimizer.learningRate', texts: ['1e+29', '1e+30'] },
    { path: 'optimizer.name', texts: ['adam', 'sgd'] },
  ];
  for (const measure of ['ratio', 'testAccuracy'] as const) {
    const runs = await mapOf(BAD_SHEETS['NaN from the first step'], rows, columns, measure);
    examine(mapFigure as AnyFigure, runs);
    expect(mapFigure.title(runs)).toBe('Every training of this map diverges');
  }
});

describe('a sheet without runs', () => {
  test.each(entries({}))('is said: %s', (_, { figure }) => {
    examine(figure, []);
    expect(sentencesOf(figure.draw([], FRAMES[0]))).toHaveLength(1);
  });
});
