// How long the page takes to the person's sheet with few and many sheets stored, with and without a long library, and what
// compare-and-swap adds to a write. What is stored is made by the storage code itself, in memory, and copied into the browser.

import 'fake-indexeddb/auto';
import type { Page } from 'playwright-core';
import { registry } from '../../src/cells';
import { commit, startHistory } from '../../src/core/sheet/history';
import { setOverride, setTitle } from '../../src/core/sheet/sheet';
import { parseAddress, writeAddress } from '../../src/platform/page/address';
import { openSheets, type StoredSheet } from '../../src/platform/storage/sheets/sheets';
import { startHarness } from '../browser/harness/start';
import { type App, startApp } from '../browser/support/app';
import { manyRecords, storeRecords } from '../browser/support/long-library';
import { median, print, row } from './measure';

const ROUNDS = 5;
const STEPS = 20;
const TRAININGS = 10_000;
const DATABASE = 'gradsheet-sheet';

type Pairs = readonly (readonly [key: string, value: unknown])[];

/** Everything that lies in the database in memory, by key. */
function everything(): Promise<Pairs> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const pairs: [string, unknown][] = [];
      const cursor = opening.result.transaction('keyval').objectStore('keyval').openCursor();
      cursor.onsuccess = () => {
        if (!cursor.result) {
          opening.result.close();
          resolve(pairs);
          return;
        }
        pairs.push([String(cursor.result.key), cursor.result.value]);
        cursor.result.continue();
      };
    };
  });
}

/** So many sheets like the opening one, each after some edits, as they are stored. */
async function madeUpSheets(count: number): Promise<Pairs> {
  await new Promise((done) => {
    indexedDB.deleteDatabase(DATABASE).onsuccess = done;
  });
  const parsed = parseAddress('#v1', registry);
  if (!parsed.ok) throw new Error(parsed.message);
  const store = openSheets();
  for (let number = 1; number <= count; number++) {
    let history = startHistory(setTitle(parsed.sheet, `Sheet ${number}`));
    for (let step = 1; step <= STEPS; step++) {
      const sheet = setOverride(history.present, 'A', 'dataset.noise', `0.${number}${step}1`);
      history = commit(history, sheet, 'set noise of A', `${number} ${step}`);
    }
    const id = `sheet${number}`;
    const written = await store.write({
      ...{ id, before: undefined, history, kept: true, edited: number, by: [] },
      print: writeAddress(history.present, registry).slice(0, 40),
    });
    if (!written) throw new Error(`${id} was not written`);
  }
  return everything();
}

/** Puts records into the database of a page of the origin that is not the app itself. */
async function put(page: Page, pairs: Pairs): Promise<void> {
  await page.evaluate(
    ([name, all]) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onupgradeneeded = () => opening.result.createObjectStore('keyval');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('keyval', 'readwrite');
          for (const [key, value] of all) transaction.objectStore('keyval').put(value, key);
          transaction.oncomplete = () => {
            opening.result.close();
            resolve();
          };
        };
      }),
    [DATABASE, pairs] as const,
  );
}

/** Milliseconds from navigation to the first frame in which the grid has the stored sheet's text. */
async function untilSheet(page: Page, url: string, text: string): Promise<number> {
  await page.goto(url);
  await page.waitForFunction(
    (awaited) => document.querySelector('[role="grid"]')?.textContent?.includes(awaited),
    text,
    { polling: 10 },
  );
  return page.evaluate(() => performance.now());
}

/** Opens the page several times; the first time fetches it, or is the first with another library, and does not count. */
async function openings(page: Page, origin: string, text: string): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) times.push(await untilSheet(page, `${origin}/`, text));
  return median(times.slice(1));
}

async function benchOpening(app: App): Promise<void> {
  print('\nfrom navigation to the stored sheet, in a browser that has the page already');
  const library = manyRecords(TRAININGS, 2);
  for (const count of [1, 50, 500]) {
    const { page, context } = await app.openPage({ address: '/icon.svg' });
    const text = `0.${count}${STEPS}1`;
    const label = `${count} sheets of ${STEPS} steps`;
    await put(page, await madeUpSheets(count));
    row(label, await openings(page, app.origin, text), `median of ${ROUNDS}`);
    await page.goto(`${app.origin}/icon.svg`);
    await storeRecords(page, 'gradsheet-library', library);
    const withLibrary = await openings(page, app.origin, text);
    row(`${label}, ${TRAININGS} trainings in the library`, withLibrary, `median of ${ROUNDS}`);
    await context.close();
  }
}

/** What a write that states its revision costs beside one that only puts the same record. */
async function benchSwap(): Promise<void> {
  const harness = await startHarness('bench-sheets');
  const { page, context } = await harness.openPage();
  const [swap, put] = await page.evaluate(async () => {
    const { keyval, openSheets, parseAddress, registry } = window.harness;
    const parsed = parseAddress('#v1', registry);
    if (!parsed.ok) throw new Error(parsed.message);
    const store = openSheets();
    let before: StoredSheet | undefined;
    const raw = keyval.createStore('bench', 'keyval');
    const [swaps, puts]: [number[], number[]] = [[], []];
    for (let round = 0; round < 200; round++) {
      const start = performance.now();
      const present = { ...parsed.sheet, title: `round ${round}` };
      const past = [...(before?.history.past ?? [])];
      if (before) past.push({ id: String(round), label: 'rename', sheet: before.history.present });
      const history = { first: 0, past, present, future: [] };
      before = await store.write({ id: 'one', before, history, kept: true, edited: round, by: [] });
      if (!before) throw new Error('it was not written');
      const middle = performance.now();
      await keyval.set(
        'one',
        structuredClone({ ...before, history: undefined, sheet: 'x'.repeat(1_000) }),
        raw,
      );
      swaps.push(middle - start);
      puts.push(performance.now() - middle);
    }
    const middleOf = (values: number[]): number => values.toSorted((a, b) => a - b)[100] ?? Number.NaN;
    return [middleOf(swaps), middleOf(puts)] as const;
  });
  print('\nwriting an edit of the opening sheet in Chromium, 200 edits');
  row('compare-and-swap, with its step and checksums', swap);
  row('a bare put of a record of that size', put, `ratio ${(swap / put).toFixed(2)}`);
  await context.close();
  await harness.close();
}

/** Prints both. */
export async function benchSheets(): Promise<void> {
  const app = await startApp();
  try {
    await benchOpening(app);
  } finally {
    await app.close();
  }
  await benchSwap();
}
