// The page: the top bar; the sheet with its formula bar and receipt, and the inspector; or the library in their place.
// Invariant: the page holds no state of the sheet's; its content comes from the session and the props.

import { createSignal, ErrorBoundary, onCleanup, onMount, Show } from 'solid-js';
import type { Ask } from '../../cells/questions';
import type { Scheduler } from '../../core/compute/scheduler';
import { late, withPart } from '../../core/late';
import { macrotask } from '../../core/macrotask';
import type { Sheet } from '../../core/sheet/sheet';
import { focusActiveCell } from '../dom/focus';
import { lateView } from '../dom/late-view';
import { later } from '../dom/later';
import { FormulaBar } from '../formula/formula-bar';
import type { LibraryProps } from '../library/library-view';
import { type FormMemory, formMemory } from '../session/kept-form';
import type { FormName, SheetFiles, TypedForm } from '../session/open-sheets';
import type { Session } from '../session/session';
import { createWorkspace } from '../workspace/workspace';
import { Banners } from './banners';
import { type PageStatus, TopBar } from './top-bar';
import '../dom/tones.css';
import '../dom/page.css';

const LibraryView = lateView(
  late(() => import('../library/library-view')),
  (found) => found.LibraryView,
  () => <p class="quiet">Opening the library …</p>,
);

/** The grid, asked for at once: it comes while storage is asked which sheet to show. */
const gridPart = late(() => import('../grid/grid'));
withPart(gridPart, () => {});
const Grid = lateView(gridPart, (found) => found.Grid);

const KeyList = lateView(
  late(() => import('./key-list')),
  (found) => found.KeyList,
);

const inspectorPart = late(() => import('../inspector/inspector'));
const figuresPart = late(() => import('../figures'));
const typedForm = late(() => import('./typed-form'));

export type LibraryEntries = LibraryProps['lineages'];

/** What the page needs of the library; `toSheet` adds entries to a sheet as columns. */
export interface LibraryPort
  extends Pick<LibraryProps, 'onUpdate' | 'onRemove' | 'onUndoRemove' | 'unreadable'> {
  entries(): LibraryEntries;
  /** Opens what shows storage, once that is there. */
  storage?(): ((button: HTMLElement, memory: FormMemory) => void) | undefined;
  /** Exports chosen trainings, once that is there. */
  exporting?(): LibraryProps['onExport'];
  removed(): number | undefined;
  toSheet(sheet: Sheet, entries: LibraryEntries): Sheet;
}

interface AppProps {
  readonly session: Session;
  readonly scheduler: Scheduler;
  readonly ask: Ask;
  readonly library: LibraryPort;
  readonly pageStatus: PageStatus;
  /** What is wrong with storage; it stays until it is dismissed. */
  readonly trouble?: string | undefined;
  readonly dismissTrouble: () => void;
  /** The sheet's address as a URL, and whether it can be read back: not while a text in it is not valid. */
  readonly link: () => Promise<{ readonly url: string; readonly readable: boolean }>;
  /** What can be done with files of sheets; where it is left out nothing offers it. */
  readonly files?: SheetFiles | undefined;
}

export function App(props: AppProps) {
  const { session } = props;
  const workspace = createWorkspace(session, props.scheduler, props.ask);
  const { editing, crossChecks } = workspace;
  // The inspector comes with its figures, once the page stands.
  const inspector = later(async () => {
    // In a task of its own: to ask for so many files takes as long as to draw the frame of the page.
    await macrotask();
    const [{ Inspector }, figures] = await Promise.all([inspectorPart(), figuresPart()]);
    return { Inspector, figures };
  });
  const [libraryOpen, setLibraryOpen] = createSignal(false);
  /** What was being typed when the page was loaded anew, until the library is closed. */
  const [left, setLeft] = createSignal<readonly TypedForm[]>([]);
  const leftIn = (name: FormName): TypedForm | undefined => left().find(({ form }) => form === name);
  // The grid comes a task after the frame around it, so that neither holds the page up for long.
  const [framed, setFramed] = createSignal(false);
  onMount(() => setTimeout(() => setFramed(true)));
  // What was being typed into a form when the page was loaded anew.
  onMount(() =>
    session.typed?.loadForms(session.typedKey()).then((forms) => {
      if (forms.length === 0) return;
      setLeft(forms);
      if (leftIn('library') || leftIn('budget')) setLibraryOpen(true);
      withPart(typedForm, ({ openAgain }) => openAgain(workspace, forms, () => props.files));
    }),
  );
  const [now, setNow] = createSignal(Date.now());
  const minute = setInterval(() => setNow(Date.now()), 60_000);
  onCleanup(() => clearInterval(minute));

  const [keysOpen, setKeysOpen] = createSignal(false);

  /** The keys of the page as a whole. A slider takes no text, so that they hold there too. */
  const onKeyDown = (event: KeyboardEvent): void => {
    const { target } = event;
    const isSlider = target instanceof HTMLInputElement && target.type === 'range';
    if (event.defaultPrevented || event.altKey || editing.draft()) return;
    if (!isSlider && (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)) return;
    const control = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (control && key === 'z') (event.shiftKey ? session.redo : session.undo)();
    else if (control && key === 'y') session.redo();
    else if (!control && key === '?') setKeysOpen(true);
    else if (isSlider && key === 'escape' && target.classList.contains('scrub')) focusActiveCell();
    else return;
    event.preventDefault();
  };
  addEventListener('keydown', onKeyDown);
  onCleanup(() => removeEventListener('keydown', onKeyDown));

  /** What an edit did that had nothing computed, which the receipt alone would not tell. */
  const quietly = (): string | undefined =>
    session.receipt()?.startsWith('nothing') && !session.done() ? session.undoLabel() : undefined;

  // Whoever goes to an address wants to see its sheet.
  const onArrive = (): void => void setLibraryOpen(false);
  addEventListener('hashchange', onArrive);
  onCleanup(() => removeEventListener('hashchange', onArrive));

  function closeLibrary(): void {
    setLibraryOpen(false);
    setLeft([]);
    document.querySelector<HTMLElement>('.top-bar [aria-pressed]')?.focus();
  }

  const showStorage = () => {
    const open = props.library.storage?.();
    return open && ((button: HTMLElement) => open(button, formMemory(session, 'budget', takeBudget())));
  };
  /** What was being typed into the budget, once. */
  function takeBudget(): TypedForm | undefined {
    const budget = leftIn('budget');
    setLeft((before) => before.filter((form) => form !== budget));
    return budget;
  }

  function addToSheet(entries: LibraryEntries): void {
    const what = entries.length === 1 ? 'a run' : `${entries.length} runs`;
    session.edit(`add ${what} from the library`, (sheet) => props.library.toSheet(sheet, entries));
    closeLibrary();
  }

  return (
    <>
      <TopBar
        session={session}
        pageStatus={props.pageStatus}
        library={{
          count: props.library.entries().length,
          open: libraryOpen(),
          toggle: () => {
            setNow(Date.now());
            setLibraryOpen(!libraryOpen());
          },
        }}
        link={props.link}
        files={props.files}
        showKeys={() => setKeysOpen(true)}
      />
      <Show when={keysOpen()}>
        <KeyList close={() => setKeysOpen(false)} />
      </Show>
      <Banners session={session} trouble={props.trouble} dismissTrouble={props.dismissTrouble} />
      <Show
        when={!libraryOpen()}
        fallback={
          <main class="library-main">
            <LibraryView
              lineages={props.library.entries()}
              kinds={session.registry.kinds}
              now={now()}
              removed={props.library.removed()}
              onAdd={addToSheet}
              onUpdate={props.library.onUpdate}
              onRemove={props.library.onRemove}
              onUndoRemove={props.library.onUndoRemove}
              unreadable={props.library.unreadable}
              onStorage={showStorage()}
              showsStorage={leftIn('budget') !== undefined}
              memory={formMemory(session, 'library', leftIn('library'))}
              onExport={props.library.exporting?.()}
              onClose={closeLibrary}
            />
          </main>
        }
      >
        <main class="workspace">
          <FormulaBar workspace={workspace} />
          <div class="sheet">
            <div class="grid-scroll">
              <Show when={framed()}>
                <Grid workspace={workspace} />
              </Show>
            </div>
            <p class="receipt" role="status">
              {[session.done(), session.receipt() ?? 'computing …', quietly()].filter(Boolean).join(' · ')}
            </p>
            <Show when={!session.isLinked() && session.undoLabel() === undefined}>
              <p class="hint">
                Try this: change noise in A, or the learning rate of C. Only the dependent cells are
                recomputed.
              </p>
            </Show>
          </div>
          <ErrorBoundary
            fallback={(error: unknown) => (
              <p role="alert">
                The inspector could not be drawn: {error instanceof Error ? error.message : String(error)}
              </p>
            )}
          >
            <Show when={inspector()} fallback={<section class="inspector" aria-label="Inspector" />}>
              {(loaded) => {
                const { Inspector, figures } = loaded();
                return (
                  <Inspector
                    session={session}
                    scheduler={props.scheduler}
                    figures={figures}
                    ask={props.ask}
                    crossChecks={crossChecks}
                  />
                );
              }}
            </Show>
          </ErrorBoundary>
        </main>
      </Show>
    </>
  );
}
