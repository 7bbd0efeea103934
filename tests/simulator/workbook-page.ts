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

function parse(address: string): { ok: true; sheet: Sheet } | { ok: false; message: string } {
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
  #drawn: { readonly sheet: Sheet; readonly id: string | undefined } | undefined;
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
    const { id, history, saving } = this.#workbook.state();
    this.#status = saving.state === 'unanswered' ? 'unknown' : saving.state;
    if (!this.#isOpen || (this.#drawn?.sheet === history.present && this.#drawn.id === id)) return;
    this.#drawn = { sheet: history.present, id };
    this.#shown = { sheet: id ?? `new in ${this.#name}`, tags: tagsOf(history.present) };
  }

  shown = (): Shown | undefined => this.#shown;
  status = (): Status => this.#status;
  messages = (): number => this.#messages;
  edit(tag: string): void {
    this.#workbook.edit(`set ${tag}`, (sheet) => setOverride(sheet, 'A', `${TAG}${tag}`, '1'));
  }
  undo = (): void => this.#workbook.undo();
  redo = (): void => this.#workbook.redo();
  open = (sheet: string): Promise<void> => this.#workbook.open(sheet);
  async openAny(amount: number): Promise<void> {
    try {
      const heads = await this.#list.heads();
      const head = heads[amount % heads.length];
      if (head) await this.#workbook.open(head.id);
    } catch {
      this.#messages++;
    }
  }
  arrive = (): Promise<void> => this.#workbook.arrive(this.#navigation.current());
  create = (): Promise<void> => this.#workbook.add();
}

/** The page of this project. */
export const workbookPage: Boot = (environment) => new WorkbookPage(environment);
