// The grid's first column: the name of each row, with a button if there is something to fold; and the corner.
// Invariant: the contents follow from the rows; the headers hold no state.

import { Show } from 'solid-js';
import { late, withPart } from '../../core/late-loading';
import { words } from '../../core/text-formatting';
import { openRow } from '../rows/row-loading';
import { rowMeaning } from '../text/meaning-text';
import { PROPOSED, type Row } from '../text/sheet-rows';
import { quietWords } from '../workspace/quiet-words';
import type { Rows } from '../workspace/row-list';
import type { Workspace } from '../workspace/workspace';

const explanation = late(() => import('../dom/explanation'));

export function RowHeader(props: { row: Row; workspace: Workspace }) {
  const { row, workspace } = props;
  const { rows } = workspace;
  const meaning = rowMeaning(workspace.session.registry, row) ?? [];
  switch (row.type) {
    case 'param':
    case 'result': {
      const label = row.type === 'param' ? words(row.param) : row.result.label;
      return (
        <th scope="row" aria-colindex="1">
          <button
            type="button"
            class="row-label"
            tabindex="-1"
            title={meaning.join('\n')}
            // The focus stays in its cell.
            onMouseDown={(event) => event.preventDefault()}
            onClick={({ currentTarget }) =>
              withPart(explanation, ({ explain }) => explain(currentTarget, label, meaning))
            }
          >
            {label}
          </button>
        </th>
      );
    }
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
            onClick={() => openRow(workspace.session, row)}
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
        <th scope="row" aria-colindex="1" aria-label={row.id}>
          <div class="group-head">
            <button
              type="button"
              tabindex="-1"
              aria-expanded={!rows.folded().has(row.id)}
              title={meaning.join('\n')}
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
      aria-label={`${isOpened() ? '−' : '+'}${quietWords(rows, props.kind)}`}
      title={quietWords(rows, props.kind)}
      onClick={() => rows.toggleQuiet(props.kind)}
    >
      {text()}
    </button>
  );
}

/** The corner, with a button that hides the params that are alike in all runs. */
export function Corner(props: { rows: Rows }) {
  return (
    <td class="corner" aria-colindex="1">
      <button
        type="button"
        aria-pressed={props.rows.differing()}
        title="Hide the params that are alike in all runs"
        onClick={() => props.rows.setDiffering(!props.rows.differing())}
      >
        Only differences
      </button>
    </td>
  );
}
