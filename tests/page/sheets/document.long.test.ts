// One open sheet on its way to the disk, with a clock and faults in the hands of the test.

import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { type History, startHistory, statesOf, stepsOf } from '../../../src/core/sheet/history';
import {
  addRun,
  removeRun,
  renameRun,
  type Sheet,
  setOverride,
  setTitle,
} from '../../../src/core/sheet/sheet';
import { createDocument, type OpenDocument } from '../../../src/page/sheets/document';
import type { Unwritten } from '../../../src/page/sheets/pending-edits';
import { openSheets, type StoredSheet } from '../../../src/platform/storage/sheets/sheets';
import { cases } from '../../cases';
import { anyEdit, sheetOf } from '../../core/random-sheets';
import { freshIdb, held, hold } from '../../platform/fresh-idb';
import { type Clock, createClock, type FaultyStore, faultyStore, idle, newId, reasonOf } from '../ports';

const NAME = 'gradsheet-sheet';
freshIdb();

let clock: Clock;

beforeEach(() => {
  clock = createClock();
});

interface Tab extends FaultyStore {
  readonly document: OpenDocument;
  readonly news: string[];
  readonly announced: [string, number][];
  /** Every state that the person was shown, in order, without repetition. */
  readonly statuses: string[];
  remembered: Unwritten | undefined;
}

interface Opening {
  readonly id?: string;
  readonly stored?: StoredSheet;
  readonly history?: History;
  readonly kept?: boolean;
  readonly unwritten?: Unwritten;
  readonly fault?: FaultyStore['fault'];
}

const status = (document: OpenDocument): string => {
  const { saving } = document.state();
  return saving.state === 'not saved' ? `not saved: ${saving.reason}` : saving.state;
};

/** One tab with one document. */
function tabOf({ fault, history, kept = true, ...beginning }: Opening = {}): Tab {
  const faulty = faultyStore();
  if (fault) faulty.fault = fault;
  const tab = Object.assign(faulty, {
    news: [] as string[],
    announced: [] as [string, number][],
    statuses: [] as string[],
    remembered: undefined as Unwritten | undefined,
  });
  const look = (): void => {
    if (document && tab.statuses.at(-1) !== status(document)) tab.statuses.push(status(document));
  };
  const { stored } = beginning;
  let document: OpenDocument | undefined;
  document = createDocument(
    { ...beginning, kept, history: history ?? stored?.history ?? startHistory(sheetOf('a', 'b')) },
    {
      ...{ store: faulty.store, after: clock.after, newId, reasonOf },
      now: () => clock.now,
      announce: (id, revision) => void tab.announced.push([id, revision]),
      remember(unwritten) {
        tab.remembered = unwritten;
      },
      onChange(sentence) {
        if (sentence !== undefined) tab.news.push(sentence);
        look();
      },
    },
  );
  look();
  return Object.assign(tab, { document });
}

async function onDisk(id: string): Promise<StoredSheet> {
  const found = await openSheets().read(id, true);
  if (!found || 'unreadable' in found) throw new Error(`${id} cannot be read`);
  return found;
}

/** A tab that has opened what lies on disk, as the page does: first without its steps. */
async function openTab(id: string, more: Opening = {}): Promise<Tab> {
  const found = await openSheets().read(id, false);
  if (!found || 'unreadable' in found) throw new Error(`${id} cannot be read`);
  return tabOf({ id, stored: found, kept: found.kept, ...more });
}

/** A sheet on disk with one step. */
async function makeSheet(): Promise<string> {
  const { document } = tabOf();
  document.edit('name it', (sheet) => setTitle(sheet, 'mine'));
  await idle();
  return document.state().id ?? '';
}

const set = (document: OpenDocument, run: string, text: string): void =>
  document.edit(`set ${run} to ${text}`, (sheet) => setOverride(sheet, run, 'train.epochs', text));
const epochsOf = (sheet: Sheet, run: string): string | undefined =>
  sheet.runs.find(({ id }) => id === run)?.overrides.get('train.epochs');
const labels = ({ history }: { history: History }): string[] => stepsOf(history).map(({ label }) => label);

describe('an edit', () => {
  test('gives a new sheet an id, is shown at once, and is called saved when it lies on disk', async () => {
    const tab = tabOf();
    expect(status(tab.document)).toBe('unwritten');
    set(tab.document, 'A', '1');
    const { id = '', history } = tab.document.state();
    expect(epochsOf(history.present, 'A')).toBe('1');
    expect(tab.remembered).toMatchObject({ id, base: 0, label: 'set A to 1' });
    expect((await held(NAME)).size).toBe(0);
    expect(status(tab.document)).toBe('saving');
    await idle();
    expect(tab.statuses).toEqual(['unwritten', 'saving', 'saved']);
    expect(tab.remembered).toBeUndefined();
    expect(tab.announced).toEqual([[id, 1]]);
    expect((await onDisk(id)).history).toEqual(tab.document.state().history);
  });

  test('that cannot be made throws and changes nothing', async () => {
    const tab = tabOf();
    const before = tab.document.state();
    expect(() => tab.document.edit('remove C', (sheet) => removeRun(sheet, 'C'))).toThrow(
      'there is no run C',
    );
    tab.document.edit('nothing', (sheet) => sheet);
    tab.document.undo();
    tab.document.redo();
    await idle();
    expect(tab.document.state()).toEqual(before);
    expect(tab.operations).toEqual([]);
  });

  test('made while storage is being asked for the sheet is made on the sheet that it yields', async () => {
    const id = await makeSheet();
    const tab = await openTab(id, { fault: (_, count) => (count === 1 ? 'waits' : undefined) });
    set(tab.document, 'A', '1');
    await idle();
    expect(tab.operations).toEqual(['read steps']);
    expect(status(tab.document)).toBe('saving');
    await tab.release();
    expect(labels(await onDisk(id))).toEqual(['name it', 'set A to 1']);
    expect(labels(tab.document.state())).toEqual(['name it', 'set A to 1']);
    expect(tab.news).toEqual([]);
  });

  test('made while another is being written is written next, and one operation is under way at a time', async () => {
    const tab = tabOf({ fault: (_, count) => (count <= 2 ? 'waits' : undefined) });
    set(tab.document, 'A', '1');
    await idle();
    set(tab.document, 'A', '2');
    set(tab.document, 'B', '3');
    await idle();
    expect(tab.operations).toEqual(['write']);
    await tab.release();
    expect(status(tab.document)).toBe('saving');
    expect(tab.operations).toEqual(['write', 'write']);
    await tab.release();
    expect(status(tab.document)).toBe('saved');
    const { id = '' } = tab.document.state();
    expect(await onDisk(id)).toMatchObject({ revision: 2, history: tab.document.state().history });
  });
});

describe('two tabs', () => {
  test('edit one sheet: both edits are in it, as steps that can be undone, and nobody is told', async () => {
    const id = await makeSheet();
    const [one, other] = [await openTab(id), await openTab(id)];
    await idle();
    set(one.document, 'A', '1');
    set(other.document, 'B', '2');
    await idle();
    one.document.readNewer();
    other.document.readNewer();
    await idle();
    const disk = await onDisk(id);
    expect([epochsOf(disk.history.present, 'A'), epochsOf(disk.history.present, 'B')]).toEqual(['1', '2']);
    expect(labels(disk)).toHaveLength(3);
    for (const { document, news } of [one, other]) {
      expect(document.state().history).toEqual(disk.history);
      expect(status(document)).toBe('saved');
      expect(news).toEqual([]);
    }
  });

  test('of which one makes impossible what the other does: both versions stay as steps, and a line says so', async () => {
    const id = await makeSheet();
    const [one, other] = [await openTab(id), await openTab(id)];
    await idle();
    one.document.edit('remove B', (sheet) => removeRun(sheet, 'B'));
    await idle();
    set(other.document, 'B', '2');
    set(other.document, 'A', '3');
    await idle();
    expect(other.news).toEqual([
      'Another tab changed this sheet. “set B to 2” does not fit the new version; undo shows your version.',
    ]);
    const { history } = await onDisk(id);
    expect(history.present.runs.map((run) => run.id)).toEqual(['A']);
    expect(epochsOf(history.present, 'A')).toBe('3');
    expect(statesOf(history).some((sheet) => epochsOf(sheet, 'B') === '2')).toBe(true);
    expect(other.document.state().history).toEqual(history);
    expect(status(other.document)).toBe('saved');
  });

  test('an edit that breaks on the other tab’s version in any other way is a version of its own too', async () => {
    const id = await makeSheet();
    const [one, other] = [await openTab(id), await openTab(id)];
    await idle();
    one.document.edit('remove B', (sheet) => removeRun(sheet, 'B'));
    await idle();
    other.document.edit('swap', (sheet) => {
      const [a, b] = sheet.runs;
      if (!a || !b) throw new TypeError('there are no two');
      return { ...sheet, runs: [b, a] };
    });
    await clock.pass(20_000);
    expect(status(other.document)).toBe('saved');
    expect(other.news).toHaveLength(1);
    const { history } = await onDisk(id);
    expect(statesOf(history).map(({ runs }) => runs.map((run) => run.id).join(''))).toContain('BA');
  });

  test('undo the same step: it is undone once, and who was slower is told', async () => {
    const id = await makeSheet();
    const [one, other] = [await openTab(id), await openTab(id)];
    await idle();
    set(one.document, 'A', '1');
    await idle();
    other.document.readNewer();
    await idle();
    one.document.undo();
    await idle();
    other.document.undo();
    await idle();
    expect((await onDisk(id)).history).toMatchObject({
      past: [{ label: 'name it' }],
      future: [{ label: 'set A to 1' }],
    });
    expect(other.document.state().history).toEqual((await onDisk(id)).history);
    expect(status(other.document)).toBe('saved');
  });

  test('an undo or a redo that the other tab made senseless is dropped with a line', async () => {
    const id = await makeSheet();
    const [one, other] = [await openTab(id), await openTab(id)];
    await idle();
    set(one.document, 'A', '1');
    await idle();
    other.document.undo();
    await idle();
    expect(other.news).toEqual(['Another tab changed this sheet: “name it” was not undone.']);
    one.document.undo();
    await idle();
    other.document.readNewer();
    await idle();
    set(one.document, 'A', '2');
    await idle();
    other.document.redo();
    await idle();
    expect(other.news[1]).toBe('Another tab changed this sheet: “set A to 1” was not redone.');
    expect(labels(await onDisk(id))).toEqual(['name it', 'set A to 2']);
    expect(status(other.document)).toBe('saved');
  });

  test('undone and done again on an old revision, a step stays done', async () => {
    const id = await makeSheet();
    const [one, other] = [await openTab(id), await openTab(id)];
    await idle();
    one.document.keep();
    one.document.readNewer();
    set(one.document, 'A', '1');
    one.document.undo();
    await idle();
    other.document.undo();
    other.document.redo();
    await idle();
    expect((await onDisk(id)).history.present.title).toBe('mine');
    expect(other.news).toEqual([]);
  });

  test('with any edits at any moment end with the same sheet and the same steps', async () => {
    const action = fc.oneof(
      { weight: 3, arbitrary: fc.tuple(fc.nat(2), anyEdit) },
      fc.tuple(fc.nat(2), fc.constantFrom('undo' as const, 'redo' as const, 'look' as const)),
      { weight: 2, arbitrary: fc.tuple(fc.nat(2), fc.constant('wait' as const)) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 20 }), async (actions) => {
        const id = await makeSheet();
        const tabs = [await openTab(id), await openTab(id), await openTab(id)];
        for (const [index, [at, what]] of actions.entries()) {
          const { document } = tabs[at] ?? expect.unreachable();
          if (what === 'wait') await idle();
          else if (what === 'look') document.readNewer();
          else if (typeof what === 'string') document[what]();
          else document.edit(`edit ${index}`, what);
        }
        await clock.pass(20_000);
        for (const { document } of tabs) document.readNewer();
        await clock.pass(1_000);
        const { history } = await onDisk(id);
        for (const { document } of tabs) {
          expect(document.state().history).toEqual(history);
          expect(status(document)).toBe('saved');
          expect(document.isWritten()).toBe(true);
        }
      }),
      { numRuns: cases(60) },
    );
  });
});

test('edits of three tabs over storage that fails at any moment are all in the sheet, once each', async () => {
  const fault = fc.constantFrom(undefined, undefined, undefined, 'fails' as const, 'lost answer' as const);
  const doing = fc.constantFrom('edit' as const, 'edit' as const, 'look' as const, 'wait' as const);
  const action = fc.tuple(fc.nat(2), doing, fc.array(fault, { maxLength: 3 }));
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 25 }), async (actions) => {
      const id = await makeSheet();
      const tabs = [await openTab(id), await openTab(id), await openTab(id)];
      const made = ['name it'];
      for (const [index, [at, what, faults]] of actions.entries()) {
        const tab = tabs[at] ?? expect.unreachable();
        const ahead = [...faults];
        tab.fault = () => ahead.shift();
        if (what === 'wait') await clock.pass(300);
        else if (what === 'look') tab.document.readNewer();
        else {
          tab.document.edit(`edit ${index}`, (sheet) => setOverride(sheet, 'A', `p.${index}`, `${at}`));
          made.push(`edit ${index}`);
        }
        // Nothing is called saved that a page that is opened now would not find.
        if (status(tab.document) !== 'saved') continue;
        const seen = labels(tab.document.state());
        expect(labels(await onDisk(id))).toEqual(expect.arrayContaining(seen));
      }
      for (const tab of tabs) tab.fault = () => undefined;
      await clock.pass(30_000);
      for (const { document } of tabs) document.readNewer();
      await clock.pass(1_000);
      const disk = await onDisk(id);
      expect(labels(disk).sort()).toEqual(made.sort());
      expect(disk.history.present.runs[0]?.overrides.size).toBe(made.length - 1);
      for (const { document, news } of tabs) {
        expect(document.state().history).toEqual(disk.history);
        expect(status(document)).toBe('saved');
        expect(news).toEqual([]);
      }
    }),
    { numRuns: cases(100) },
  );
});

describe('storage that fails', () => {
  const ways = ['fails', 'lost answer'] as const;

  test.each(ways)(
    'at any one operation (%s): the edits are in the sheet, once each, and the status was true',
    async (way) => {
      for (let at = 1; at <= 6; at++) {
        const id = await makeSheet();
        const tab = await openTab(id, { fault: (_, count) => (count === at ? way : undefined) });
        await clock.pass(0);
        set(tab.document, 'A', '1');
        await clock.pass(0);
        set(tab.document, 'B', '2');
        tab.document.undo();
        tab.document.redo();
        await clock.pass(0);
        tab.document.readNewer();
        await clock.pass(20_000);
        expect(labels(await onDisk(id)), `${way} at ${at}`).toEqual(['name it', 'set A to 1', 'set B to 2']);
        expect(tab.document.state().history).toEqual((await onDisk(id)).history);
        expect(status(tab.document)).toBe('saved');
        expect(tab.news).toEqual([]);
      }
    },
  );

  test.each(ways)(
    'for a while (%s) is tried again after longer and longer pauses, and the status says why',
    async (way) => {
      let isBroken = true;
      const tab = tabOf({ fault: () => (isBroken ? way : undefined) });
      set(tab.document, 'A', '1');
      await idle();
      expect(status(tab.document)).toBe(
        way === 'fails' ? 'not saved: an internal error' : 'not saved: storage does not answer',
      );
      expect(tab.remembered).toMatchObject({ label: 'set A to 1' });
      if (way === 'lost answer') isBroken = false;
      await clock.pass(60_000);
      if (way === 'fails') {
        const before = tab.operations.length;
        expect(before).toBeGreaterThan(8);
        expect(before).toBeLessThan(14);
        isBroken = false;
        set(tab.document, 'B', '2');
        expect(status(tab.document)).toMatch('not saved');
        await clock.pass(10_000);
        expect(labels(tab.document.state())).toEqual(['set A to 1', 'set B to 2']);
      }
      expect(status(tab.document)).toBe('saved');
      const { id = '' } = tab.document.state();
      expect((await onDisk(id)).history).toEqual(tab.document.state().history);
    },
  );

  test('is tried again at once when the page is looked at', async () => {
    let isBroken = true;
    const tab = tabOf({ fault: () => (isBroken ? 'fails' : undefined) });
    set(tab.document, 'A', '1');
    await clock.pass(60_000);
    isBroken = false;
    tab.document.readNewer();
    await idle();
    expect(status(tab.document)).toBe('saved');
  });

  test('where only looking fails, what is saved is not called unsaved, and is not called the newest either', async () => {
    const id = await makeSheet();
    const tab = await openTab(id);
    await idle();
    expect(status(tab.document)).toBe('saved');
    tab.fault = () => 'fails';
    tab.document.readNewer();
    await idle();
    expect(status(tab.document)).toBe('unanswered');
    tab.fault = () => undefined;
    await clock.pass(500);
    expect(status(tab.document)).toBe('saved');
  });

  test('an own write whose answer was lost is not made twice, though another tab wrote since', async () => {
    const id = await makeSheet();
    const [one, other] = [await openTab(id), await openTab(id)];
    await idle();
    one.fault = (operation) => (operation === 'write' ? 'lost answer' : undefined);
    set(one.document, 'A', '1');
    await idle();
    one.fault = () => undefined;
    other.document.readNewer();
    await idle();
    set(other.document, 'B', '2');
    other.document.undo();
    await idle();
    await clock.pass(20_000);
    expect(labels(await onDisk(id))).toEqual(['name it', 'set A to 1', 'set B to 2']);
    expect((await onDisk(id)).history.future).toHaveLength(1);
    expect(one.document.state().history).toEqual((await onDisk(id)).history);
  });

  test('that hangs leaves the edit remembered, shown and called saving', async () => {
    const tab = tabOf({ fault: () => 'hangs' });
    set(tab.document, 'A', '1');
    await clock.pass(60_000);
    expect(status(tab.document)).toBe('saving');
    expect(tab.remembered).toMatchObject({ label: 'set A to 1' });
    expect(tab.document.isWritten()).toBe(false);
  });
});

describe('keeping', () => {
  test('writes a sheet that was not edited, and once', async () => {
    const tab = tabOf({ kept: false });
    tab.document.keep();
    tab.document.keep();
    expect(tab.document.isWritten()).toBe(false);
    await idle();
    expect(tab.operations).toEqual(['write']);
    expect(status(tab.document)).toBe('saved');
    expect(await onDisk(tab.document.state().id ?? '')).toMatchObject({ kept: true, revision: 1 });
  });

  test.each(['before', 'during', 'after'])(
    '%s the first edit is written makes one sheet, and that one kept',
    async (when) => {
      const tab = tabOf({ kept: false, fault: (_, count) => (count === 1 ? 'waits' : undefined) });
      if (when === 'before') tab.document.keep();
      set(tab.document, 'A', '1');
      await idle();
      if (when === 'during') tab.document.keep();
      await tab.release();
      if (when === 'after') tab.document.keep();
      await idle();
      const { id = '' } = tab.document.state();
      expect(await onDisk(id)).toMatchObject({ kept: true, history: { past: [{ label: 'set A to 1' }] } });
      expect([...(await held(NAME)).keys()].filter((key) => key.startsWith('sheet '))).toHaveLength(1);
      expect((await held(NAME)).get('last')).toBe(id);
      expect(tab.document.isWritten()).toBe(true);
    },
  );

  test('meets an edit of another tab, and both are there', async () => {
    const link = tabOf({ kept: false });
    set(link.document, 'A', '1');
    await idle();
    const id = link.document.state().id ?? '';
    const other = await openTab(id);
    await idle();
    set(other.document, 'B', '2');
    await idle();
    link.document.keep();
    await idle();
    expect(await onDisk(id)).toMatchObject({ kept: true });
    expect(labels(await onDisk(id))).toEqual(['set A to 1', 'set B to 2']);
    other.document.readNewer();
    await idle();
    expect(other.document.state().kept).toBe(true);
  });
});

describe('what happens to the stored sheet elsewhere', () => {
  async function opened(): Promise<Tab & { id: string }> {
    const id = await makeSheet();
    const tab = await openTab(id);
    await idle();
    return Object.assign(tab, { id });
  }
  const record = async (id: string): Promise<object> => ({
    ...((await held(NAME)).get(`sheet ${id}`) as object),
  });
  const sheets = async (): Promise<string[]> =>
    [...(await held(NAME)).keys()].filter((key) => key.startsWith('sheet '));

  test('deleted: what is on the screen stays there, is not called saved, and the next edit stores all of it', async () => {
    const tab = await opened();
    globalThis.indexedDB.deleteDatabase(NAME);
    await idle();
    tab.document.readNewer();
    await idle();
    expect(status(tab.document)).toBe('unwritten');
    set(tab.document, 'A', '1');
    await idle();
    expect(labels(await onDisk(tab.id))).toEqual(['name it', 'set A to 1']);
    expect(status(tab.document)).toBe('saved');
  });

  test('deleted while two tabs show it: the edits of both are stored', async () => {
    const tab = await opened();
    const other = await openTab(tab.id);
    await idle();
    globalThis.indexedDB.deleteDatabase(NAME);
    await idle();
    // Stored anew, the sheet has the revision that the other tab knows, and is another.
    set(tab.document, 'A', '1');
    await idle();
    set(other.document, 'B', '2');
    await idle();
    expect(labels(await onDisk(tab.id))).toEqual(['name it', 'set A to 1', 'set B to 2']);
    expect(other.news).toEqual([]);
  });

  test.each([
    ['newer', { format: 3, more: 'fields' }, 'A newer version of Gradsheet wrote this sheet.'],
    [
      'unreadable',
      { checksum: 'damaged' },
      'The stored sheet cannot be read. The stored data stay unchanged.',
    ],
  ])('%s: an edit goes into a sheet of its own, and what lies there stays', async (_, change, words) => {
    const tab = await opened();
    const other = { ...(await record(tab.id)), revision: 7, ...change };
    await hold(NAME, { [`sheet ${tab.id}`]: other });
    set(tab.document, 'A', '1');
    await idle();
    const { id = '' } = tab.document.state();
    expect(id).not.toBe(tab.id);
    expect(tab.news).toEqual([`${words} The sheet on the screen is saved as another sheet.`]);
    expect(await record(tab.id)).toEqual(other);
    expect(labels(await onDisk(id))).toEqual(['name it', 'set A to 1']);
    expect(status(tab.document)).toBe('saved');
    expect(await sheets()).toHaveLength(2);
  });

  test('newer, and nothing to write: it is shown, and an edit of it makes one other sheet', async () => {
    const tab = await opened();
    const newer = { ...(await record(tab.id)), format: 3, revision: 7 };
    await hold(NAME, { [`sheet ${tab.id}`]: newer });
    tab.document.readNewer();
    await idle();
    expect(status(tab.document)).toBe('saved');
    tab.document.readNewer();
    set(tab.document, 'A', '1');
    await idle();
    expect(await record(tab.id)).toEqual(newer);
    expect(await sheets()).toHaveLength(2);
    expect(epochsOf((await onDisk(tab.document.state().id ?? '')).history.present, 'A')).toBe('1');
  });

  test('nothing, or an edit of one run: what is the same is the same object, and nothing of it is drawn anew', async () => {
    const id = await makeSheet();
    const tab = await openTab(id);
    const { present } = tab.document.state().history;
    await idle();
    tab.document.readNewer();
    await idle();
    expect(tab.document.state().history.present).toBe(present);
    const other = await openTab(id);
    await idle();
    set(other.document, 'B', '5');
    await idle();
    tab.document.readNewer();
    await idle();
    const after = tab.document.state().history.present;
    expect(epochsOf(after, 'B')).toBe('5');
    expect(after.runs[0]).toBe(present.runs[0]);
  });

  test('announced: an older revision is not asked for, a newer one is shown', async () => {
    const tab = await opened();
    const before = tab.operations.length;
    tab.document.readNewer(1);
    await idle();
    expect(tab.operations).toHaveLength(before);
    const other = await openTab(tab.id);
    await idle();
    set(other.document, 'B', '5');
    await idle();
    expect(other.announced).toEqual([[tab.id, 2]]);
    tab.document.readNewer(2);
    await idle();
    expect(epochsOf(tab.document.state().history.present, 'B')).toBe('5');
  });
});

describe('what a tab had not written when it was closed', () => {
  /** A tab that is closed while its edits wait: what it remembered. */
  async function closed(id: string, isDone = false): Promise<Unwritten> {
    const tab = await openTab(id);
    await idle();
    tab.fault = () => (isDone ? 'lost answer' : 'fails');
    set(tab.document, 'A', '1');
    await idle();
    set(tab.document, 'A', '2');
    await idle();
    if (!tab.remembered) throw new Error('nothing is remembered');
    return tab.remembered;
  }

  test('is written on the same revision', async () => {
    const id = await makeSheet();
    const unwritten = await closed(id);
    const tab = await openTab(id, { unwritten });
    expect(epochsOf(tab.document.state().history.present, 'A')).toBe('2');
    expect(status(tab.document)).toBe('saving');
    await idle();
    expect(labels(await onDisk(id))).toEqual(['name it', 'set A to 2']);
    expect(tab.news).toEqual([]);
    expect(tab.remembered).toBeUndefined();
  });

  test('is a version of its own where another tab wrote since, and a line says so', async () => {
    const id = await makeSheet();
    const unwritten = await closed(id);
    const other = await openTab(id);
    await idle();
    set(other.document, 'B', '5');
    await idle();
    const tab = await openTab(id, { unwritten });
    await idle();
    expect(tab.news).toHaveLength(1);
    const { history } = await onDisk(id);
    expect(epochsOf(history.present, 'B')).toBe('5');
    expect(statesOf(history).some((sheet) => epochsOf(sheet, 'A') === '2')).toBe(true);
    expect(tab.document.state().history).toEqual(history);
  });

  test('is not written again where it was written after all', async () => {
    const id = await makeSheet();
    const other = await openTab(id);
    await idle();
    set(other.document, 'A', '2');
    await idle();
    const disk = await onDisk(id);
    const edits = [disk.history.past.at(-1)?.id ?? ''];
    const unwritten = { id, kept: true, base: 1, edits, label: 'set A to 2', sheet: disk.history.present };
    const tab = await openTab(id, { unwritten });
    await idle();
    expect(await onDisk(id)).toEqual(disk);
    expect(tab.document.state().history).toEqual(disk.history);
    expect(tab.news).toEqual([]);
  });

  test('is written as kept where the edits are on disk and that they were kept since is not', async () => {
    const link = tabOf({ kept: false });
    set(link.document, 'A', '2');
    await idle();
    const { id = '' } = link.document.state();
    const disk = await onDisk(id);
    const edits = [disk.history.past.at(-1)?.id ?? ''];
    const unwritten = { id, kept: true, base: 0, edits, label: 'set A to 2', sheet: disk.history.present };
    const tab = await openTab(id, { unwritten });
    await idle();
    expect([disk.kept, tab.document.state().kept, status(tab.document)]).toEqual([false, true, 'saved']);
    expect((await onDisk(id)).kept).toBe(true);
    expect((await onDisk(id)).history).toEqual(disk.history);
  });

  test('of a duplicated tab is written once by both', async () => {
    const id = await makeSheet();
    const unwritten = await closed(id);
    const tabs = [await openTab(id, { unwritten }), await openTab(id, { unwritten })];
    await clock.pass(1_000);
    for (const { document } of tabs) document.readNewer();
    await clock.pass(1_000);
    expect(labels(await onDisk(id))).toEqual(['name it', 'set A to 2']);
    for (const { document, news } of tabs) {
      expect(document.state().history).toEqual((await onDisk(id)).history);
      expect(news).toEqual([]);
    }
  });

  test('of a sheet that was never written is written', async () => {
    const lost = tabOf({ fault: () => 'fails' });
    set(lost.document, 'A', '1');
    await idle();
    const unwritten = lost.remembered;
    if (!unwritten) return expect.unreachable('nothing is remembered');
    const tab = tabOf({ id: unwritten.id, unwritten, history: startHistory(unwritten.sheet) });
    await idle();
    expect(epochsOf((await onDisk(unwritten.id)).history.present, 'A')).toBe('1');
    expect(status(tab.document)).toBe('saved');
  });
});

test('a run that is added in two tabs at once is added twice, under two ids', async () => {
  const id = await makeSheet();
  const [one, other] = [await openTab(id), await openTab(id)];
  await idle();
  for (const { document } of [one, other])
    document.edit('add a run', (sheet) => renameRun(addRun(sheet, { name: '' }), 'C', 'new'));
  await idle();
  expect((await onDisk(id)).history.present.runs.map((run) => run.id)).toEqual(['A', 'B', 'C', 'D']);
});
