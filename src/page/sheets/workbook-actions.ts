// The actions on whole sheets: opens, adds, names and removes sheets, and follows the address bar.
// Invariants: a sheet is removed only once nothing of the sheet waits for storage, and can be restored; of two requests the
// later one is shown. Loaded on first use.

import { startHistory, statesOf, stepsOf } from '../../core/sheet/history';
import { addRun, MAX_NAME, type Sheet, setTitle } from '../../core/sheet/sheet';
import type { StoredSheet } from '../../platform/storage/sheets/sheets';
import type { OpenLesson } from '../../ui/session/open-lesson';
import type { OpenSheets } from '../../ui/session/open-sheets';
import { fullName, namedBy } from '../../ui/sheets/sheet-name';
import { type Asked, beginningOf, isReadable } from './sheet-finding';
import type { WorkbookParts } from './workbook-parts';

/** How often, and at what interval in milliseconds, a removal checks that the sheet's last write is done. */
const WRITTEN = { tries: 20, ms: 100 };

const UNREADABLE = 'The sheet cannot be read. The stored data stay unchanged.';
const GONE = 'The sheet no longer exists.';

const COPY = / \(copy(?: \d+)?\)$/;

/** Returns a title for a copy: at most MAX_NAME characters, and not among the taken ones. */
function copyName(name: string, taken: ReadonlySet<string>): string {
  const plain = name.replace(COPY, '');
  for (let number = 1; ; number++) {
    const end = number === 1 ? ' (copy)' : ` (copy ${number})`;
    const title = `${plain.slice(0, MAX_NAME - end.length)}${end}`;
    if (!taken.has(title)) return title;
  }
}

/** The label of the step that names a sheet. */
export const RENAMED = 'rename the sheet';

/** The actions on whole sheets, their ids and titles, and the list of sheets. */
export interface WorkbookActions extends Omit<OpenSheets, 'state' | 'subscribe' | 'edit' | 'undo' | 'redo'> {
  /** Shows the sheet that the address bar asks for. */
  arrive(asked: Asked): Promise<void>;
  /** Adds a sheet beside the others and leaves the screen unchanged; resolves to its id when it is stored. */
  addBeside(sheet: Sheet, title: string): Promise<string>;
}

/** Creates the actions over the parts of one workbook. */
export function createActions(parts: WorkbookParts): WorkbookActions {
  const { ports, current, documents, show, follow, act, openHidden, tell, writeAddress, goTo, finding } =
    parts;
  const { store } = ports;
  let purged = false;

  /** Reads a stored sheet and passes it to `then`, or reports why it cannot be read. */
  const withSheet = (id: string, what: string, then: (found: StoredSheet) => void): Promise<void> =>
    goTo(what, async () => {
      const found = await store.read(id, false);
      if (!isReadable(found)) return () => tell(found ? UNREADABLE : GONE);
      await ports.prepare(found.history.present);
      return () => then(found);
    });

  const open = (id: string, step: boolean, lesson?: OpenLesson): Promise<void> =>
    withSheet(id, 'The sheet cannot be opened', (found) => show(beginningOf(found, lesson), step));

  const backToOwn = (step: boolean, lesson?: OpenLesson): Promise<void> =>
    goTo('Your sheets cannot be opened', async () => {
      const found = await finding.findLast();
      if (found) await ports.prepare(found.history.present);
      return () =>
        show(
          found ? beginningOf(found, lesson) : { history: startHistory(ports.start), kept: true, lesson },
          step,
        );
    });

  function add(sheet: Sheet): void {
    show({ history: startHistory(sheet), kept: false }, true);
    current().keep();
    writeAddress(true);
  }

  /** Goes to the state of the sheet on the screen that belongs to an entry of the browser's history. */
  async function goToStep(step: string, asked: Asked): Promise<void> {
    const { history } = current().state();
    const at = stepsOf(history).findIndex(({ id }) => id === step);
    const isKnown = at >= 0 || (step === '' && history.first === 0);
    const sheet = isKnown ? statesOf(history)[at + 1] : await finding.sheetOf(asked);
    if (sheet) current().replace('go to another address', sheet);
  }

  /** Waits for the sheet's last write, which would bring the sheet back; rejects after a while. */
  async function written(id: string): Promise<void> {
    const opened = documents().filter((document) => document.state().id === id);
    for (let tries = 0; opened.some((document) => !document.isWritten()); tries++) {
      if (tries === WRITTEN.tries) throw new Error('the last edit is not saved yet');
      await new Promise<void>((then) => ports.after(WRITTEN.ms, then));
    }
  }

  async function mark(id: string, removed: number | undefined): Promise<void> {
    await (await ports.list()).mark(id, removed);
    ports.post({ id, ...(removed !== undefined && { removed: true }) });
    tell();
  }

  /** The titles of all present sheets; empty if storage fails, since a repeated title does no harm. */
  async function titles(): Promise<ReadonlySet<string>> {
    const heads = await ports
      .list()
      .then((list) => list.heads())
      .catch(() => []);
    return new Set(heads.flatMap(({ title, removed }) => (removed === undefined ? (title ?? []) : [])));
  }

  return {
    async arrive(asked) {
      const { wanted, sheet, place, refused, lesson } = asked;
      if (refused !== undefined) tell(refused);
      else if (wanted === 'this one' && place) {
        if (place.id === current().state().id) {
          follow(lesson);
          await goToStep(place.step, asked);
        } else await open(place.id, false, lesson);
      } else if (wanted === 'a link' && sheet) {
        await goTo('The address cannot be opened', async () => {
          const found = await finding.find({ wanted, sheet, lesson }).catch(() => undefined);
          const beginning = found
            ? beginningOf(found)
            : { history: startHistory(sheet), kept: false, lesson };
          await ports.prepare(beginning.history.present);
          return () => show(beginning, false);
        });
      } else await backToOwn(false, lesson);
    },
    open: (id) => open(id, true),
    async add(sheet = addRun({ runs: [], rows: [] }, { name: 'run' })) {
      await ports.prepare(sheet);
      add(sheet);
    },
    async addBeside(sheet, title) {
      const titled = sheet.title === undefined ? setTitle(sheet, title) : sheet;
      const hidden = openHidden({ history: startHistory(titled), kept: false });
      hidden.keep();
      const { id } = hidden.state();
      if (id === undefined) throw new Error('the sheet is not on disk');
      await written(id);
      tell();
      return id;
    },
    async duplicate(id) {
      const own = current().state();
      const taken = await titles();
      const copy = (sheet: Sheet): void => add(setTitle(sheet, copyName(fullName(namedBy(sheet)), taken)));
      if (id === own.id) copy(own.history.present);
      else await withSheet(id, 'The sheet cannot be duplicated', ({ history }) => copy(history.present));
    },
    async rename(id, title) {
      const edit = (document: ReturnType<typeof current>): void =>
        document.edit(RENAMED, (sheet) => setTitle(sheet, title));
      if (id === undefined || id === current().state().id) act(() => edit(current()));
      else
        await goTo('The sheet cannot be renamed', async () => {
          // The unwritten edits of the sheet are in this document alone.
          const waiting = documents().find((document) => document.state().id === id);
          const found = waiting ? undefined : await store.read(id, true);
          if (waiting) edit(waiting);
          else if (isReadable(found)) edit(openHidden(beginningOf(found)));
          // Reported even if another sheet was requested in the meantime: the typed name is lost.
          else tell(found ? UNREADABLE : GONE);
          return undefined;
        });
    },
    async remove(id) {
      let isRemoved = false;
      await goTo('The sheet cannot be removed', async () => {
        await written(id);
        await mark(id, ports.now());
        isRemoved = true;
        return undefined;
      });
      if (isRemoved && id === current().state().id) await backToOwn(true);
    },
    restore: (id) =>
      goTo('The sheet cannot be restored', async () => {
        await mark(id, undefined);
        return undefined;
      }),
    async keepCopy(title) {
      const { history } = current().state();
      if (title !== undefined && history.present.title === undefined)
        current().edit('name the copy', (sheet) => setTitle(sheet, title));
      current().keep();
      writeAddress(true);
      tell();
    },
    backToOwn: () => backToOwn(true),
    async heads() {
      const list = await ports.list();
      // The first showing of the list counts the day for sheets put aside, and deletes those past their days.
      if (!purged) {
        const open = documents().map((document) => document.state().id ?? '');
        const gone = await list.purge(ports.now(), new Set(open)).catch(() => []);
        for (const id of gone) ports.post({ id });
      }
      purged = true;
      return list.heads();
    },
    unreadable: async () => (await ports.list()).unreadable(),
    discard: (key) =>
      goTo('The item cannot be discarded', async () => {
        await (await ports.list()).discard(key);
        return undefined;
      }),
  };
}
