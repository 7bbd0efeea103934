// A param's cell: its text, the origin of the text, and its problem; a number can be dragged.
// Invariant: a press that does not move is a click, and selects. A member's cell shows the member's text, and is not editable.

import { createMemo, Show } from 'solid-js';
import { isFormula } from '../../core/plan/param-values';
import type { RunPlan } from '../../core/plan/plan';
import { words } from '../../core/text-formatting';
import { scrubbing } from '../scrub/scrub-loading';
import { cellText, memberReading, noEffectText, spokenParam } from '../text/cell-text';
import { ORIGIN_TEXTS } from '../text/mark-text';
import { readParam } from '../text/param-reading';
import type { Row } from '../text/sheet-rows';
import type { Workspace } from '../workspace/workspace';
import { CellInput, type CellProps } from './cell-input';

/** A text that is a number, and stands at the right. */
const NUMERIC = /^[−-]?\.?\d/;

/** Characters that fit into a cell; a longer text is shown as a tooltip. */
const FITS = 12;

export function ParamCell(props: {
  workspace: Workspace;
  run: RunPlan;
  row: Row & { type: 'param' };
  cell: CellProps;
}) {
  const { row, cell } = props;
  const { session, editing } = props.workspace;
  const id = () => props.run.run.id;
  const reading = createMemo(() => {
    const known = readParam(session.registry, props.run, row);
    return known && cell.member !== undefined ? memberReading(props.run, row, known, cell.member) : known;
  });
  const draft = () => {
    const current = cell.member === undefined ? editing.draft() : undefined;
    return current?.place === 'cell' && current.run === id() && current.row === row.id ? current : undefined;
  };
  const shown = () => {
    const known = reading();
    return known && cellText(known);
  };
  const idle = () => noEffectText(session.registry, props.run, row);
  const number = createMemo(() =>
    cell.member === undefined ? scrubbing()?.scrubbable(session, id(), row) : undefined,
  );
  const title = () => {
    const { problem, text = '', shown: full = '', from = 'default' } = reading() ?? {};
    const whole = text.length > FITS || text !== full ? text : undefined;
    const exact = full === shown() ? undefined : full;
    return problem?.message ?? [whole, exact, idle(), ORIGIN_TEXTS[from].about].filter(Boolean).join(' · ');
  };
  return (
    <td
      ref={cell.ref}
      aria-invalid={reading()?.problem ? true : undefined}
      aria-label={draft() ? undefined : spokenParam(cell.name, row, props.run, reading(), idle())}
      title={title()}
      // Not by `class`, which takes away what a class list has set.
      classList={{
        own: reading()?.from === 'own',
        inherited: reading()?.from === 'inherited',
        default: reading()?.from === 'default',
        idle: idle() !== undefined,
        editing: draft() !== undefined,
        number: number() !== undefined,
        formula: isFormula(reading()?.text ?? ''),
        numeric: NUMERIC.test(reading()?.shown ?? ''),
      }}
      onPointerDown={(event) => {
        if (number() && !draft()) scrubbing()?.followPress(event, session, event.currentTarget, number);
      }}
      onDblClick={cell.edit}
    >
      <Show when={draft()} fallback={<span class="text">{shown()}</span>}>
        {(current) => (
          <CellInput
            label={`${words(row.param)} of ${id()}`}
            text={current().text}
            editing={editing}
            cell={cell}
          />
        )}
      </Show>
    </td>
  );
}
