// What the page connects after its first results: files that are saved, opened and dropped, and the view on storage. A part of
// the composition root that is loaded late.
// Invariant: nothing here is needed to see and edit a sheet; what fails is said.

import type { Registry } from '../core/kind';
import { storageReason } from '../platform/idb';
import { openSheetList } from '../platform/storage/sheet-list';
import type { SheetStore } from '../platform/storage/sheets';
import type { DiskUsage } from '../platform/storage/usage';
import { watchDrops } from '../ui/file-drop';
import type { SheetFiles } from '../ui/open-sheets';
import { fullName, namedBy } from '../ui/sheet-name';
import { openTransfer } from '../ui/transfer-panel';
import { ACCEPTED } from '../ui/transfer-words';
import type { OpenLibraryPort } from './library-port';
import { presentSheets } from './present-sheets';
import { openStoragePort } from './storage-port';
import { openTransferPort } from './transfer-port';
import { transferSources } from './transfer-sources';
import type { Workbook } from './workbook';
import { RENAMED } from './workbook-actions';

export interface LatePartsOptions {
  readonly registry: Registry;
  readonly workbook: Workbook;
  readonly store: SheetStore;
  readonly usage: DiskUsage;
  readonly library: OpenLibraryPort;
  say(message: string): void;
}

/** Connects the parts; yields what can be done with files from now on. */
export function openLateParts(options: LatePartsOptions): SheetFiles {
  const { registry, workbook, store, usage, library, say } = options;
  const list = openSheetList(store);

  const storage = openStoragePort({
    registry,
    usage,
    library,
    say,
    async sheets() {
      const present = await presentSheets(list, store, workbook.state().history.present);
      return present.map((found) => ({ name: fullName(namedBy(found.sheet)), ...found }));
    },
  });
  library.attachStorage(storage);
  let last = workbook.state().history.past.at(-1);
  workbook.subscribe(() => {
    const before = last;
    last = workbook.state().history.past.at(-1);
    if (last?.id !== before?.id && last?.label === RENAMED) storage.sheetNamed();
  });

  const sources = transferSources({ workbook, store, list, library: library.library });
  const transfer = openTransferPort(registry, sources);
  /** Waits for an export, and says where it fails. */
  function insist(what: string, exported: Promise<string>): void {
    exported.catch((error: unknown) => say(`${what} cannot be exported (${storageReason(error)}).`));
  }
  library.attachExport((keys) => insist('The trainings', transfer.exportTrainings(keys)));
  watchDrops(`Drop to open ${ACCEPTED}`, (files) => openTransfer(undefined, transfer, files));
  return {
    saveSheet: () => insist('The sheet', transfer.exportSheet()),
    openFile: () => openTransfer(undefined, transfer),
    exportAll: () => openTransfer(undefined, transfer),
  };
}
