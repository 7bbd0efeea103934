// What moves when columns come, go and change places.

import { expect, test } from 'vitest';
import { motionOf } from '../../../src/ui/grid/column-motion';

const places = (text: string): ReadonlyMap<string, number> =>
  new Map([...text].flatMap((name, at) => (name === ' ' ? [] : [[name, at * 100] as const])));
const moved = (before: string, after: string, known = before) => {
  const { slides, grown } = motionOf(places(before), places(after), new Set(known));
  return { slides: Object.fromEntries(slides), grown };
};

test('a new column grows, and those behind it slide; where a column went, the others close up', () => {
  expect(moved('ABC', 'ABDC')).toEqual({ slides: { C: -100 }, grown: ['D'] });
  expect(moved('ABC', 'AC')).toEqual({ slides: { C: 100 }, grown: [] });
  expect(moved('ABC', 'CAB')).toEqual({ slides: { A: -100, B: -100, C: 200 }, grown: [] });
  expect(moved('ABC', 'ABC')).toEqual({ slides: {}, grown: [] });
});

test('a column that was out of sight is not new', () => {
  expect(moved('AB', 'ABC', 'ABC')).toEqual({ slides: {}, grown: [] });
});
