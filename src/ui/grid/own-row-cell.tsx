// The cell of a row of the person's own, or of the proposed row: the value of the row's formula in this run. Editing the cell
// edits the row's formula.
// Invariant: a cell with an error shows the error value and describes the error in words; a proposal that fails is silent. Knows no formulas: these load with
// the first such row.

import { createMemo, Show } from 'solid-js';
import { late } from '../../core/late-loading';
import type { Plan, RunPlan } from '../../core/plan/plan';
import { trueMinus } from '../../core/text-formatting';
import { later } from '../dom/late-signal';
import { SmallCurve } from '../dom/small-curve';
import type { RowOutcome } from '../rows/row-outcome';
import { createGradual, isLate } from '../session/gradual-values';
import { spokenNote } from '../text/cell-text';
import { type OwnRow, PROPOSED, sheetRowOf } from '../text/sheet-rows';
import type { Workspace } from '../workspace/workspace';
import { CellInput, type CellProps } from './cell-input';

const evaluation = later(late(() => import('../rows/row-outcome')));

/** The shown outcome, and the plan that it was evaluated in. */
interface ShownOutcome {
  readonly outcome?: RowOutcome;
  readonly plan?: Plan;
}

export function OwnRowCell(props: { workspace: Workspace; run: RunPlan; row: OwnRow; cell: CellProps }) {
  const { row, cell } = props;
  const { session, editing } = props.workspace;
  const id = () => props.run.run.id;
  const own = () => sheetRowOf(session.sheet(), row);
  const draft = () => {
    const current = editing.draft();
    const isHere = current?.place === 'cell' && current.run === id() && current.row === row.id;
    return isHere && cell.member === undefined ? current : undefined;
  };
  /** The last outcome stays, marked as old, until the next one is evaluated. */
  const shown = createGradual<ShownOutcome>((before) => {
    const formula = own();
    const plan = session.plan();
    const planned = plan.runs.get(id());
    if (!formula || !planned) return {};
    const outcome = evaluation()?.rowOutcome(session, formula, planned, cell.member);
    return outcome ? { outcome, plan } : before;
  }, {});
  const isOld = createMemo(() => shown().outcome !== undefined && shown().plan !== session.plan());
  const isProposed = row.proposed !== undefined;
  const outcome = () => {
    const known = shown().outcome;
    if (!known || (isProposed && known.problem)) return undefined;
    return { ...known, text: trueMinus(known.text) };
  };
  const stale = () => isOld() && (session.stale() || isLate());
  const note = () => (stale() ? 'from before this edit' : (outcome()?.note ?? ''));
  const spoken = () => {
    const { text = 'none', over } = outcome() ?? {};
    return [
      cell.name,
      isProposed ? PROPOSED : row.name,
      [text, over?.spread, over?.count].filter(Boolean).join(' '),
      spokenNote(note()),
      row.proposed,
    ]
      .filter(Boolean)
      .join(', ');
  };
  return (
    <td
      ref={cell.ref}
      aria-invalid={outcome()?.problem ? true : undefined}
      aria-label={draft() ? undefined : spoken()}
      title={note()}
      class="result own-row"
      classList={{ stale: stale(), editing: draft() !== undefined, proposed: isProposed }}
      onDblClick={cell.edit}
    >
      <Show when={draft()} fallback={<span class="text">{outcome()?.text}</span>}>
        {(current) => (
          <CellInput
            label={`Formula of the ${isProposed ? PROPOSED : `row ${row.name}`}`}
            text={current().text}
            editing={editing}
            cell={cell}
          />
        )}
      </Show>
      <Show when={!draft() && outcome()?.curve}>
        {(curve) => <SmallCurve values={curve()} log={false} />}
      </Show>
      <Show when={!draft() && outcome()?.over}>
        {(over) => (
          <span class="over">
            {' '}
            {over().spread} <span>{over().count}</span>
          </span>
        )}
      </Show>
    </td>
  );
}
