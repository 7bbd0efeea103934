// The menu of sheets: all sheets, the most recently edited first, and the actions on each, by pointer and
// by keys. Loaded on first use.
// Invariants: opening a sheet replaces none; a removed sheet can be restored here; the focus stays in the
// list while items are added and removed, and returns to the button when the list closes.

import { createEffect, createSignal, For, Show } from 'solid-js';
import { render } from 'solid-js/web';
import { late, withPart } from '../../core/late-loading';
import { addRun, setTitle } from '../../core/sheet/sheet';
import { focusActiveCell } from '../dom/focus';
import { openOwn, placeBelow } from '../dom/popover';
import type { SessionDocument } from '../session/document';
import { formMemory } from '../session/kept-form';
import type { SessionNotices } from '../session/notices';
import type { SheetFiles } from '../session/open-sheets';
import { RemovedSheets, UnreadableItems } from './put-aside';
import { createHeads } from './sheet-heads';
import { SheetItem } from './sheet-item';
import { keepCopy } from './sheet-keeping';
import { fullName } from './sheet-name';
import './sheets.css';

const notePanel = late(() => import('./note-panel'));

/** The session whose sheets the menu lists; without `files` the menu has no entries for files. */
export interface SheetMenuOptions {
  readonly session: SessionDocument & SessionNotices;
  readonly files?: SheetFiles | undefined;
  /** A sheet and the title that was being typed for the sheet before a reload. */
  readonly typed?: { readonly id: string; readonly text: string };
}

/** Steps by which a key moves the focus in the list; infinite for the first and the last item. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

interface Removed {
  readonly id: string;
  readonly name: string;
  readonly wasOpen: boolean;
}

function SheetMenu(props: SheetMenuOptions & { isOpen: () => boolean; close: () => void }) {
  const { session, typed } = props;
  const { sheets } = session;
  const heads = createHeads(session, props.isOpen);
  const [renaming, setRenaming] = createSignal(typed?.id);
  const [actionsOf, setActionsOf] = createSignal<string>();
  const [removed, setRemoved] = createSignal<Removed>();
  let root: HTMLDivElement | undefined;

  createEffect(() => {
    if (!props.isOpen()) setActionsOf(undefined);
  });

  const focusItem = (id: string | undefined): void => {
    const item = id !== undefined && root?.querySelector<HTMLElement>(`[data-sheet="${id}"] [data-item]`);
    (item || root?.querySelector<HTMLElement>('[aria-current]'))?.focus();
  };

  /**
   * Applies a change and reloads the list. If the change removed the focused element, the sheet `next`
   * gets the focus, or the shown sheet if `next` is not in the list.
   */
  async function keepingFocus(next: string | undefined, change: () => Promise<unknown>): Promise<void> {
    await change();
    await heads.refresh();
    if (props.isOpen() && document.activeElement === document.body) focusItem(next);
  }

  /**
   * Closes the menu and runs `go`, which shows another sheet. The notices are cleared, because they
   * concern the former sheet.
   */
  function closeAnd(go: () => Promise<void>): void {
    props.close();
    session.say(undefined);
    session.report('');
    void go().then(() => focusActiveCell());
  }

  function addSheet(): void {
    const names = new Set(heads.listed().map(fullName));
    let number = heads.listed().length + 1;
    while (names.has(`Sheet ${number}`)) number++;
    closeAnd(() => sheets.add(setTitle(addRun({ runs: [], rows: [] }, { name: 'run' }), `Sheet ${number}`)));
  }

  async function remove(id: string, name: string): Promise<void> {
    const ids = heads.listed().map((head) => head.id);
    const next = ids[ids.indexOf(id) + 1] ?? ids[ids.indexOf(id) - 1];
    const wasOpen = session.open().id === id;
    setActionsOf(undefined);
    await keepingFocus(next, () => sheets.remove(id));
    if (heads.headOf(id)?.removed === undefined) return;
    setRemoved({ id, name, wasOpen });
    session.report(`removed “${name}”`);
  }

  const restore = (id: string, isOpened: boolean): Promise<void> =>
    keepingFocus(id, async () => {
      await sheets.restore(id);
      if (isOpened) await sheets.open(id);
      setRemoved(undefined);
      session.report('');
    });

  async function rename(id: string, text: string | undefined): Promise<void> {
    setRenaming(undefined);
    session.typed?.saveForm(session.typedKey(), 'title', undefined);
    await keepingFocus(id, async () => {
      if (text !== undefined) await sheets.rename(id || undefined, text);
    });
  }

  function onKeyDown(event: KeyboardEvent): void {
    const { target } = event;
    if (!(target instanceof HTMLElement) || target instanceof HTMLInputElement) return;
    const id = target.closest<HTMLElement>('[data-sheet]')?.dataset['sheet'];
    const head = heads.listed().find((other) => other.id === id);
    const step = STEPS[event.key];
    if (step !== undefined) {
      const items = [...(root?.querySelectorAll<HTMLElement>('[data-item]') ?? [])];
      const at = items.findIndex((item) => item === target || item.closest('li')?.contains(target));
      items[Math.max(0, Math.min(at + step, items.length - 1))]?.focus();
    } else if (head && event.key === 'F2') setRenaming(head.id);
    else if (head?.id && head.edited !== undefined && event.key === 'Delete')
      void remove(head.id, fullName(head));
    else return;
    event.preventDefault();
  }

  const file = (choose: (files: SheetFiles) => void) => () => {
    props.close();
    if (props.files) choose(props.files);
  };

  return (
    <div
      ref={(element) => {
        root = element;
        element.addEventListener('keydown', onKeyDown);
      }}
    >
      <button type="button" data-item onClick={addSheet}>
        New sheet
      </button>
      <Show when={removed()}>
        {(gone) => (
          <p class="removed">
            <span>Removed “{gone().name}”.</span>
            <button type="button" data-item onClick={() => void restore(gone().id, gone().wasOpen)}>
              Undo
            </button>
          </p>
        )}
      </Show>
      <Show when={heads.trouble()}>{(message) => <p class="bad">{message()}</p>}</Show>
      <ul>
        <For each={heads.listed().map(({ id }) => id)}>
          {(id) => (
            <SheetItem
              head={() => heads.listed().find((head) => head.id === id)}
              now={heads.now}
              isShown={(session.open().id ?? '') === id}
              typed={typed?.id === id ? typed.text : undefined}
              isRenaming={renaming() === id}
              hasActions={actionsOf() === id}
              toggleActions={() => setActionsOf(actionsOf() === id ? undefined : id)}
              open={() => closeAnd(async () => (id === session.open().id ? undefined : sheets.open(id)))}
              keep={() => {
                props.close();
                void keepCopy(session);
              }}
              beginRename={() => {
                setActionsOf(undefined);
                setRenaming(id);
              }}
              editNote={() => {
                props.close();
                withPart(notePanel, ({ noteDraft }) => noteDraft(session)[1](session.sheet().note ?? ''));
              }}
              type={(text) =>
                session.typed?.saveForm(session.typedKey(), 'title', { about: id, texts: [text] })
              }
              rename={(text) => void rename(id, text)}
              duplicate={() => closeAnd(() => sheets.duplicate(id))}
              remove={(name) => void remove(id, name)}
            />
          )}
        </For>
      </ul>
      <RemovedSheets heads={heads} restore={(id) => void restore(id, false)} />
      <UnreadableItems
        heads={heads}
        discard={(key) =>
          void keepingFocus(undefined, async () => {
            await sheets.discard(key);
            await heads.readUnreadable();
          })
        }
      />
      <Show when={props.files}>
        <div class="files">
          <button type="button" data-item onClick={file((files) => files.saveSheet())}>
            Save as file
          </button>
          <button type="button" data-item onClick={file((files) => files.openFile())}>
            Open file …
          </button>
          <button
            type="button"
            data-item
            onClick={file((files) => files.makeLesson(formMemory(session, 'lesson')))}
          >
            Make a lesson …
          </button>
          <button type="button" data-item onClick={file((files) => files.exportAll())}>
            Export everything …
          </button>
        </div>
      </Show>
    </div>
  );
}

/**
 * Adds the menu below its button and opens the menu. Afterwards the button toggles the menu as its
 * popover; further calls do nothing.
 */
export function openSheetMenu(button: HTMLButtonElement, options: SheetMenuOptions): void {
  if (button.popoverTargetElement) return;
  const popover = document.createElement('div');
  popover.popover = 'auto';
  popover.role = 'dialog';
  popover.ariaLabel = 'Sheets';
  popover.className = 'menu sheet-menu';
  button.after(popover);
  const [isOpen, setOpen] = createSignal(false);
  render(() => <SheetMenu {...options} isOpen={isOpen} close={() => popover.hidePopover()} />, popover);
  popover.addEventListener('toggle', ({ newState }) => {
    button.ariaExpanded = String(newState === 'open');
    setOpen(newState === 'open');
    if (newState !== 'open') return;
    placeBelow(popover, button);
    if (!popover.querySelector('input')) popover.querySelector<HTMLElement>('[aria-current]')?.focus();
  });
  openOwn(popover, button);
}
