// The grid's first column: the name of each row, with a button if there is something to fold; and the corner.
// Invariant: the contents follow from the rows; the headers hold no state.

import { late, withPart } from '../../core/late-loading';
import { words } from '../../core/text-formatting';
import { openRow } from '../rows/row-opening';
import { rowMeaning } from '../text/meaning-text';
import type { Row } from '../text/sheet-rows';
import type { Rows } from '../workspace/row-list';
import type { Workspace } from '../workspace/workspace';

const explanation = late(() => import('../dom/explanation'));

export function RowHeader(props: { row: Row; workspace: Workspace }) {
  const { row, workspace } = props;
  const { rows } = workspace;
  const isOpen = (): boolean => row.type === 'kind' && !rows.folded().has(row.kind);
  const meaning = rowMeaning(workspace.session.registry, row) ?? [];
  if (row.type === 'param' || row.type === 'result') {
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
  const text = (): string => {
    if (row.type === 'kind') return row.kind;
    if (row.type === 'own') return row.name;
    return row.type === 'add' ? 'add a row' : moreText(row);
  };
  return (
    <th scope="row" aria-colindex="1">
      <button
        type="button"
        tabindex="-1"
        aria-expanded={row.type === 'kind' ? isOpen() : row.type === 'more' ? row.hidden === 0 : undefined}
        aria-label={row.type === 'more' ? moreName(row) : undefined}
        title={row.type === 'own' ? 'Rename, move or remove this row' : meaning.join('\n')}
        onClick={() =>
          row.type === 'own' || row.type === 'add' ? openRow(workspace.session, row) : rows.toggle(row)
        }
      >
        {row.type === 'kind' && (
          <span class="fold" aria-hidden="true">
            {isOpen() ? '▾' : '▸'}
          </span>
        )}
        {text()}
      </button>
    </th>
  );
}

/** Label of the line that folds quiet params: "9 at default", "12 identical", "fewer". */
const moreText = ({ hidden, identical }: Row & { type: 'more' }): string =>
  hidden === 0 ? 'fewer' : `${hidden} ${identical ? 'identical' : 'at default'}`;

/** Name of that line for assistive technology, which begins with the visible label: "2 at default, params of dataset". */
export const moreName = (row: Row & { type: 'more' }): string => `${moreText(row)}, params of ${row.kind}`;

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
