// How much a browser holds after many edits: IndexedDB by database, and the page's heap after a collection of garbage.
// Edits are typed into the opening sheet one after the other, each after the results of the one before.

import { type App, startApp } from '../browser/support/app';
import { print } from './measure';

type Page = Awaited<ReturnType<App['openPage']>>['page'];

const EDITS = 1_000;
const PART = 50;
const DATABASES = ['gradsheet-entries', 'gradsheet-checkpoints', 'gradsheet-library', 'gradsheet-sheet'];

/** What an edit sets: each text is a new one, and the sheet stays small. */
const EDITED: readonly (readonly [label: string, text: (round: number) => string])[] = [
  ['A, learning rate, ', (round) => `0.0${100 + round}`],
  ['A, noise, ', (round) => `0.${1_000 + round}`],
  ['A, epochs, ', (round) => String(60 + (round % 90))],
  ['B, learning rate, ', (round) => `0.0${100 + round}`],
];

/** Types texts into cells, each after the receipt of the one before, and tells the longest task meanwhile, in ms. */
function edit(page: Page, edits: readonly (readonly [string, string])[]): Promise<number> {
  return page.evaluate(async (all) => {
    const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
    const press = (target: Element | null, key: string): void => {
      target?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    };
    let longest = 0;
    const seen = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    });
    seen.observe({ type: 'longtask' });
    for (const [label, text] of all) {
      const cell = document.querySelector<HTMLElement>(`[role="grid"] [aria-label^="${label}"]`);
      if (!cell) throw new Error(`there is no cell ${label}`);
      cell.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, cancelable: true }));
      press(cell, 'F2');
      await pause(0);
      const input = cell.querySelector('input');
      if (!input) throw new Error(`${label} is not being edited`);
      input.value = text;
      input.dispatchEvent(new InputEvent('input', { bubbles: true }));
      press(input, 'Enter');
      for (let waited = 0; waited < 30_000; waited += 10) {
        await pause(10);
        if (/recomputed|nothing to/.test(document.querySelector('.receipt')?.textContent ?? '')) break;
      }
    }
    seen.disconnect();
    return longest;
  }, edits);
}

interface Held {
  readonly items: number;
  readonly bytes: number;
}

/** How many records a database holds, and about how many bytes these take. */
function heldIn(page: Page, database: string): Promise<Held> {
  return page.evaluate(
    (name) =>
      new Promise<Held>((resolve, reject) => {
        const sizeOf = (part: unknown): number => {
          if (ArrayBuffer.isView(part)) return part.byteLength + 16;
          if (typeof part === 'string') return part.length + 4;
          if (typeof part !== 'object' || part === null) return 9;
          return Object.entries(part).reduce((sum, [field, value]) => sum + field.length + sizeOf(value), 8);
        };
        const opening = indexedDB.open(name);
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          let [items, bytes] = [0, 0];
          const cursor = opening.result.transaction('keyval').objectStore('keyval').openCursor();
          cursor.onerror = () => reject(cursor.error);
          cursor.onsuccess = () => {
            if (!cursor.result) {
              opening.result.close();
              resolve({ items, bytes });
              return;
            }
            items++;
            bytes += sizeOf(cursor.result.value) + sizeOf(cursor.result.key);
            cursor.result.continue();
          };
        };
      }),
    database,
  );
}

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(2)} MB`;

async function report(page: Page, edits: number): Promise<void> {
  // Writing rests while results come.
  await page.waitForTimeout(3_000);
  const session = await page.context().newCDPSession(page);
  for (let times = 0; times < 3; times++) await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  const lines: string[] = [];
  for (const name of DATABASES) {
    const { items, bytes } = await heldIn(page, name);
    lines.push(`${name.replace('gradsheet-', '')} ${megabytes(bytes)} in ${items}`);
  }
  print(`${`after ${edits} edits`.padEnd(20)} heap ${megabytes(usedSize)}; ${lines.join(', ')}`);
}

/** Measures and prints what so many edits leave behind. */
export async function benchGrowth(edits = EDITS): Promise<void> {
  print(`\nwhat ${edits} edits of the opening sheet leave behind`);
  const app = await startApp();
  try {
    const { page } = await app.openPage();
    await page.waitForFunction(
      () => /recomputed|nothing to/.test(document.querySelector('.receipt')?.textContent ?? ''),
      undefined,
      { timeout: 120_000, polling: 50 },
    );
    await report(page, 0);
    let longest = 0;
    for (let done = 0; done < edits; done += PART) {
      const part = Array.from({ length: Math.min(PART, edits - done) }, (_, at) => {
        const round = done + at;
        const [label, text] = EDITED[round % EDITED.length] ?? ['', String];
        return [label, text(round)] as const;
      });
      longest = Math.max(longest, await edit(page, part));
      if ((done + PART) % 250 === 0) await report(page, done + PART);
    }
    print(`the longest task while editing: ${longest.toFixed(0)} ms`);
  } finally {
    await app.close();
  }
}
