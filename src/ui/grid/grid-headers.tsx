// The grid's first column: the name of each row, with a button if there is something to fold; and the corner.
// Invariant: the contents follow from the rows; the headers hold no state.

import { Show } from 'solid-js';
import { late, withPart } from '../../core/late-loading';
import { words } from '../../core/text-formatting';
import { type OwnRow, PROPOSED, type Row } from '../text/sheet-rows';
import type { Rows } from '../workspace/row-list';
import type { Workspace } from '../workspace/workspace';

const rowPanel = late(() => import('../rows/row-panel'));

let isOpening = false;

/** Opens the panel of a row of formulas; for the proposed row, the panel of a new row. */
export function openRow(workspace: Workspace, row: OwnRow): void {
  // A double click must not open the panel twice.
  if (isOpening || document.querySelector('dialog[open]')) return;
  isOpening = true;
  const done = (): void => {
    isOpening = false;
  };
  withPart(rowPanel, ({ openRowPanel }) =>
    openRowPanel(workspace.session, row.proposed === undefined ? row.name : undefined),
  );
  rowPanel().then(done, done);
}

export function RowHeader(props: { row: Row; workspace: Workspace }) {
  const { row, workspace } = props;
  const { rows } = workspace;
  switch (row.type) {
    case 'param':
    case 'result':
      return (
        <th scope="row" aria-colindex="1">
          {row.type === 'param' ? words(row.param) : row.result.label}
        </th>
      );
    case 'own':
      return (
        <th scope="row" aria-colindex="1">
          <button
            type="button"
            tabindex="-1"
            title={
              row.proposed === undefined
                ? 'Rename, move or remove this row'
                : 'Name a row, and type its formula'
            }
            onClick={() => openRow(workspace, row)}
          >
            {row.proposed === undefined ? row.name : PROPOSED}
            <Show when={row.proposed}>
              {(formula) => <span class="formula"> {formulaText(formula())}</span>}
            </Show>
          </button>
        </th>
      );
    default:
      return (
        <th scope="row" aria-colindex="1">
          <div class="group-head">
            <button
              type="button"
              tabindex="-1"
              aria-expanded={!rows.folded().has(row.id)}
              onClick={() => rows.toggle(row)}
            >
              <span class="fold" aria-hidden="true">
                {rows.folded().has(row.id) ? '▸' : '▾'}
              </span>
              {row.id}
            </button>
            <Show when={row.type === 'kind' && !rows.folded().has(row.id) && rows.quiet(row.id) > 0}>
              <QuietChip kind={row.id} workspace={workspace} />
            </Show>
          </div>
        </th>
      );
  }
}

/** A formula as the page writes it, with a true minus. */
const formulaText = (formula: string): string => formula.replace(/^=\s*/, '= ').replaceAll(' - ', ' − ');

/**
 * The chip "+2" in a group's label, which shows the quiet params of the group, or "−2", which hides them. A
 * tab stop while the group's row is active, as the menu of the active run is.
 */
function QuietChip(props: { kind: string; workspace: Workspace }) {
  const { rows, session } = props.workspace;
  const isOpened = () => rows.opened().has(props.kind);
  const text = () => `${isOpened() ? '−' : '+'}${rows.quiet(props.kind)}`;
  return (
    <button
      type="button"
      class="chip"
      tabindex={session.active().row === props.kind && session.active().member === undefined ? 0 : -1}
      aria-expanded={isOpened()}
      aria-label={`${text()} ${quietName(rows, props.kind)}`}
      title={quietName(rows, props.kind)}
      onClick={() => rows.toggleQuiet(props.kind)}
    >
      {text()}
    </button>
  );
}

/** What the chip does: "params of dataset at default: show". */
export const quietName = (rows: Rows, kind: string): string =>
  `params of ${kind} ${rows.differing() ? 'alike in all runs' : 'at default'}: ${rows.opened().has(kind) ? 'hide' : 'show'}`;

/** The corner, with a button that folds away the rows in which all runs are equal. */
export function Corner(props: { rows: Rows }) {
  return (
    <td class="corner" aria-colindex="1">
      <button
        type="button"
        aria-pressed={props.rows.differing()}
        title="Show only the rows in which runs differ"
        onClick={() => props.rows.setDiffering(!props.rows.differing())}
      >
        Only differences
      </button>
    </td>
  );
}
