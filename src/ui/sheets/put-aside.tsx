// The sheets and items set aside: removed sheets, which can be restored for a while, and items that cannot be read.
// Invariants: only a person deletes an item here, by two clicks; an unreadable item can be downloaded as it is.

import { createSignal, For, type JSX, Show } from 'solid-js';
import type { UnreadableItem } from '../session/open-sheets';
import type { Heads } from './sheet-heads';
import { fullName } from './sheet-name';
import { leftText, runsText, sizeText, unreadableJson, unreadableText } from './sheet-text';

/** A button that shows and hides the content below it. */
function Fold(props: { label: string; children: JSX.Element }) {
  const [isOpen, setOpen] = createSignal(false);
  return (
    <div class="fold-line">
      <button type="button" data-item aria-expanded={isOpen()} onClick={() => setOpen(!isOpen())}>
        <span aria-hidden="true">{isOpen() ? '▾' : '▸'}</span> {props.label}
      </button>
      <Show when={isOpen()}>{props.children}</Show>
    </div>
  );
}

/** The removed sheets behind a button that shows them; `restore` receives the id of a sheet. */
export function RemovedSheets(props: { heads: Heads; restore: (id: string) => void }) {
  return (
    <Show when={props.heads.removed().length > 0}>
      <Fold label={`Removed ${props.heads.removed().length}`}>
        <ul>
          <For each={props.heads.removed()}>
            {(head) => (
              <li class="aside">
                <p>
                  {fullName(head)}
                  <span class="quiet">
                    {leftText(head.left ?? 0)} · {runsText(head.runs)}
                  </span>
                </p>
                <button
                  type="button"
                  data-item
                  aria-label={`Restore ${fullName(head)}`}
                  onClick={() => props.restore(head.id)}
                >
                  Restore
                </button>
              </li>
            )}
          </For>
        </ul>
      </Fold>
    </Show>
  );
}

/** Offers a JSON text to the browser as a download. */
function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Ten seconds are enough for the browser to read the file.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/**
 * The unreadable items behind a button that shows them; `discard` receives the storage key of an item,
 * after a second click.
 */
export function UnreadableItems(props: { heads: Heads; discard: (key: string) => void }) {
  const label = (): string => {
    const { length } = props.heads.unreadable();
    return length === 1 ? 'One item cannot be read' : `${length} items cannot be read`;
  };
  return (
    <Show when={props.heads.unreadable().length > 0}>
      <Fold label={label()}>
        <p class="quiet">The stored data stay unchanged and are never overwritten.</p>
        <ul>
          <For each={props.heads.unreadable()}>
            {(item) => <Unreadable item={item} heads={props.heads} discard={() => props.discard(item.key)} />}
          </For>
        </ul>
      </Fold>
    </Show>
  );
}

function Unreadable(props: { item: UnreadableItem; heads: Heads; discard: () => void }) {
  const { key, held } = props.item;
  const json = unreadableJson(key, held);
  const head = () => props.item.head ?? props.heads.headOf(key.slice(key.indexOf(' ') + 1));
  const [isSure, setSure] = createSignal(false);
  return (
    <li class="aside">
      <p>
        <Show when={head()} fallback={<code>{key}</code>}>
          {(known) => <>{fullName(known())}</>}
        </Show>
        <span class="quiet">
          <Show when={head()}>
            <code>{key}</code>
            {' · '}
          </Show>
          {unreadableText(props.item)} · {sizeText(new Blob([json]).size)}
        </span>
      </p>
      <span class="choices">
        <button
          type="button"
          data-item
          aria-label={`Download ${key}`}
          onClick={() => download(`gradsheet ${key}.json`, json)}
        >
          Download
        </button>
        <button
          type="button"
          aria-label={isSure() ? `Discard ${key} permanently` : `Discard ${key}`}
          classList={{ bad: isSure() }}
          onClick={() => (isSure() ? props.discard() : setSure(true))}
          onBlur={() => setSure(false)}
        >
          {isSure() ? 'Discard permanently' : 'Discard'}
        </button>
      </span>
    </li>
  );
}
