// The note of the sheet, the author's comment, above the figures; edited in place.
// Invariants: a note is shown as text and nothing else; Enter, or leaving the field, commits a typed note, and only Esc drops the
// note; a note that was typed for one sheet never reaches another sheet.

import { createEffect, createMemo, createSignal, on, Show, type Signal } from 'solid-js';
import { MAX_NOTE, setNote } from '../../core/sheet/sheet';
import { focusActiveCell } from '../dom/focus';
import type { SessionDocument } from '../session/document';
import './note.css';

const drafts = new WeakMap<SessionDocument, Signal<string | undefined>>();

/** The note being typed for the session's sheet; undefined while no note is typed. */
export function noteDraft(session: SessionDocument): Signal<string | undefined> {
  const known = drafts.get(session);
  if (known) return known;
  const made = createSignal<string>();
  drafts.set(session, made);
  return made;
}

/** The note with a button to edit it, or the field for it; nothing for a sheet without a note. */
export function NotePanel(props: { session: SessionDocument }) {
  const { session } = props;
  const [draft, setDraft] = noteDraft(session);

  function type(text: string | undefined): void {
    setDraft(text);
    session.typed?.saveForm(
      session.typedKey(),
      'note',
      text === undefined ? undefined : { about: '', texts: [text] },
    );
  }
  createEffect(
    on(
      // Every save changes the open sheet's state, and drops no note.
      createMemo(() => session.open().opened),
      () => type(undefined),
      { defer: true },
    ),
  );
  function done(text: string | undefined, refocus: boolean): void {
    if (draft() === undefined) return;
    type(undefined);
    if (text !== undefined) session.edit('change the note', (sheet) => setNote(sheet, text));
    // The field disappears with the focus in it.
    if (!refocus) return;
    queueMicrotask(() => {
      const button = document.querySelector<HTMLElement>('.note button');
      if (button) button.focus();
      else focusActiveCell({ preventScroll: true });
    });
  }

  const note = () => session.sheet().note;
  return (
    <Show when={draft() !== undefined || note() !== undefined}>
      <section class="example note" aria-label="Note">
        <Show
          when={draft() === undefined}
          fallback={
            <>
              <textarea
                ref={(field) =>
                  queueMicrotask(() => {
                    field.focus();
                    field.setSelectionRange(field.value.length, field.value.length);
                  })
                }
                data-kept="note"
                aria-label="Note on the sheet"
                aria-describedby="note-keys"
                maxLength={MAX_NOTE}
                rows="3"
                value={draft() ?? ''}
                onInput={({ currentTarget }) => type(currentTarget.value)}
                onKeyDown={(event) => {
                  if (event.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
                  event.preventDefault();
                  event.stopPropagation();
                  done(event.key === 'Enter' ? event.currentTarget.value : undefined, true);
                }}
                onBlur={({ currentTarget }) => currentTarget.isConnected && done(currentTarget.value, false)}
              />
              <p id="note-keys" class="quiet">
                Enter keeps the note, Esc drops the change. At most {MAX_NOTE} characters.
              </p>
            </>
          }
        >
          <p>
            <bdi>{note()}</bdi>{' '}
            <button type="button" class="quiet" onClick={() => type(note() ?? '')}>
              Edit note
            </button>
          </p>
        </Show>
      </section>
    </Show>
  );
}
