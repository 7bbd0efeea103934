// The heads of the person's sheets while their list is open: requested when the list opens, and again when something changes.
// Invariants: the answer to the latest request is shown; a failure keeps the present heads and is reported.
// Knows no elements.

import { type Accessor, createEffect, createMemo, createSignal, onCleanup } from 'solid-js';
import type { SessionDocument } from '../session/document';
import type { SheetHead, UnreadableItem } from '../session/open-sheets';
import { type Named, namedBy } from './sheet-name';

/** Delay in ms before a reload of the list: changes come in bursts, for example while a person types. */
const PAUSE_MS = 150;
const TICK_MS = 20_000;

/**
 * A sheet in the list. `id` is empty for a shown sheet that is not stored. `edited` is the time of the
 * last edit in ms since 1970, absent for a shown sheet that storage does not list.
 */
export interface Listed extends Named, Pick<SheetHead, 'id' | 'kept' | 'removed'> {
  readonly edited?: number;
}

/** Follows the person's sheets while the list is open. Must be called inside a Solid root. */
export function createHeads(session: SessionDocument, isOpen: Accessor<boolean>) {
  const { sheets } = session;
  const [heads, setHeads] = createSignal<readonly SheetHead[]>();
  const [unreadable, setUnreadable] = createSignal<readonly UnreadableItem[]>([]);
  const [trouble, setTrouble] = createSignal<string>();
  const [now, setNow] = createSignal(Date.now());
  let asked = 0;
  let latest: Promise<void> = Promise.resolve();

  async function ask(mine: number): Promise<void> {
    try {
      const found = await sheets.heads();
      if (mine !== asked) return;
      setNow(Date.now());
      setHeads(found);
      setTrouble(undefined);
    } catch {
      if (mine === asked) setTrouble('Storage cannot be read now. The list appears when storage answers.');
    }
  }

  /** Reloads the list. Resolves when the list shows an answer at least as new as this call. */
  async function refresh(): Promise<void> {
    const mine = ++asked;
    latest = ask(mine);
    await latest;
    if (mine !== asked) await latest;
  }

  const readUnreadable = (): Promise<void> =>
    sheets.unreadable().then(
      (found) => void setUnreadable(found),
      () => {},
    );

  createEffect(() => {
    if (!isOpen()) return;
    void refresh().then(readUnreadable);
    let due: ReturnType<typeof setTimeout> | undefined;
    const stop = sheets.subscribe(() => {
      due ??= setTimeout(() => {
        due = undefined;
        void refresh();
      }, PAUSE_MS);
    });
    const tick = setInterval(() => (trouble() ? void refresh() : setNow(Date.now())), TICK_MS);
    onCleanup(() => {
      stop();
      clearTimeout(due);
      clearInterval(tick);
    });
  });

  const unread = createMemo(() => new Set(unreadable().map(({ key }) => key)));
  const isReadable = ({ id }: SheetHead): boolean => !unread().has(`sheet ${id}`);

  /**
   * The shown sheet if storage does not list it: a sheet that is not stored yet, not kept, or removed by
   * another tab.
   */
  const unlisted = createMemo<Listed | undefined>(() => {
    const { id = '', history, linked } = session.open();
    const head = heads()?.find((other) => other.id === id && other.kept);
    if (head && head.removed === undefined) return undefined;
    const sheet = history.present;
    const removed = head?.removed;
    return {
      ...{ id, kept: !linked, ...namedBy(sheet) },
      ...(removed !== undefined && { removed }),
    };
  });
  /** The head with the present names and title of the shown sheet: storage lags behind an edit. */
  const fresh = (head: SheetHead): Listed => {
    const { id, history } = session.open();
    const sheet = history.present;
    return id === head.id ? { ...head, ...namedBy(sheet) } : head;
  };
  const listed = createMemo<readonly Listed[]>(() => {
    const own = unlisted();
    const kept = (heads() ?? []).filter(
      (head) => head.kept && head.removed === undefined && isReadable(head),
    );
    return [...(own ? [own] : []), ...kept.map(fresh)];
  });

  return {
    listed,
    removed: createMemo(() =>
      (heads() ?? []).filter((head) => head.removed !== undefined && isReadable(head)),
    ),
    unreadable,
    /** The head of a sheet, readable or not; undefined for a sheet that storage does not list. */
    headOf: (id: string): SheetHead | undefined => heads()?.find((head) => head.id === id),
    trouble,
    now,
    refresh,
    readUnreadable,
  };
}

/** Accessors of the listed, removed and unreadable sheets, and functions that read them again. */
export type Heads = ReturnType<typeof createHeads>;
