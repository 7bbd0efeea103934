// Connects the parts that the page needs after its first results: saving, opening and dropping files, the view on storage,
// and sharing. A part of the composition root that loads late.
// Invariant: a sheet can be seen and edited without this file; every failure is reported.

import type { Registry } from '../../core/kinds/kind';
import { late, withPart } from '../../core/late-loading';
import { storageReason } from '../../platform/storage/idb';
import type { DiskUsage } from '../../platform/storage/results/usage';
import { openSheetList } from '../../platform/storage/sheets/sheet-list';
import type { SheetStore } from '../../platform/storage/sheets/sheets';
import { watchDrops } from '../../ui/files/file-drop';
import { openTransfer } from '../../ui/files/transfer-panel';
import { ACCEPTED } from '../../ui/files/transfer-text';
import type { SheetFiles } from '../../ui/session/open-sheets';
import { fullName, namedBy } from '../../ui/sheets/sheet-name';
import type { Workbook } from '../sheets/workbook';
import { RENAMED } from '../sheets/workbook-actions';
import { lessonPort } from './lesson-port';
import type { OpenLibraryPort } from './library-port';
import { presentSheets } from './present-sheets';
import { openStoragePort } from './storage-port';
import { openTransferPort } from './transfer-port';
import { transferSources } from './transfer-sources';

export { shareSheet } from './share-port';

const lessonMaker = late(() => import('../../ui/lessons/lesson-maker'));

/** The parts of the page that the late parts build on; `say` shows a sentence for people. */
export interface LatePartsOptions {
  readonly registry: Registry;
  readonly workbook: Workbook;
  readonly store: SheetStore;
  readonly usage: DiskUsage;
  readonly library: OpenLibraryPort;
  say(message: string): void;
}

/** Connects the parts; returns the actions on files. */
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
  /** Waits for an export and reports its failure; resolves to the file's name, or to undefined. */
  const insist = (what: string, exported: Promise<string>): Promise<string | undefined> =>
    exported.catch((error: unknown) => {
      say(`${what} cannot be exported (${storageReason(error)}).`);
      return undefined;
    });
  library.attachExport((keys) => void insist('The trainings', transfer.exportTrainings(keys)));
  watchDrops(`Drop to open ${ACCEPTED}`, (files) => openTransfer(undefined, transfer, files));
  return {
    saveSheet: () => insist('The sheet', transfer.exportSheet()),
    openFile: () => openTransfer(undefined, transfer),
    exportAll: () => openTransfer(undefined, transfer),
    makeLesson: (memory) =>
      withPart(lessonMaker, ({ openLessonMaker }) => openLessonMaker(lessonPort(registry, sources), memory)),
  };
}
