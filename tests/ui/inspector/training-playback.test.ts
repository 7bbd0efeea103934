// Playing a training: which epoch is shown when, and the steps where less motion is wanted.

import { expect, test } from 'vitest';
import { playedEpoch, playingTime, steppedEpoch } from '../../../src/ui/inspector/training-playback';

test('a whole training plays in six seconds, a part in its share of them, a short one more slowly for each epoch', () => {
  expect(playingTime(1, 100)).toBe(6_000);
  expect(playingTime(1, 100_000)).toBe(6_000);
  expect(playingTime(51, 101)).toBe(3_000);
  expect(playingTime(1, 5)).toBe(1_600);
  expect(playingTime(1, 1)).toBe(0);
});

test('the epoch follows the clock, from where it stood to the last, however late it is asked for', () => {
  expect([0, 1_500, 3_000, 5_999, 6_000, 60_000].map((ms) => playedEpoch(1, 101, ms))).toEqual([
    1, 26, 51, 100, 101, 101,
  ]);
  expect([0, 399, 400, 1_600].map((ms) => playedEpoch(1, 5, ms))).toEqual([1, 1, 2, 5]);
  expect(playedEpoch(1, 1, 0)).toBe(1);
});

test('ten steps walk through a training, and then it starts again', () => {
  const seen = [1];
  for (let step = 0; step < 11; step++) seen.push(steppedEpoch(seen.at(-1) ?? 1, 100));
  expect(seen).toEqual([1, 11, 21, 31, 41, 51, 61, 71, 81, 91, 100, 1]);
  expect([1, 2, 3].map((epoch) => steppedEpoch(epoch, 3))).toEqual([2, 3, 1]);
});
