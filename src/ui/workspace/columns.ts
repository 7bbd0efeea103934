// The columns of the grid: one a run, and behind an expanded run one for each of its members.
// Invariant: an unchanged column is the same object as before, so that nothing is drawn for it again.
// Knows no rows and no widths.

import { createMemo, createSignal } from 'solid-js';
import type { Cells, RunPlan } from '../../core/plan/plan';
import type { RunId } from '../../core/sheet/sheet';
import type { Active } from '../session/cursor';
import type { SessionDocument } from '../session/document';

/** A column of the grid: a run, or one member of an expanded run. */
export interface Column {
  readonly id: RunId;
  readonly member?: number;
}

/** Name of a column, unique in the sheet: "A" for a run, "A[3]" for a member. */
export const columnName = (run: RunId, member?: number): string =>
  member === undefined ? run : `${run}[${member}]`;

/** The cell of a column in a row. */
export const cellIn = ({ id, member }: Column, row: string): Active =>
  member === undefined ? { run: id, row } : { run: id, row, member };

/** The column of a cell. */
export const columnAt = ({ run, member }: Active): Column =>
  member === undefined ? { id: run } : { id: run, member };

/** The plan of a member as a run with one member: the member's cells, and the settings of its run. */
function memberPlan(run: RunPlan, member: number): RunPlan {
  const cells: Cells = run.member(member);
  return { ...run, seeds: { ...run.seeds, count: 1 }, cells, member: () => cells };
}

/**
 * The plan of a column; undefined if the sheet has no such run. A member beyond the run's count gets the plan
 * of the run.
 */
export function planOf(session: SessionDocument, { id, member }: Column): RunPlan | undefined {
  const run = session.plan().runs.get(id);
  return run && member !== undefined && member < run.seeds.count ? memberPlan(run, member) : run;
}

/** The columns of the session's sheet, from left to right. */
export function createColumns(session: SessionDocument) {
  const [expanded, setExpanded] = createSignal<ReadonlySet<RunId>>(new Set());
  const known = new Map<string, Column>();
  const columnOf = (id: RunId, member?: number): Column => {
    const name = columnName(id, member);
    let column = known.get(name);
    if (!column) {
      column = member === undefined ? { id } : { id, member };
      known.set(name, column);
    }
    return column;
  };
  const members = (id: RunId): number => session.plan().runs.get(id)?.seeds.count ?? 1;

  const all = createMemo<readonly Column[]>((before) => {
    const open = expanded();
    const next = session
      .sheet()
      .runs.flatMap(({ id }) => [
        columnOf(id),
        ...(open.has(id) && members(id) > 1
          ? Array.from({ length: members(id) }, (_, index) => columnOf(id, index))
          : []),
      ]);
    return next.length === before.length && next.every((column, at) => column === before[at]) ? before : next;
  }, []);
  const places = createMemo(
    () => new Map(all().map((column, at) => [columnName(column.id, column.member), at])),
  );

  return {
    all,
    /** Index of a column, from 0 at the left; -1 if the column is not shown. */
    indexOf: (run: RunId, member?: number): number => places().get(columnName(run, member)) ?? -1,
    /** Index of a cell's column: the column of the run if the member's is not shown, and 0 if neither is. */
    placeOf: ({ run, member }: Active): number =>
      places().get(columnName(run, member)) ?? places().get(run) ?? 0,
    isExpanded: (id: RunId): boolean => expanded().has(id),
    /** Shows the members of a run, or hides them. */
    toggle: (id: RunId) =>
      setExpanded((before) =>
        before.has(id) ? new Set([...before].filter((other) => other !== id)) : new Set(before).add(id),
      ),
  };
}

export type Columns = ReturnType<typeof createColumns>;
