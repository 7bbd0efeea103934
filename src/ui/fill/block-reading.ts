// Reads blocks from the sheet: the contents of an area's cells, with all digits, and the texts that were
// typed into them.
// Invariant: an unknown value, and a place without a cell, is blank; reading computes nothing. Knows no
// clipboard.

import type { Result } from '../../core/kinds/kind';
import { seedsParam } from '../../core/plan/param-values';
import type { RunPlan } from '../../core/plan/plan';
import { SEEDS_PATH } from '../../core/sheet/sheet';
import { memberOutcomes, rowOutcome } from '../rows/row-outcome';
import { memberNodes } from '../session/members';
import { memberReading } from '../text/cell-text';
import { readParam } from '../text/param-reading';
import { isProposal, type OwnRow, type Row, sheetRowOf } from '../text/sheet-rows';
import { summarize } from '../text/spread';
import { type Column, columnName, planOf } from '../workspace/columns';
import { NAME_ROW } from '../workspace/editing';
import type { Workspace } from '../workspace/workspace';
import type { Area, Block, BlockCell, Lines } from './block';

/** The grid's rows as block edits need them. */
export function linesOf({
  session,
  rows,
  selection,
}: Pick<Workspace, 'session' | 'rows' | 'selection'>): Lines {
  const params = new Map(rows.rows().flatMap((row) => (row.type === 'param' ? [[row.id, row]] : [])));
  return {
    ids: selection.rowIds(),
    param(id) {
      const row = params.get(id);
      if (!row) return undefined;
      return id === SEEDS_PATH ? seedsParam : session.registry.get(row.kind)?.params[row.param];
    },
    formula: (text) => session.language()?.writeOut(text) ?? text,
  };
}

/** The selected part of the grid; among other rows the proposed row, which is no row of the sheet, is left out. */
export function selectedArea({ selection, rows }: Pick<Workspace, 'selection' | 'rows'>): Area {
  const ids = selection.rows();
  return {
    runs: selection.runs(),
    columns: selection.columns(),
    rows: ids.length > 1 ? ids.filter((id) => !isProposal(rows.find(id))) : ids,
  };
}

const meanOf = (values: readonly number[]): number => summarize(values).mean;

/**
 * A result with all its digits. For a run with members: the mean over the members that have a value, for
 * a ratio the geometric mean. Empty without a value.
 */
function resultText({ session }: Pick<Workspace, 'session'>, planned: RunPlan, result: Result): string {
  const nodes = memberNodes(session.members.opened(planned), result.kind);
  const figures = session.members.states(planned.run.id, nodes).flatMap(({ outcome }) => {
    const value = outcome?.result?.value;
    return value === undefined ? [] : (result.read(value) ?? []);
  });
  const [only] = figures;
  if (figures.length < 2) return only === undefined ? '' : String(only);
  return String(result.format === 'ratio' ? Math.exp(meanOf(figures.map(Math.log))) : meanOf(figures));
}

/**
 * The value of an own row with all its digits. For a run with members: the mean of the numbers so far, or
 * for other values the text of the row's cell. Empty while the value is pending.
 */
function ownText({ session }: Pick<Workspace, 'session'>, planned: RunPlan, shown: OwnRow): string {
  const row = sheetRowOf(session.sheet(), shown);
  if (!row) return '';
  const outcomes = memberOutcomes(session, row, planned);
  const numbers = outcomes.flatMap((outcome) =>
    'value' in outcome && typeof outcome.value === 'number' ? [outcome.value] : [],
  );
  const [first] = outcomes;
  if (numbers.length > 0) return String(meanOf(numbers));
  if (outcomes.length > 1) {
    const outcome = rowOutcome(session, row, planned);
    return [outcome?.text, outcome?.over?.spread].filter(Boolean).join(' ');
  }
  if (!first || 'pending' in first) return '';
  if ('error' in first) return first.error.code;
  if ('problem' in first) return first.problem.code ?? 'blocked';
  const { value } = first;
  if (typeof value !== 'object') return String(value);
  return 'shape' in value ? '' : Array.from<number | string>(value).join(', ');
}

/** A member's cell, which takes no text and so has none of its own. */
function readMember(
  workspace: Pick<Workspace, 'session'>,
  column: Column & { readonly member: number },
  id: string,
  row: Row | undefined,
): BlockCell | undefined {
  const { session } = workspace;
  const planned = planOf(session, column);
  if (!planned) return undefined;
  if (id === NAME_ROW) return { value: `${planned.run.name} ${columnName(column.id, column.member)}` };
  if (row?.type === 'result') {
    const node = planned.cells.get(row.result.kind)?.node;
    const value = node && session.live.state(node.key).outcome?.result?.value;
    return { value: String((value === undefined ? undefined : row.result.read(value)) ?? '') };
  }
  if (row?.type === 'own') return { value: ownText(workspace, planned, row) };
  const reading = row?.type === 'param' ? readParam(session.registry, planned, row) : undefined;
  if (!reading || row?.type !== 'param') return undefined;
  return { value: memberReading(planned, row, reading, column.member).shown };
}

function readCell(workspace: Pick<Workspace, 'session'>, column: Column, id: string, row: Row | undefined) {
  const { session } = workspace;
  const { id: run, member } = column;
  if (member !== undefined) return readMember(workspace, { ...column, member }, id, row);
  const planned = session.plan().runs.get(run);
  if (!planned) return undefined;
  if (id === NAME_ROW) return { value: planned.run.name, raw: planned.run.name };
  if (row?.type === 'result') return { value: resultText(workspace, planned, row.result) };
  if (row?.type === 'own') return { value: ownText(workspace, planned, row) };
  const reading = row && readParam(session.registry, planned, row);
  if (!reading) return undefined;
  return { value: reading.shown, raw: reading.text, inherited: reading.from !== 'own' };
}

/** Reads the cells of an area as [rows][columns]; undefined in places without a cell. */
export function readBlock(workspace: Pick<Workspace, 'session' | 'rows'>, area: Area): Block {
  const rows = new Map(workspace.rows.rows().map((row) => [row.id, row]));
  const columns = area.columns ?? area.runs.map((run): Column => ({ id: run }));
  return area.rows.map((id) =>
    columns.map((column): BlockCell | undefined => readCell(workspace, column, id, rows.get(id))),
  );
}
