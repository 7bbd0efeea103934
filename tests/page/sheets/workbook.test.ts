// The sheets of a page: which one opens, how the address bar follows, and what becomes of each when another is opened.

import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { hashText } from '../../../src/core/plan/key';
import { stepsOf } from '../../../src/core/sheet/history';
import { type Sheet, setOverride, setTitle } from '../../../src/core/sheet/sheet';
import type { ReadAddress } from '../../../src/page/sheets/lesson-opening';
import { parseNotice } from '../../../src/page/sheets/sheet-notice';
import { tabMemory } from '../../../src/page/sheets/tab-memory';
import { createWorkbook, type Workbook } from '../../../src/page/sheets/workbook';
import { parseAddress, writeAddress } from '../../../src/platform/page/address';
import type { Arrival, Navigation } from '../../../src/platform/page/navigation';
import { openSheetList, type SheetList } from '../../../src/platform/storage/sheets/sheet-list';
import { openSheets } from '../../../src/platform/storage/sheets/sheets';
import type { OpenLesson } from '../../../src/ui/session/open-lesson';
import { freshIdb, held, hold, lose } from '../../platform/fresh-idb';
import { type Clock, createClock, type FaultyStore, faultyStore, newId, reasonOf } from '../ports';

const NAME = 'gradsheet-sheet';
freshIdb();

let clock: Clock;
/** The tabs of the test's browser, which hear each other. */
let tabs: Tab[];

// Loaded later on the page; the clock of these tests does not wait for files.
beforeAll(() =>
  Promise.all([
    import('../../../src/page/sheets/tab-reading'),
    import('../../../src/page/sheets/workbook-actions'),
    import('../../../src/platform/storage/sheets/sheet-writing'),
  ]),
);

beforeEach(() => {
  clock = createClock();
  tabs = [];
});

const parsed = (address: string): Sheet => {
  const result = parseAddress(address, registry);
  if (!result.ok) throw new Error(result.message);
  return result.sheet;
};
const START = parsed('#v1');
const LINK = '#v1&A=linked&A.train.epochs=7';
/** A lesson whose only step is the sheet of LINK, and two whose step cannot be read. */
const LESSON = '#lesson1/v1&A=linked&A.train.epochs=7';
const BROKEN = '#lesson1/broken';
const OTHER_BROKEN = '#lesson1/broken/too';
const lessonAt = (address: string): OpenLesson => ({
  ...{ address, step: 1, steps: 1, go: () => {}, hide: (plan) => plan },
});
const parse = async (address: string): Promise<ReadAddress> => {
  if ([BROKEN, OTHER_BROKEN].includes(address))
    return { ok: false, message: 'broken', lesson: lessonAt(address) };
  if (address === LESSON) return { ...parseAddress(LINK, registry), lesson: lessonAt(address) };
  return parseAddress(address, registry);
};

/** The browser's history: entries, and which one is shown. */
interface Bar extends Navigation {
  readonly entries: Arrival[];
  at: number;
  go(by: number): Promise<void>;
}

interface Tab extends FaultyStore {
  readonly workbook: Workbook;
  readonly list: SheetList;
  readonly bar: Bar;
  readonly news: string[];
  readonly session: Map<string, string>;
  /** The page's own statuses, whenever one was shown. */
  readonly statuses: Set<string>;
}

interface Opening {
  readonly arrival?: Arrival;
  readonly entries?: readonly Arrival[];
  readonly fault?: FaultyStore['fault'];
  readonly session?: ReadonlyMap<string, string>;
  /** How long it takes to make a sheet ready, if it takes its time. */
  readonly prepare?: (sheet: Sheet) => Promise<void>;
}

function createBar(entries: readonly Arrival[], arrive: (arrival: Arrival) => Promise<void>): Bar {
  const bar: Bar = {
    entries: [...entries],
    at: entries.length - 1,
    current: () => bar.entries[bar.at] ?? { address: '' },
    write(address, place, step) {
      const entry = { address, ...(place && { place }) };
      if (step && address !== bar.current().address)
        bar.entries.splice(++bar.at, Number.POSITIVE_INFINITY, entry);
      else bar.entries[bar.at] = entry;
    },
    async go(by) {
      bar.at += by;
      await arrive(bar.current());
      await clock.pass(0);
    },
  };
  return bar;
}

/** A tab whose page has not begun yet. */
function tabOf({
  arrival = { address: '' },
  entries = [arrival],
  fault,
  session = new Map(),
  prepare = async () => {},
}: Opening = {}): Tab {
  const faulty = faultyStore();
  if (fault) faulty.fault = fault;
  const own = new Map(session);
  const list = openSheetList(openSheets());
  const storage = {
    getItem: (key: string) => own.get(key) ?? null,
    setItem: (key: string, value: string) => void own.set(key, value),
    removeItem: (key: string) => void own.delete(key),
  };
  const bar = createBar(entries, (to) => workbook.arrive(to));
  const workbook = createWorkbook({
    ...{ store: faulty.store, navigation: bar, start: START, after: clock.after, newId, reasonOf, prepare },
    list: async () => list,
    tab: tabMemory(() => storage),
    post: (notice) => {
      for (const other of tabs) if (other.workbook !== workbook) other.workbook.hear(parseNotice(notice));
    },
    parse,
    write: (sheet) => writeAddress(sheet, registry),
    now: () => clock.now,
  });
  const tab = Object.assign(faulty, {
    workbook,
    list,
    bar,
    news: [] as string[],
    session: own,
    statuses: new Set<string>(),
  });
  workbook.subscribe((sentence) => {
    if (sentence !== undefined) tab.news.push(sentence);
    tab.statuses.add(workbook.state().saving.state);
  });
  tabs.push(tab);
  return tab;
}

/** A tab whose page shows something. */
async function openTab(opening?: Opening): Promise<Tab> {
  const tab = tabOf(opening);
  let begun = false;
  void tab.workbook.begin().then(() => {
    begun = true;
  });
  await clock.pass(0);
  if (!begun) await clock.pass(300);
  expect(begun).toBe(true);
  return tab;
}

/** The same tab, loaded anew. */
const reload = (tab: Tab): Promise<Tab> => {
  tabs.splice(tabs.indexOf(tab), 1);
  return openTab({ entries: tab.bar.entries.slice(0, tab.bar.at + 1), session: tab.session });
};

const shown = ({ workbook }: Tab): Sheet => workbook.state().history.present;
const labels = ({ workbook }: Tab): string[] => stepsOf(workbook.state().history).map(({ label }) => label);
const titles = async ({ list }: Tab): Promise<(string | undefined)[]> =>
  (await list.heads()).filter(({ removed }) => removed === undefined).map(({ title }) => title);
const set = (tab: Tab, text: string, run = 'A'): void =>
  tab.workbook.edit(`set ${text}`, (sheet) => setOverride(sheet, run, 'dataset.noise', text));
const noise = (tab: Tab): string | undefined => shown(tab).runs[0]?.overrides.get('dataset.noise');

/** A sheet of that name on disk; its id. */
async function makeSheet(title: string): Promise<string> {
  const tab = await openTab();
  await tab.workbook.add(setTitle(START, title));
  await clock.pass(0);
  tabs.splice(tabs.indexOf(tab), 1);
  return tab.workbook.state().id ?? '';
}

describe('the first sheet', () => {
  test('of a first visit is that of the start: nothing is stored, and nothing is called saved', async () => {
    const tab = await openTab();
    expect(shown(tab)).toBe(START);
    expect(tab.workbook.state()).toMatchObject({ linked: false, saving: { state: 'unwritten' } });
    await clock.pass(60_000);
    expect((await held(NAME)).size).toBe(0);
    expect(tab.bar.entries).toMatchObject([{ place: { id: '', step: '' } }]);
  });

  test('is the one that was edited last, with its steps soon after', async () => {
    await makeSheet('one');
    const id = await makeSheet('two');
    const tab = await openTab();
    expect(tab.workbook.state()).toMatchObject({ id, linked: false, saving: { state: 'saved' } });
    expect(shown(tab).title).toBe('two');
    expect(tab.bar.current()).toMatchObject({ place: { id } });
  });

  test.each(['fails', 'waits', 'hangs', 'lost answer'] as const)(
    'where storage %s at first is that of the start, is not called saved, and gives way to the stored one',
    async (fault) => {
      await makeSheet('mine');
      let isBroken = true;
      const tab = await openTab({ fault: () => (isBroken ? fault : undefined) });
      expect(shown(tab)).toBe(START);
      expect(tab.workbook.state().saving.state).toBe('unanswered');
      await clock.pass(4_000);
      expect(tab.workbook.state().saving.state).toBe('unanswered');
      expect(await titles(tab)).toEqual(['mine']);
      isBroken = false;
      await tab.release();
      await clock.pass(10_000);
      expect(await titles(tab)).toEqual(['mine']);
      // What never answers is given up by the storage below, in its time.
      if (fault === 'hangs') return;
      expect(shown(tab).title).toBe('mine');
      expect(tab.workbook.state().saving.state).toBe('saved');
      expect(tab.bar.entries).toHaveLength(1);
    },
  );

  test.each(['fails', 'waits', 'hangs'] as const)(
    'that was edited while storage %s stays, is stored beside the other, and a line says where that is',
    async (fault) => {
      const id = await makeSheet('mine');
      let isBroken = true;
      const tab = await openTab({
        fault: (operation) => (isBroken && operation !== 'write' ? fault : undefined),
      });
      set(tab, '0.3');
      await clock.pass(4_000);
      isBroken = false;
      await tab.release();
      await clock.pass(10_000);
      expect(noise(tab)).toBe('0.3');
      expect(tab.workbook.state()).toMatchObject({ saving: { state: 'saved' } });
      expect(tab.workbook.state().id).not.toBe(id);
      expect((await titles(tab)).map(String).sort()).toEqual(['mine', 'undefined']);
      if (fault !== 'hangs') expect(tab.news).toEqual([expect.stringContaining('Storage answered late.')]);
    },
  );

  test('stays what the person went to while storage had not answered', async () => {
    await makeSheet('mine');
    const tab = await openTab({ fault: (operation) => (operation === 'last' ? 'waits' : undefined) });
    await tab.workbook.add(setTitle(START, 'another'));
    await tab.release();
    expect(shown(tab).title).toBe('another');
    expect((await titles(tab)).sort()).toEqual(['another', 'mine']);
  });

  test('where storage fails for ever is that of the start; each edit is kept in the tab and called unsaved', async () => {
    const tab = await openTab({ fault: () => 'fails' });
    set(tab, '0.3');
    await clock.pass(120_000);
    expect(tab.workbook.state().saving).toEqual({ state: 'not saved', reason: 'an internal error' });
    expect(tab.statuses.has('saved')).toBe(false);
    const again = await reload(tab);
    await clock.pass(1_000);
    expect(noise(again)).toBe('0.3');
    expect(again.workbook.state().saving.state).toBe('saved');
  });

  test('where the last one is damaged is another one, with a line; the damaged one stays', async () => {
    await makeSheet('one');
    const id = await makeSheet('two');
    const damaged = { ...((await held(NAME)).get(`sheet ${id}`) as object), kept: 'yes' };
    await hold(NAME, { [`sheet ${id}`]: damaged });
    const tab = await openTab();
    expect(shown(tab).title).toBe('one');
    expect(tab.news).toEqual([expect.stringContaining('cannot be read. The stored data stay unchanged')]);
    set(tab, '0.3');
    await clock.pass(0);
    expect((await held(NAME)).get(`sheet ${id}`)).toEqual(damaged);
    expect(await tab.list.unreadable()).toEqual([{ key: `sheet ${id}`, held: damaged }]);
  });

  test.each([
    ['missing, and its head is there', (id: string) => lose(NAME, `sheet ${id}`)],
    [
      'damaged, and has no head',
      async (id: string) => {
        await hold(NAME, { [`sheet ${id}`]: 'damaged' });
        await lose(NAME, `head ${id}`);
      },
    ],
  ])('where the last one is %s is another one, with a line, and it is listed', async (_, damage) => {
    await makeSheet('one');
    const id = await makeSheet('two');
    await damage(id);
    const tab = await openTab();
    expect(shown(tab).title).toBe('one');
    expect(tab.news).toEqual([expect.stringContaining('cannot be read. The stored data stay unchanged')]);
    expect(await tab.list.unreadable()).toMatchObject([{ key: `sheet ${id}` }]);
    set(tab, '0.3');
    await clock.pass(0);
    expect((await openTab()).news).toEqual([]);
  });

  test('where only a head is left is that of the start, with a line, however late storage answers', async () => {
    const id = await makeSheet('one');
    await lose(NAME, `sheet ${id}`);
    const tab = await openTab();
    expect([shown(tab), tab.news]).toEqual([START, [expect.stringContaining('cannot be read')]]);
    const slow = await openTab({ fault: (operation) => (operation === 'last' ? 'waits' : undefined) });
    expect(slow.news).toEqual([]);
    await slow.release();
    await clock.pass(0);
    expect([shown(slow), slow.news]).toEqual([START, [expect.stringContaining('cannot be read')]]);
  });

  test('where its head alone is lost is that one, without a line', async () => {
    const id = await makeSheet('one');
    await lose(NAME, `head ${id}`, 'last');
    const tab = await openTab();
    expect([shown(tab).title, tab.news]).toEqual(['one', []]);
  });

  test('where all are damaged is that of the start, which replaces none of them', async () => {
    const id = await makeSheet('one');
    await hold(NAME, { [`sheet ${id}`]: 'damaged' });
    const tab = await openTab();
    expect(shown(tab)).toBe(START);
    set(tab, '0.3');
    await clock.pass(0);
    expect((await held(NAME)).get(`sheet ${id}`)).toBe('damaged');
    const again = await reload(tab);
    expect(noise(again)).toBe('0.3');
  });
});

describe('a link', () => {
  test('opens beside the sheets, is in the address only, and leaves all of them as they are', async () => {
    await makeSheet('mine');
    const lies = await held(NAME);
    const tab = await openTab({ arrival: { address: LINK } });
    expect(tab.workbook.state()).toMatchObject({
      id: undefined,
      linked: true,
      saving: { state: 'unwritten' },
    });
    expect(shown(tab).runs[0]?.name).toBe('linked');
    await clock.pass(10_000);
    expect(await held(NAME)).toEqual(lies);
    await tab.workbook.backToOwn();
    expect(shown(tab).title).toBe('mine');
    await tab.bar.go(-1);
    expect(tab.workbook.state()).toMatchObject({ linked: true });
  });

  test('that is kept is one more sheet, also where its own copy was edited since', async () => {
    await makeSheet('mine');
    const tab = await openTab({ arrival: { address: LINK } });
    await tab.workbook.keepCopy('copy');
    await clock.pass(0);
    expect(tab.workbook.state()).toMatchObject({ linked: false, saving: { state: 'saved' } });
    expect((await titles(tab)).sort()).toEqual(['copy', 'mine']);
    set(tab, '0.3');
    await clock.pass(0);
    const other = await openTab({ arrival: { address: LINK } });
    expect(other.workbook.state().linked).toBe(true);
    await other.workbook.keepCopy('second');
    await clock.pass(0);
    expect((await titles(tab)).sort()).toEqual(['copy', 'mine', 'second']);
    const again = await reload(tab);
    expect(noise(again)).toBe('0.3');
  });

  test('that is edited is stored beside the sheets, and is not the one that opens next', async () => {
    await makeSheet('mine');
    const tab = await openTab({ arrival: { address: LINK } });
    set(tab, '0.3');
    await clock.pass(0);
    expect(tab.workbook.state()).toMatchObject({ linked: true, saving: { state: 'saved' } });
    expect(shown(await openTab()).title).toBe('mine');
    const again = await reload(tab);
    await clock.pass(0);
    expect(noise(again)).toBe('0.3');
    expect(again.workbook.state().linked).toBe(true);
    expect(labels(again)).toEqual(['set 0.3']);
    await again.bar.go(-1);
  });

  test('equal to one of the sheets is that sheet', async () => {
    const id = await makeSheet('mine');
    const tab = await openTab();
    const address = tab.bar.current().address;
    const other = await openTab({ arrival: { address } });
    expect(other.workbook.state()).toMatchObject({ id, linked: false });
  });

  test('equal to one of the sheets is that sheet in its former spelling too', async () => {
    const FORMER = '#v1&A=twin%20(b)!&A.train.epochs=%3Dmin(7%2C%209)&title=mine.';
    const sheet = parsed(FORMER);
    expect(writeAddress(sheet, registry)).not.toBe(FORMER);
    const first = await openTab();
    await first.workbook.add(sheet);
    await clock.pass(0);
    const { id } = first.workbook.state();
    // What earlier versions stored, by which this version must find the sheet.
    expect((await held(NAME)).get(`head ${id}`)).toMatchObject({ print: hashText(FORMER) });
    for (const address of [FORMER, writeAddress(sheet, registry)]) {
      const tab = await openTab({ arrival: { address } });
      expect(tab.workbook.state()).toMatchObject({ id, linked: false });
      expect(tab.bar.current().address).toBe(writeAddress(sheet, registry));
    }
  });

  test('is not another sheet, though that one’s head says so', async () => {
    const id = await makeSheet('mine');
    const head = (await held(NAME)).get(`head ${id}`);
    await hold(NAME, {
      [`head ${id}`]: { ...(head as object), print: hashText(writeAddress(parsed(LINK), registry)) },
    });
    const tab = await openTab({ arrival: { address: LINK } });
    expect(tab.workbook.state()).toMatchObject({ id: undefined, linked: true });
    expect(shown(tab).runs[0]?.name).toBe('linked');
  });

  test.each(['fails', 'waits'] as const)(
    'equal to one of the sheets is that sheet once storage answers, where it %s at first',
    async (fault) => {
      const id = await makeSheet('mine');
      const address = writeAddress(setTitle(START, 'mine'), registry);
      let isBroken = true;
      const tab = await openTab({ arrival: { address }, fault: () => (isBroken ? fault : undefined) });
      expect(tab.workbook.state()).toMatchObject({ linked: true });
      isBroken = false;
      await tab.release();
      await clock.pass(5_000);
      expect(tab.workbook.state()).toMatchObject({ id, linked: false });
    },
  );

  test('that cannot be read opens the last sheet with the reason', async () => {
    await makeSheet('mine');
    const tab = await openTab({ arrival: { address: '#v9&nothing' } });
    expect(shown(tab).title).toBe('mine');
    expect(tab.news).toHaveLength(1);
    await tab.workbook.arrive({ address: '#v1&A.nothing=1' });
    expect(tab.news).toHaveLength(2);
    expect(shown(tab).title).toBe('mine');
  });
});

describe('Back', () => {
  test('goes to the states of the sheet, each as a step of its own, so that nothing is written over', async () => {
    const id = await makeSheet('mine');
    const [one, other] = [await openTab(), await openTab()];
    await clock.pass(0);
    set(one, '0.1');
    await clock.pass(0);
    set(other, '5', 'B');
    await clock.pass(0);
    expect(shown(one)).toEqual(shown(other));
    await one.bar.go(-1);
    await clock.pass(0);
    expect(noise(one)).toBeUndefined();
    expect(shown(one)).toEqual(shown(other));
    expect(labels(other).slice(-3)).toEqual(['set 0.1', 'set 5', 'go to another address']);
    one.workbook.undo();
    await clock.pass(0);
    expect(noise(other)).toBe('0.1');
    expect(shown(other).runs[1]?.overrides.get('dataset.noise')).toBe('5');
    expect((await tabs[0]?.list.heads())?.map((head) => head.id)).toEqual([id]);
  });

  test('goes from one sheet to the other, also with the same sheet twice in the history', async () => {
    const one = await makeSheet('one');
    const two = await makeSheet('two');
    const tab = await openTab();
    await tab.workbook.open(one);
    await tab.workbook.open(two);
    await tab.workbook.open(one);
    expect(tab.bar.entries).toHaveLength(4);
    for (const id of [two, one, two]) {
      await tab.bar.go(-1);
      expect(tab.workbook.state().id).toBe(id);
    }
    await tab.bar.go(3);
    expect(tab.workbook.state().id).toBe(one);
    expect(labels(tab)).toEqual([]);
    expect(tab.operations).not.toContain('write');
  });

  test('of two requests shows the later one', async () => {
    const one = await makeSheet('one');
    const two = await makeSheet('two');
    const tab = await openTab();
    await clock.pass(0);
    let reads = 0;
    tab.fault = (operation) => (operation === 'read' && ++reads === 1 ? 'waits' : undefined);
    const first = tab.workbook.open(one);
    await tab.workbook.open(two);
    await tab.release();
    await first;
    expect(tab.workbook.state().id).toBe(two);
  });

  test('shows no sheet before it is ready, and none that was made ready too late', async () => {
    const id = await makeSheet('stored');
    const prepared = new Set<Sheet>();
    let isLate = true;
    const tab = await openTab({
      async prepare(sheet) {
        if (isLate) await new Promise<void>((then) => clock.after(1_000, then));
        prepared.add(sheet);
      },
    });
    const before = shown(tab);
    const link = setOverride(START, 'A', 'dataset.noise', '0.31');
    void tab.workbook.arrive({ address: writeAddress(link, registry) });
    await clock.pass(500);
    expect(shown(tab)).toBe(before);
    isLate = false;
    await tab.workbook.open(id);
    expect(shown(tab).title).toBe('stored');
    await clock.pass(1_000);
    expect(shown(tab).title).toBe('stored');
    const ways = [
      () => tab.workbook.arrive({ address: writeAddress(link, registry) }),
      () => tab.workbook.backToOwn(),
      () => tab.workbook.add(),
      () => tab.workbook.open(id),
      () => tab.workbook.add(setTitle(START, 'added')),
    ];
    for (const go of ways) {
      prepared.clear();
      await go();
      expect(prepared.has(shown(tab))).toBe(true);
    }
  });

  test('to a sheet that is gone says so and leaves the one that is open', async () => {
    await makeSheet('mine');
    const tab = await openTab();
    await tab.workbook.arrive({ address: '#v1', place: { id: 'gone', step: 'x' } });
    expect(tab.news).toEqual(['The sheet no longer exists.']);
    expect(shown(tab).title).toBe('mine');
    tab.fault = () => 'fails';
    await tab.workbook.arrive({ address: '#v1', place: { id: 'gone', step: 'x' } });
    expect(tab.news[1]).toBe('The sheet cannot be opened (an internal error).');
  });
});

describe('another sheet', () => {
  test('may be opened while one waits for storage: that is written, also after a reload, and once', async () => {
    const one = await makeSheet('one');
    const two = await makeSheet('two');
    const tab = await openTab();
    await clock.pass(0);
    tab.fault = (operation) => (operation === 'write' ? 'fails' : undefined);
    set(tab, '0.3');
    await clock.pass(0);
    await tab.workbook.open(one);
    await clock.pass(0);
    expect(tab.workbook.state()).toMatchObject({ id: one, saving: { state: 'not saved' } });
    const again = await reload(tab);
    expect(again.workbook.state().id).toBe(one);
    await clock.pass(1_000);
    expect(again.workbook.state().saving.state).toBe('saved');
    await again.workbook.open(two);
    await clock.pass(0);
    expect(noise(again)).toBe('0.3');
    expect(again.session.size).toBe(0);
    // What was taken up once is not taken up again, whatever became of it since.
    again.workbook.undo();
    set(again, '0.4');
    await clock.pass(0);
    await again.workbook.open(one);
    await again.workbook.open(two);
    expect(noise(again)).toBe('0.4');
    await clock.pass(0);
    expect(noise(again)).toBe('0.4');
    expect(again.news).toEqual([]);
    expect(labels(again).filter((label) => label.includes('0.3'))).toEqual([]);
  });

  test('that is the one on the screen keeps the edits that wait, and shows what is newer', async () => {
    const id = await makeSheet('mine');
    const tab = await openTab();
    await clock.pass(0);
    tab.fault = (operation) => (operation === 'write' ? 'fails' : undefined);
    set(tab, '0.3');
    await tab.workbook.open(id);
    expect(noise(tab)).toBe('0.3');
    tab.fault = () => undefined;
    await clock.pass(10_000);
    expect(noise(tab)).toBe('0.3');
    expect(labels(tab)).toEqual(['set 0.3']);
    const other = await openTab();
    tabs.splice(tabs.indexOf(tab), 1);
    set(other, '0.4');
    await clock.pass(0);
    await tab.workbook.open(id);
    await clock.pass(0);
    expect(noise(tab)).toBe('0.4');
  });

  test('does not keep quiet what becomes of an edit that waits', async () => {
    const one = await makeSheet('one');
    const two = await makeSheet('two');
    const [tab, other] = [await openTab(), await openTab()];
    await clock.pass(0);
    set(tab, '0.1');
    await clock.pass(0);
    tab.fault = (operation) => (operation === 'write' ? 'fails' : undefined);
    tab.workbook.undo();
    await tab.workbook.open(one);
    await clock.pass(0);
    expect(other.workbook.state().id).toBe(two);
    set(other, '0.2');
    await clock.pass(0);
    tab.fault = () => undefined;
    await clock.pass(10_000);
    expect(tab.news).toEqual(['In another sheet: Another tab changed this sheet: “set 0.1” was not undone.']);
    expect(noise(other)).toBe('0.2');
  });

  test('and back, with the edits that still wait', async () => {
    const one = await makeSheet('one');
    const two = await makeSheet('two');
    const tab = await openTab();
    await clock.pass(0);
    tab.fault = (operation) => (operation === 'write' ? 'fails' : undefined);
    set(tab, '0.3');
    await tab.workbook.open(one);
    await tab.workbook.open(two);
    expect(noise(tab)).toBe('0.3');
    tab.fault = () => undefined;
    await clock.pass(10_000);
    expect(labels(tab)).toEqual(['set 0.3']);
    expect(tab.workbook.state().saving.state).toBe('saved');
  });

  test.each([
    ['cannot be read', { checksum: 'damaged' }],
    ['is of a newer version', { format: 3 }],
  ])(
    'is made of what waits where the stored one %s, and only one, however often the page is loaded',
    async (_, change) => {
      const id = await makeSheet('mine');
      let tab = await openTab();
      await clock.pass(0);
      tab.fault = () => 'fails';
      set(tab, '0.3');
      await clock.pass(0);
      await hold(NAME, {
        [`sheet ${id}`]: { ...((await held(NAME)).get(`sheet ${id}`) as object), ...change },
      });
      for (let times = 0; times < 3; times++) {
        tab = await reload(tab);
        await clock.pass(1_000);
        expect(noise(tab)).toBe('0.3');
        expect(tab.workbook.state().saving.state).toBe('saved');
        expect([...(await held(NAME)).keys()].filter((key) => key.startsWith('sheet '))).toHaveLength(2);
      }
      expect(tab.bar.current().place?.id).toBe(tab.workbook.state().id);
      expect(tab.session.size).toBe(0);
    },
  );
});

describe('the actions on sheets', () => {
  test('add, duplicate and rename sheets beside each other', async () => {
    const id = await makeSheet('one');
    const tab = await openTab();
    await tab.workbook.add();
    await tab.workbook.duplicate(id);
    await clock.pass(0);
    expect(shown(tab).title).toBe('one (copy)');
    await tab.workbook.rename(id, 'first');
    await tab.workbook.rename(undefined, 'second');
    await clock.pass(0);
    expect((await titles(tab)).map(String).sort()).toEqual(['first', 'second', 'undefined']);
    await tab.workbook.open(id);
    await clock.pass(0);
    expect(labels(tab)).toEqual(['rename the sheet']);
  });

  test('give each copy of a sheet a name of its own, and a copy of a copy the next one', async () => {
    const id = await makeSheet('one');
    const tab = await openTab();
    for (let copies = 0; copies < 2; copies++) {
      await tab.workbook.duplicate(id);
      await clock.pass(0);
    }
    await tab.workbook.duplicate(tab.workbook.state().id ?? '');
    await clock.pass(0);
    expect((await titles(tab)).map(String).sort()).toEqual([
      'one',
      'one (copy 2)',
      'one (copy 3)',
      'one (copy)',
    ]);
    const long = await makeSheet('x'.repeat(100));
    await tab.workbook.duplicate(long);
    expect(shown(tab).title).toMatch(/^x+ \(copy\)$/);
  });

  test('say in the other tabs that show a sheet that it was removed; an edit there brings it back', async () => {
    const id = await makeSheet('one');
    const [remover, other] = [await openTab(), await openTab()];
    await clock.pass(0);
    await remover.workbook.remove(id);
    await clock.pass(0);
    expect(await titles(other)).toEqual([]);
    expect(other.news).toEqual([expect.stringContaining('Another tab removed this sheet')]);
    expect(remover.news).toEqual([]);
    set(other, '0.3');
    await clock.pass(0);
    expect(await titles(other)).toEqual(['one']);
  });

  test('change the address bar of the other tabs that show the sheet, without a step of its own', async () => {
    const id = await makeSheet('mine');
    const [one, other] = [await openTab(), await openTab()];
    set(one, '0.25');
    await clock.pass(1_000);
    expect(noise(other)).toBe('0.25');
    expect(other.bar.entries).toHaveLength(1);
    expect(other.bar.entries[0]).toMatchObject({ place: { id } });
    expect(other.bar.entries[0]?.address).toContain('dataset.noise=0.25');
    other.workbook.undo();
    await clock.pass(1_000);
    expect(one.bar.entries.at(-1)?.address).not.toContain('0.25');
  });

  test('duplicate nothing in the place of a sheet that cannot be read', async () => {
    const id = await makeSheet('one');
    await makeSheet('two');
    await hold(NAME, { [`sheet ${id}`]: 'damaged' });
    const tab = await openTab();
    await tab.workbook.duplicate(id);
    expect(shown(tab).title).toBe('two');
    expect(tab.news).toEqual(['The sheet cannot be read. The stored data stay unchanged.']);
  });

  test('rename a sheet that waits for storage with all that waits, also after a reload', async () => {
    const one = await makeSheet('one');
    const two = await makeSheet('two');
    const tab = await openTab();
    await clock.pass(0);
    tab.fault = (operation) => (operation === 'write' ? 'fails' : undefined);
    set(tab, '0.3');
    await tab.workbook.open(one);
    await tab.workbook.rename(two, 'named');
    await clock.pass(0);
    const again = await reload(tab);
    await clock.pass(1_000);
    await again.workbook.open(two);
    await clock.pass(0);
    expect([shown(again).title, noise(again)]).toEqual(['named', '0.3']);
  });

  test('do not rename a sheet that cannot be read, and say so', async () => {
    const id = await makeSheet('one');
    await makeSheet('two');
    await hold(NAME, { [`sheet ${id}`]: 'damaged' });
    const tab = await openTab();
    await tab.workbook.rename(id, 'other');
    expect(tab.news).toEqual(['The sheet cannot be read. The stored data stay unchanged.']);
  });

  test.each(['damaged', undefined])(
    'say so too where another sheet is asked for meanwhile: %s',
    async (held) => {
      const id = await makeSheet('one');
      await makeSheet('two');
      if (held) await hold(NAME, { [`sheet ${id}`]: held });
      const tab = await openTab();
      await Promise.all([tab.workbook.rename(held ? id : 'nowhere', 'other'), tab.workbook.add()]);
      expect(tab.news).toEqual([expect.stringMatching(held ? /cannot be read/ : /no longer exists/)]);
    },
  );

  test('delete no link that this tab shows as too many are kept, and tell the other tabs what is gone', async () => {
    const links: Tab[] = [];
    for (let at = 0; at < 52; at++) {
      clock.now++;
      const tab = await openTab({ arrival: { address: `#v1&A=${at}` } });
      set(tab, '0.3');
      await clock.pass(0);
      if (at < 2) links.push(tab);
      else tabs.splice(tabs.indexOf(tab), 1);
    }
    const day = 24 * 60 * 60_000;
    const list = openSheetList(openSheets());
    const shownHere = new Set([links[0]?.workbook.state().id ?? '']);
    for (let at = 0; at < 30; at++) await list.purge(at * day, shownHere);
    clock.now = 30 * day;
    await links[0]?.workbook.heads();
    await clock.pass(0);
    expect(links.map(({ workbook }) => workbook.state().saving.state)).toEqual(['saved', 'unwritten']);
    const ids = links.map(({ workbook }) => workbook.state().id);
    expect(await openSheets().read(ids[0] ?? '', false)).toBeDefined();
    expect(await openSheets().read(ids[1] ?? '', false)).toBeUndefined();
  });

  test('remove a sheet, show another one, and restore it', async () => {
    await makeSheet('one');
    const id = await makeSheet('two');
    const tab = await openTab();
    await clock.pass(0);
    set(tab, '0.3');
    void tab.workbook.remove(id);
    await clock.pass(3_000);
    expect(shown(tab).title).toBe('one');
    expect(await titles(tab)).toEqual(['one']);
    await tab.workbook.restore(id);
    await tab.workbook.open(id);
    expect(noise(tab)).toBe('0.3');
  });

  test('do not remove a sheet whose last edit is not saved, and say so', async () => {
    const id = await makeSheet('one');
    const tab = await openTab();
    await clock.pass(0);
    tab.fault = (operation) => (operation === 'write' ? 'fails' : undefined);
    set(tab, '0.3');
    void tab.workbook.remove(id);
    await clock.pass(5_000);
    expect(tab.news).toEqual(['The sheet cannot be removed (the last edit is not saved yet).']);
    expect(await titles(tab)).toEqual(['one']);
    expect(noise(tab)).toBe('0.3');
  });
});

test.each([
  undefined,
  null,
  5,
  'look',
  [],
  {},
  { id: 5 },
  { id: 'A B' },
  { id: 'x'.repeat(41) },
  { id: 'a', revision: -1 },
  { id: 'a', revision: '5' },
  { id: 'a', revision: 1e300 },
])('the notice %j says only that something may have been missed', async (notice) => {
  await makeSheet('mine');
  const tab = await openTab();
  await clock.pass(0);
  expect(parseNotice(notice)).toBeUndefined();
  const before = tab.workbook.state();
  tab.workbook.hear(parseNotice(notice));
  await clock.pass(0);
  expect(tab.workbook.state()).toEqual(before);
});

test('a duplicated tab writes what both had not written once', async () => {
  await makeSheet('mine');
  const tab = await openTab();
  await clock.pass(0);
  tab.fault = () => 'fails';
  set(tab, '0.3');
  await clock.pass(0);
  const opening = { entries: tab.bar.entries, session: tab.session };
  tabs = [];
  const both = [tabOf(opening), tabOf(opening)];
  await Promise.all([...both.map(({ workbook }) => workbook.begin()), clock.pass(0)]);
  await clock.pass(10_000);
  for (const one of both) {
    expect(noise(one)).toBe('0.3');
    expect(labels(one)).toEqual(['set 0.3']);
    expect(one.news).toEqual([]);
  }
});

describe('a step of a lesson', () => {
  const lessonOf = ({ workbook }: Tab): string | undefined => workbook.state().lesson?.address;

  test('is never a stored sheet, and an edit of it is a copy that stays a step over a reload', async () => {
    const id = await (async () => {
      const tab = await openTab({ arrival: { address: LINK } });
      await tab.workbook.keepCopy('mine');
      await tab.workbook.rename(undefined, '');
      await clock.pass(1_000);
      return tab.workbook.state().id;
    })();
    const tab = await openTab({ arrival: { address: LESSON } });
    expect(tab.workbook.state()).toMatchObject({ id: undefined, linked: true });
    expect(lessonOf(tab)).toBe(LESSON);
    expect(tab.bar.current()).toEqual({ address: LESSON });
    tab.workbook.edit('more', (sheet) => setOverride(sheet, 'A', 'train.epochs', '8'));
    await clock.pass(1_000);
    expect(tab.workbook.state().id).not.toBe(id);
    expect(tab.bar.current()).toMatchObject({ place: { lesson: LESSON } });
    const again = await reload(tab);
    expect(lessonOf(again)).toBe(LESSON);
    expect(shown(again).runs[0]?.overrides.get('train.epochs')).toBe('8');
    await again.bar.go(-1);
    expect(again.workbook.state()).toMatchObject({ id: undefined, linked: true });
    expect(lessonOf(again)).toBe(LESSON);
    await again.workbook.open(id ?? '');
    expect(lessonOf(again)).toBeUndefined();
    expect(shown(again).runs[0]?.overrides.get('train.epochs')).toBe('7');
  });

  test('of a first visit is no own sheet either, and one that cannot be read leaves the lesson open', async () => {
    const tab = await openTab({ arrival: { address: BROKEN } });
    expect(lessonOf(tab)).toBe(BROKEN);
    expect(shown(tab)).toEqual(START);
    expect(tab.news).toEqual([]);
    expect(lessonOf(await reload(tab))).toBe(BROKEN);
    tab.bar.entries.push({ address: LESSON }, { address: BROKEN });
    await tab.bar.go(1);
    expect(tab.workbook.state().linked).toBe(true);
    await tab.bar.go(1);
    expect(tab.workbook.state().linked).toBe(false);
    expect(lessonOf(tab)).toBe(BROKEN);
  });

  test('is left and found again by Back and Forward, also where the sheet on the screen stays the same', async () => {
    const tab = await openTab();
    tab.workbook.edit('more', (sheet) => setOverride(sheet, 'A', 'train.epochs', '8'));
    await clock.pass(1_000);
    for (const address of [BROKEN, OTHER_BROKEN]) {
      tab.bar.entries.push({ address });
      tab.bar.at = tab.bar.entries.length - 2;
      await tab.bar.go(1);
      expect(lessonOf(tab)).toBe(address);
    }
    const { id } = tab.workbook.state();
    await tab.bar.go(-1);
    expect(lessonOf(tab)).toBe(BROKEN);
    await tab.bar.go(-1);
    expect(lessonOf(tab)).toBeUndefined();
    await tab.bar.go(2);
    expect(lessonOf(tab)).toBe(OTHER_BROKEN);
    expect(tab.workbook.state().id).toBe(id);
  });
});
