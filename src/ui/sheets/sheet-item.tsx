// One sheet in the list: its name, the time of its last edit, and its actions.
// Invariant: Enter, or leaving the field, commits a typed title; only Esc drops the title. Each happens
// once.

import { Show } from 'solid-js';
import { MAX_NAME } from '../../core/sheet/sheet';
import type { Listed } from './sheet-heads';
import { fullName } from './sheet-name';
import { runsText, whenText } from './sheet-text';

interface SheetItemProps {
  readonly head: () => Listed | undefined;
  readonly now: () => number;
  /** Whether this sheet is on the screen. */
  readonly isShown: boolean;
  readonly typed: string | undefined;
  readonly isRenaming: boolean;
  readonly hasActions: boolean;
  readonly toggleActions: () => void;
  readonly open: () => void;
  readonly keep: () => void;
  readonly beginRename: () => void;
  /** Opens the field for the note of the sheet on the screen. */
  readonly editNote: () => void;
  readonly type: (text: string) => void;
  /** Ends renaming: with the new title, or with undefined to keep the old title. */
  readonly rename: (text: string | undefined) => void;
  readonly duplicate: () => void;
  readonly remove: (name: string) => void;
}

/** Placeholder for the moment in which the item is drawn and its sheet is already gone. */
const NOTHING: Listed = { id: '', names: [], runs: 0, kept: true };

/** The line below a sheet's name. */
function remarkOf(head: Listed, now: number): string {
  return `${head.edited === undefined ? whyUnlisted(head) : whenText(head.edited, now)} · ${runsText(head.runs)}`;
}

/** Why storage does not list the shown sheet. */
function whyUnlisted({ id, kept, removed }: Listed): string {
  if (!kept) return 'not in your list';
  if (removed !== undefined) return 'removed by another tab; an edit restores the sheet';
  return id === '' ? 'not edited yet' : 'not saved yet';
}

/** One sheet in the list, with its actions or with the field for its title. */
export function SheetItem(props: SheetItemProps) {
  const named = () => props.head() ?? NOTHING;
  const name = () => fullName(named());
  return (
    <li data-sheet={props.head()?.id ?? ''}>
      <Show
        when={!props.isRenaming}
        fallback={<TitleField {...props} title={props.typed ?? props.head()?.title ?? ''} />}
      >
        <button
          type="button"
          class="sheet-open"
          data-item
          aria-current={props.isShown ? 'true' : undefined}
          aria-keyshortcuts="F2 Delete"
          onClick={() => props.open()}
        >
          <span>{name()}</span>
          <span class="quiet">{remarkOf(named(), props.now())}</span>
        </button>
        <button
          type="button"
          class="sheet-more"
          aria-label={`Actions for ${name()}`}
          aria-expanded={props.hasActions}
          onClick={() => props.toggleActions()}
        >
          ⋯
        </button>
        <Show when={props.hasActions}>
          <div class="sheet-actions">
            <Show when={props.head()?.kept === false}>
              <button type="button" onClick={() => props.keep()}>
                Keep a copy
              </button>
            </Show>
            <button type="button" title="F2" onClick={() => props.beginRename()}>
              Rename
            </button>
            <Show when={props.isShown}>
              <button type="button" onClick={() => props.editNote()}>
                Note
              </button>
            </Show>
            <Show when={props.head()?.edited !== undefined}>
              <button type="button" onClick={() => props.duplicate()}>
                Duplicate
              </button>
              <button type="button" title="Delete" onClick={() => props.remove(name())}>
                Remove
              </button>
            </Show>
          </div>
        </Show>
      </Show>
    </li>
  );
}

function TitleField(props: SheetItemProps & { title: string }) {
  // Read once: the list is read again while a person types, and must not put the old title over the typed text.
  const { title } = props;
  let isDone = false;
  const done = (text: string | undefined): void => {
    if (isDone) return;
    isDone = true;
    props.rename(text);
  };
  return (
    <input
      ref={(input) =>
        queueMicrotask(() => {
          input.focus();
          // A restored text is continued, so the caret is at its end; an existing title is selected, so
          // typing replaces the title.
          if (props.typed !== undefined) input.setSelectionRange(input.value.length, input.value.length);
          else input.select();
        })
      }
      data-kept="title"
      aria-label="Name of the sheet"
      value={title}
      placeholder={fullName({ ...(props.head() ?? NOTHING), title: undefined })}
      maxLength={MAX_NAME}
      spellcheck={false}
      autocomplete="off"
      onInput={({ currentTarget }) => props.type(currentTarget.value)}
      onKeyDown={(event) => {
        if (event.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
        // Without this, the Esc that ends renaming would close the list too.
        event.preventDefault();
        event.stopPropagation();
        done(event.key === 'Enter' ? event.currentTarget.value : undefined);
      }}
      onBlur={({ currentTarget }) => done(currentTarget.value)}
    />
  );
}
