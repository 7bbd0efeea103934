// What sheets are called, and what the list of them says of time and size.

import { describe, expect, test } from 'vitest';
import { fullName, namedBy, shortName } from '../../../src/ui/sheets/sheet-name';
import {
  leftText,
  runsText,
  sizeText,
  unreadableJson,
  unreadableText,
  whenText,
} from '../../../src/ui/sheets/sheet-text';

const NOON = new Date(2026, 10, 30, 12, 0).getTime();
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe('a sheet is called', () => {
  test('by its title, else by its runs, else untitled', () => {
    expect(fullName({ title: 'Depth', names: ['a'], runs: 1 })).toBe('Depth');
    expect(fullName({ names: ['sigmoid', '', 'relu', 'twin'], runs: 4 })).toBe('sigmoid, relu, twin');
    expect(fullName({ names: ['', ''], runs: 2 })).toBe('Untitled');
  });

  test('by the first four of its runs', () => {
    const runs = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name }));
    expect(fullName(namedBy({ runs }))).toBe('a, b, c, d, …');
    expect(fullName(namedBy({ runs: runs.slice(1) }))).toBe('b, c, d, e');
    expect(fullName(namedBy({ title: 'T', runs }))).toBe('T');
  });

  test('with an ellipsis after 40 characters, never inside of one', () => {
    const exact = 'x'.repeat(40);
    expect(shortName({ title: exact, names: [], runs: 0 })).toBe(exact);
    expect(shortName({ title: `${exact}y`, names: [], runs: 0 })).toBe(`${'x'.repeat(39)}…`);
    expect(shortName({ title: '🙂'.repeat(50), names: [], runs: 0 })).toBe(`${'🙂'.repeat(39)}…`);
    expect(shortName({ title: `${'x'.repeat(38)}  more`, names: [], runs: 0 })).toBe(`${'x'.repeat(38)}…`);
  });
});

describe('a time is said', () => {
  test.each([
    [NOON, 'just now'],
    [NOON - 59_999, 'just now'],
    [NOON - MINUTE, '1 min ago'],
    [NOON - 59 * MINUTE, '59 min ago'],
    [NOON - 60 * MINUTE, 'today 11:00'],
    [new Date(2026, 10, 29, 14, 2).getTime(), 'yesterday 14:02'],
    [new Date(2026, 10, 28, 9, 5).getTime(), '28 Nov 09:05'],
    [new Date(2025, 2, 3, 9, 5).getTime(), '3 Mar 2025'],
    [0, new Date(0).getFullYear() === 1970 ? '1 Jan 1970' : '31 Dec 1969'],
  ])('%d as %s', (when, words) => {
    expect(whenText(when, NOON)).toBe(words);
  });

  test('never as in the future, however far the clock was put back', () => {
    for (const ahead of [1, MINUTE, DAY, 400 * DAY, 8.64e15 - NOON])
      expect(whenText(NOON + ahead, NOON)).toBe('just now');
  });

  test('around midnight and New Year by the calendar', () => {
    const newYear = new Date(2027, 0, 1, 0, 30).getTime();
    expect(whenText(newYear - 40 * MINUTE, newYear)).toBe('40 min ago');
    expect(whenText(newYear - 90 * MINUTE, newYear)).toBe('yesterday 23:00');
  });

  test('with the days in which a removed sheet can be restored', () => {
    expect([30, 2, 1, 0].map(leftText)).toEqual([
      '30 days left',
      '2 days left',
      'one day left',
      'one day left',
    ]);
  });
});

test('numbers of runs and sizes are said in words and units', () => {
  expect([1, 2].map(runsText)).toEqual(['1 run', '2 runs']);
  expect([0, 999, 1_000, 1_250, 12_345, 3_000_000].map(sizeText)).toEqual([
    '0 B',
    '999 B',
    '1 kB',
    '1.3 kB',
    '12 kB',
    '3 MB',
  ]);
});

describe('what cannot be read', () => {
  test('is described by its key', () => {
    expect(unreadableText({ key: 'sheet abc' })).toBe('a damaged sheet');
    expect(unreadableText({ key: 'sheet abc', missing: true })).toContain('lost sheet');
    expect(unreadableText({ key: 'own' })).toContain('an older version');
    expect(unreadableText({ key: 'unreadable' })).toContain('could not read');
  });

  test('is written as JSON, whatever it is', () => {
    const held = { big: 1n, map: new Map([['a', new Set([1])]]), bytes: new Uint8Array([1, 2]).subarray(1) };
    expect(JSON.parse(unreadableJson('own', held))).toEqual({
      key: 'own',
      held: { big: '1', map: [['a', [1]]], bytes: [2] },
    });
    const ring: { self?: unknown } = {};
    ring.self = ring;
    expect(JSON.parse(unreadableJson('own', ring))).toEqual({ key: 'own', held: '[object Object]' });
    expect(JSON.parse(unreadableJson('own', undefined))).toEqual({ key: 'own' });
  });
});
