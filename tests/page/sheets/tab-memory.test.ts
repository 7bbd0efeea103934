import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Unwritten } from '../../../src/page/sheets/pending-edits';
import { type TabStorage, tabMemory } from '../../../src/page/sheets/tab-memory';
import { anySheet, sheetOf } from '../../core/random-sheets';

/** A sessionStorage of its own, with room for so many characters. */
function tabStorage(room = 5_000_000): TabStorage & { readonly held: Map<string, string> } {
  const held = new Map<string, string>();
  return {
    held,
    getItem: (key) => held.get(key) ?? null,
    setItem(key, value) {
      if (key.length + value.length > room) throw new DOMException('', 'QuotaExceededError');
      held.set(key, value);
    },
    removeItem: (key) => void held.delete(key),
  };
}

const unwritten = (id: string, more: Partial<Unwritten> = {}): Unwritten => ({
  ...{ id, kept: true, base: 3, edits: ['e1', 'e2'], label: 'set A', sheet: sheetOf('a', 'b') },
  ...more,
});

/** What a tab that is loaded anew finds. */
const leftIn = (storage: TabStorage) => tabMemory(() => storage).unwritten();

const typed = { run: 'A', row: 'dataset.noise', text: '=B.dataset.no', place: 'cell' } as const;

describe('the memory of a tab', () => {
  test('gives back after a reload what was not written, whatever the sheet', async () => {
    await fc.assert(
      fc.asyncProperty(anySheet, async (sheet) => {
        const storage = tabStorage();
        tabMemory(() => storage).rememberUnwritten('a', unwritten('a', { sheet }));
        expect(await leftIn(storage)).toEqual(new Map([['a', unwritten('a', { sheet })]]));
      }),
    );
  });

  test('gives back what was typed over a sheet whose address earlier versions spelled differently', async () => {
    const storage = tabStorage();
    const memory = tabMemory(() => storage);
    memory.save('#v1&A=relu%20(wide)!', typed);
    expect(await memory.load('#v1&A=relu%20%28wide%29%21')).toEqual(typed);
    expect(await memory.load('#v1&A=relu%20%28wide%29')).toBeUndefined();
    memory.saveForm('#v1&A=a_b', 'row', { about: 'gap', texts: ['=lo'] });
    expect(await memory.loadForms('#v1&A=a%5Fb')).toHaveLength(1);
    expect(await memory.loadForms('#v1&A=ab')).toEqual([]);
  });

  test('forgets each sheet once it is written, after a reload too', async () => {
    const storage = tabStorage();
    const before = tabMemory(() => storage);
    for (const id of ['a', 'b']) before.rememberUnwritten(id, unwritten(id));
    const after = tabMemory(() => storage);
    expect([...(await after.unwritten()).keys()]).toEqual(['a', 'b']);
    after.rememberUnwritten('a', undefined);
    expect([...(await leftIn(storage)).keys()]).toEqual(['b']);
    after.rememberUnwritten('b', undefined);
    after.rememberUnwritten('c', undefined);
    expect(storage.held.size).toBe(0);
  });

  test('keeps the newest of more sheets than it has room for', async () => {
    const storage = tabStorage();
    const memory = tabMemory(() => storage);
    for (let at = 0; at < 25; at++) memory.rememberUnwritten(`s${at}`, unwritten(`s${at}`));
    expect([...(await leftIn(storage)).keys()]).toEqual(Array.from({ length: 20 }, (_, at) => `s${at + 5}`));
  });

  test.each([
    ['a label of 100,000 characters', { label: 'x'.repeat(100_000) }],
    ['more edits than anybody makes', { edits: Array.from({ length: 5_000 }, (_, at) => `e${at}`) }],
  ])('keeps a sheet with %s', async (_, more) => {
    const storage = tabStorage();
    tabMemory(() => storage).rememberUnwritten('a', unwritten('a', more));
    const found = (await leftIn(storage)).get('a');
    expect(found?.sheet).toEqual(sheetOf('a', 'b'));
    expect(found?.edits.at(-1)).toBe(unwritten('a', more).edits.at(-1));
  });

  test('drops what is damaged, and nothing else', async () => {
    const storage = tabStorage();
    const memory = tabMemory(() => storage);
    for (const id of ['a', 'b', 'c']) memory.rememberUnwritten(id, unwritten(id));
    const items = JSON.parse(storage.held.get('gradsheet unwritten') ?? '') as Record<string, unknown>[];
    for (const damage of [
      { base: -1 },
      { sheet: { version: 9 } },
      { id: 'A/..' },
      { more: 1 },
      { edits: 'e' },
    ]) {
      storage.held.set(
        'gradsheet unwritten',
        JSON.stringify([items[0], { ...items[1], ...damage }, items[2]]),
      );
      expect([...(await leftIn(storage)).keys()]).toEqual(['a', 'c']);
    }
  });

  test('never throws, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (text) => {
        const storage = tabStorage();
        storage.held.set('gradsheet unwritten', text);
        storage.held.set('gradsheet typed', text);
        const memory = tabMemory(() => storage);
        await memory.unwritten();
        await memory.load('a');
        memory.rememberUnwritten('a', unwritten('a'));
        expect((await leftIn(storage)).get('a')).toEqual(unwritten('a'));
      }),
    );
  });

  test('is a memory without storage, with one that throws, and with one that is full', async () => {
    const forbidden = (): TabStorage => {
      throw new DOMException('', 'SecurityError');
    };
    const memory = tabMemory(forbidden);
    memory.rememberUnwritten('a', unwritten('a'));
    memory.save('a', typed);
    expect([(await memory.unwritten()).size, await memory.load('a')]).toEqual([0, undefined]);
    const small = tabStorage(600);
    tabMemory(() => small).rememberUnwritten('a', unwritten('a'));
    expect(small.held.size).toBe(1);
    // An older state of the sheet must not come back in the place of one that has no room.
    tabMemory(() => small).rememberUnwritten('a', unwritten('a', { label: 'x'.repeat(600) }));
    expect(small.held.size).toBe(0);
  });

  test('gives back the text being typed to the sheet that it was typed into, until it is done', async () => {
    const storage = tabStorage();
    tabMemory(() => storage).save('a', typed);
    const memory = tabMemory(() => storage);
    expect(await memory.load('a')).toEqual(typed);
    expect(await memory.load('b')).toBeUndefined();
    memory.save('a', undefined);
    expect(await memory.load('a')).toBeUndefined();
  });
});
