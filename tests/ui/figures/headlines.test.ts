// The headlines of all figures: of many runs as of two, each form names two runs at most, and the last one fits a phone.

import { expect, test } from 'vitest';
import { fittingHeadline, headlinesOf } from '../../../src/ui/figures/draw/headline';
import { valuesOf } from '../../browser/gallery/gallery-values';
import { everyFigure, type Runs } from './every-figure';

const SMALL = 'dataset.nSamples=24&A.architecture.units=3&A.architecture.hiddenLayers=2&A.train.epochs=3';
const MANY = ['B', 'C', 'D', 'E', 'F'].map(
  (id, at) => `${id}=${id}&${id}.base=A&${id}.optimizer.learningRate=0.0${at + 1}`,
);

/** Most characters of the last form: as many as a phone's width holds, in the widest of usual fonts. */
const MOST = 31;

const many: Runs = { ...(await valuesOf(`#v1&A=a&A.${SMALL}&${MANY.join('&')}`)) };
const seeds: Runs = {
  ...(await valuesOf(`#v1&A=a&A.${SMALL}&A.seeds=3&B=b&B.base=A&B.architecture.activation=relu`)),
};

const FIGURES = [many, seeds].flatMap((values) =>
  everyFigure(values).map(({ kind, figure }) => [figure.name, figure, values[kind] ?? []] as const),
);

test.each(FIGURES)('of %s name two runs at most, and become short', (_, figure, runs) => {
  const forms = figure.headlines(runs);
  expect(forms.length).toBeGreaterThan(0);
  for (const form of forms) {
    const named = new Set(form.match(/\b[A-F]′?(?=$|[ ,;.’])/g));
    expect(named.size, form).toBeLessThanOrEqual(2);
    expect(form).not.toMatch(/\d [:%]|NaN|undefined|e-\d/);
  }
  expect(forms.at(-1)?.length, forms.at(-1)).toBeLessThanOrEqual(MOST);
  expect(figure.headlines([]).at(-1)?.length).toBeLessThanOrEqual(MOST);
});

/** Headlines on some runs, each a letter with the text of its number. */
const on = (...runs: readonly string[]): string[] =>
  headlinesOf(
    runs,
    { first: 'best', text: (run) => run.slice(1) },
    (named, tail) => `ends at ${named.join(', ')}${tail}`,
    (named, tail) => `${named.join(', ')}${tail}`,
  );

test('say how many runs there are before they leave a word out, and the first run last', () => {
  expect(on('C1', 'B2', 'A3')).toEqual([
    'ends at C1, A3, 3 runs',
    'C1, A3, 3 runs',
    'ends at C1, best of 3',
    'C1, best of 3',
    'ends at C1, A3',
    'C1, A3',
    'ends at C1',
    'C1',
  ]);
});

test('call no run the first among equals', () => {
  expect(on('C1', 'B1', 'A1').slice(0, 2)).toEqual(['ends at C1, as in all 3 runs', 'C1, as in all 3 runs']);
  expect(on('C1', 'B1')).toContain('C1, as in both runs');
  expect(on('C1', 'B1', 'A2')).toContain('C1, one of 3 runs');
  for (const equal of [on('C1', 'B1', 'A1'), on('C1', 'B1'), on('C1', 'B1', 'A2')])
    expect(equal.join('; ')).not.toContain('best');
});

test('are the first that is not too wide and not too long', () => {
  const width = (text: string): number => 10 * text.length;
  expect(fittingHeadline(['four', 'two'], 40, width)).toBe('four');
  expect(fittingHeadline(['four', 'two'], 39, width)).toBe('two');
  expect(fittingHeadline(['x'.repeat(65), 'two'], 1000, width)).toBe('two');
  expect(fittingHeadline(['four', 'two'], 0, width)).toBe('two');
  expect(fittingHeadline([], 40, width)).toBe('');
});
