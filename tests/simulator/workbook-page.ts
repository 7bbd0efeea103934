// The real page without its elements: workbook, documents, storage, notices and the tab's memory, as main.tsx puts them together.
// Invariant: nothing of src is replaced; what main.tsx takes from the browser comes from the simulated one.
// Does not know faults.

import type { Sheet } from '../../src/core/sheet';
import type { Workbook } from '../../src/page/workbook';
import type { Arrival, Navigation, Place } from '../../src/platform/navigation';
import type { SheetList } from '../../src/platform/storage/sheet-list';
import { source } from './bundle';
import type { Environment } from './environment';
import type { Boot, Shown, SimulatedPage, Status } from './page';

const {
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
const TAG = 'tag.';

/** An address that holds any sheet of the simulation. */
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

const tagsOf = (sheet: Sheet): ReadonlySet<string> =>
  new Set(
    sheet.runs.flatMap(({ overrides }) =>
      [...overrides.keys()].filter((path) => path.startsWith(TAG)).map((path) => path.slice(TAG.length)),
    ),
  );

class WorkbookPage implements SimulatedPage {
  readonly #workbook: Workbook;
  readonly #list: SheetList;
  readonly #navigation: Navigation;
  readonly #name: string;
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
    void this.#workbook.begin().then(() => {
      this.#isOpen = true;
      this.#draw();
    });
  }

  /** As the screen, this looks at the state only where it was told of a change. */
  #draw(): void {
    const { id, history, saving, linked } = this.#workbook.state();
    this.#status = saving.state === 'unanswered' ? 'unknown' : saving.state;
    const sheet = id ?? `new in ${this.#name}`;
    const { present } = history;
    if (!this.#isOpen) return;
    const isSame = this.#drawn === present && this.#shown?.sheet === sheet && this.#shown.kept !== linked;
    if (isSame) return;
    this.#drawn = present;
    this.#shown = { sheet, kept: !linked, tags: tagsOf(present) };
  }

  shown = (): Shown | undefined => this.#shown;
  status = (): Status => this.#status;
  messages = (): number => this.#messages;
  edit(tag: string): void {
    this.#workbook.edit(`set ${tag}`, (sheet) => setOverride(sheet, 'A', `${TAG}${tag}`, '1'));
  }
  replace(tag: string): void {
    const { present } = this.#workbook.state().history;
    this.#workbook.replace(`replace by ${tag}`, setOverride(present, 'A', `${TAG}${tag}`, '1'));
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
  async removeAny(amount: number): Promise<string | undefined> {
    try {
      const id = await this.#any(amount);
      if (id === undefined) return undefined;
      // Every second time it is restored at once.
      await this.#workbook.remove(id);
      if (amount % 2) await this.#workbook.restore(id);
      return id;
    } catch {
      this.#messages++;
      return undefined;
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
export const workbookPage: Boot = (environment) => new WorkbookPage(environment);
