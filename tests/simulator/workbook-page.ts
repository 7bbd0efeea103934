// The real page without elements: workbook, documents, storage, notices, the tab's memory, as in main.tsx.
// Invariant: no part of src is replaced; only the browser's parts are simulated.
// Does not know faults.

import type { Sheet } from '../../src/core/sheet/sheet';
import type { Workbook } from '../../src/page/sheets/workbook';
import type { Arrival, Navigation, Place } from '../../src/platform/page/navigation';
import type { SheetList } from '../../src/platform/storage/sheets/sheet-list';
import { source } from './bundle';
import type { Environment } from './environment';
import type { Boot, SheetDeeds, Shown, SimulatedPage, Status } from './page';
import { openDeeds, TAG, tagsOf } from './workbook-deeds';

const {
  addRun,
  createWorkbook,
  openNotices,
  openSheetList,
  openSheets,
  parseNotice,
  parseSheet,
  setOverride,
  sheetData,
  storageReason,
  tabMemory,
} = source;

const START: Sheet = { runs: [{ id: 'A', name: 'sigmoid', overrides: new Map() }], rows: [] };

/** An address that can hold any sheet of the simulation. */
const write = (sheet: Sheet): string => `#${JSON.stringify(sheetData(sheet))}`;

async function parse(address: string): Promise<{ ok: true; sheet: Sheet } | { ok: false; message: string }> {
  const sheet = parseSheet(JSON.parse(address.slice(1)));
  return sheet ? { ok: true, sheet } : { ok: false, message: 'no sheet' };
}

function navigationOf({ history }: Environment): Navigation {
  return {
    current(): Arrival {
      const { address, mark } = history.current;
      return { address, ...(mark !== undefined && { place: mark as Place }) };
    },
    write(address, place, step) {
      const entry = { address, mark: place };
      if (step && address !== history.current.address) history.push(entry);
      else history.replace(entry);
    },
  };
}

/** Adds an edit to a sheet. Every second edit adds a run, which shows if it is made twice. */
function tagged(sheet: Sheet, tag: string): Sheet {
  const isRun = Number(tag.slice(1)) % 2 === 0;
  return isRun ? addRun(sheet, { name: `${TAG}${tag}` }) : setOverride(sheet, 'A', `${TAG}${tag}`, '1');
}

class WorkbookPage implements SimulatedPage {
  readonly #workbook: Workbook;
  readonly #list: SheetList;
  readonly #navigation: Navigation;
  readonly #name: string;
  readonly #deeds: SheetDeeds;
  #messages = 0;
  #isOpen = false;
  #drawn: Sheet | undefined;
  #shown: Shown | undefined;
  #status: Status = 'unknown';

  constructor(environment: Environment) {
    this.#name = environment.name;
    const store = openSheets();
    this.#list = openSheetList(store);
    this.#navigation = navigationOf(environment);
    const notices = openNotices(
      'gradsheet-sheet',
      (notice) => this.#workbook.hear(parseNotice(notice)),
      globalThis,
    );
    this.#workbook = createWorkbook({
      store,
      list: async () => this.#list,
      tab: tabMemory(() => environment.sessionStorage),
      post: notices.post,
      parse,
      write,
      navigation: this.#navigation,
      start: START,
      prepare: async () => {},
      now: Date.now,
      after(ms, then) {
        const timer = setTimeout(then, ms);
        return () => clearTimeout(timer);
      },
      newId: () => environment.randomUUID().replaceAll('-', ''),
      reasonOf: storageReason,
    });
    this.#workbook.subscribe((news) => {
      if (news !== undefined) this.#messages++;
      this.#draw();
    });
    this.#deeds = openDeeds({
      ...{ workbook: this.#workbook, store, list: this.#list, messages: this.messages },
      fail: () => void this.#messages++,
    });
    void this.#workbook.begin().then(() => {
      this.#isOpen = true;
      this.#draw();
    });
  }

  /** Reads the state only after a notification, as the screen does. */
  #draw(): void {
    const { id, history, saving, linked } = this.#workbook.state();
    this.#status = saving.state === 'unanswered' ? 'unknown' : saving.state;
    const sheet = id ?? `new in ${this.#name}`;
    const { present } = history;
    if (!this.#isOpen) return;
    const isSame = this.#drawn === present && this.#shown?.sheet === sheet && this.#shown.kept !== linked;
    if (isSame) return;
    this.#drawn = present;
    const tags = tagsOf(present);
    const twice = tags.filter((tag, at) => tags.indexOf(tag) !== at);
    this.#shown = { sheet, kept: !linked, tags: new Set(tags), twice };
  }

  get deeds(): SheetDeeds {
    return this.#deeds;
  }
  shown = (): Shown | undefined => this.#shown;
  status = (): Status => this.#status;
  messages = (): number => this.#messages;
  edit(tag: string): void {
    this.#workbook.edit(`set ${tag}`, (sheet) => tagged(sheet, tag));
  }
  replace(tag: string): void {
    const { present } = this.#workbook.state().history;
    this.#workbook.replace(`replace by ${tag}`, tagged(present, tag));
  }
  undo = (): void => this.#workbook.undo();
  redo = (): void => this.#workbook.redo();
  open = (sheet: string): Promise<void> => this.#workbook.open(sheet);
  async openAny(amount: number): Promise<void> {
    try {
      const id = await this.#any(amount);
      if (id !== undefined) await this.#workbook.open(id);
    } catch {
      this.#messages++;
    }
  }
  async #any(amount: number): Promise<string | undefined> {
    const heads = await this.#list.heads();
    return heads[amount % heads.length]?.id;
  }
  linkTo = (amount: number): string => write({ ...START, title: `link ${amount % 3}` });
  keep = (): Promise<void> => this.#workbook.keepCopy();
  arrive = (): Promise<void> => this.#workbook.arrive(this.#navigation.current());
  create = (): Promise<void> => this.#workbook.add();
}

/** The page of this project. */
export const workbookPage: Boot = Object.assign(
  (environment: Environment): SimulatedPage => new WorkbookPage(environment),
  { meetsOthers: true } as const,
);
