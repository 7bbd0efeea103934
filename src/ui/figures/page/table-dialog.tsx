// The numbers behind a figure as a table in a dialog, from the same source as the figure's CSV file. Loaded on first use.
// Invariants: at most MOST_ROWS rows are drawn, and a line says how many there are; the focus returns to where it was.

import { For, onMount, Show } from 'solid-js';
import { counted, grouped, trueMinus } from '../../../core/text-formatting';
import { mountDialog } from '../../dom/mount-dialog';
import type { Table } from '../draw/figure';
import '../../dom/panels.css';
import './table-dialog.css';

/** The most rows that a dialog shows: a whole training by layer has thousands. */
const MOST_ROWS = 500;

/** Digits of a number in a cell; the CSV file has all of them. */
const DIGITS = 6;

const cellText = (value: string | number): string => {
  if (typeof value === 'string') return value;
  if (Number.isNaN(value)) return '–';
  return trueMinus(String(Number(value.toPrecision(DIGITS))));
};

function TableDialog(props: { title: string; table: Table; close: () => void }) {
  let dialog: HTMLDialogElement | undefined;
  let scroller: HTMLElement | undefined;
  const rows = (): Table => props.table.slice(1, 1 + MOST_ROWS);
  const all = (): number => Math.max(0, props.table.length - 1);
  onMount(() => {
    dialog?.showModal();
    scroller?.focus();
  });
  return (
    <dialog
      ref={(element) => {
        dialog = element;
      }}
      class="panel numbers"
      aria-labelledby="table-title"
      onClose={() => props.close()}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <h2 id="table-title">{props.title}</h2>
      <section
        class="numbers-rows"
        aria-label="Numbers of the figure"
        // Scrolled by the arrow keys.
        tabindex="0"
        ref={(element) => {
          scroller = element;
        }}
      >
        <table>
          <thead>
            <tr>
              <For each={props.table[0]}>
                {(name, index) => (
                  <th scope="col" classList={{ number: typeof props.table[1]?.[index()] === 'number' }}>
                    {name}
                  </th>
                )}
              </For>
            </tr>
          </thead>
          <tbody>
            <For each={rows()}>
              {(row) => (
                <tr>
                  <For each={row}>
                    {(value) => <td classList={{ number: typeof value === 'number' }}>{cellText(value)}</td>}
                  </For>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </section>
      <form class="choices" method="dialog">
        <span>
          <Show when={all() > MOST_ROWS} fallback={counted(all(), 'row')}>
            {grouped(MOST_ROWS)} of {counted(all(), 'row')}; the CSV file has all of them
          </Show>
        </span>
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}

/** Opens the dialog; when it closes, the focus returns to `button`. */
export function openTable(button: HTMLElement | undefined, title: string, table: Table): void {
  mountDialog(
    (close) => <TableDialog title={title} table={table} close={close} />,
    () => button?.focus(),
  );
}
