// The line at the top: the name, undo and redo, the library, sharing, and how things stand with storage and offline.
// The share dialog is the browser's own.

import { createSignal, type JSX, Show } from 'solid-js';
import { addRun } from '../core/sheet';
import type { Session } from './session';

/** How the page stands outside of the sheet. */
export interface Standing {
  readonly saved: 'saved' | 'saving' | 'not saved';
  readonly offline: boolean;
  /** Changes to the newer page that waits, if one does. */
  readonly update?: (() => void) | undefined;
}

export function TopBar(props: {
  session: Session;
  standing: Standing;
  library: { count: number; open: boolean; toggle: () => void };
  link: () => { readonly url: string; readonly readable: boolean };
}) {
  const { session } = props;
  const lastRun = () => session.sheet().runs.at(-1)?.id ?? 'A';
  return (
    <header class="top-bar">
      <h1>Gradsheet</h1>
      <div class="tools">
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
      <div class="tools">
        <button
          type="button"
          onClick={() =>
            session.edit('add a run', (sheet) =>
              addRun(sheet, { name: `twin of ${lastRun()}`, base: lastRun() }),
            )
          }
        >
          Add run
        </button>
        <button type="button" aria-pressed={props.library.open} onClick={props.library.toggle}>
          Library {props.library.count}
        </button>
        <Share link={props.link} />
      </div>
      <p class="standing" role="status">
        <Show when={props.standing.update}>
          {(apply) => (
            <>
              A newer version is ready.{' '}
              <button type="button" onClick={apply()}>
                Update
              </button>{' '}
            </>
          )}
        </Show>
        {props.standing.saved}
        {props.standing.offline ? ' · offline ready' : ''}
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
      // Not `disabled`: that would take the focus away from a button that has just done its last step.
      aria-disabled={props.disabled}
      onClick={() => !props.disabled && props.onClick()}
    >
      {props.children}
    </button>
  );
}

function Share(props: { link: () => { readonly url: string; readonly readable: boolean } }) {
  let dialog: HTMLDialogElement | undefined;
  let field: HTMLInputElement | undefined;
  const [said, setSaid] = createSignal('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(props.link().url);
      setSaid('Copied.');
    } catch {
      field?.select();
      setSaid('Press Ctrl+C to copy it.');
    }
  };
  return (
    <>
      <button
        type="button"
        onClick={() => {
          setSaid('');
          dialog?.showModal();
          field?.select();
        }}
      >
        Share
      </button>
      <dialog
        ref={(element) => {
          dialog = element;
        }}
        class="share"
        aria-labelledby="share-title"
      >
        <h2 id="share-title">Share this sheet</h2>
        <p>
          The address holds the whole sheet. Whoever opens it sees the same numbers; nothing is sent to a
          server.
        </p>
        <Show when={!props.link().readable}>
          <p class="bad">
            A value in this sheet is not valid. Whoever opens the link will be told which, and see no sheet.
          </p>
        </Show>
        <input
          ref={(element) => {
            field = element;
          }}
          readonly
          aria-label="Address of this sheet"
          value={props.link().url}
        />
        <form method="dialog">
          <span role="status">{said()}</span>
          <button type="button" onClick={copy}>
            Copy
          </button>
          <button type="submit">Close</button>
        </form>
      </dialog>
    </>
  );
}
