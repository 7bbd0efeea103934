// Every figure to the mark: its words, its columns and its drawing, of small trainings by the real cells.
// Invariant: no figure of `views` is without a snapshot and without values in the gallery; a new one fails here until it is.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as views from '../../../src/ui/figures';
import type { Shown } from '../../../src/ui/figures/draw/figure';
import { mapOf } from '../../browser/gallery/gallery-maps';
import { valuesOf } from '../../browser/gallery/gallery-values';
import { textOf } from './drawing-text';
import { type AnyFigure, everyFigure, MAKERS, type Runs } from './every-figure';

const SMALL = 'dataset.nSamples=24&A.architecture.units=3&A.architecture.hiddenLayers=2&A.train.epochs=4';
const AB = `A=sigmoid&A.${SMALL}&B=relu&B.base=A&B.architecture.activation=relu&B.optimizer.name=sgd&B.optimizer.learningRate=0.1`;

// One fixture for all, computed once: two plain runs, one over seeds, one whose matrices have no room for numbers.
const pair: Runs = {
  ...(await valuesOf(`#v1&${AB}`)),
  map: await mapOf(
    `#v1&${AB}`,
    { path: 'architecture.hiddenLayers', texts: ['1', '2'] },
    { path: 'architecture.activation', texts: ['sigmoid', 'relu'] },
  ),
};
const seeds: Runs = { ...(await valuesOf(`#v1&A=over%20seeds&A.${SMALL}&A.seeds=3`)) };
const wide: Runs = {
  ...(await valuesOf(
    `#v1&A=wide&A.${SMALL.replace('units=3', 'units=30').replace('hiddenLayers=2', 'hiddenLayers=1')}`,
  )),
};

/** All that a figure says and draws of the runs of its kind. */
function sheetOf(figure: AnyFigure, runs: readonly Shown<unknown>[]): string {
  const [head = [], ...rows] = figure.table(runs);
  const note = figure.note?.(runs);
  const round = (cell: string | number): string | number =>
    typeof cell === 'number' ? Number(cell.toPrecision(4)) : cell;
  return [
    `title: ${figure.title(runs)}`,
    ...figure.headlines(runs).map((form) => `headline: ${form}`),
    `says: ${figure.describe(runs)}`,
    ...(note === undefined ? [] : [`note: ${note}`]),
    `table: ${head.join(', ')}; ${rows.length} rows`,
    `last row: ${(rows.at(-1) ?? []).map(round).join(', ')}`,
    textOf(figure.draw(runs, { width: 560, epoch: 3 })),
  ].join('\n');
}

const find = (values: Runs, name: string) => {
  const found = everyFigure(values).find(({ figure }) => figure.name === name);
  if (!found) throw new Error(`there is no figure ${name}`);
  return sheetOf(found.figure, values[found.kind] ?? []);
};

const EVERY = everyFigure(pair);
const NAMES = EVERY.map(({ figure }) => figure.name);

describe('the sheet of a figure', () => {
  test.each(EVERY.map((entry) => [entry.figure.name, entry] as const))(
    'of two runs: %s',
    (_, { kind, figure }) => {
      expect(sheetOf(figure, pair[kind] ?? [])).toMatchSnapshot();
    },
  );

  test.each([
    'loss',
    'accuracy',
    'gradient',
    'gradient-lines',
    'saturation',
    'boundary',
    'confusion',
    'roc',
    'network',
  ])('of a run over seeds: %s', (name) => {
    expect(find(seeds, name)).toMatchSnapshot();
  });

  test('of matrices without room for numbers', () => {
    expect(find(wide, 'diff')).toMatchSnapshot();
  });
});

const isFigure = (value: unknown): value is AnyFigure =>
  typeof value === 'object' &&
  value !== null &&
  ['name', 'title', 'draw', 'table'].every((key) => key in value);

describe('no figure is left out', () => {
  const folder = join(import.meta.dirname, '../../../src/ui/figures');

  test('each that a module of views exports is among those that are drawn here and in the gallery', async () => {
    const exported: string[] = [];
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    )) {
      const module: Record<string, unknown> = await import(join(folder, file));
      exported.push(
        ...Object.values(module)
          .filter(isFigure)
          .map(({ name }) => name),
      );
    }
    expect(exported.length).toBeGreaterThan(10);
    expect(NAMES).toEqual(expect.arrayContaining(exported));
  });

  test('each maker of figures that views export is known', () => {
    const makers = Object.entries(views).filter(
      ([name, value]) => typeof value === 'function' && /figures?(of)?$/i.test(name),
    );
    expect(makers.map(([name]) => name)).toEqual(MAKERS);
  });

  test('each has a name of its own, runs in the gallery, and a snapshot that is kept', () => {
    expect(new Set(NAMES).size).toBe(NAMES.length);
    for (const { kind } of EVERY) expect(`${kind}: ${pair[kind]?.length ?? 0}`).not.toMatch(/: 0$/);
    const file = join(import.meta.dirname, '__snapshots__/figures.test.ts.snap');
    const kept = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const missing = NAMES.filter((name) => !kept.includes(`of two runs: ${name} 1\``));
    expect(missing).toEqual([]);
  });
});
