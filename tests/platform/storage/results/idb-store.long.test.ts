// The disk tier over an IndexedDB in memory: formats, hostile records, newer releases, usage, storage that fails.

import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { get, keys, set, type UseStore } from 'idb-keyval';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { digest } from '../../../../src/core/kinds/digest';
import type { Plain } from '../../../../src/core/kinds/value';
import { hashText } from '../../../../src/core/plan/key';
import { database } from '../../../../src/platform/storage/idb';
import { idbStore } from '../../../../src/platform/storage/results/idb-store';
import { FORMAT, indexKey } from '../../../../src/platform/storage/results/result-records';
import { fixtures, rebuilt } from '../../../fixtures/storage/fixtures';

const HOUR = 3_600_000;

let entries: UseStore;
let checkpoints: UseStore;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  entries = database('gradsheet-entries');
  checkpoints = database('gradsheet-checkpoints');
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function entryOf(recipe: string, value: Plain = new Float32Array([1, 2])) {
  return { key: `toy-${hashText(recipe)}`, recipe, value, ms: 3 };
}

const textKeys = async (use: UseStore): Promise<string[]> =>
  (await keys(use)).filter((key) => typeof key === 'string');

describe('an entry on disk', () => {
  test('comes back with its digest, and has an index record with its size', async () => {
    const entry = entryOf('a');
    await idbStore().put(entry);
    expect((await idbStore().get(entry.key))?.entry).toEqual({ ...entry, digest: digest(entry.value) });
    expect(await get(indexKey(entry.key), entries)).toMatchObject({ format: FORMAT, bytes: 90 });
  });

  test('is a miss and goes, with its index record, where any field of it is another’s or was altered', async () => {
    const [entry, other] = [entryOf('a'), entryOf('b', { other: 1 })];
    const store = idbStore();
    await store.put(other);
    const strange = await get<Record<string, unknown>>(other.key, entries);
    const altered: [string, (held: Record<string, unknown>) => unknown][] = [
      [
        'another’s value and digest',
        (held) => ({ ...held, value: strange?.['value'], digest: strange?.['digest'] }),
      ],
      ['all of another but the key', (held) => ({ ...strange, key: held['key'] })],
      ['all of another', () => strange],
      ['value', (held) => ({ ...held, value: new Float32Array([1, 3]) })],
      ['cost', (held) => ({ ...held, ms: 4 })],
      ['recipe', (held) => ({ ...held, recipe: 'b' })],
      ['digest', (held) => ({ ...held, digest: digest(1) })],
      ['checksum', (held) => ({ ...held, checksum: strange?.['checksum'] })],
      ['no format', ({ format: _, ...held }) => held],
      ['format 1.5', (held) => ({ ...held, format: 1.5 })],
      ['more', (held) => ({ ...held, more: true })],
      ['nothing', () => null],
    ];
    for (const [name, alter] of altered) {
      await store.put(entry);
      expect(await store.get(entry.key), `sound before: ${name}`).toBeDefined();
      await set(entry.key, alter((await get(entry.key, entries)) ?? {}), entries);
      expect(await store.get(entry.key), name).toBeUndefined();
      expect(await get(entry.key, entries), name).toBeUndefined();
      expect(await get(indexKey(entry.key), entries), name).toBeUndefined();
    }
  });

  test('that a later release wrote is a miss, and neither reading nor writing touches it', async () => {
    const entry = entryOf('a');
    const later = { format: FORMAT + 1, body: 'what nobody here knows' };
    const index = { format: FORMAT + 1, bytes: 7, used: 1, more: true };
    await set(entry.key, later, entries);
    await set(indexKey(entry.key), index, entries);
    const store = idbStore();
    expect(await store.get(entry.key)).toBeUndefined();
    await store.put(entry);
    expect(await store.holds?.([entry.key])).toEqual(new Set());
    expect(await store.usage.list()).toEqual([
      { what: 'entry', id: entry.key, bytes: 7, used: 1, newer: true },
    ]);
    expect(await get(entry.key, entries)).toEqual(later);
    expect(await get(indexKey(entry.key), entries)).toEqual(index);
  });

  test('is written while the page goes away, and then writes over nothing either', async () => {
    const leave = new EventTarget();
    vi.stubGlobal('addEventListener', leave.addEventListener.bind(leave));
    const store = idbStore();
    vi.unstubAllGlobals();
    // The first batch goes at once; what comes after it waits for a moment.
    await store.put(entryOf('first'));
    const waiting = [entryOf('a'), entryOf('b')];
    const later = { format: FORMAT + 1 };
    await set(entryOf('b').key, later, entries);
    const puts = waiting.map((entry) => store.put(entry));
    leave.dispatchEvent(new Event('pagehide'));
    await vi.waitFor(async () => expect(await get(entryOf('a').key, entries)).toBeDefined(), {
      interval: 1,
      timeout: 100,
    });
    expect(await get(entryOf('b').key, entries)).toEqual(later);
    await Promise.all(puts);
    expect(await get(entryOf('b').key, entries)).toEqual(later);
  });
});

describe('a checkpoint on disk', () => {
  const trace = 'toy trace';
  const hash = hashText(trace);
  const at = (place: number, state: Plain = { at: place }) => ({ trace, at: place, state, ms: 1_000 });

  test('comes back with its cost and its digest; one that is altered, or another’s, goes and the one before it counts', async () => {
    const store = idbStore();
    for (const place of [4, 6, 8]) await store.putCheckpoint(at(place));
    expect(await store.checkpoint(trace, 9)).toEqual({ ...at(8), digest: digest({ at: 8 }) });
    const six = await get<Record<string, unknown>>(`${hash} 6`, checkpoints);
    await set(`${hash} 8`, { ...six, at: 8 }, checkpoints);
    expect((await store.checkpoint(trace, 9))?.at).toBe(6);
    expect(await textKeys(checkpoints)).toEqual([`${hash} 4`, `${hash} 6`]);
    await set(`${hash} 6`, { ...six, ms: 5 }, checkpoints);
    expect((await store.checkpoint(trace, 9))?.at).toBe(4);
    await set(`${hash} 4`, 'none', checkpoints);
    expect(await store.checkpoint(trace, 9)).toBeUndefined();
    expect(await keys(checkpoints)).toEqual([]);
  });

  test('that cannot be read for once stays, and counts the next time', async () => {
    const store = idbStore();
    for (const place of [4, 6]) await store.putCheckpoint(at(place));
    const read = IDBObjectStore.prototype.get;
    const failing = vi.spyOn(IDBObjectStore.prototype, 'get').mockImplementation(function (
      this: IDBObjectStore,
      key,
    ) {
      if (key === `${hash} 6`) throw new DOMException('for once', 'DataError');
      return read.call(this, key);
    });
    expect((await store.checkpoint(trace, 9))?.at).toBe(4);
    failing.mockRestore();
    expect((await store.checkpoint(trace, 9))?.at).toBe(6);
  });

  test('is kept only where it stands for more work than it costs', async () => {
    const store = idbStore();
    await store.putCheckpoint({ ...at(1), ms: 100 });
    await store.putCheckpoint({ ...at(2, new Uint8Array(2 ** 23)), ms: 600 });
    expect(await keys(checkpoints)).toEqual([]);
    await store.putCheckpoint({ ...at(3), ms: 600 });
    expect(await textKeys(checkpoints)).toEqual([`${hash} 3`]);
  });

  test('and its index, where a later release wrote them, stay as they are', async () => {
    const index = { format: FORMAT + 1, places: [1] };
    const later = { format: FORMAT + 1, state: 1 };
    await set(indexKey(hash), index, checkpoints);
    await set(`${hash} 1`, later, checkpoints);
    const store = idbStore();
    expect(await store.checkpoint(trace, 9)).toBeUndefined();
    for (const place of [1, 2]) await store.putCheckpoint(at(place));
    await store.usage.list();
    expect(await get(indexKey(hash), checkpoints)).toEqual(index);
    expect(await get(`${hash} 1`, checkpoints)).toEqual(later);
    expect(await textKeys(checkpoints)).toEqual([`${hash} 1`]);
  });

  test('that a later release wrote under an index of this one is left alone', async () => {
    const store = idbStore();
    for (const place of [2, 3]) await store.putCheckpoint(at(place));
    const later = { format: FORMAT + 1, state: 1 };
    await set(`${hash} 3`, later, checkpoints);
    expect((await store.checkpoint(trace, 9))?.at).toBe(2);
    await store.putCheckpoint(at(3));
    expect(await get(`${hash} 3`, checkpoints)).toEqual(later);
  });
});

describe('the usage of the disk', () => {
  test('names every entry and every trace with its size, and removes them with all that is theirs', async () => {
    const store = idbStore();
    const before = Date.now();
    await store.put(entryOf('a'));
    await store.put(entryOf('b', 'text'));
    for (const at of [4, 8]) await store.putCheckpoint({ trace: 't', at, state: new Uint8Array(100) });
    await store.putCheckpoint({ trace: 'u', at: 1, state: null });
    const items = await store.usage.list();
    const sizes = Object.fromEntries(items.map(({ what, id, bytes }) => [`${what} ${id}`, bytes]));
    expect(sizes).toEqual({
      [`entry ${entryOf('a').key}`]: 90,
      [`entry ${entryOf('b').key}`]: 42,
      [`trace ${hashText('t')}`]: 328,
      [`trace ${hashText('u')}`]: 8,
    });
    for (const { used } of items) expect(used).toBeGreaterThanOrEqual(before);
    await store.usage.remove(items.filter(({ id }) => id === entryOf('a').key || id === hashText('t')));
    expect(await store.usage.list()).toHaveLength(2);
    expect([await store.get(entryOf('a').key), await store.checkpoint('t', 9)]).toEqual([
      undefined,
      undefined,
    ]);
    expect((await store.get(entryOf('b').key))?.entry.value).toBe('text');
    expect((await store.checkpoint('u', 9))?.at).toBe(1);
    expect([await keys(entries), await keys(checkpoints)].map(({ length }) => length)).toEqual([2, 2]);
  });

  test('counts an entry that has no index record, gives it one, and removes what format 1 left', async () => {
    const store = idbStore();
    const all = Array.from({ length: 40 }, (_, i) => entryOf(`recipe ${i}`));
    await Promise.all(all.map((entry) => store.put(entry)));
    for (const [i, { key }] of all.entries()) if (i % 2) await set(indexKey(key), 'damaged', entries);
    for (const fixture of fixtures.filter(({ format }) => format === 1)) {
      await set(fixture.entry.key, rebuilt(fixture.entry), entries);
      const hash = hashText(fixture.checkpoint.trace);
      await set(hash, [{ at: fixture.checkpoint.at, bytes: 5 }], checkpoints);
      await set(`${hash} ${fixture.checkpoint.at}`, rebuilt(fixture.checkpoint), checkpoints);
    }
    const items = await store.usage.list();
    expect(items.map(({ id }) => id).sort()).toEqual(all.map(({ key }) => key).sort());
    expect(new Set(items.map(({ bytes }) => bytes))).toEqual(new Set([104, 106]));
    expect(await keys(entries)).toHaveLength(80);
    expect(await keys(checkpoints)).toEqual([]);
    expect(new Set(await store.usage.list())).toEqual(new Set(items));
  });

  test('tells to the hour when something was last used', async () => {
    const entry = entryOf('a');
    await idbStore().put(entry);
    await idbStore().putCheckpoint({ trace: 't', at: 1, state: 1 });
    const now = Date.now();
    vi.spyOn(Date, 'now').mockImplementation(() => now + 2 * HOUR);
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const store = idbStore();
    await store.get(entry.key);
    await store.checkpoint('t', 1);
    expect((await store.usage.list()).every(({ used }) => used <= now)).toBe(true);
    await vi.advanceTimersByTimeAsync(6_000);
    vi.useRealTimers();
    await vi.waitFor(async () =>
      expect((await store.usage.list()).map(({ used }) => used)).toEqual([now + 2 * HOUR, now + 2 * HOUR]),
    );
  });

  test('keeps new results in memory only while the disk counts as full', async () => {
    const store = idbStore();
    store.usage.setFull(true);
    await store.put(entryOf('a'));
    await store.putCheckpoint({ trace: 't', at: 1, state: 1 });
    expect(await store.usage.list()).toEqual([]);
    store.usage.setFull(false);
    await store.put(entryOf('a'));
    expect(await store.usage.list()).toHaveLength(1);
  });
});

describe('what earlier releases stored', () => {
  test.each(fixtures)(
    'format $format: read where it has the checksum over all fields, else a miss that goes',
    async ({ format, entry, checkpoint }) => {
      const { trace, at } = checkpoint;
      const hash = hashText(trace);
      await set(entry.key, rebuilt(entry), entries);
      await set(`${hash} ${at}`, rebuilt(checkpoint), checkpoints);
      await set(indexKey(hash), { format: FORMAT, held: [{ at, bytes: 100 }], used: 1 }, checkpoints);
      const store = idbStore();
      const found = await store.get(entry.key);
      const state = await store.checkpoint(trace, at);
      if (format === 1) {
        expect([found, state]).toEqual([undefined, undefined]);
        expect([await keys(entries), await keys(checkpoints)]).toEqual([[], []]);
        return;
      }
      const fields = (record: unknown) => {
        const { format: _, checksum: __, ...rest } = record as Record<string, unknown>;
        return rest;
      };
      expect(found?.entry).toEqual(fields(rebuilt(entry)));
      expect(state).toEqual(fields(rebuilt(checkpoint)));
    },
  );
});

describe('storage that fails', () => {
  const full = () =>
    vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
      throw new DOMException('no room', 'QuotaExceededError');
    });

  test('is said, tried again later, and taken back once it answers; what waited is written then', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
    const troubles: (string | undefined)[] = [];
    const store = idbStore({ onTrouble: (message) => troubles.push(message) });
    const open = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('no', 'SecurityError');
    });
    const puts = [store.put(entryOf('a')), store.get('toy-1'), store.get('toy-2'), store.checkpoint('t', 1)];
    await vi.advanceTimersByTimeAsync(100);
    await Promise.all(puts);
    await store.get('toy-3');
    expect(troubles).toEqual([expect.stringContaining('does not allow')]);
    const tried = open.mock.calls.length;
    const later = store.put(entryOf('b'));
    await vi.advanceTimersByTimeAsync(300);
    await later;
    expect(open.mock.calls.length).toBe(tried);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(open.mock.calls.length).toBeGreaterThan(tried);
    expect(troubles).toHaveLength(1);
    open.mockRestore();
    await vi.advanceTimersByTimeAsync(10_000);
    vi.useRealTimers();
    await vi.waitFor(() => expect(troubles.at(-1)).toBeUndefined());
    expect(troubles).toHaveLength(2);
    await vi.waitFor(async () => expect(await textKeys(entries)).toHaveLength(2), { timeout: 4_000 });
  });

  test('for want of room still reads, and holds what is to be written until there is room', async () => {
    const store = idbStore();
    await store.put(entryOf('a'));
    const troubles: (string | undefined)[] = [];
    const poor = idbStore({ onTrouble: (message) => troubles.push(message) });
    const refusing = full();
    await poor.put(entryOf('b'));
    expect(troubles).toEqual([expect.stringContaining('storage is full')]);
    expect((await poor.get(entryOf('a').key))?.entry.value).toEqual(entryOf('a').value);
    expect(await poor.get(entryOf('b').key)).toBeUndefined();
    expect(await poor.holds?.([entryOf('b').key])).toEqual(new Set([entryOf('b').key]));
    refusing.mockRestore();
    await vi.waitFor(async () => expect(await poor.get(entryOf('b').key)).toBeDefined(), { timeout: 8_000 });
    expect(troubles.at(-1)).toBeUndefined();
  });
});

describe('a large array', () => {
  const value: Plain = {
    layers: [{ kernel: { shape: [256, 256], data: Float32Array.from({ length: 65_536 }, (_, i) => i) } }],
    sums: new Float64Array(40_000).fill(0.1).subarray(3),
    bytes: new Uint8Array(2 ** 18).fill(7),
    order: new Uint32Array([1, 2]),
    name: 'small',
  };

  test('lies on disk as a blob, and comes back to the byte', async () => {
    const entry = entryOf('large', value);
    const store = idbStore();
    await store.put(entry);
    const held = await get<{ value: Record<string, unknown> }>(entry.key, entries);
    expect(held?.value['bytes']).toBeInstanceOf(Blob);
    expect(held?.value['order']).toBeInstanceOf(Uint32Array);
    expect((await idbStore().get(entry.key))?.entry).toEqual({ ...entry, digest: digest(value) });
    await store.putCheckpoint({ trace: 't', at: 1, state: value });
    expect((await store.checkpoint('t', 1))?.state).toEqual(value);
    const [item] = await store.usage.list();
    await set(indexKey(entry.key), 'damaged', entries);
    expect((await store.usage.list()).find(({ what }) => what === 'entry')?.bytes).toBe(item?.bytes);
  });

  test.each([
    ['another’s bytes', new Blob([new Uint8Array(2 ** 18)], { type: 'uint8array' })],
    ['a type that is none', new Blob([new Uint8Array(2 ** 18).fill(7)], { type: 'text/html' })],
    ['a part of a number', new Blob([new Uint8Array(7)], { type: 'float64array' })],
    ['a picture in place of a number', new Blob(['x'])],
  ])('that holds %s makes its entry a miss, which goes', async (_, blob) => {
    const entry = entryOf('large', value);
    const store = idbStore();
    await store.put(entry);
    const held = await get<{ value: Record<string, unknown> }>(entry.key, entries);
    await set(entry.key, { ...held, value: { ...held?.value, bytes: blob } }, entries);
    expect(await store.get(entry.key)).toBeUndefined();
    expect(await keys(entries)).toEqual([]);
  });
});
