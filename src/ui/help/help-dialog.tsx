// Help: what every param, result, mark, function and key means, in one dialog with one search field. Loaded late.
// Invariant: the entries come from help-entries.ts; Esc closes the dialog and the focus returns to where it was.

import { createMemo, createSignal, For, onMount, Show } from 'solid-js';
import { announce } from '../dom/announcer';
import { type FormMemory, keepForm } from '../session/kept-form';
import type { Session } from '../session/session';
import { entryOfRow, helpSections, nothingText } from './help-entries';
import type { HelpEntry, HelpGroup } from './help-entry';
import { countEntries, searchHelp } from './help-search';
import './help.css';

/** Version of the page, from package.json at build time. */
declare const __VERSION__: string;

const idOf = (section: string): string => `help-${section.replaceAll(' ', '-').toLowerCase()}`;

function Entry(props: { entry: HelpEntry }) {
  const { name, code, about, notes = [], keys } = props.entry;
  return (
    <div class="help-entry">
      <dt data-chords={keys?.chords.join(' ')}>
        <Show when={keys} fallback={name}>
          {(known) => <For each={known().shown}>{(key) => <kbd>{key}</kbd>}</For>}
        </Show>
        <Show when={code}>
          <code>{code}</code>
        </Show>
      </dt>
      <dd>
        {about}
        <For each={notes}>{(note) => <small>{note}</small>}</For>
      </dd>
    </div>
  );
}

function Group(props: { group: HelpGroup }) {
  return (
    <div class="help-group">
      <Show when={props.group.title}>
        <h4>
          {props.group.title}
          <Show when={props.group.about}>
            {' '}
            <span>{props.group.about}</span>
          </Show>
        </h4>
      </Show>
      <dl>
        <For each={props.group.entries}>{(entry) => <Entry entry={entry} />}</For>
      </dl>
    </div>
  );
}

/**
 * Opens as a modal dialog on mount; `close` is called after the dialog has closed. `memory` keeps the typed text over a
 * reload.
 */
export function HelpDialog(props: { session: Session; memory: FormMemory; close: () => void }) {
  const { session, memory } = props;
  let dialog: HTMLDialogElement | undefined;
  let field: HTMLInputElement | undefined;
  let body: HTMLElement | undefined;
  const [query, setQuery] = createSignal(memory.left?.texts[0] ?? '');
  keepForm(memory, () => ({ about: '', texts: [query()] }));
  const all = helpSections(session.registry);
  const found = createMemo(() => searchHelp(all, query()));
  const isSearch = () => query().trim() !== '';
  const { run, row } = session.active();
  const active = entryOfRow(all, row);
  const count = () => {
    const entries = countEntries(found());
    return `${entries} ${entries === 1 ? 'entry' : 'entries'}`;
  };
  onMount(() => {
    dialog?.showModal();
    // Not for a finger: the keyboard on the screen would cover half of the texts.
    if (!matchMedia('(pointer: coarse)').matches) field?.focus();
  });
  function search(text: string): void {
    setQuery(text);
    body?.scrollTo({ top: 0 });
    announce('dialog', isSearch() ? (found().length > 0 ? count() : nothingText(text)) : undefined);
  }
  return (
    <dialog
      ref={(element) => {
        dialog = element;
      }}
      class="help"
      aria-labelledby="help-title"
      onClose={() => props.close()}
    >
      <form class="help-head" method="dialog">
        <h2 id="help-title" tabindex="-1" autofocus>
          Help
        </h2>
        <input
          ref={(element) => {
            field = element;
          }}
          type="search"
          data-kept="help"
          value={query()}
          aria-label="Search Help"
          placeholder="Search: batch_size, slope, shared, ±"
          autocomplete="off"
          spellcheck={false}
          onInput={({ currentTarget }) => search(currentTarget.value)}
          onKeyDown={(event) => {
            // Enter would press “Close”, and Esc only empty the field.
            if (event.key === 'Escape') dialog?.close();
            else if (event.key !== 'Enter') return;
            event.preventDefault();
          }}
        />
        <button type="submit">Close</button>
      </form>
      <nav aria-label="Sections of Help">
        <For each={found()}>
          {({ name }) => (
            <button type="button" onClick={() => document.getElementById(idOf(name))?.scrollIntoView()}>
              {name}
            </button>
          )}
        </For>
        <Show when={isSearch()}>
          <span>{count()}</span>
        </Show>
      </nav>
      <section
        ref={(element) => {
          body = element;
        }}
        class="help-body"
        aria-label="Entries"
        tabindex="0"
      >
        <Show when={!isSearch() && active}>
          {(entry) => (
            <div class="help-here">
              <h3>The active cell, in run {run}</h3>
              <dl>
                <Entry entry={entry()} />
              </dl>
            </div>
          )}
        </Show>
        <For each={found()} fallback={<p>{nothingText(query())}</p>}>
          {(section) => (
            <section aria-labelledby={idOf(section.name)}>
              <h3 id={idOf(section.name)}>{section.name}</h3>
              <div class="help-groups" classList={{ paired: section.name === 'Keys' }}>
                <For each={section.groups}>{(group) => <Group group={group} />}</For>
              </div>
            </section>
          )}
        </For>
        <footer>On a Mac, use Cmd instead of Ctrl. Gradsheet {__VERSION__}, MIT licence.</footer>
      </section>
    </dialog>
  );
}
