// The list of all keys in the browser's own `<dialog>`; Esc closes the dialog and returns the focus.
// Invariant: the list is made from the same table that handles the grid's keys.

import { For, onMount } from 'solid-js';
import { KEYS } from '../grid/grid-keys';
import './key-list.css';

/** Opens as a modal dialog on mount; `close` is called after the dialog has closed. */
export function KeyList(props: { close: () => void }) {
  let dialog: HTMLDialogElement | undefined;
  onMount(() => dialog?.showModal());
  return (
    <dialog
      ref={(element) => {
        dialog = element;
      }}
      class="key-list"
      aria-labelledby="keys-title"
      onClose={() => props.close()}
    >
      {/* The focus is at the start of the list, because a screen reader begins to read at the focus. */}
      <h2 id="keys-title" tabindex="-1" autofocus>
        Keys
      </h2>
      <div class="key-groups">
        <For each={KEYS}>
          {({ group, keys }) => (
            <section>
              <h3>{group}</h3>
              <dl>
                <For each={keys}>
                  {({ chords, shown, words }) => (
                    <div>
                      <dt data-chords={chords.join(' ')}>
                        <For each={shown}>{(key) => <kbd>{key}</kbd>}</For>
                      </dt>
                      <dd>{words}</dd>
                    </div>
                  )}
                </For>
              </dl>
            </section>
          )}
        </For>
      </div>
      <form method="dialog">
        <span>On a Mac, use Cmd instead of Ctrl.</span>
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}
