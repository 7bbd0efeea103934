// The line at the top: the name, undo and redo, the library, sharing, and the page status (storage and offline).
// Invariant: the bar holds no state of the sheet's; each part that the bar opens loads when it is opened.

import { createEffect, createSignal, type JSX, Show } from 'solid-js';
import { withPart } from '../../core/late-loading';
import { lateView } from '../dom/late-view';
import type { SessionDocument } from '../session/document';
import type { SessionNotices } from '../session/notices';
import type { SheetFiles } from '../session/open-sheets';
import { fullName, namedBy, shortName } from '../sheets/sheet-name';
import { savingText } from '../text/saving-text';
import { menus } from './banners';
import type { SharedSheet } from './share-dialog';

const ShareDialog = lateView(menus, (found) => found.ShareDialog);

/** State of the page itself, apart from the sheet. */
export interface PageStatus {
  readonly offline: boolean;
  /** Switches to the newer version of the page; undefined if no newer version waits. */
  readonly update?: (() => void) | undefined;
}

/** Closes the menu that holds the tools of a phone at a choice in it, before that opens a menu of its own. */
const closeOnChoice = (tools: HTMLElement): void =>
  tools.addEventListener('click', () => tools.matches(':popover-open') && tools.hidePopover());

/** The top bar; `share` gathers the ways to share the sheet on request, `library.count` is the number of trainings. */
export function TopBar(props: {
  session: SessionDocument & SessionNotices;
  pageStatus: PageStatus;
  library: { count: number; open: boolean; toggle: () => void };
  share: () => Promise<SharedSheet>;
  files?: SheetFiles | undefined;
  showHelp: () => void;
}) {
  const { session } = props;
  const named = () => namedBy(session.sheet());
  createEffect(() => {
    document.title = `${shortName(named())} · Gradsheet`;
  });
  const saving = () => savingText(session.open());
  return (
    <header class="top-bar">
      <h1>Gradsheet</h1>
      <button
        type="button"
        class="sheet-name"
        aria-haspopup="dialog"
        aria-expanded="false"
        title={`Sheets: ${fullName(named())}`}
        onClick={({ currentTarget }) =>
          withPart(menus, ({ openSheetMenu }) => openSheetMenu(currentTarget, props))
        }
      >
        <span>{shortName(named())}</span> ▾
      </button>
      <p class="what">a spreadsheet for neural-network experiments</p>
      <div class="tools steps" inert={props.library.open}>
        <ToolButton
          label="Undo"
          title={session.undoLabel()}
          disabled={!session.undoLabel()}
          onClick={session.undo}
        >
          ↶
        </ToolButton>
        <ToolButton
          label="Redo"
          title={session.redoLabel()}
          disabled={!session.redoLabel()}
          onClick={session.redo}
        >
          ↷
        </ToolButton>
      </div>
      <button type="button" class="more-tools" aria-label="More" popovertarget="tools">
        ⋯
      </button>
      <div id="tools" class="tools" popover="auto" ref={closeOnChoice}>
        <button type="button" aria-disabled={!props.files} onClick={() => props.files?.openFile()}>
          Open
        </button>
        <button
          type="button"
          aria-expanded="false"
          onClick={({ currentTarget }) =>
            withPart(menus, ({ openExamples }) => openExamples(currentTarget, session))
          }
        >
          Examples
        </button>
        <button
          type="button"
          class="library-tool"
          aria-pressed={props.library.open}
          onClick={props.library.toggle}
        >
          Library {props.library.count}
        </button>
        <button
          type="button"
          class="help-button"
          aria-label="Help"
          title="Help: what everything means, formulas, keys (?)"
          onClick={() => props.showHelp()}
        >
          ?
        </button>
      </div>
      <Share share={props.share} files={props.files} />
      <p class="sheet-status">
        <Show when={props.pageStatus.update}>
          {(apply) => (
            <>
              A newer version is ready.{' '}
              <button type="button" onClick={apply()}>
                Update
              </button>{' '}
            </>
          )}
        </Show>
        <span classList={{ bad: session.open().saving.state === 'not saved' }} title={saving()}>
          {saving()}
        </span>
        {props.pageStatus.offline ? ' · offline ready' : ''}
      </p>
    </header>
  );
}

function ToolButton(props: {
  label: string;
  title: string | undefined;
  disabled: boolean;
  onClick: () => void;
  children: JSX.Element;
}) {
  return (
    <button
      type="button"
      aria-label={props.label}
      title={props.title ? `${props.label}: ${props.title}` : props.label}
      // Not `disabled`: a button that disables itself after its last step would lose the focus.
      aria-disabled={props.disabled}
      onClick={() => !props.disabled && props.onClick()}
    >
      {props.children}
    </button>
  );
}

/**
 * Button that opens the dialog for sharing. The address is computed on the click: computing the address of a
 * large sheet on every edit would be slow.
 */
function Share(props: { share: () => Promise<SharedSheet>; files?: SheetFiles | undefined }) {
  const [shared, setShared] = createSignal<SharedSheet>();
  return (
    <>
      <button type="button" onClick={() => withPart(props.share, setShared)}>
        Share
      </button>
      <Show when={shared()}>
        {(found) => <ShareDialog shared={found()} files={props.files} close={() => setShared(undefined)} />}
      </Show>
    </>
  );
}
