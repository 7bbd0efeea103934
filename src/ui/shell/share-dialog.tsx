// Shows the sheet's address, for copying, in the browser's own `<dialog>`. Loaded on request.
// Invariant: the dialog reports an address that cannot be read back, before anybody sends the address.

import { createSignal, onMount, Show } from 'solid-js';
import '../dom/panels.css';

/** Opens as a modal dialog on mount; `close` is called after the dialog has closed. */
export function ShareDialog(props: {
  link: { readonly url: string; readonly readable: boolean };
  close: () => void;
}) {
  let dialog: HTMLDialogElement | undefined;
  let field: HTMLInputElement | undefined;
  const [message, setMessage] = createSignal('');
  onMount(() => {
    dialog?.showModal();
    field?.select();
  });
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(props.link.url);
      setMessage('Copied.');
    } catch {
      field?.select();
      setMessage('Press Ctrl+C to copy it.');
    }
  };
  return (
    <dialog
      ref={(element) => {
        dialog = element;
      }}
      class="panel"
      aria-labelledby="share-title"
      onClose={() => props.close()}
    >
      <h2 id="share-title">Share this sheet</h2>
      <p>
        The address holds the whole sheet. Anyone who opens the address sees the same numbers; nothing is sent
        to a server.
      </p>
      <Show when={!props.link.readable}>
        <p class="bad">
          A value in this sheet is not valid. Anyone who opens the link sees an error that names the value,
          and no sheet.
        </p>
      </Show>
      <input
        ref={(element) => {
          field = element;
        }}
        readonly
        aria-label="Address of this sheet"
        value={props.link.url}
      />
      <form class="choices" method="dialog">
        <span role="status">{message()}</span>
        <button type="button" onClick={copy}>
          Copy
        </button>
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}
