// The workbook: the person's sheets and the sheet on the screen. Opens the first sheet, changes from one sheet to another,
// follows the address bar.
// Invariants: no sheet ever replaces another; a sheet that arrives by an address lies beside the person's sheets until the
// person keeps it; an edit that waits for storage continues to wait when another sheet is opened. Knows neither elements nor
// storage itself.

import { late } from '../../core/late-loading';
import { startHistory } from '../../core/sheet/history';
import type { Sheet } from '../../core/sheet/sheet';
import type { Arrival, Place } from '../../platform/page/navigation';
import type { OpenLesson } from '../../ui/session/open-lesson';
import type { OpenSheet, OpenSheets, SheetSaving } from '../../ui/session/open-sheets';
import { type Beginning, createDocument, type OpenDocument } from './document';
import { openFirstSheet } from './first-sheet';
import type { Unwritten } from './pending-edits';
import { createFinding } from './sheet-finding';
import type { SheetNotice } from './sheet-notice';
import type { WorkbookActions } from './workbook-actions';
import type { WorkbookParts, WorkbookPorts } from './workbook-parts';

const workbookActions = late(() => import('./workbook-actions'));

interface WorkbookState extends OpenSheet {
  /** Whether the sheet is one of the person's; otherwise it arrived by an address and lies beside them. */
  readonly kept: boolean;
}

/** The person's sheets, and the sheet on the screen. */
export interface Workbook extends OpenSheets, Pick<WorkbookActions, 'addBeside'> {
  /** Shows the first sheet; resolves when a sheet is on the screen. */
  begin(): Promise<void>;
  state(): WorkbookState;
  /** Replaces the sheet on the screen by another state, as one step. */
  replace(label: string, sheet: Sheet): void;
  /** Handles another tab's notice; undefined if notices may have been missed. */
  hear(notice: SheetNotice | undefined): void;
  /** Shows the sheet that the address bar asks for. */
  arrive(arrival: Arrival): Promise<void>;
}

/** Creates the workbook over one store; it shows nothing before `begin`. */
export function createWorkbook(ports: WorkbookPorts): Workbook {
  const { store, navigation, tab } = ports;
  const listeners = new Set<(news?: string) => void>();
  /** The edits that this tab had not written when it was closed, until a document takes them over. */
  let left = new Map<string, Unwritten>();
  /** Documents that left the screen and wait for storage. */
  const lingering = new Set<OpenDocument>();
  const finding = createFinding(ports, (id) => left.get(id));
  const first = openFirstSheet({
    ...{ finding, ports, placeNow: () => placeNow() !== undefined },
    show,
    tell,
    writePlace: () => navigation.write(addressNow(), placeNow(), false),
    request: () => {
      const mine = ++lastRequest;
      return () => mine === lastRequest;
    },
  });
  let opened = 0;
  /** The lesson of which the sheet on the screen is a step. */
  let lesson: OpenLesson | undefined;
  /** Counts requests to show a sheet; the result of an earlier request is ignored. */
  let lastRequest = 0;
  /** The id of the sheet on the screen, and its state, as the address bar has them. */
  let addressed: string | undefined;
  let written: Sheet | undefined;
  let acting = false;
  let current = createHidden({ history: startHistory(ports.start), kept: true });

  /** The latest message, as long as nobody listens. */
  let unheard: string | undefined;

  function tell(news?: string): void {
    if (listeners.size === 0) unheard = news ?? unheard;
    for (const listener of listeners) listener(news);
  }

  function createHidden(beginning: Beginning): OpenDocument {
    let known = beginning.unwritten?.id;
    const made: OpenDocument = createDocument(beginning, {
      ...ports,
      store: {
        read: store.read,
        write: (change) => store.write({ ...change, print: finding.printOf(change.history.present) }),
      },
      announce: (id, revision) => ports.post({ id, revision }),
      remember(unwritten: Unwritten | undefined) {
        // If the sheet moved to another id, the memory under the old id is cleared.
        if (unwritten && known !== undefined && known !== unwritten.id)
          tab.rememberUnwritten(known, undefined);
        if (unwritten) known = unwritten.id;
        if (known !== undefined) tab.rememberUnwritten(known, unwritten);
      },
      onChange(news) {
        if (made === current) {
          followChange();
          tell(news);
          return;
        }
        if (made?.isWritten()) lingering.delete(made);
        tell(news && `In another sheet: ${news}`);
      },
    });
    return made;
  }

  const placeNow = (): Place | undefined => {
    const { id = '', kept, history } = current.state();
    return kept || id !== ''
      ? { id, step: history.past.at(-1)?.id ?? '', lesson: lesson?.address }
      : undefined;
  };

  const addressNow = (): string => ports.write(current.state().history.present);

  /** If the sheet moved to another id, or another tab changed the sheet, the entry in the browser's history is rewritten. */
  function followChange(): void {
    const { id, history } = current.state();
    if (!acting && addressed !== undefined && (id !== addressed || history.present !== written))
      navigation.write(addressNow(), placeNow(), false);
    [addressed, written] = [id, history.present];
  }

  /** Shows a sheet; `step` makes a history entry, `undefined` leaves the address bar unchanged. */
  function show(beginning: Beginning, step: boolean | undefined, news?: string): void {
    lastRequest++;
    opened++;
    lesson = beginning.lesson;
    const before = current;
    const unwritten = beginning.id === undefined ? undefined : left.get(beginning.id);
    if (unwritten) left.delete(unwritten.id);
    const again = [current, ...lingering].find(
      (document) => beginning.id !== undefined && document.state().id === beginning.id,
    );
    current = again ?? createHidden(unwritten ? { ...beginning, unwritten } : beginning);
    if (again) lingering.delete(again);
    // The state of a waiting document may be outdated.
    again?.readNewer();
    [addressed, written] = [current.state().id, current.state().history.present];
    if (before !== current && !before.isWritten()) lingering.add(before);
    if (step !== undefined && placeNow()) navigation.write(addressNow(), placeNow(), step);
    tell(news);
  }

  /** Opens documents for the left edits of sheets that are not on the screen, so that they are written. */
  function flushLeft(): void {
    for (const [id, unwritten] of left) {
      left.delete(id);
      const hidden = createHidden({
        history: startHistory(unwritten.sheet),
        kept: unwritten.kept,
        id,
        unwritten,
      });
      if (!hidden.isWritten()) lingering.add(hidden);
    }
  }

  /** Changes the sheet on the screen and writes the new state into the address bar. */
  function act(change: () => void): void {
    const { id, kept, history: before } = current.state();
    acting = true;
    try {
      change();
    } finally {
      acting = false;
    }
    const { id: now = '', history: after } = current.state();
    if (after.present === before.present) return;
    first.edited();
    // If the sheet had no id, its entry now gets the id, so that Back returns to this sheet.
    if (id === undefined && kept)
      navigation.write(ports.write(before.present), { id: now, step: '', lesson: lesson?.address }, false);
    navigation.write(addressNow(), placeNow(), true);
  }

  /**
   * Runs an action that reads storage. Reports a failure; ignores the result if another sheet was requested
   * in the meantime.
   */
  async function goTo(what: string, find: () => Promise<(() => void) | undefined>): Promise<void> {
    const mine = ++lastRequest;
    try {
      const then = await find();
      if (mine === lastRequest) then?.();
    } catch (error) {
      tell(`${what} (${ports.reasonOf(error)}).`);
    }
  }

  const parts: WorkbookParts = {
    ports,
    current: () => current,
    documents: () => [current, ...lingering],
    show(beginning, step) {
      // A late answer to the first request must not replace the sheet that the person opens.
      first.leave();
      show(beginning, step, finding.takeNews());
    },
    follow(next) {
      if (next?.address === lesson?.address) return;
      lesson = next;
      tell();
    },
    act,
    openHidden(beginning) {
      const hidden = createHidden(beginning);
      lingering.add(hidden);
      return hidden;
    },
    tell,
    writeAddress: (step) => navigation.write(addressNow(), placeNow(), step),
    goTo,
    finding,
  };
  let actions: WorkbookActions | undefined;
  const later = async (): Promise<WorkbookActions> => {
    const { createActions } = await workbookActions();
    actions ??= createActions(parts);
    return actions;
  };

  function saving(): SheetSaving {
    if (!first.isAnswered()) return { state: 'unanswered' };
    const own = current.state().saving;
    const unsaved = [...lingering].map((document) => document.state().saving);
    return unsaved.find(({ state }) => state === 'not saved') ?? own;
  }

  return {
    async begin() {
      left = new Map(await tab.unwritten());
      await first.open(navigation.current());
      flushLeft();
    },
    state() {
      const state = current.state();
      return { ...state, linked: !state.kept, opened, saving: saving(), lesson };
    },
    subscribe(listener) {
      listeners.add(listener);
      if (unheard !== undefined) listener(unheard);
      unheard = undefined;
      return () => listeners.delete(listener);
    },
    edit: (label, make) => act(() => current.edit(label, make)),
    replace: (label, sheet) => act(() => current.replace(label, sheet)),
    undo: () => act(() => current.undo()),
    redo: () => act(() => current.redo()),
    hear(notice) {
      if (!notice || notice.id === current.state().id) current.readNewer(notice?.revision);
      const isGone = notice?.removed === true && notice.id === current.state().id;
      // Even without news: the list of sheets may have changed.
      tell(
        isGone
          ? 'Another tab removed this sheet. An edit restores the sheet, and so does the list of sheets.'
          : undefined,
      );
    },
    arrive: async (arrival) => (await later()).arrive(await finding.read(arrival)),
    open: async (id) => (await later()).open(id),
    add: async (sheet) => (await later()).add(sheet),
    addBeside: async (sheet, title) => (await later()).addBeside(sheet, title),
    duplicate: async (id) => (await later()).duplicate(id),
    rename: async (id, title) => (await later()).rename(id, title),
    remove: async (id) => (await later()).remove(id),
    restore: async (id) => (await later()).restore(id),
    async keepCopy(title) {
      first.edited();
      await (await later()).keepCopy(title);
    },
    backToOwn: async () => (await later()).backToOwn(),
    heads: async () => (await later()).heads(),
    unreadable: async () => (await later()).unreadable(),
    discard: async (key) => (await later()).discard(key),
  };
}
