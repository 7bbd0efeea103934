// The stored data of this browser, in a dialog: the amounts by use, the budget, the removable data, and whether the browser
// keeps the data.
// Invariant: only a button that names the data removes data. Knows no storage: the panel shows a port's state.
// Loaded on request.

import { createSignal, For, onMount, Show } from 'solid-js';
import { grouped } from '../../core/text-formatting';
import { speakOf } from '../dom/announcer';
import { mountDialog } from '../dom/mount-dialog';
import { UnreadableLine, type UnreadableTrainings } from '../library/unreadable-line';
import type { FormMemory } from '../session/kept-form';
import { Budget, type BudgetPort } from './storage-budget';
import { bytesText } from './storage-text';
import '../dom/panels.css';
import './storage-panel.css';

/** Whether the browser protects the stored data from eviction when the disk is full. */
export type Persistence = 'yes' | 'no' | 'unknown';

/** A number of items, and their size in bytes. */
export interface Amount {
  readonly count: number;
  readonly bytes: number;
}

/** A sheet or training that could be removed, with the bytes that nothing else needs. */
export interface Offer {
  readonly what: 'sheet' | 'training';
  readonly name: string;
  readonly bytes: number;
}

/** Stored data as of the last measurement; all sizes in bytes. */
export interface StorageState {
  readonly results: Amount;
  readonly checkpoints: Amount;
  readonly library: Amount;
  /** Sheets together with their undo steps. */
  readonly sheets: Amount;
  /** Upper limit for results and checkpoints together. */
  readonly budget: number;
  /**
   * `free` counts the results that no sheet and no named or noted training needs; `needed` counts the
   * others.
   */
  readonly free: number;
  readonly needed: number;
  /** Whether new results are kept in memory only. */
  readonly full: boolean;
  readonly offers: readonly Offer[];
  readonly persistence: Persistence;
  /** The browser's own figures for the whole site. */
  readonly used?: number;
  readonly quota?: number;
}

/** Storage as the panel needs it. No operation rejects; `trouble` describes the last failure. */
export interface StoragePort extends BudgetPort {
  state(): StorageState | undefined;
  trouble(): string | undefined;
  measure(): Promise<void>;
  free(): Promise<void>;
  /** Asks the browser to protect the stored data from eviction. */
  keep(): Promise<void>;
  readonly unreadable?: UnreadableTrainings | undefined;
}

const FREEING = 'Freeing …';

const PERSISTENCE: Readonly<Record<Persistence, string>> = {
  yes: 'The browser keeps the data until you remove them.',
  no: 'The browser may remove all data when the disk is full.',
  unknown: 'The browser does not say whether it keeps the data when the disk is full.',
};

function Amounts(props: { state: StorageState }) {
  const rows = () =>
    [
      ['Results', props.state.results],
      ['Checkpoints of trainings', props.state.checkpoints],
      ['Library', props.state.library],
      ['Sheets and their undo steps', props.state.sheets],
    ] as const;
  return (
    <table>
      <caption>
        Results and checkpoints: {bytesText(props.state.results.bytes + props.state.checkpoints.bytes)} of{' '}
        {bytesText(props.state.budget)}.
      </caption>
      <tbody>
        <For each={rows()}>
          {([what, amount]) => (
            <tr>
              <th scope="row">{what}</th>
              <td>{grouped(amount.count)}</td>
              <td>{bytesText(amount.bytes)}</td>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}

/**
 * Opens as a modal dialog on mount and measures the storage; `close` is called after the dialog has
 * closed.
 */
export function StoragePanel(props: {
  port: StoragePort;
  memory?: FormMemory | undefined;
  close: () => void;
}) {
  let dialog: HTMLDialogElement | undefined;
  let heading: HTMLHeadingElement | undefined;
  const [message, setMessage] = createSignal('');
  const { port } = props;
  speakOf('dialog', () => port.trouble() ?? (message() === FREEING ? undefined : message()));
  onMount(() => {
    dialog?.showModal();
    // The focus must not be on a button that removes data.
    heading?.focus();
    void port.measure();
  });

  async function free(state: StorageState): Promise<void> {
    setMessage(FREEING);
    const before = state.results.bytes + state.checkpoints.bytes;
    await port.free();
    const after = port.state();
    const freed = before - (after ? after.results.bytes + after.checkpoints.bytes : before);
    setMessage(port.trouble() ? '' : `Freed ${bytesText(freed)}.`);
  }

  return (
    <dialog
      ref={(element) => {
        dialog = element;
      }}
      class="panel storage-panel"
      aria-labelledby="storage-title"
      onClose={() => props.close()}
    >
      <h2
        id="storage-title"
        tabindex={-1}
        ref={(element) => {
          heading = element;
        }}
      >
        Stored in this browser
      </h2>
      <Show when={port.trouble()}>{(message) => <p class="bad">{message()}</p>}</Show>
      <Show when={port.state()} fallback={<p>{port.trouble() ? '' : 'Looking …'}</p>}>
        {(state) => (
          <>
            <Amounts state={state()} />
            <Show when={state().full}>
              <p class="bad">
                Your sheets and your named or noted trainings need {bytesText(state().needed)}, more than the
                budget. New results stay in memory until this page is closed. Raise the budget, or remove some
                of these:
              </p>
              <ul>
                <For each={state().offers}>
                  {({ what, name, bytes }) => (
                    <li>
                      {what} “{name}”: {bytesText(bytes)} not needed by anything else
                    </li>
                  )}
                </For>
              </ul>
            </Show>
            <button
              type="button"
              aria-disabled={state().free === 0}
              onClick={() => state().free > 0 && free(state())}
            >
              {state().free > 0
                ? `Free ${bytesText(state().free)} that no sheet and no named or noted training needs`
                : 'Nothing to free: sheets and named or noted trainings need all results'}
            </button>
            <Budget port={port} budget={state().budget} memory={props.memory} />
            <p>
              {PERSISTENCE[state().persistence]}{' '}
              <Show when={state().persistence === 'no'}>
                <button type="button" onClick={() => void port.keep()}>
                  Ask the browser to keep the data
                </button>
              </Show>
              <Show when={state().used}>
                {(used) => ` The browser counts ${bytesText(used())} for this site`}
              </Show>
              <Show when={state().used && state().quota}>
                {(quota) => `, of ${bytesText(quota())} allowed`}
              </Show>
              {state().used ? '.' : ''}
            </p>
          </>
        )}
      </Show>
      <Show when={port.unreadable?.count().all ? port.unreadable : undefined}>
        {(unreadable) => <UnreadableLine unreadable={unreadable()} />}
      </Show>
      <form class="choices" method="dialog">
        <span>{message()}</span>
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}

/** Opens the panel. When the panel closes, the focus returns to the button. */
export function openStorage(button: HTMLElement, port: StoragePort, memory?: FormMemory): void {
  mountDialog(
    (close) => <StoragePanel port={port} memory={memory} close={close} />,
    () => button.focus(),
  );
}
