// The library on the page: what this browser keeps of trainings, as signals and edits. A part of the composition root that is
// loaded after the first paint.
// Invariant: what storage refuses is said, and costs no result.

import { createSignal } from 'solid-js';
import type { Key } from './core/key';
import type { Registry } from './core/kind';
import type { Cells, Plan } from './core/plan';
import { addRun, setOverride } from './core/sheet';
import type { Plain } from './core/value';
import { storageReason } from './platform/idb';
import { openLibrary } from './platform/library';
import { type Lineage, lineageOf, overridesOf } from './platform/lineage';
import type { LibraryPort } from './ui/app';

/** The library as the page sees it, and the way to note what was trained. */
export interface OpenLibraryPort extends LibraryPort {
  /** Notes a finished training of a plan. */
  note(plan: Plan, key: Key, value: Plain): void;
}

/** Opens this browser's library: its entries as a signal, removals that can be undone; what fails is said. */
export function openLibraryPort(registry: Registry, say: (message: string) => void): OpenLibraryPort {
  const library = openLibrary();
  const [entries, setEntries] = createSignal<readonly Lineage[]>([]);
  const [removed, setRemoved] = createSignal<readonly Lineage[]>([]);
  const refused = (what: string) => (error: unknown) => say(`${what} (${storageReason(error)}).`);
  const look = (): void => {
    library.list().then(setEntries, refused('The library cannot be read'));
  };
  // A sweep finishes many trainings a second; one look for all of them is enough.
  let due: ReturnType<typeof setTimeout> | undefined;
  library.subscribe(() => {
    clearTimeout(due);
    due = setTimeout(look, 200);
  });
  due = setTimeout(look);
  return {
    entries,
    removed: () => removed().length || undefined,
    note(plan, key, value) {
      const found = cellsWith(plan, key);
      const lineage = found && lineageOf(found.cells, value, Date.now(), found.name);
      if (lineage) library.put(lineage).catch(refused('A training cannot be noted in the library'));
    },
    onUpdate: (key, change) =>
      void library.update(key, change).catch(refused('The library cannot be changed')),
    onRemove(keys) {
      setRemoved(entries().filter(({ key }) => keys.includes(key)));
      for (const key of keys) library.remove(key).catch(refused('The library cannot be changed'));
    },
    onUndoRemove() {
      for (const lineage of removed()) library.put(lineage).catch(refused('The library cannot be changed'));
      setRemoved([]);
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
  };
}

interface Holder {
  readonly cells: Cells;
  readonly name: string;
}

const holdersOf = new WeakMap<Plan, Map<Key, Holder>>();

/** The cells of the first run, or member, that has this training, and the run's name. */
function cellsWith(plan: Plan, train: Key): Holder | undefined {
  let holders = holdersOf.get(plan);
  if (!holders) {
    holders = new Map();
    for (const { run, seeds, member } of plan.runs.values()) {
      for (let index = 0; index < seeds.count; index++) {
        const cells = member(index);
        const key = cells.get('train')?.node?.key;
        const name = seeds.count > 1 ? `${run.name} ${index}` : run.name;
        if (key !== undefined && !holders.has(key)) holders.set(key, { cells, name });
      }
    }
    holdersOf.set(plan, holders);
  }
  return holders.get(train);
}
