// The page: the top bar; the sheet with its formula bar and receipt, and the inspector; or the library in their place.
// Invariant: the page holds no state of the sheet's; its content comes from the session and the props.

import { createSignal, onCleanup, onMount, Show } from 'solid-js';
import type { Ask } from '../../cells/questions';
import type { Scheduler } from '../../core/compute/scheduler';
import { late, withPart } from '../../core/late-loading';
import { macrotask } from '../../core/macrotask';
import type { Sheet } from '../../core/sheet/sheet';
import { focusActiveCell } from '../dom/focus';
import { later } from '../dom/late-signal';
import { lateView } from '../dom/late-view';
import { matching, WINDOWS } from '../dom/media';
import { FormulaBar } from '../formula/formula-bar';
import type { LibraryProps } from '../library/library-view';
import { type FormMemory, formMemory } from '../session/kept-form';
import type { FormName, SheetFiles, TypedForm } from '../session/open-sheets';
import type { Session } from '../session/session';
import { createWorkspace } from '../workspace/workspace';
import { afterPaint, Banners } from './banners';
import type { View } from './phone-bars';
import type { SharedSheet } from './share-dialog';
import { createSplitter } from './splitter';
import { type PageStatus, TopBar } from './top-bar';
import '../dom/tokens.css';
import '../dom/page.css';

const LibraryView = lateView(
  late(() => import('../library/library-view')),
  (found) => found.LibraryView,
  () => <p class="quiet">Opening the library …</p>,
);

/** The grid is requested at once, so that it loads while storage finds the sheet to show. */
const gridPart = late(() => import('../grid/grid'));
withPart(gridPart, () => {});
const Grid = lateView(gridPart, (found) => found.Grid);

const PhoneBars = lateView(
  late(() => import('./phone-bars')),
  (found) => found.PhoneBars,
);

const HelpDialog = lateView(
  late(() => import('../help/help-dialog')),
  (found) => found.HelpDialog,
);

const figuresPart = late(() => import('./figures-half'));
const typedForm = late(() => import('./restored-forms'));

/** The lineages of finished trainings, as the library shows them. */
export type LibraryEntries = LibraryProps['lineages'];

/** The library as the page needs it; `toSheet` returns the sheet with one new column per entry. */
export interface LibraryPort
  extends Pick<LibraryProps, 'onUpdate' | 'onRemove' | 'onUndoRemove' | 'unreadable'> {
  entries(): LibraryEntries;
  /** Returns a function that opens the storage panel; undefined until storage is loaded. */
  storage?(): ((button: HTMLElement, memory: FormMemory) => void) | undefined;
  /** Returns a function that exports chosen trainings; undefined until exports are loaded. */
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
  /** A failure of storage as a sentence; shown until the person dismisses the sentence. */
  readonly trouble?: string | undefined;
  readonly dismissTrouble: () => void;
  /** Resolves to all that Share offers of the sheet on the screen. */
  readonly share: () => Promise<SharedSheet>;
  /** Saving and opening files of sheets; without it, the menu offers no files. */
  readonly files?: SheetFiles | undefined;
}

/** The whole page for one session. */
export function App(props: AppProps) {
  const { session } = props;
  const workspace = createWorkspace(session, props.scheduler, props.ask);
  const { editing, crossChecks } = workspace;
  const figuresHalf = later(async () => {
    // In a separate task: requesting so many files takes as long as drawing the frame of the page.
    await macrotask();
    return figuresPart();
  });
  const [libraryOpen, setLibraryOpen] = createSignal(false);
  const [helpOpen, setHelpOpen] = createSignal(false);
  /** Forms that were open at the last reload, with their typed texts; cleared when the library or Help closes. */
  const [left, setLeft] = createSignal<readonly TypedForm[]>([]);
  const leftIn = (name: FormName): TypedForm | undefined => left().find(({ form }) => form === name);
  // The grid is drawn one task after the frame, so that neither task blocks the page for long.
  const [framed, setFramed] = createSignal(false);
  onMount(() => setTimeout(() => setFramed(true)));
  onMount(() =>
    session.typed?.loadForms(session.typedKey()).then((forms) => {
      if (forms.every(({ form }) => form === 'tab')) return;
      setLeft(forms);
      if (leftIn('library') || leftIn('budget')) setLibraryOpen(true);
      if (leftIn('help')) setHelpOpen(true);
      withPart(typedForm, ({ openAgain }) => openAgain(workspace, forms, () => props.files));
    }),
  );
  onMount(() => withPart(afterPaint, ({ speakFor }) => speakFor(workspace, props)));
  const [now, setNow] = createSignal(Date.now());
  const minute = setInterval(() => setNow(Date.now()), 60_000);
  onCleanup(() => clearInterval(minute));

  /** Keys of the whole page. The keys also work on a slider and a checkbox, which take no text. */
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = event.target as Element;
    if (event.defaultPrevented || event.altKey || editing.draft()) return;
    if (target.matches('input:not([type=range], [type=checkbox]), textarea')) return;
    // The library lies over the sheet, and has an undo of its own.
    const control = (event.ctrlKey || event.metaKey) && !libraryOpen();
    const key = event.key.toLowerCase();
    if (control && key === 'z') (event.shiftKey ? session.redo : session.undo)();
    else if (control && key === 'y') session.redo();
    else if (!control && key === '?') setHelpOpen(true);
    else if (key === 'escape' && target.closest('.formula-bar')) focusActiveCell();
    else return;
    event.preventDefault();
  };
  addEventListener('keydown', onKeyDown);
  onCleanup(() => removeEventListener('keydown', onKeyDown));

  /** Label of an edit that caused no computation: the receipt alone would not name the edit. */
  const quietly = (): string | undefined =>
    session.receipt()?.startsWith('nothing') && !session.done() ? session.undoLabel() : undefined;

  /** Whether the opening sheet stands as it was: the hint names its numbers. */
  const isFirstVisit = () => session.open().id === undefined && !session.isLinked();
  const receipt = (): string =>
    [session.done(), session.receipt() ?? 'computing …', quietly()].filter(Boolean).join(' · ');
  const splitter = createSplitter();
  const isPhone = matching(WINDOWS.narrow);
  const [view, setView] = createSignal<View>('Sheet');

  // A person who follows an address wants to see the sheet, not the library.
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
  /** Returns the text typed into the budget before the reload, once: the entry is removed. */
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
        share={props.share}
        files={props.files}
        showHelp={() => setHelpOpen(true)}
      />
      <Show when={helpOpen()}>
        <HelpDialog
          session={session}
          memory={formMemory(session, 'help', leftIn('help'))}
          close={() => {
            setHelpOpen(false);
            setLeft((before) => before.filter(({ form }) => form !== 'help'));
          }}
        />
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
        <main
          class="workspace"
          data-view={view()}
          style={{ '--sheet-width': splitter.width(), '--sheet-content': `${workspace.widths.sheet()}px` }}
        >
          <div class="sheet">
            <FormulaBar workspace={workspace} />
            <div class="grid-scroll">
              <Show when={framed()}>
                <Grid workspace={workspace} />
              </Show>
            </div>
            <div class="status-line">
              <p class="receipt" title={receipt()}>
                {receipt()}
              </p>
              <Show when={isFirstVisit()}>
                <p class="hint">Drag 0.05 · type over it · = starts a formula</p>
              </Show>
            </div>
          </div>
          <div class="splitter" ref={splitter.attach} />
          <Show when={figuresHalf()} fallback={<section class="inspector" aria-label="Inspector" />}>
            {(loaded) => {
              const { FiguresHalf } = loaded();
              return (
                <FiguresHalf
                  session={session}
                  scheduler={props.scheduler}
                  ask={props.ask}
                  crossChecks={crossChecks}
                />
              );
            }}
          </Show>
        </main>
        <Show when={isPhone()}>
          <PhoneBars session={session} view={view()} onView={setView} />
        </Show>
      </Show>
    </>
  );
}
