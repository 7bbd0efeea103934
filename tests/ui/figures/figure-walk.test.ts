// The walk of a figure's points by keys: places, words of a row, and the words of an epoch.

import { createRoot } from 'solid-js';
import { expect, test } from 'vitest';
import { lossFigure } from '../../../src/ui/figures/curves/curves';
import type { Figure } from '../../../src/ui/figures/draw/figure';
import { createWalk, placeAfter, rowText } from '../../../src/ui/figures/page/figure-walk';

test('keys move by one, by ten, and to the ends, never beyond them', () => {
  expect(['ArrowRight', 'ArrowUp', 'PageDown', 'End', 'Home'].map((key) => placeAfter(key, 5, 20))).toEqual([
    6, 4, 15, 20, 1,
  ]);
  expect([placeAfter('ArrowLeft', 1, 20), placeAfter('PageDown', 15, 20)]).toEqual([1, 20]);
  expect(placeAfter('Tab', 5, 20)).toBeUndefined();
});

test('a row is spoken as values after the names of their columns, in few digits, without gaps', () => {
  const head = ['run', 'x', 'y', 'label'];
  expect(rowText([head], ['A', -0.123456789, Number.NaN, 'moon'])).toBe('run A, x −0.1235, label moon');
});

test('the words of an epoch are of that epoch, and of the last one for a shorter training', () => {
  const value = (loss: number[]) => ({
    loss: Float64Array.from(loss),
    testLoss: Float64Array.from(loss),
    accuracy: Float64Array.from(loss),
    testAccuracy: Float64Array.from(loss),
  });
  const runs = [
    { id: 'A', name: 'a', color: '#000', value: value([0.5, 0.25, 0.125]) },
    { id: 'B', name: 'b', color: '#000', value: value([0.75]) },
  ] as unknown as Parameters<typeof lossFigure.draw>[0];
  expect(lossFigure.byEpoch?.epochs(runs)).toBe(3);
  expect(lossFigure.byEpoch?.words(runs, 2)).toBe(
    'Epoch 2: A 0.2500 in training, 0.2500 on the test points; B 0.7500 in training, 0.7500 on the test points (ended at epoch 1).',
  );
});

test('a walk says what Enter does where it does something, and names its point', () => {
  const runs = [{ id: 'A', name: 'a', color: '#000', value: 1 }];
  const figure = { table: () => [['run', 'unit']] } as unknown as Figure<number>;
  createRoot((dispose) => {
    const walk = (figure: Figure<number>) =>
      createWalk({ figure: () => figure, runs: () => runs, epoch: () => 7, onEpoch() {} });
    const plain = walk(figure);
    expect(plain.text()).toBe('Arrow keys walk the points.');
    const rows = walk({ ...figure, calculation: () => Promise.reject(new Error('not asked for')) });
    expect(rows.text()).toBe('Arrow keys walk the points, Enter shows the calculation.');
    expect(rows.place('A')).toEqual(['A']);
    const byEpoch = walk({ ...figure, byEpoch: { epochs: () => 9, words: () => 'At seven.' } });
    expect([byEpoch.text(), byEpoch.place(undefined), byEpoch.place('B')]).toEqual([
      'At seven.',
      ['A', 7],
      ['B', 7],
    ]);
    dispose();
  });
});
