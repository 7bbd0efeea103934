// A person's deeds in the real page with whole sheets, with files and with trainings.
// Invariant: no part of src is replaced; files are read from and written to memory. Does not know faults.

import type { Sheet } from '../../src/core/sheet/sheet';
import type { Workbook } from '../../src/page/sheets/workbook';
import type { Library } from '../../src/platform/storage/library/library';
import type { SheetList } from '../../src/platform/storage/sheets/sheet-list';
import type { Head, SheetStore } from '../../src/platform/storage/sheets/sheets';
import { keyOf, lineage } from '../platform/lineages';
import { fileOf, type SimulatedBlob } from './blob';
import { source } from './bundle';
import type { Exported, SheetDeeds } from './page';

const { createRegistry, openLibrary, openTransferPort, transferSources } = source;

/** The prefix of every name that is an edit. */
export const TAG = 'tag.';
const TRAININGS = 8;

/** Returns the edits in a sheet: overrides, runs and titles by name; a copy's title has a suffix. */
export function tagsOf({ runs, title = '' }: Sheet): string[] {
  const paths = runs.flatMap(({ overrides }) => [...overrides.keys()]);
  const names = [...runs.map(({ name }) => name), title.split(' ', 1)[0] ?? ''];
  return [...paths, ...names].filter((text) => text.startsWith(TAG)).map((text) => text.slice(TAG.length));
}

interface DeedParts {
  readonly workbook: Workbook;
  readonly store: SheetStore;
  readonly list: SheetList;
  messages(): number;
  /** Reports a failure. */
  fail(): void;
}

/** Returns the deeds in one page. */
export function openDeeds({ workbook, store, list, messages, fail }: DeedParts): SheetDeeds {
  let opened: Library | undefined;
  const library = (): Library => (opened ??= openLibrary());

  async function any(amount: number, among: (head: Head) => boolean): Promise<string | undefined> {
    const heads = (await list.heads()).filter(among);
    const { id } = workbook.state();
    // Every third time, the sheet on the screen.
    return amount % 3 === 0 && heads.some((head) => head.id === id) ? id : heads[amount % heads.length]?.id;
  }

  /** Performs a deed with one of the sheets; resolves to whether the page reported no problem. */
  async function withAny(
    amount: number,
    begin: (sheet: string) => void,
    work: (id: string) => Promise<void>,
    among: (head: Head) => boolean = () => true,
  ): Promise<boolean> {
    try {
      const id = await any(amount, among);
      if (id === undefined) return false;
      const before = messages();
      begin(id);
      await work(id);
      return messages() === before;
    } catch {
      fail();
      return false;
    }
  }

  return {
    remove: (amount, begin) => withAny(amount, begin, workbook.remove),
    restore: (amount, begin) =>
      withAny(amount, begin, workbook.restore, ({ removed }) => removed !== undefined),
    rename: (amount, tag, begin) => withAny(amount, begin, (id) => workbook.rename(id, `${TAG}${tag}`)),
    async duplicate(amount, begin) {
      await withAny(amount, begin, workbook.duplicate);
    },
    async exportFile(amount) {
      try {
        let made: Exported | undefined;
        const given: { sheet: string; tags: ReadonlySet<string> }[] = [];
        let trainings: readonly string[] = [];
        const sources = transferSources({ workbook, store, list, library: library() });
        const port = openTransferPort(createRegistry([]), {
          ...sources,
          async listSheets() {
            const listed = await sources.listSheets();
            for (const { id, sheet } of listed) given.push({ sheet: id, tags: new Set(tagsOf(sheet)) });
            return listed;
          },
          async lineages() {
            const found = await sources.lineages();
            trainings = found.map(({ key }) => key);
            return found;
          },
          download(file, name) {
            const { bytes } = file as unknown as SimulatedBlob;
            made = { name, bytes, sheets: given, trainings: numbersOf(trainings) };
          },
        });
        const { id, history } = workbook.state();
        if (amount % 3 === 0 && id !== undefined) {
          given.push({ sheet: id, tags: new Set(tagsOf(history.present)) });
          await port.exportSheet();
        } else await port.exportAll();
        return made;
      } catch {
        fail();
        return undefined;
      }
    },
    async importFile({ name, bytes }, added) {
      try {
        const sources = transferSources({ workbook, store, list, library: library() });
        const here: ReadonlySet<string>[] = [];
        const port = openTransferPort(createRegistry([]), {
          ...sources,
          async listSheets() {
            const listed = await sources.listSheets();
            for (const { sheet } of listed) here.push(new Set(tagsOf(sheet)));
            return listed;
          },
          async addSheet(sheet, title) {
            const id = await sources.addSheet(sheet, title);
            added(id, new Set(tagsOf(sheet)));
            return id;
          },
        });
        const { sheets, trainings, damaged, notes } = await port.open(fileOf(name, bytes));
        return {
          added: sheets.added + trainings.added,
          skipped: sheets.skipped + trainings.known,
          damaged: damaged.length,
          noted: notes.length,
          here,
        };
      } catch {
        fail();
        return undefined;
      }
    },
    async train(number) {
      return library()
        .put(lineage(number % TRAININGS))
        .then(
          () => true,
          () => false,
        );
    },
    async trainings() {
      const found = await library().list();
      const own = found.filter(({ imported }) => !imported);
      return {
        all: new Set(numbersOf(found.map(({ key }) => key))),
        own: new Set(numbersOf(own.map(({ key }) => key))),
      };
    },
  };
}

const NUMBERS = new Map(Array.from({ length: TRAININGS }, (_, number) => [keyOf(number), number]));

const numbersOf = (keys: readonly string[]): number[] => keys.flatMap((key) => NUMBERS.get(key) ?? []);
