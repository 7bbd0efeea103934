// Connects the library to the page: the trainings that this browser keeps, as signals and edits. A part of the composition root
// that loads after the first paint.
// Invariant: a refusal of storage is reported and tried again, and costs no result. A removal can be undone while the page
// lives.

import { createSignal } from 'solid-js';
import type { Registry } from '../../core/kinds/kind';
import type { Plain } from '../../core/kinds/value';
import { late, withPart } from '../../core/late-loading';
import type { Key } from '../../core/plan/key';
import type { Cells, Plan } from '../../core/plan/plan';
import { addRun, setOverride } from '../../core/sheet/sheet';
import { heldText } from '../../platform/storage/files/unreadable-text';
import { storageReason } from '../../platform/storage/idb';
import { type Library, openLibrary } from '../../platform/storage/library/library';
import {
  isKept,
  type Lineage,
  lineageOf,
  NewerVersionError,
  overridesOf,
} from '../../platform/storage/library/lineage';
import type { UnreadableCount } from '../../platform/storage/library/lineage-reading';
import type { LibraryProps } from '../../ui/library/library-view';
import type { FormMemory } from '../../ui/session/kept-form';
import type { LibraryPort } from '../../ui/shell/app';
import type { StoragePort } from '../../ui/storage/storage-panel';

/** The most lineages that an undo puts back at once. */
const MANY = 2_000;

/** How long further changes are collected after a change was shown, in milliseconds. */
const PAUSE_MS = 250;

/** The waits before the retries of a refused operation, in milliseconds. */
const RETRIES = [500, 2_000, 8_000, 30_000, 120_000];

const storagePanel = late(() => import('../../ui/storage/storage-panel'));

/** The library as the page uses it, and the way to note finished trainings. */
export interface OpenLibraryPort extends LibraryPort {
  /** The stored library. */
  readonly library: Library;
  /** Stores the lineage of a finished training of a plan. */
  note(plan: Plan, key: Key, value: Plain): void;
  /** Calls the listener after a person names, notes or removes trainings; returns a function that stops. */
  onDone(listener: (what: 'noted' | 'removed') => void): () => void;
  /** Adds the button for storage to the library. */
  attachStorage(port: StoragePort): void;
  /** Adds the export of chosen trainings to the library. */
  attachExport(exportTrainings: (keys: readonly string[]) => void): void;
}

/**
 * Opens this browser's library: its entries as a signal, and removals that can be undone. `say` receives a
 * sentence for each failure.
 */
export function openLibraryPort(registry: Registry, say: (message: string) => void): OpenLibraryPort {
  const library = openLibrary();
  const [entries, setEntries] = createSignal<readonly Lineage[]>([]);
  const [removed, setRemoved] = createSignal<readonly Lineage[]>([]);
  const [unreadable, setUnreadable] = createSignal<UnreadableCount>({ all: 0, newer: 0 });
  const [storage, setStorage] = createSignal<ReturnType<NonNullable<LibraryPort['storage']>>>();
  const [exporting, setExporting] = createSignal<LibraryProps['onExport']>();
  const listeners = new Set<(what: 'noted' | 'removed') => void>();
  const done = (what: 'noted' | 'removed'): void => {
    for (const listener of listeners) listener(what);
  };
  const refused = (what: string, error: unknown): void => say(`${what} (${storageReason(error)}).`);

  /** Retries an operation; returns whether it succeeded in the end. Reports the first refusal. */
  async function insist(what: string, work: () => Promise<unknown>): Promise<boolean> {
    for (const wait of [...RETRIES, undefined]) {
      try {
        await work();
        return true;
      } catch (error) {
        if (wait === RETRIES[0] || error instanceof NewerVersionError) refused(what, error);
        if (wait === undefined || error instanceof NewerVersionError) return false;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
    return false;
  }
  const change = (work: () => Promise<unknown>): Promise<boolean> =>
    insist('The library cannot be changed', work);
  const readLibrary = (): Promise<boolean> => insist('The library cannot be read', library.list);

  const publish = (): void => {
    setEntries(library.known());
    setUnreadable(library.unreadableCount());
  };
  // A single change shows at once; of thousands, not each is worth sorting the whole table.
  let pause: ReturnType<typeof setTimeout> | undefined;
  let isBehind = false;
  library.subscribe(() => {
    isBehind = pause !== undefined;
    if (isBehind) return;
    publish();
    pause = setTimeout(() => {
      pause = undefined;
      if (isBehind) publish();
    }, PAUSE_MS);
  });
  setTimeout(() => void readLibrary());

  async function putBack(lineages: readonly Lineage[]): Promise<void> {
    for (let from = 0; from < lineages.length; from += MANY)
      await library.put(...lineages.slice(from, from + MANY));
  }

  return {
    library,
    entries,
    removed: () => removed().length || undefined,
    note(plan, key, value) {
      const found = cellsWith(plan, key);
      const lineage = found && lineageOf(found.cells, value, Date.now(), found.name);
      if (lineage) void insist('A training cannot be added to the library', () => library.put(lineage));
    },
    async onUpdate(key, changes) {
      if (!(await change(() => library.update(key, changes)))) return;
      const changed = library.known().find((lineage) => lineage.key === key);
      if (changed && isKept(changed)) done('noted');
    },
    async onRemove(keys) {
      const gone = new Set(keys);
      setRemoved(entries().filter(({ key }) => gone.has(key)));
      if (await change(() => library.remove(...keys))) done('removed');
    },
    onUndoRemove() {
      const lineages = removed();
      setRemoved([]);
      void change(() => putBack(lineages));
    },
    toSheet: (sheet, lineages) =>
      lineages.reduce((grown, lineage) => {
        const added = addRun(grown, { name: lineage.name || 'from the library' });
        const id = added.runs.at(-1)?.id ?? '';
        return [...overridesOf(lineage, registry)].reduce(
          (s, [path, text]) => setOverride(s, id, path, text),
          added,
        );
      }, sheet),
    unreadable: {
      count: unreadable,
      async text() {
        const held = await library.unreadable();
        return heldText(held.map(({ key, reason, held: data }) => ({ key, reason, held: data })));
      },
      async remove() {
        await change(async () => {
          for (const { key, newer } of await library.unreadable())
            if (!newer) await library.removeUnreadable(key);
        });
        await readLibrary();
      },
    },
    storage,
    exporting,
    attachStorage(port) {
      setStorage(() => (button: HTMLElement, memory: FormMemory) => {
        withPart(storagePanel, ({ openStorage }) => openStorage(button, port, memory));
      });
    },
    attachExport: (exportTrainings) => void setExporting(() => exportTrainings),
    onDone(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

interface TrainedCells {
  readonly cells: Cells;
  readonly name: string;
}

const trainedCellsOf = new WeakMap<Plan, Map<Key, TrainedCells>>();

/** Returns the cells and the name of the first run or member with this training; undefined if none. */
function cellsWith(plan: Plan, train: Key): TrainedCells | undefined {
  let byTraining = trainedCellsOf.get(plan);
  if (!byTraining) {
    byTraining = new Map();
    for (const { run, seeds, member } of plan.runs.values()) {
      for (let index = 0; index < seeds.count; index++) {
        const cells = member(index);
        const key = cells.get('train')?.node?.key;
        const name = seeds.count > 1 ? `${run.name} ${index}` : run.name;
        if (key !== undefined && !byTraining.has(key)) byTraining.set(key, { cells, name });
      }
    }
    trainedCellsOf.set(plan, byTraining);
  }
  return byTraining.get(train);
}
