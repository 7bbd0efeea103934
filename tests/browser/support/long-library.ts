// Many stored lineages for a page of a real browser, and the tasks of its main thread.
// Invariant: what is stored is made by the code that stores it; tasks are counted by the thread's own time, so that other
// work on the machine is not in them.

import type { Browser, Page } from 'playwright-core';
import { registry } from '../../../src/cells';
import type { Lineage } from '../../../src/platform/storage/library/lineage';
import { sealLineage } from '../../../src/platform/storage/library/lineage-record';
import { madeUpLineages } from './library-lineages';

/** So many go into the browser at once. */
const FEW = 1_000;

/** Plain data that crosses into the page: numbers that JSON lacks and typed arrays by name. */
const text = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    part instanceof Float32Array
      ? { float32: [...part].map(String) }
      : typeof part === 'number' && !Number.isFinite(part)
        ? { number: String(part) }
        : part,
  );

/** Puts records into a database of one store, as idb-keyval makes it. */
export async function storeRecords(
  page: Page,
  database: string,
  records: readonly (readonly [string, unknown])[],
): Promise<void> {
  for (let from = 0; from < records.length; from += FEW) {
    await page.evaluate(
      ([name, json]) =>
        new Promise<void>((resolve, reject) => {
          const opening = indexedDB.open(name);
          opening.onupgradeneeded = () => opening.result.createObjectStore('keyval');
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const { transaction } = opening.result.transaction('keyval', 'readwrite').objectStore('keyval');
            const store = transaction.objectStore('keyval');
            const pairs = JSON.parse(json, (_, part) => {
              if (Array.isArray(part?.float32)) return Float32Array.from(part.float32, Number);
              return typeof part?.number === 'string' ? Number(part.number) : part;
            });
            for (const [key, record] of pairs) store.put(record, key);
            transaction.oncomplete = () => {
              opening.result.close();
              resolve();
            };
            transaction.onabort = () => reject(transaction.error);
          };
        }),
      [database, text(records.slice(from, from + FEW))] as const,
    );
  }
}

/** So many made-up lineages as records of version 1, bare, or of the present version, sealed. */
export function manyRecords(count: number, version: 1 | 2): (readonly [string, unknown])[] {
  const made = madeUpLineages(registry.kinds, count, Date.UTC(2026, 5, 1)) as unknown as readonly Lineage[];
  return made.map((lineage) => [lineage.key, version === 1 ? lineage : sealLineage(lineage)] as const);
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** The longest tasks of the page's main thread while something happens, in milliseconds of the thread's own time. */
export async function longestTasks(
  browser: Browser,
  page: Page,
  happening: () => Promise<void>,
): Promise<{ readonly own: number; readonly wall: number }> {
  await browser.startTracing(page, {
    categories: ['disabled-by-default-devtools.timeline', 'toplevel', '__metadata'],
  });
  const stopped = async (): Promise<string> => {
    // An event that is traced to its end.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
    return String(await browser.stopTracing());
  };
  await happening().catch(async (error: unknown) => {
    await stopped();
    throw error;
  });
  const trace = JSON.parse(await stopped()) as { traceEvents: TraceEvent[] };
  const mains = new Set(
    trace.traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = trace.traceEvents.filter(
    ({ name, ph, pid, tid }) => ph === 'X' && /RunTask$/.test(name) && mains.has(`${pid} ${tid}`),
  );
  const most = (values: readonly number[]): number =>
    Math.round(values.reduce((a, b) => Math.max(a, b), 0) / 100) / 10;
  return {
    own: most(tasks.map(({ tdur, dur }) => tdur ?? dur ?? 0)),
    wall: most(tasks.map(({ dur }) => dur ?? 0)),
  };
}
