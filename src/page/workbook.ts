// The person's sheets and the one on the screen: opens the first one, goes from one to another, follows the address bar.
// Invariants: no sheet ever takes the place of another; a sheet that came by an address lies beside the person's until it is
// kept; what waits for storage goes on waiting when another sheet is opened. Knows neither elements nor storage itself.

import * as v from 'valibot';
import { startHistory } from '../core/history';
import { hashText } from '../core/key';
import { late } from '../core/late';
import type { Sheet } from '../core/sheet';
import type { Arrival, Navigation, Place } from '../platform/navigation';
import type { SheetList } from '../platform/storage/sheet-list';
import { sheetId } from '../platform/storage/sheet-records';
import type { SheetStore, StoredSheet, Unreadable } from '../platform/storage/sheets';
import {
  type Beginning,
  createDocument,
  type DocumentPorts,
  type DocumentState,
  type OpenDocument,
  type Saving,
  type Unwritten,
} from './document';
import { nextOpening, type OpeningEvent, type OpeningState, type Wanted } from './opening';
import type { TabMemory } from './tab-memory';
import type { WorkbookActions } from './workbook-actions';

const workbookActions = late(() => import('./workbook-actions'));

/** Storage that is slower than this is not waited for. */
const PATIENCE_MS = 300;
const ASK_AGAIN = { first: 500, most: 10_000 };

/** What the workbook needs of the page around it. */
export interface WorkbookPorts extends Pick<DocumentPorts, 'now' | 'after' | 'newId' | 'reasonOf'> {
  readonly store: SheetStore;
  /** The list of sheets, loaded when first asked for. */
  list(): Promise<SheetList>;
  readonly tab: Pick<TabMemory, 'unwritten' | 'rememberUnwritten'>;
  /** Tells other tabs that a sheet changed. */
  post(notice: { readonly id: string; readonly revision?: number }): void;
  parse(address: string): Promise<{ ok: true; sheet: Sheet } | { ok: false; message: string }>;
  /** The sheet's one address, by which sheets are compared. */
  write(sheet: Sheet): string;
  readonly navigation: Navigation;
  /** The sheet of a first visit. */
  readonly start: Sheet;
}

export interface WorkbookState extends DocumentState {
  /** Whether the sheet on the screen came by an address and is not kept. */
  readonly linked: boolean;
  /** Another number for each sheet that comes on the screen. */
  readonly opened: number;
}

export interface Workbook
  extends Omit<OpenDocument, 'state' | 'look' | 'isWritten' | 'keep'>,
    Omit<WorkbookActions, 'arrive'> {
  /** Shows the first sheet; resolves once there is one. */
  begin(): Promise<void>;
  state(): WorkbookState;
  /** Hears each change, with a sentence for the person where there is something to say; returns the way to stop. */
  subscribe(listener: (news?: string) => void): () => void;
  /** Takes what another tab announced; undefined where announcements may have been missed. */
  hear(notice: { readonly id: string; readonly revision?: number } | undefined): void;
  /** Goes where the address bar went. */
  arrive(arrival: Arrival): Promise<void>;
}

/** What the actions on sheets use of the workbook. */
export interface WorkbookParts {
  readonly ports: WorkbookPorts;
  current(): OpenDocument;
  /** The document on the screen, and those that wait for storage. */
  documents(): readonly OpenDocument[];
  show(beginning: Beginning, step: boolean): void;
  /** Does something to the sheet on the screen, and writes into the address bar what came of it. */
  act(change: () => void): void;
  /** Opens a document of a sheet that is not on the screen. */
  openHidden(beginning: Beginning): OpenDocument;
  tell(news?: string): void;
  writeAddress(step: boolean): void;
  /** Runs what reads storage; what fails is said, and what comes when something else was asked for is not shown. */
  goTo(what: string, look: () => Promise<(() => void) | undefined>): Promise<void>;
  findLast(): Promise<StoredSheet | undefined>;
  find(asked: Asked): Promise<StoredSheet | undefined>;
  sheetOf(asked: Asked): Promise<Sheet | undefined>;
}

/** What an address, or the lack of one, asks for. */
export interface Asked {
  readonly wanted: Wanted;
  readonly sheet?: Sheet | undefined;
  readonly place?: Place | undefined;
  /** Where the sheet can be read if it is needed. */
  readonly address?: string | undefined;
  readonly refused?: string | undefined;
}

type Found = StoredSheet | undefined;

/** How a stored sheet begins. */
export const beginningOf = (stored: StoredSheet): Beginning => ({
  ...{ history: stored.history, kept: stored.kept, id: stored.id },
  stored,
});

/** Whether a sheet was found and can be read. */
export const isReadable = (found: StoredSheet | Unreadable | undefined): found is StoredSheet =>
  found !== undefined && !('unreadable' in found);

const notice = v.object({
  id: sheetId,
  revision: v.exactOptional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
});

/** What another tab announced; undefined where that makes no sense, or where something may have been missed. */
export function parseNotice(data: unknown): v.InferOutput<typeof notice> | undefined {
  const parsed = v.safeParse(notice, data);
  return parsed.success ? parsed.output : undefined;
}

/** The sheets over one store; nothing is shown before `begin`. */
export function createWorkbook(ports: WorkbookPorts): Workbook {
  const { store, navigation, start, tab } = ports;
  const listeners = new Set<(news?: string) => void>();
  /** What this tab had not written when it was closed, until it is taken up. */
  let left = new Map<string, Unwritten>();
  /** Sheets that are not on the screen any more and wait for storage. */
  const lingering = new Set<OpenDocument>();
  const printOf = (sheet: Sheet): string => hashText(ports.write(sheet));
  const isStart = (sheet: Sheet): boolean => ports.write(sheet) === ports.write(start);
  let opening: OpeningState = 'asking';
  let opened = 0;
  /** Counts what the person asked to see: what comes for an earlier wish is not shown. */
  let wish = 0;
  /** The id of the sheet on the screen, as the address bar has it. */
  let addressed: string | undefined;
  let acting = false;
  let current = createHidden({ history: startHistory(start), kept: true });

  /** What is to be said and nobody hears yet. */
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
        write: (change) => store.write({ ...change, print: printOf(change.history.present) }),
      },
      announce: (id, revision) => ports.post({ id, revision }),
      remember(unwritten: Unwritten | undefined) {
        // What was remembered of the sheet goes with it to another place.
        if (unwritten && known !== undefined && known !== unwritten.id)
          tab.rememberUnwritten(known, undefined);
        if (unwritten) known = unwritten.id;
        if (known !== undefined) tab.rememberUnwritten(known, unwritten);
      },
      onChange(news) {
        if (made === current) {
          followId();
          tell(news);
          return;
        }
        if (made?.isWritten()) lingering.delete(made);
        tell(news && `In another of your sheets: ${news}`);
      },
    });
    return made;
  }

  const placeNow = (): Place | undefined => {
    const { id = '', kept, history } = current.state();
    return kept || id !== '' ? { id, step: history.past.at(-1)?.id ?? '' } : undefined;
  };

  const addressNow = (): string => ports.write(current.state().history.present);

  /** A sheet that got another place on disk by itself keeps its entry in the browser's history. */
  function followId(): void {
    const { id } = current.state();
    if (!acting && addressed !== undefined && id !== addressed)
      navigation.write(addressNow(), placeNow(), false);
    addressed = id;
  }

  /** Shows a sheet; `step` makes an entry in the browser's history, `undefined` leaves the address bar as it is. */
  function show(beginning: Beginning, step: boolean | undefined, news?: string): void {
    wish++;
    opened++;
    const before = current;
    const unwritten = beginning.id === undefined ? undefined : left.get(beginning.id);
    if (unwritten) left.delete(unwritten.id);
    const again = [current, ...lingering].find(
      (document) => beginning.id !== undefined && document.state().id === beginning.id,
    );
    current = again ?? createHidden(unwritten ? { ...beginning, unwritten } : beginning);
    if (again) lingering.delete(again);
    // What is known of it may have aged.
    again?.look();
    addressed = current.state().id;
    if (before !== current && !before.isWritten()) lingering.add(before);
    if (step !== undefined && placeNow()) navigation.write(addressNow(), placeNow(), step);
    tell(news);
  }

  /** What an address, or the lack of one, asks for. */
  async function read({ address, place }: Arrival): Promise<Asked> {
    if (place && place.id !== '')
      return { wanted: 'this one', place, address, sheet: left.get(place.id)?.sheet };
    if (place || address === '' || address === '#') return { wanted: 'the last' };
    const parsed = await ports.parse(address);
    if (parsed.ok) return { wanted: 'a link', sheet: parsed.sheet };
    const refused = parsed.message.charAt(0).toUpperCase() + parsed.message.slice(1);
    return { wanted: 'the last', refused };
  }

  /** The sheet that this tab's memory or the address holds; an address is not read before it is needed. */
  async function sheetOf({ sheet, address }: Asked): Promise<Sheet | undefined> {
    if (sheet || address === undefined) return sheet;
    const parsed = await ports.parse(address);
    return parsed.ok ? parsed.sheet : undefined;
  }

  const lastId = (): Promise<string | undefined> => store.last(ports.newId, ports.now());

  let unreadNews: string | undefined;
  /** What is to be said of a sheet that could not be shown, once. */
  function takeNews(): string | undefined {
    const news = unreadNews;
    unreadNews = undefined;
    return news;
  }

  /** The sheet of the person's that was edited last, of those that can be read. */
  async function findLast(): Promise<Found> {
    const last = await lastId();
    if (last === undefined) return undefined;
    const found = await store.read(last, false);
    if (isReadable(found)) return found;
    unreadNews = 'The sheet that was edited last cannot be read. It stays as it is: see the list of sheets.';
    for (const { id, kept, removed } of await (await ports.list()).heads()) {
      if (!kept || removed !== undefined || id === last) continue;
      const other = await store.read(id, false);
      if (isReadable(other)) return other;
    }
    return undefined;
  }

  async function find(asked: Asked): Promise<Found> {
    const { wanted: want, place, sheet } = asked;
    if (want === 'this one' && place) {
      const found = await store.read(place.id, false);
      if (isReadable(found)) return found;
      if (found) unreadNews = 'This sheet cannot be read where it is stored. It stays there as it is.';
      // What the address or this tab holds of it is shown in its place.
      return (await sheetOf(asked)) ? undefined : findLast();
    }
    if (want === 'a link' && sheet) {
      const id = await store.find(printOf(sheet));
      const found = id === undefined ? undefined : await store.read(id, false);
      // A head says which sheet it may be; the sheet itself says whether it is.
      return isReadable(found) && ports.write(found.history.present) === ports.write(sheet)
        ? found
        : undefined;
    }
    return findLast();
  }

  /** How a sheet begins that storage did not yield: from the address, from this tab's memory, or as on a first visit. */
  async function ownBeginning(asked: Asked): Promise<Beginning> {
    const { wanted: want, place } = asked;
    const sheet = await sheetOf(asked);
    if (!sheet) return { history: startHistory(start), kept: true };
    const history = startHistory(sheet);
    if (want === 'this one' && place) {
      const unwritten = left.get(place.id);
      return { history, kept: unwritten?.kept ?? true, id: place.id };
    }
    return { history, kept: false };
  }

  async function begin(): Promise<void> {
    left = new Map(await tab.unwritten());
    const asked = await read(navigation.current());
    let pauseMs = ASK_AGAIN.first;
    let first = (): void => {};
    const shown = new Promise<void>((resolve) => {
      first = resolve;
    });

    /** Shows what is there without storage, unless something else is shown by the time it is read. */
    async function showOwn(step: false | undefined): Promise<void> {
      const mine = ++wish;
      const own = await ownBeginning(asked);
      if (mine !== wish) return;
      show(own, step, asked.refused ?? takeNews());
      // A document that has an id asks storage itself.
      if (own.id !== undefined) opening = 'open';
      first();
    }

    function take(event: OpeningEvent, found?: StoredSheet): void {
      const [next, actions] = nextOpening(opening, event, asked.wanted);
      opening = next;
      for (const action of actions) {
        if (action === 'show found' && found) {
          show(beginningOf(found), false, asked.refused ?? takeNews());
          first();
        }
        // What is shown until storage answers has no place in the address bar yet.
        if (action === 'show own') void showOwn(event.type === 'answered' ? false : undefined);
        if (action === 'offer found')
          tell('Storage answered late. Your sheets are as you left them: see the list of sheets.');
        if (action === 'ask again') {
          ports.after(pauseMs, ask);
          pauseMs = Math.min(2 * pauseMs, ASK_AGAIN.most);
        }
      }
      if (actions.length > 0) return;
      // What was shown without storage has its place now.
      if (event.type === 'answered' && placeNow()) navigation.write(addressNow(), placeNow(), false);
      tell(takeNews());
    }

    function ask(): void {
      if (opening === 'open') return;
      find(asked)
        .then(
          async (found) => {
            // The address of the start alone is the first visit's own sheet, as long as there is no other.
            const isFirst = !found && asked.wanted === 'a link' && asked.sheet && isStart(asked.sheet);
            if (isFirst && (await lastId()) === undefined) startOwn();
            take({ type: 'answered', found: found !== undefined }, found);
          },
          () => take({ type: 'failed' }),
        )
        .catch(() => take({ type: 'failed' }));
    }

    function startOwn(): void {
      if (opening !== 'asking') return;
      show({ history: startHistory(start), kept: true }, false);
      opening = 'open';
      first();
    }

    edited = () => take({ type: 'edited' });
    const callOff = ports.after(PATIENCE_MS, () => take({ type: 'late' }));
    ask();
    await shown;
    callOff();
    flushLeft();
  }

  let edited = (): void => {};

  /** Hands to storage what this tab left unwritten of sheets that are not on the screen. */
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

  /** Does something to the sheet on the screen; what changes it is written into the address bar. */
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
    edited();
    // The entry of a sheet that had no id so far is one of this sheet's, to which Back comes back.
    if (id === undefined && kept) navigation.write(ports.write(before.present), { id: now, step: '' }, false);
    navigation.write(addressNow(), placeNow(), true);
  }

  /** Runs what reads storage; what fails is said, and what comes when something else was asked for is not shown. */
  async function goTo(what: string, look: () => Promise<(() => void) | undefined>): Promise<void> {
    const mine = ++wish;
    try {
      const then = await look();
      if (mine === wish) then?.();
    } catch (error) {
      tell(`${what} (${ports.reasonOf(error)}).`);
    }
  }

  const parts: WorkbookParts = {
    ports,
    current: () => current,
    documents: () => [current, ...lingering],
    show(beginning, step) {
      // Whoever goes to a sheet is not taken away from it by the answer to what was asked before.
      edited();
      opening = 'open';
      show(beginning, step, takeNews());
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
    findLast,
    find,
    sheetOf,
  };
  let actions: WorkbookActions | undefined;
  const later = async (): Promise<WorkbookActions> => {
    const { createActions } = await workbookActions();
    actions ??= createActions(parts);
    return actions;
  };

  function saving(): Saving {
    if (opening === 'asking' || opening === 'provisional') return { state: 'unanswered' };
    const own = current.state().saving;
    const unsaved = [...lingering].map((document) => document.state().saving);
    return unsaved.find(({ state }) => state === 'not saved') ?? own;
  }

  return {
    begin,
    state() {
      const state = current.state();
      return { ...state, linked: !state.kept, opened, saving: saving() };
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
      if (!notice || notice.id === current.state().id) current.look(notice?.revision);
      // The list of sheets may have changed.
      tell();
    },
    arrive: async (arrival) => (await later()).arrive(await read(arrival)),
    open: async (id) => (await later()).open(id),
    add: async (sheet) => (await later()).add(sheet),
    addBeside: async (sheet, title) => (await later()).addBeside(sheet, title),
    duplicate: async (id) => (await later()).duplicate(id),
    rename: async (id, title) => (await later()).rename(id, title),
    remove: async (id) => (await later()).remove(id),
    restore: async (id) => (await later()).restore(id),
    async keepCopy(title) {
      edited();
      await (await later()).keepCopy(title);
    },
    backToOwn: async () => (await later()).backToOwn(),
    heads: async () => (await later()).heads(),
    unreadable: async () => (await later()).unreadable(),
    discard: async (key) => (await later()).discard(key),
  };
}
