// Connects storage to the page: the stored amounts by use, the budget, and whether the browser keeps them. A part of the
// composition root that loads late.
// Invariant: a failure of storage is reported in the panel and removes nothing. The page asks the browser for persistent
// storage once for each reason.

import { createSignal } from 'solid-js';
import type { Registry } from '../../core/kinds/kind';
import { late } from '../../core/late-loading';
import { createPlanner } from '../../core/plan/plan';
import type { Sheet } from '../../core/sheet/sheet';
import { storageReason } from '../../platform/storage/idb';
import type { Lineage } from '../../platform/storage/library/lineage';
import { createStock, type Stock, UNDO_MS } from '../../platform/storage/results/result-stock';
import { BUDGET_BOUNDS, openSettings, type Reason } from '../../platform/storage/results/storage-settings';
import type { DiskUsage, StoredItem } from '../../platform/storage/results/usage';
import type {
  Offer,
  Persistence,
  StoragePort as StoragePanelPort,
  StorageState,
} from '../../ui/storage/storage-panel';
import type { OpenLibraryPort } from './library-port';

/** Milliseconds between two measurements of the stock, if the library has changed in the meantime. */
const MEASURE_MS = 60_000;
/** The stored bytes from which the page asks the browser for persistent storage. */
const MUCH = 50 * 2 ** 20;
const MAX_OFFERS = 5;

const formulaLanguage = late(() => import('../../core/formulas/formula-language'));

/** A sheet with its name in the list of sheets. */
export interface NamedSheet {
  readonly name: string;
  readonly sheet: Sheet;
  /** The size of its undo steps, in bytes. */
  readonly stepBytes: number;
}

interface StoragePortOptions {
  readonly registry: Registry;
  readonly usage: DiskUsage;
  readonly library: Pick<OpenLibraryPort, 'library' | 'onDone' | 'unreadable'>;
  /** Returns the present states of all stored sheets and of the sheet on the screen. */
  sheets(): Promise<readonly NamedSheet[]>;
  /** Shows a sentence that a person should read at once. */
  say(message: string): void;
}

/** The storage panel's port, and the page's notifications to it. */
export interface StoragePort extends StoragePanelPort {
  /** A person named a sheet. */
  sheetNamed(): void;
  /** A person named or noted a training. */
  trainingNoted(): void;
  close(): void;
}

const bytesOfSheet = ({ runs, rows }: Sheet): number => {
  const texts = [
    ...runs.flatMap(({ id, name, overrides }) => [id, name, ...[...overrides].flat()]),
    ...rows.flatMap(({ name, formula }) => [name, formula]),
  ];
  return texts.reduce((sum, text) => sum + 2 * text.length, 0);
};

function bytesOfLineage({ name, note, params, curves }: Lineage): number {
  let bytes = 400 + 2 * (name.length + note.length) + curves.loss.byteLength + curves.testLoss.byteLength;
  for (const texts of Object.values(params))
    for (const [param, text] of Object.entries(texts)) bytes += param.length + text.length + 8;
  return bytes;
}

const part = (items: readonly StoredItem[]) => ({
  count: items.length,
  bytes: items.reduce((sum, { bytes }) => sum + bytes, 0),
});

/** Opens the view on storage; it measures on request and after trainings. */
export function openStoragePort(options: StoragePortOptions): StoragePort {
  const { registry, usage, library, say } = options;
  const settings = openSettings();
  const manager: StorageManager | undefined = globalThis.navigator?.storage;
  const [state, setState] = createSignal<StorageState>();
  const [trouble, setTrouble] = createSignal<string>();
  let named: readonly NamedSheet[] = [];
  const stock = createStock({
    registry,
    usage,
    library: library.library,
    async sheets() {
      named = await options.sheets();
      return named.map(({ sheet }) => sheet);
    },
    async planner() {
      const { createLanguage } = await formulaLanguage();
      const language = createLanguage(registry);
      return createPlanner(registry, () => language);
    },
  });

  async function persistence(): Promise<Persistence> {
    const kept = await manager?.persisted?.().catch(() => undefined);
    return kept === undefined ? 'unknown' : kept ? 'yes' : 'no';
  }

  function offers({ owners, share }: Stock): Offer[] {
    return owners
      .map((owner, number): Offer => {
        const bytes = share.own.get(number) ?? 0;
        if ('lineage' in owner) return { what: 'training', name: owner.lineage.name || 'unnamed', bytes };
        const name = named.find(({ sheet }) => sheet === owner.sheet)?.name ?? '';
        return { what: 'sheet', name: name || 'unnamed', bytes };
      })
      .filter(({ bytes }) => bytes > 0)
      .sort((a, b) => b.bytes - a.bytes)
      .slice(0, MAX_OFFERS);
  }

  async function show(measured: Stock, budget: number): Promise<void> {
    const { items, share } = measured;
    const estimate = await manager?.estimate?.().catch(() => undefined);
    const trainings = library.library.known();
    setState({
      results: part(items.filter(({ what }) => what === 'entry')),
      checkpoints: part(items.filter(({ what }) => what === 'trace')),
      library: {
        count: trainings.length,
        bytes: trainings.reduce((sum, lineage) => sum + bytesOfLineage(lineage), 0),
      },
      sheets: {
        count: named.length,
        bytes: named.reduce((sum, { sheet, stepBytes }) => sum + bytesOfSheet(sheet) + stepBytes, 0),
      },
      budget,
      free: part(share.free).bytes,
      needed: share.needed,
      full: share.full,
      offers: offers(measured),
      persistence: await persistence(),
      ...(estimate?.usage !== undefined && { used: estimate.usage }),
      ...(estimate?.quota !== undefined && { quota: estimate.quota }),
    });
    if (share.bytes >= MUCH) void ask('much stored').catch(() => {});
  }

  /** Runs an operation on the stock and shows the result; the panel reports a failure. */
  async function during(work: (budget: number) => Promise<Stock>): Promise<void> {
    try {
      const { budget } = await settings.load();
      await show(await work(budget), budget);
      setTrouble(undefined);
    } catch (error) {
      setTrouble(`Storage cannot be read (${storageReason(error)}). Nothing was removed.`);
    }
  }

  async function persist(): Promise<void> {
    await manager?.persist?.().catch(() => false);
    const answer = await persistence();
    setState((before) => before && { ...before, persistence: answer });
  }

  async function ask(reason: Reason): Promise<void> {
    const { asked } = await settings.load();
    if (asked.includes(reason)) return;
    await settings.change((before) => ({ ...before, asked: [...new Set([...before.asked, reason])] }));
    if ((await persistence()) === 'no') await persist();
  }

  let saidFull = false;
  async function hold(): Promise<void> {
    await during(stock.hold);
    const full = state()?.full ?? false;
    if (full && !saidFull)
      say(
        'Your sheets and your named or noted trainings need more than the budget. New results stay in memory until this page is closed. “Storage” in the library lists what you can remove.',
      );
    saidFull = full;
  }

  const forget = (): void => {
    stock.forget(Date.now()).catch(() => {});
  };
  let dirty = true;
  const stopWatching = library.library.subscribe(() => {
    dirty = true;
  });
  const stopHearing = library.onDone((what) => {
    if (what === 'noted') port.trainingNoted();
    else setTimeout(forget, UNDO_MS + 1_000);
  });
  const holdBudget = (): void => {
    if (!dirty) return;
    dirty = false;
    void hold();
  };
  const measuring = setInterval(holdBudget, MEASURE_MS);
  holdBudget();
  // Trainings removed before an earlier page was closed.
  forget();

  const port: StoragePort = {
    state,
    trouble,
    bounds: BUDGET_BOUNDS,
    measure: () => during(stock.measure),
    free: () => during(stock.free),
    async setBudget(budget) {
      try {
        await settings.change((before) => ({ ...before, budget }));
      } catch (error) {
        setTrouble(`The budget cannot be saved (${storageReason(error)}).`);
        return;
      }
      await hold();
    },
    keep: persist,
    unreadable: library.unreadable,
    sheetNamed: () => void ask('sheet named').catch(() => {}),
    trainingNoted: () => void ask('training noted').catch(() => {}),
    close() {
      clearInterval(measuring);
      stopWatching();
      stopHearing();
    },
  };
  return port;
}
