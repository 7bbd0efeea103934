// What was allowed, over a real IndexedDB in memory: bounded, newest first, whatever else lies there.

import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { createStore, keys, set } from 'idb-keyval';
import { beforeEach, expect, test } from 'vitest';
import { openAllowances } from '../../../src/platform/storage/allowances';

const keyOf = (index: number): string => `train-${index.toString(16).padStart(40, '0')}`;
const raw = () => createStore('gradsheet-allowed', 'keyval');

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

test('the newest hundred are kept, the newest first', async () => {
  const store = raw();
  for (let index = 0; index < 120; index++) await set(keyOf(index), index, store);
  await openAllowances().add(keyOf(500));
  const held = await openAllowances().load();
  expect(held).toHaveLength(100);
  expect(held.slice(0, 3)).toEqual([keyOf(500), keyOf(119), keyOf(118)]);
  expect(await keys(store)).toHaveLength(100);
});

test('a date of the far future does not crowd out what is allowed now', async () => {
  const store = raw();
  for (let index = 0; index < 100; index++) await set(keyOf(index), 8.64e15, store);
  await openAllowances().add(keyOf(500));
  expect((await openAllowances().load())[0]).toBe(keyOf(500));
});

test('what is none is passed over, and left where it lies', async () => {
  const store = raw();
  const hostile: [IDBValidKey, unknown][] = [
    ['train-1', 5],
    ['__proto__', 5],
    [7, 5],
    [keyOf(1), 'yesterday'],
    [keyOf(2), Number.POSITIVE_INFINITY],
    [keyOf(3), -1],
    ['x'.repeat(10_000), 5],
  ];
  for (const [key, held] of hostile) await set(key, held, store);
  const allowances = openAllowances();
  expect(await allowances.load()).toEqual([]);
  await allowances.add(keyOf(9));
  expect(await allowances.load()).toEqual([keyOf(9)]);
  expect(await keys(store)).toHaveLength(hostile.length + 1);
});
