// A menu in a figure's caption that shows the figure's numbers as a table and the calculation behind a point, and saves the figure as a file. A native popover opens
// and closes the menu.

import { createUniqueId, For, Show } from 'solid-js';
import { late, withPart } from '../../../core/late-loading';
import { placeBelow } from '../../dom/popover';
import { saveFile } from '../../dom/save-file';
import type { Table } from '../draw/figure';

const tableDialog = late(() => import('./table-dialog'));

/** A file type that a figure can be saved as. */
export interface Saving {
  readonly name: 'SVG' | 'PNG' | 'CSV';
  /** Returns the file; undefined if there is nothing to save yet. */
  make(): Blob | Promise<Blob> | undefined;
}

/** Button and menu; `file` is the name of saved files without extension, `table` gives the figure's numbers. */
export function FigureMenu(props: {
  title: string;
  file: string;
  savings: readonly Saving[];
  table: () => Table;
  /** Opens the calculation behind the marked run's point at the present epoch; absent for figures without calculations. */
  calculate?: ((button: HTMLElement | undefined) => void) | undefined;
}) {
  const menu = createUniqueId();
  let popover: HTMLDivElement | undefined;
  let button: HTMLButtonElement | undefined;

  async function save({ name, make }: Saving): Promise<void> {
    popover?.hidePopover();
    const blob = await make();
    if (blob) saveFile(blob, `${props.file}.${name.toLowerCase()}`);
  }

  return (
    <>
      <button
        ref={(element) => {
          button = element;
        }}
        type="button"
        class="save"
        popovertarget={menu}
        aria-label={`Table and files of “${props.title}”`}
        title="Table and files"
      >
        ⋯
      </button>
      <div
        ref={(element) => {
          popover = element;
        }}
        id={menu}
        popover="auto"
        class="menu"
        onToggle={() => placeBelow(popover, button)}
      >
        <button
          type="button"
          onClick={() => {
            popover?.hidePopover();
            withPart(tableDialog, ({ openTable }) => openTable(button, props.title, props.table()));
          }}
        >
          Table
        </button>
        <Show when={props.calculate}>
          {(calculate) => (
            <button
              type="button"
              onClick={() => {
                popover?.hidePopover();
                calculate()(button);
              }}
            >
              Calculation …
            </button>
          )}
        </Show>
        <For each={props.savings}>
          {(saving) => (
            <button type="button" onClick={() => save(saving)}>
              Save as {saving.name}
            </button>
          )}
        </For>
      </div>
    </>
  );
}
