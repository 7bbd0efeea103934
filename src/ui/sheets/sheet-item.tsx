// One sheet in the list: its name, the time of its last edit, and its actions.
// Invariant: Enter or moving on commits a typed title, Esc alone drops it; each once.

import { Show } from 'solid-js';
import { MAX_NAME } from '../../core/sheet/sheet';
import type { Listed } from './sheet-heads';
import { fullName } from './sheet-name';
import { runsText, whenText } from './sheet-text';

interface SheetItemProps {
  readonly head: () => Listed | undefined;
  readonly now: () => number;
  /** Whether it is the one on the screen. */
  readonly isShown: boolean;
  readonly typed: string | undefined;
  readonly isRenaming: boolean;
  readonly hasActions: boolean;
  readonly toggleActions: () => void;
  readonly open: () => void;
  readonly keep: () => void;
  readonly beginRename: () => void;
  readonly type: (text: string) => void;
  /** Ends renaming: with a title, or as it was. */
  readonly rename: (text: string | undefined) => void;
  readonly duplicate: () => void;
  readonly remove: (name: string) => void;
}

/** For the moment in which a row is there and its sheet is not. */
const NOTHING: Listed = { id: '', names: [], runs: 0, kept: true };

/** What stands under a sheet's name. */
function remarkOf(head: Listed, now: number): string {
  return `${head.edited === undefined ? whyUnlisted(head) : whenText(head.edited, now)} · ${runsText(head.runs)}`;
}

/** Why storage has the sheet on the screen in no list. */
function whyUnlisted({ id, kept, removed }: Listed): string {
  if (!kept) return 'not in your list';
  if (removed !== undefined) return 'removed by another tab; an edit restores the sheet';
  return id === '' ? 'not edited yet' : 'not saved yet';
}

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
          // What was typed before a reload is gone on with, a title is typed over.
          if (props.typed !== undefined) input.setSelectionRange(input.value.length, input.value.length);
          else input.select();
        })
      }
      data-kept="title"
      aria-label="Name of the sheet"
      value={props.title}
      placeholder={fullName({ ...(props.head() ?? NOTHING), title: undefined })}
      maxLength={MAX_NAME}
      spellcheck={false}
      autocomplete="off"
      onInput={({ currentTarget }) => props.type(currentTarget.value)}
      onKeyDown={(event) => {
        if (event.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
        // The Esc that ends renaming does not close the list.
        event.preventDefault();
        event.stopPropagation();
        done(event.key === 'Enter' ? event.currentTarget.value : undefined);
      }}
      onBlur={({ currentTarget }) => done(currentTarget.value)}
    />
  );
}
