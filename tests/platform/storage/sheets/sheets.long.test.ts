// Sheets on disk, over an IndexedDB in memory.

import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import * as past from '../../../../src/core/sheet/history';
import { type Run, renameRun, type Sheet, setTitle } from '../../../../src/core/sheet/sheet';
import { countedAt, daysLeft } from '../../../../src/platform/storage/sheets/removed-sheet-days';
import type { SheetList } from '../../../../src/platform/storage/sheets/sheet-list';
import { openSheetList } from '../../../../src/platform/storage/sheets/sheet-list';
import { sealed } from '../../../../src/platform/storage/sheets/sheet-records';
import { MAX_STEP_BYTES } from '../../../../src/platform/storage/sheets/sheet-writing';
import {
  openSheets,
  type SheetStore,
  type StoredSheet,
} from '../../../../src/platform/storage/sheets/sheets';
import { cases } from '../../../cases';
import { anyEdit, sheetOf } from '../../../core/random-sheets';
import { freshIdb, held, hold, lose } from '../../fresh-idb';

const NAME = 'gradsheet-sheet';
const DAY = 24 * 60 * 60_000;
freshIdb();

let store: SheetStore;
let list: SheetList;

beforeEach(() => {
  store = openSheets();
  list = openSheetList(store);
});

const start = sheetOf('first');

/** A history of so many renamings. */
const renamed = (steps: number, from = past.startHistory(start)): past.History =>
  Array.from({ length: steps }, (_, index) => from.first + from.past.length + index + 1).reduce(
    (history, step) => past.commit(history, renameRun(start, 'A', `${step}`), `step ${step}`, `s${step}`),
    from,
  );

interface Change {
  readonly before?: StoredSheet | undefined;
  readonly history?: past.History;
  readonly kept?: boolean;
  readonly edited?: number;
  readonly by?: readonly string[];
  readonly print?: string;
}

const write = (id: string, { history = past.startHistory(start), ...change }: Change = {}) =>
  store.write({ ...{ id, before: undefined, kept: true, edited: 1_000, by: [] }, ...change, history });

async function written(id: string, change: Change = {}): Promise<StoredSheet> {
  const done = await write(id, change);
  if (!done) throw new Error('the write was refused');
  return done;
}

async function readable(id: string, steps = true): Promise<StoredSheet> {
  const found = await openSheets().read(id, steps);
  if (!found || 'unreadable' in found) throw new Error(`${id} cannot be read`);
  return found;
}

const record = async (key: string) => ({ ...((await held(NAME)).get(key) as Record<string, unknown>) });

/** Each field of a record with something else in it. */
const altered = (fields: Record<string, unknown>): [string, unknown][] =>
  Object.entries(fields).flatMap(([name, value]): [string, unknown][] => {
    const others =
      typeof value === 'number'
        ? [value + 1, -1, Number.NaN, '1']
        : typeof value === 'string'
          ? [`${value}x`, value.slice(1), 5]
          : [null, undefined, typeof value === 'boolean' ? !value : [0]];
    const { [name]: _, ...without } = fields;
    return [
      [`without ${name}`, without],
      ...others.map((other): [string, unknown] => [
        `${name}: ${String(other)}`,
        { ...fields, [name]: other },
      ]),
    ];
  });

describe('a sheet that is written', () => {
  test('is read as the same sheet with the same steps, after any edits in any number of writes', async () => {
    const doing = fc.oneof(anyEdit, fc.constantFrom('undo' as const, 'redo' as const, 'write' as const));
    await fc.assert(
      fc.asyncProperty(fc.array(doing, { maxLength: 25 }), fc.uuid(), async (actions, uuid) => {
        const id = uuid.replaceAll('-', '');
        let history = past.startHistory(start);
        let before = await written(id, { history });
        for (const [index, what] of actions.entries()) {
          if (what === 'undo') history = past.undo(history);
          else if (what === 'redo') history = past.redo(history);
          else if (what !== 'write')
            history = past.commit(history, what(history.present), `${index}`, `s${index}`);
          else before = await written(id, { before, history });
        }
        before = await written(id, { before, history, by: ['x'] });
        const read = await readable(id);
        expect(read).toEqual(before);
        expect(read.history).toEqual(history);
        const { present } = (await readable(id, false)).history;
        expect(present).toEqual(history.present);
        // A page that has read the sheet goes on as the one that wrote it.
        const after = past.commit(read.history, setTitle(read.history.present, 'more'), 'more', 'more');
        expect(await written(id, { before: read, history: after })).toEqual(await readable(id));
      }),
      { numRuns: cases(40) },
    );
  });

  test('and could not be read again is refused, and what lies there stays', async () => {
    const strange = (id: string, texts: [string, string][] = []): Sheet => ({
      ...start,
      runs: [{ id, name: '', overrides: new Map(texts) }],
    });
    // Each within its bound, all together more than is read again.
    const long: Sheet = {
      runs: Array.from({ length: 25 }, (_, run) => ({
        ...{ id: String.fromCharCode(65 + run), name: '' },
        overrides: new Map(Array.from({ length: 10 }, (_, at) => [`x.p${at}`, 'y'.repeat(99_999)])),
      })),
      rows: [],
    };
    const before = await written('mine');
    for (const sheet of [strange('a'), strange('A', [['x'.repeat(201), '1']]), long]) {
      await expect(write('new', { history: past.startHistory(sheet) })).rejects.toThrow('read again');
      const history = past.commit(before.history, sheet, 'strange', 's1');
      await expect(write('mine', { before, history })).rejects.toThrow('read again');
    }
    expect(await openSheets().read('new', true)).toBeUndefined();
    expect(await readable('mine')).toEqual(before);
  });

  test('goes back 200 steps after a reload, and 500 at most', async () => {
    let history = past.startHistory(start);
    let before: StoredSheet | undefined;
    for (let step = 0; step < 210; step++) {
      history = renamed(1, history);
      before = await written('a', { before, history });
    }
    let back = (await readable('a')).history;
    for (let step = 0; step < 210; step++) back = past.undo(back);
    expect(back).toMatchObject({ first: 0, past: [], present: start });
    history = renamed(400, history);
    await written('a', { before, history });
    const read = await readable('a');
    expect(read.history).toEqual(history);
    expect(read.history).toMatchObject({ first: 110 });
    const steps = [...(await held(NAME)).keys()].filter((key) => key.startsWith('step '));
    expect(steps).toHaveLength(past.MAX_STEPS);
    expect(steps[0]).toBe('step a 000000110');
  });

  test('drops its oldest steps where all together take more than 32 MB, and none before', async () => {
    const large = (letter: string): Sheet => {
      const overrides = new Map(Array.from({ length: 30 }, (_, at) => [`p.${at}`, letter.repeat(100_000)]));
      return { runs: [{ id: 'A', name: '', overrides } satisfies Run], rows: [] };
    };
    let history = past.startHistory(large('a'));
    let before: StoredSheet | undefined;
    for (const letter of 'bcdefgh') {
      history = past.commit(history, large(letter), letter, letter);
      before = await written('a', { before, history });
      history = before.history;
      const total = before.sizes.reduce((sum, size) => sum + size, 0);
      expect(total).toBeLessThanOrEqual(MAX_STEP_BYTES);
      if (before.history.first > 0) expect(total + (before.sizes[0] ?? 0)).toBeGreaterThan(MAX_STEP_BYTES);
    }
    expect(before?.history.past.map(({ label }) => label).join('')).toBe('defgh');
    expect((await readable('a')).history).toEqual(before?.history);
    expect([...(await held(NAME)).keys()].filter((key) => key.startsWith('step '))).toHaveLength(5);
  });

  test('gives the page its turns while 500 steps of 1,000 runs are read', async () => {
    let history = past.startHistory(sheetOf(...Array.from({ length: 1_000 }, (_, at) => `run ${at}`)));
    for (let step = 0; step < past.MAX_STEPS; step++)
      history = past.commit(history, renameRun(history.present, 'C', `${step}`), 'rename', `s${step}`);
    await written('a', { history });
    const start = performance.now();
    let [before, longest, isRead] = [start, 0, false];
    const look = (): void => {
      const now = performance.now();
      longest = Math.max(longest, now - before);
      before = now;
      if (!isRead) setImmediate(look);
    };
    look();
    const read = await readable('a');
    isRead = true;
    look();
    // However fast the machine is: no task has most of the work in it.
    expect(longest).toBeLessThan((performance.now() - start) / 2);
    expect(read.history.past).toHaveLength(past.MAX_STEPS);
    expect(read.history.past[0]?.sheet).toEqual(history.past[0]?.sheet);
  });

  test('cuts a label of 100,000 characters and keeps the step', async () => {
    const history = past.commit(past.startHistory(start), sheetOf('b'), 'x'.repeat(100_000), 's');
    await written('a', { history });
    expect((await readable('a')).history.past[0]?.label).toBe('x'.repeat(2_000));
  });
});

describe('a write on a revision', () => {
  test('is taken once of any number at once, and what was refused changes nothing', async () => {
    const before = await written('a', { history: renamed(3) });
    const tabs = Array.from({ length: 8 }, (_, tab) => ({ tab, store: openSheets() }));
    const results = await Promise.all(
      tabs.map(({ tab, store: own }) =>
        own.write({
          ...{ id: 'a', before, kept: true, edited: tab, by: [`edit ${tab}`] },
          history: past.commit(before.history, sheetOf(`tab ${tab}`), `tab ${tab}`, `edit ${tab}`),
        }),
      ),
    );
    const taken = results.filter((result) => result !== undefined);
    expect(taken).toHaveLength(1);
    expect(await readable('a')).toEqual(taken[0]);
    const lies = await held(NAME);
    const late = { before, history: past.commit(before.history, sheetOf('late'), 'late', 'late') };
    expect(await write('a', late)).toBeUndefined();
    expect(await write('a', { ...late, before: undefined })).toBeUndefined();
    expect(await write('b', late)).toBeUndefined();
    expect(await held(NAME)).toEqual(lies);
  });

  test('of a sheet that is new is taken once too', async () => {
    const results = await Promise.all(
      [openSheets(), openSheets(), openSheets()].map((own) =>
        own.write({ id: 'a', before: undefined, kept: true, edited: 1, by: [], history: renamed(1) }),
      ),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
  });

  test('is refused where what lies there cannot be read or is of a newer version', async () => {
    const before = await written('a', { history: renamed(1) });
    for (const other of [5, null, 'text', { format: 3, revision: 1 }, { format: 2, revision: '1' }]) {
      await hold(NAME, { 'sheet a': other });
      const lies = await held(NAME);
      expect(await write('a', { before, history: renamed(2) })).toBeUndefined();
      expect(await write('a', { history: renamed(2) })).toBeUndefined();
      expect(await held(NAME)).toEqual(lies);
    }
  });
});

describe('damage', () => {
  test('of any field of a record makes it unreadable, and it stays', async () => {
    const before = await written('a', { history: past.undo(renamed(3)), by: ['x'] });
    const sound = await record('sheet a');
    for (const [what, damaged] of [...altered(sound), ['more', { ...sound, more: 1 }] as const]) {
      // That is what a newer version's record looks like.
      if (what === 'format: 3') continue;
      await hold(NAME, { 'sheet a': damaged });
      for (const steps of [true, false])
        expect(await store.read('a', steps), what).toEqual({ id: 'a', unreadable: true });
      expect(await record('sheet a')).toEqual(damaged);
      expect(await list.unreadable(), what).toEqual([{ key: 'sheet a', held: damaged }]);
    }
    await hold(NAME, { 'sheet a': sound });
    expect(await readable('a')).toEqual(before);
    expect(await list.unreadable()).toEqual([]);
  });

  test('of a record that lies within itself, or under another id, makes it unreadable', async () => {
    await written('a');
    const sound = await record('sheet a');
    const ring: Record<string, unknown> = {};
    ring['ring'] = ring;
    await hold(NAME, { 'sheet a': { ...sound, sheet: ring }, 'sheet b': sound });
    for (const id of ['a', 'b']) expect(await store.read(id, true)).toEqual({ id, unreadable: true });
  });

  test('of any field of a step cuts the steps there, and nothing else', async () => {
    const history = past.undo(past.undo(renamed(6)));
    const before = await written('a', { history });
    for (const place of [1, 5]) {
      const key = `step a 00000000${place}`;
      const sound = await record(key);
      for (const [what, damaged] of [
        ...altered(sound),
        ['nothing', null] as const,
        ['more', { ...sound, more: 1 }] as const,
      ]) {
        await hold(NAME, { [key]: damaged });
        const read = await readable('a');
        expect(read.history.present).toEqual(history.present);
        const [left, right] =
          place === 1 ? [history.past.slice(2), history.future] : [history.past, history.future.slice(0, 1)];
        expect(read.history.past, what).toEqual(left);
        expect(read.history.future, what).toEqual(right);
        expect(read.history.first).toBe(place === 1 ? 2 : 0);
        expect(read.sizes).toHaveLength(left.length + right.length);
      }
      await hold(NAME, { [key]: sound });
    }
    expect(await readable('a')).toEqual(before);
  });

  test('by a step of another place or of another sheet cuts the steps there; the sheet is written on all the same', async () => {
    await written('a', { history: renamed(5) });
    await written('b', { history: renamed(5) });
    const other = await record('step b 000000002');
    const elsewhere = await record('step a 000000001');
    for (const wrong of [other, elsewhere]) {
      await hold(NAME, { 'step a 000000002': wrong });
      expect((await readable('a')).history).toMatchObject({ first: 3, past: [{ id: 's4' }, { id: 's5' }] });
    }
    const read = await readable('a');
    const history = renamed(2, read.history);
    const after = await written('a', { before: read, history });
    expect(await readable('a')).toEqual(after);
    expect(after.history).toMatchObject({
      first: 3,
      past: [{ id: 's4' }, { id: 's5' }, { id: 's6' }, { id: 's7' }],
    });
  });
});

describe('a newer format', () => {
  test('is read as far as it can be, and never written, by a mark in its head neither', async () => {
    await written('a', { history: renamed(2) });
    const newer = { ...(await record('sheet a')), format: 3, folder: 'mine' };
    await hold(NAME, {
      'sheet a': newer,
      'head a': { ...(await record('head a')), format: 3, folder: 'mine' },
    });
    const read = await readable('a');
    expect(read).toMatchObject({ newer: true, revision: 1, history: { present: renamed(2).present } });
    expect(await write('a', { before: read, history: renamed(1, read.history) })).toBeUndefined();
    expect(await record('sheet a')).toEqual(newer);
    await list.mark('a', 5);
    expect(await record('head a')).toMatchObject({ format: 3, folder: 'mine', removed: 5 });
    await list.mark('a', undefined);
    expect(await record('head a')).not.toHaveProperty('removed');
    expect(await list.unreadable()).toEqual([]);
  });

  test('that cannot be read at all is listed and stays', async () => {
    const strange = { format: 9, id: 'a', body: 'compressed' };
    await hold(NAME, { 'sheet a': strange });
    expect(await store.read('a', false)).toEqual({ id: 'a', unreadable: true });
    expect(await list.unreadable()).toEqual([{ key: 'sheet a', held: strange }]);
    expect(await record('sheet a')).toEqual(strange);
  });
});

describe('the sheet that an older version kept', () => {
  const own = (revision: number, name = 'old') => ({
    own: { revision, sheet: { version: 1, runs: [{ id: 'A', name, overrides: [] }] } },
  });
  let ids = 0;
  const newId = (): string => `n${++ids}`;

  test('is made a sheet once, by however many tabs, and stays where it lies', async () => {
    await hold(NAME, own(1_700_000_000_000));
    const opened = await Promise.all(
      Array.from({ length: 6 }, () => openSheets().last(newId, 1_800_000_000_000)),
    );
    expect(new Set(opened).size).toBe(1);
    const heads = await list.heads();
    expect(heads).toMatchObject([{ id: opened[0], kept: true, edited: 1_700_000_000_000, names: ['old'] }]);
    expect((await readable(opened[0] ?? '')).history.present).toEqual(sheetOf('old'));
    expect(await record('own')).toEqual(own(1_700_000_000_000).own);
    await store.last(newId, 1_900_000_000_000);
    expect(await list.heads()).toEqual(heads);
  });

  test('is made another one only where an old tab wrote a newer one', async () => {
    await hold(NAME, own(1));
    const first = await store.last(newId, 5);
    await hold(NAME, own(2, 'newer'));
    expect(await store.last(newId, 5)).toBe(first);
    expect((await list.heads()).map(({ names }) => names[0]).sort()).toEqual(['newer', 'old']);
  });

  test('is listed and stays where it cannot be read, together with what older versions put aside', async () => {
    const damaged = { own: { revision: 1, sheet: { version: 2 } }, unreadable: 'what was before' };
    await hold(NAME, damaged);
    expect(await store.last(newId, 5)).toBeUndefined();
    expect(await list.unreadable()).toEqual([
      { key: 'unreadable', held: 'what was before' },
      { key: 'own', held: damaged.own },
    ]);
    await list.discard('unreadable');
    expect(await held(NAME)).toEqual(new Map([['own', damaged.own]]));
  });
});

describe('the sheet that was edited last', () => {
  const last = () => store.last(() => 'new', 5_000);

  test('is the one that was written last and is kept', async () => {
    expect(await last()).toBeUndefined();
    await written('a', { edited: 3_000 });
    await written('b', { edited: 2_000 });
    await written('c', { edited: 9_000, kept: false });
    expect(await last()).toBe('b');
  });

  test('is the newest of the others where that one is removed, and none where all are', async () => {
    for (const [index, id] of ['a', 'b', 'c'].entries()) await written(id, { edited: index });
    await list.mark('c', 1);
    expect(await last()).toBe('b');
    await list.mark('c', undefined);
    expect(await last()).toBe('c');
    for (const id of ['a', 'b', 'c']) await list.mark(id, 1);
    expect(await last()).toBeUndefined();
  });

  test.each([
    ['lost', undefined],
    ['damaged', { id: 5 }],
    ['another sheet’s', { format: 2, id: 'b', names: [], runs: 1, edited: 1, kept: true }],
  ])('is found though its head is %s, and is in the list', async (_, head) => {
    await written('b', { edited: 1 });
    await written('a', { edited: 2, history: past.startHistory(setTitle(start, 'mine')) });
    await hold(NAME, { 'head a': head });
    expect(await last()).toBe('a');
    expect(await list.heads()).toMatchObject([{ id: 'a', title: 'mine', edited: 2 }, { id: 'b' }]);
    await list.mark('a', 7);
    expect((await list.heads()).find(({ id }) => id === 'a')).toMatchObject({ title: 'mine', removed: 7 });
  });

  test('is named though only its head is left, and no other such head is', async () => {
    await written('b', { edited: 1 });
    await written('a', { edited: 2 });
    const head = await record('head a');
    await hold(NAME, { last: 'c', 'head c': { ...head, id: 'c' } });
    expect(await last()).toBe('c');
    expect((await list.heads()).map(({ id }) => id)).toEqual(['a', 'b']);
    for (const lost of [{ hostile: true }, undefined, 'd'] as const) {
      await hold(NAME, { last: lost, 'head c': { ...head, id: 'c', edited: 9_000, print: 'p' } });
      expect(await last()).toBe('a');
    }
    expect(await store.find('p')).toBeUndefined();
  });

  test('is one without a head where there is no other', async () => {
    await written('a', { edited: 2 });
    await lose(NAME, 'last', 'head a');
    expect(await last()).toBe('a');
    await written('b', { edited: 1 });
    await lose(NAME, 'last');
    expect(await last()).toBe('b');
    await list.mark('b', 5);
    expect(await last()).toBe('a');
  });
});

describe('the list', () => {
  test('removes a sheet and restores it whole', async () => {
    const before = await written('a', { history: renamed(3), print: 'p' });
    await list.mark('a', 7);
    expect(await store.find('p')).toBeUndefined();
    expect(await list.heads()).toMatchObject([{ id: 'a', removed: 7 }]);
    await list.mark('a', undefined);
    expect(await readable('a')).toEqual(before);
    expect(await store.find('p')).toBe('a');
    await list.mark('none', 7);
    expect(await list.heads()).toHaveLength(1);
  });

  test('a sheet that is written after it was removed is there again', async () => {
    const before = await written('a');
    await list.mark('a', 7);
    await written('a', { before, history: renamed(1) });
    expect((await list.heads())[0]).not.toHaveProperty('removed');
  });

  test('deletes what was removed once the list was seen on thirty days since, and says how many are left', async () => {
    for (const id of ['old', 'new', 'kept']) await written(id, { edited: 5, history: renamed(2) });
    await list.mark('old', 3);
    expect((await list.heads()).find(({ id }) => id === 'old')).toMatchObject({ removed: 3, left: 30 });
    for (let day = 0; day < 30; day++) {
      // However often the list is looked at, a day is one day.
      for (let hour = 0; hour < 24; hour += 8)
        expect(await list.purge(day * DAY + hour * 3_600_000, new Set())).toEqual([]);
      expect((await list.heads()).find(({ id }) => id === 'old')?.left).toBe(30 - day);
    }
    await list.mark('new', 29 * DAY);
    expect(await list.purge(30 * DAY, new Set())).toEqual(['old']);
    expect((await list.heads()).map(({ id }) => id).sort()).toEqual(['kept', 'new']);
    expect([...(await held(NAME)).keys()].some((key) => key.includes(' old'))).toBe(false);
    expect((await readable('new')).history.past).toHaveLength(2);
  });

  test('deletes of what came by addresses all but the newest fifty and those that are open, after as many days', async () => {
    for (let at = 0; at < 55; at++) await written(`link${at}`, { kept: false, edited: at });
    for (let day = 0; day < 30; day++)
      expect(await list.purge(day * DAY, new Set(['link0', 'link1']))).toEqual([]);
    // What is kept meanwhile stays, and what was open until now begins to be counted.
    await written('link2', { before: await readable('link2'), kept: true, edited: 2 });
    const gone = await list.purge(30 * DAY, new Set(['link0']));
    expect([...gone].sort()).toEqual(['link3', 'link4']);
    expect(await list.heads()).toHaveLength(53);
  });

  test('loses nothing by a clock that was wrong now and then, whatever it said', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ days: fc.nat(2), wrong: fc.option(fc.nat(80_000), { freq: 4 }) }), {
          maxLength: 12,
        }),
        async (looks) => {
          let day = 20_000;
          let wrong = 0;
          let aside: ReturnType<typeof countedAt> | undefined;
          const first = day;
          for (const look of looks) {
            day += look.days;
            if (look.wrong !== null) wrong++;
            aside = countedAt(aside, 1, (look.wrong ?? day) * DAY);
            expect(daysLeft(aside)).toBeGreaterThanOrEqual(30 - (day - first) - wrong);
          }
        },
      ),
    );
    await written('a', { edited: 5 });
    await list.mark('a', 5 * DAY);
    for (const day of [5, 30_000, 6, 0, 90_000, 7]) {
      expect(await list.purge(day * DAY, new Set())).toEqual([]);
      expect(await readable('a')).toBeDefined();
    }
    // Two readings were years ahead; those that put the clock right count nothing.
    expect((await list.heads())[0]?.left).toBe(28);
    await list.mark('a', undefined);
    await list.mark('a', 8 * DAY);
    expect((await list.heads())[0]?.left).toBe(30);
  });

  test.each([
    ['none', 'much'],
    ['of nothing', { since: 4, days: 400, day: 0 }],
    ['negative', { since: 5, days: -1, day: 0 }],
    ['not whole', { since: 5, days: 30.5, day: 0 }],
  ])('begins a count anew that is %s', async (_, aside) => {
    await written('a', { edited: 5 });
    await list.mark('a', 5);
    await hold(NAME, { 'head a': { ...(await record('head a')), aside } });
    expect(await list.purge(90 * DAY, new Set())).toEqual([]);
    expect((await list.heads())[0]?.left).toBe(30);
    expect(await record('head a')).toMatchObject({ aside: { since: 5, days: 0, day: 90 } });
  });

  test('discards what cannot be read with all that belongs to it, and nothing else', async () => {
    await written('a', { history: renamed(2) });
    await written('ab', { history: renamed(2) });
    await hold(NAME, { 'sheet a': 'damaged' });
    await list.discard('sheet a');
    expect([...(await held(NAME)).keys()].sort()).toEqual(
      ['head ab', 'last', 'sheet ab', 'step ab 000000000', 'step ab 000000001'].sort(),
    );
  });

  describe('of a sheet that is lost', () => {
    test.each([
      ['its head and its steps', ['sheet a']],
      ['its head', ['sheet a', 'step a 000000000', 'step a 000000001']],
      ['its steps', ['sheet a', 'head a']],
    ])('lists what is left, to be downloaded: %s', async (_, gone) => {
      await written('a', { history: renamed(2) });
      await written('ab', { history: renamed(2) });
      const before = await held(NAME);
      await lose(NAME, ...gone);
      const [item, ...others] = await list.unreadable();
      expect(others).toEqual([]);
      expect(item).toMatchObject({ key: 'sheet a', missing: true });
      expect(JSON.parse(JSON.stringify(item?.held))).toEqual({
        ...(!gone.includes('head a') && { head: before.get('head a') }),
        steps: ['step a 000000000', 'step a 000000001'].flatMap((key) =>
          gone.includes(key) ? [] : [before.get(key)],
        ),
      });
      expect(item?.head?.id).toBe(gone.includes('head a') ? undefined : 'a');
      expect((await list.heads()).map(({ id }) => id)).toEqual(['ab']);
      for (let day = 0; day < 40; day++) await list.purge(day * DAY, new Set());
      expect(await list.unreadable()).toEqual([item]);
      await list.discard('sheet a');
      expect([...(await held(NAME)).keys()].some((key) => key.includes(' a '))).toBe(false);
      expect(await list.unreadable()).toEqual([]);
      expect((await readable('ab')).history.past).toHaveLength(2);
    });

    test('discards nothing once the sheet is there again', async () => {
      await written('a', { history: renamed(2) });
      await lose(NAME, 'sheet a');
      await written('a', { history: renamed(1) });
      await list.discard('sheet a');
      expect((await readable('a')).history.past).toHaveLength(1);
    });

    test('a sheet whose head is lost is in the list as it was, with all its steps', async () => {
      await written('a', { history: renamed(2) });
      await lose(NAME, 'head a');
      expect(await list.unreadable()).toEqual([]);
      expect((await list.heads()).map(({ id, kept }) => [id, kept])).toEqual([['a', true]]);
      expect((await readable('a')).history.past).toHaveLength(2);
    });
  });

  test('finds a sheet by the hash of its address: the one that was edited last', async () => {
    await written('a', { print: 'p', edited: 1 });
    await written('b', { print: 'p', edited: 2, kept: false });
    await written('c', { print: 'q', edited: 3 });
    expect([await store.find('p'), await store.find('q'), await store.find('r')]).toEqual([
      'b',
      'c',
      undefined,
    ]);
  });

  test('survives dates from a clock that was wrong', async () => {
    const before = await written('a', { edited: 8e15 });
    await written('b', { edited: 1 });
    await written('a', { before, edited: 0 });
    expect(await store.last(() => 'new', 0)).toBe('a');
    expect((await list.heads()).map(({ id }) => id)).toEqual(['b', 'a']);
  });
});

test('a checksum is that of all fields', async () => {
  const one = await sealed({ a: 1, b: 'x' });
  expect((await sealed({ b: 'x', a: 1 })).checksum).toBe(one.checksum);
  expect((await sealed({ a: 1, b: 'y' })).checksum).not.toBe(one.checksum);
});
