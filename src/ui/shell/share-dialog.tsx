// Shows the ways to share the sheet, for copying, in the browser's own `<dialog>`: its address, the address in full and without
// its host, a QR code, and a file. Loaded on request.
// Invariants: the dialog says for whom the address works, and reports an address that cannot be read back, before anybody sends
// the address; where the clipboard is denied, the text is selected instead.

import { createSignal, For, onMount, Show } from 'solid-js';
import { speakOf } from '../dom/announcer';
import '../dom/panels.css';
import { saveFile } from '../dom/save-file';
import type { SheetFiles } from '../session/open-sheets';
import { type QrCode, qrCode, qrFile, qrPicture } from './qr-code';
import './share.css';
import { codeText, type Reach, reachText, tooLongText } from './share-text';

/** The ways to share a sheet. */
export interface SharedSheet {
  /** The address at which the page is served, without query and fragment. */
  readonly page: string;
  /** The sheet's canonical address, with its `#`. */
  readonly address: string;
  /** The address that names every run and override; differs from `address` for the opening sheet alone. */
  readonly full: string;
  readonly reach: Reach;
  /** Whether the address can be read back. */
  readonly isReadable: boolean;
}

/** A text of the dialog that can be copied. */
interface CopyText {
  /** The name of the field, which begins with a capital letter. */
  readonly name: string;
  readonly value: string;
  readonly hint?: string | undefined;
  /** Whether the hint limits what the text can be used for. */
  readonly isLimited?: boolean;
}

function textsOf({ page, address, full, reach }: SharedSheet): readonly CopyText[] {
  return [
    { name: 'Address of this sheet', value: page + address, hint: reachText(reach), isLimited: true },
    ...(full === address
      ? []
      : [
          {
            name: 'Address in full',
            value: page + full,
            hint: 'The same sheet, with every run and setting.',
          },
        ]),
    {
      name: 'Address without its host',
      value: full,
      hint: 'To paste behind the address of any Gradsheet.',
    },
  ];
}

function CopyField(props: { text: CopyText; isFirst: boolean; say: (message: string) => void }) {
  let field: HTMLInputElement | undefined;
  const id = () => `share-${props.text.name.replaceAll(' ', '-')}`;
  onMount(() => {
    if (props.isFirst) field?.focus();
  });
  /** Selects the whole text; its beginning stays in view. */
  function select(): void {
    field?.select();
    // Some browsers scroll to the end of the selection after the event.
    requestAnimationFrame(() => field?.scrollTo({ left: 0 }));
  }
  const copy = async (): Promise<void> => {
    props.say('');
    try {
      await navigator.clipboard.writeText(props.text.value);
      props.say(`Copied: ${props.text.name.toLowerCase()}.`);
    } catch {
      field?.focus();
      select();
      props.say('The browser refused. The text is selected: press Ctrl+C.');
    }
  };
  return (
    <div class="share-field">
      <label for={id()}>{props.text.name}</label>
      <input
        ref={(element) => {
          field = element;
        }}
        id={id()}
        readonly
        aria-describedby={props.text.hint ? `${id()}-hint` : undefined}
        value={props.text.value}
        onFocus={select}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          void copy();
        }}
      />
      <button type="button" aria-label={`Copy: ${props.text.name.toLowerCase()}`} onClick={copy}>
        Copy
      </button>
      <Show when={props.text.hint}>
        <p id={`${id()}-hint`} classList={{ quiet: !props.text.isLimited }}>
          {props.text.hint}
        </p>
      </Show>
    </div>
  );
}

function Code(props: { code: QrCode; reach: Reach; say: (message: string) => void }) {
  const copy = async (): Promise<void> => {
    props.say('');
    try {
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': qrPicture(props.code) })]);
      props.say('Copied: the QR code as a picture.');
    } catch {
      props.say('The browser refused. Save the picture instead.');
    }
  };
  const save = (): void => {
    saveFile(qrFile(props.code), 'gradsheet-qr.svg');
    props.say('Saved as gradsheet-qr.svg in this browser’s downloads.');
  };
  // Whole pixels per module: a blurred edge costs a camera more than a smaller code.
  const side = () => props.code.size * Math.max(2, Math.floor(200 / props.code.size));
  return (
    <div class="share-code">
      <svg
        role="img"
        aria-label="QR code of the address"
        viewBox={`0 0 ${props.code.size} ${props.code.size}`}
        width={side()}
        height={side()}
      >
        <path d={props.code.path} />
      </svg>
      <div>
        <p class="quiet">{codeText(props.reach)}</p>
        <button type="button" onClick={copy}>
          Copy picture
        </button>
        <button type="button" onClick={save}>
          Save picture
        </button>
      </div>
    </div>
  );
}

/** Opens as a modal dialog on mount; `close` is called after the dialog has closed. `files` saves the sheet as a file. */
export function ShareDialog(props: {
  shared: SharedSheet;
  files?: SheetFiles | undefined;
  close: () => void;
}) {
  let dialog: HTMLDialogElement | undefined;
  const [message, setMessage] = createSignal('');
  speakOf('dialog', message);
  onMount(() => dialog?.showModal());
  const url = props.shared.page + props.shared.address;
  const code = qrCode(url);
  const save = async (): Promise<void> => {
    setMessage('');
    const name = await props.files?.saveSheet();
    setMessage(
      name === undefined
        ? 'The file could not be saved. Try again in a moment.'
        : `Saved as ${name} in this browser’s downloads.`,
    );
  };
  return (
    <dialog
      ref={(element) => {
        dialog = element;
      }}
      class="panel share"
      aria-labelledby="share-title"
      onClose={() => props.close()}
    >
      <h2 id="share-title">Share this sheet</h2>
      <p>
        The address holds the whole sheet. Anyone who opens the address sees the same numbers; nothing is sent
        to a server.
      </p>
      <Show when={!props.shared.isReadable}>
        <p class="bad">
          A value in this sheet is not valid. Anyone who opens the link sees an error that names the value,
          and no sheet.
        </p>
      </Show>
      <For each={textsOf(props.shared)}>
        {(text, index) => <CopyField text={text} isFirst={index() === 0} say={setMessage} />}
      </For>
      <Show when={code} fallback={<p class="quiet">{tooLongText(url.length)}</p>}>
        {(drawn) => <Code code={drawn()} reach={props.shared.reach} say={setMessage} />}
      </Show>
      <div class="share-file">
        <button type="button" onClick={save}>
          Save as file
        </button>
        <span class="quiet">Drop the file on any Gradsheet page to open it.</span>
      </div>
      <form class="choices" method="dialog">
        <span>{message()}</span>
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}
