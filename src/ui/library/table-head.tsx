// The head of the library's table: the column of the sort order, and the checkbox that chooses all shown rows.
// Invariant: at most one column is marked as sorted, in words that assistive technology reads.

import { createEffect, createMemo, For, Show } from 'solid-js';
import { type Column, firstOrder, type Lineage, type Order, RESULTS } from './lineages/library-model';

const COLUMNS: readonly { readonly name?: Column; readonly words: string; readonly class: string }[] = [
  { name: 'name', words: 'name', class: 'library-name' },
  { name: 'when', words: 'when', class: 'library-when' },
  { words: 'not at default', class: 'library-params' },
  ...RESULTS.map(({ name, words }) => ({ name, words, class: 'library-figure' })),
  { words: 'loss curve', class: 'library-small' },
  { words: 'actions', class: 'library-actions' },
];

/** Number of cells in a row, including the checkbox. */
export const COLUMN_COUNT = COLUMNS.length + 1;

/** The row of column headers. */
export function TableHead(props: {
  order: Order;
  /** The shown lineages. */
  lineages: readonly Lineage[];
  chosen: ReadonlySet<string>;
  onOrder(order: Order): void;
  onChoose(keys: readonly string[], chosen: boolean): void;
}) {
  const sortOf = (column: Column): 'ascending' | 'descending' | undefined =>
    props.order.column !== column ? undefined : props.order.descending ? 'descending' : 'ascending';
  const sortBy = (column: Column): void => {
    const { order } = props;
    props.onOrder(order.column === column ? { column, descending: !order.descending } : firstOrder(column));
  };
  const allChosen = createMemo(() => props.lineages.every(({ key }) => props.chosen.has(key)));
  const someChosen = createMemo(() => props.lineages.some(({ key }) => props.chosen.has(key)));

  return (
    <thead>
      <tr aria-rowindex={1}>
        <td class="library-choice">
          <label class="library-box">
            <input
              type="checkbox"
              aria-label="Choose all shown"
              checked={allChosen()}
              ref={(box) =>
                createEffect(() => {
                  box.indeterminate = someChosen() && !allChosen();
                })
              }
              onClick={(event) =>
                props.onChoose(
                  props.lineages.map(({ key }) => key),
                  event.currentTarget.checked,
                )
              }
            />
          </label>
        </td>
        <For each={COLUMNS}>
          {(column) => (
            <th scope="col" class={column.class} aria-sort={column.name && sortOf(column.name)}>
              <Show when={column.name} fallback={<span>{column.words}</span>}>
                {(name) => (
                  <button type="button" onClick={() => sortBy(name())}>
                    {column.words}
                    <span aria-hidden="true" class="library-arrow">
                      {sortOf(name()) === 'ascending' ? '↑' : sortOf(name()) ? '↓' : ''}
                    </span>
                  </button>
                )}
              </Show>
            </th>
          )}
        </For>
      </tr>
    </thead>
  );
}
