// The page's sources and targets of files: the person's sheets, the sheet on the screen, the library.
// Invariant: a file holds all sheets and trainings that are kept and not removed; the content of an opened file is added beside
// the present data. Loaded late.

import type { Library } from '../../platform/storage/library/library';
import type { SheetList } from '../../platform/storage/sheets/sheet-list';
import type { SheetStore } from '../../platform/storage/sheets/sheets';
import { isReadable } from '../sheets/sheet-finding';
import type { Workbook } from '../sheets/workbook';
import type { KeptSheet, TransferSources } from './transfer-port';

interface TransferParts {
  readonly workbook: Pick<Workbook, 'addBeside' | 'open' | 'state'>;
  readonly store: Pick<SheetStore, 'read'>;
  readonly list: Pick<SheetList, 'heads'>;
  readonly library: Pick<Library, 'list' | 'put'>;
}

/** Returns the sources of a page. */
export const transferSources = ({ workbook, store, list, library }: TransferParts): TransferSources => ({
  async listSheets() {
    const listed: KeptSheet[] = [];
    for (const { id, kept, removed } of await list.heads()) {
      const found = kept && removed === undefined ? await store.read(id, false) : undefined;
      if (!isReadable(found)) continue;
      const { present } = found.history;
      listed.push({ id, title: present.title ?? '', sheet: present });
    }
    return listed;
  },
  addSheet: workbook.addBeside,
  showSheet: (id) => void workbook.open(id),
  showLesson(address) {
    location.hash = address;
  },
  current() {
    const { present } = workbook.state().history;
    return { title: present.title ?? '', sheet: present };
  },
  lineages: () => library.list(),
  putLineages: (lineages) => library.put(...lineages),
});
