// Moves the lineages of version 1 (bare, without checksums, in a database of their own) to the present database.
// Invariant: a record leaves the old database only after the new one holds it; an unreadable record moves unchanged. The
// versions have separate databases because an older page in another tab deletes unreadable records from its own database.

import { promisifyRequest, type UseStore } from 'idb-keyval';
import type { Key } from '../../../core/plan/key';
import { transactAll } from '../idb';
import { eachPage, type Pair } from '../record-pages';
import type { Lineage } from './lineage';
import { readBareLineage } from './lineage-record';

/** The most records that are removed in one transaction. */
const FEW = 128;

/** The name of version 1's database of lineages. */
export const OLD_DATABASE = 'gradsheet-lineages';

/** The content of the old database. */
interface OldLineages {
  readonly lineages: readonly Lineage[];
  readonly unreadable: readonly Pair[];
}

/**
 * Marks the lineages that a person named. Version 1 did not store who gave a name, but a run's name recurs:
 * each edit of the run passes it to one more training. So a unique name counts as a person's.
 */
function withNamers(lineages: readonly Lineage[]): readonly Lineage[] {
  const uses = new Map<string, number>();
  for (const { name } of lineages) uses.set(name, (uses.get(name) ?? 0) + 1);
  return lineages.map((lineage) =>
    lineage.name !== '' && uses.get(lineage.name) === 1 ? { ...lineage, named: true } : lineage,
  );
}

/** Passes the old database's content to `keep`, then removes it there. Rejects if storage or `keep` fails. */
export async function moveOldLineages(
  use: UseStore,
  keep: (old: OldLineages) => Promise<void>,
): Promise<void> {
  const count = await use('readonly', (store) => promisifyRequest(store.count()));
  if (count === 0) return;
  const lineages: Lineage[] = [];
  const unreadable: Pair[] = [];
  await eachPage(use, (pairs) => {
    for (const [key, held] of pairs) {
      const lineage = typeof key === 'string' ? readBareLineage(key, held) : undefined;
      if (lineage) lineages.push(lineage);
      else unreadable.push([key, held]);
    }
  });
  await keep({ lineages: withNamers(lineages), unreadable });
  const moved = new Map<Key, Lineage>(lineages.map((lineage) => [lineage.key, lineage]));
  const removal = (key: IDBValidKey) => ({
    key,
    decide(held: unknown) {
      const known = moved.get(String(key));
      const now = readBareLineage(String(key), held);
      // An older page may have renamed the lineage in the meantime; then it is moved once more.
      const changed = known && (now?.name !== known.name || now.note !== known.note);
      return changed ? {} : { remove: [key] };
    },
  });
  const keys = [...lineages.map(({ key }) => key), ...unreadable.map(([key]) => key)];
  for (let from = 0; from < keys.length; from += FEW)
    await transactAll(use, keys.slice(from, from + FEW).map(removal));
}
