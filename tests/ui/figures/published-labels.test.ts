// Where the words of a published figure stand among curves.

import { expect, test } from 'vitest';
import { type PublishedValue, publishedPoints } from '../../../src/ui/figures/curves/published-figures';
import { chartOf } from '../../../src/ui/figures/draw/axes';

const chart = chartOf({
  width: 400,
  height: 300,
  margin: [20, 20, 20, 20],
  x: { type: 'linear', domain: [1, 100] },
  y: { type: 'linear', domain: [0, 1] },
});

const published: PublishedValue = { measure: 'loss', value: 0.5, epoch: 50, label: 'notebook' };

/** Left edge and baseline of each label. */
const labels = (publishedValues: readonly PublishedValue[], points: readonly (readonly [number, number])[]) =>
  publishedPoints(publishedValues, chart, points)
    .flatMap((mark) => [...mark.all()])
    .filter(({ name }) => name === 'text')
    .map(({ attributes }) => [Number(attributes.get('x')), Number(attributes.get('y'))]);

/** A curve from left to right at one height. */
const level = (y: number, from = 20, to = 380): [number, number][] =>
  Array.from({ length: (to - from) / 4 }, (_, index) => [from + 4 * index, y]);

test('a label stands close above its line, and elsewhere where curves run through it', () => {
  expect(labels([published], [])).toEqual([[26, 145]]);
  expect(labels([published], level(142))).toEqual([[26, 163]]);
  expect(labels([published], [...level(142), ...level(160)])).toEqual([[26, 132]]);
  // Curves on the left alone: it stands at the right.
  const [[left = 0, base = 0] = []] = labels([published], level(142, 20, 180));
  expect(left).toBeGreaterThan(180);
  expect(base).toBe(145);
});

test('labels stand neither upon each other nor outside of the frame', () => {
  const top = { ...published, value: 1 };
  expect(labels([top], [])).toEqual([[26, 33]]);
  const near = { ...published, value: 0.49 };
  const [[, first = 0] = [], [, second = 0] = []] = labels([published, near], []);
  expect(Math.abs(first - second)).toBeGreaterThanOrEqual(14);
});
