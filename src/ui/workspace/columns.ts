// The columns of the grid: one a run, and behind an expanded run one for each of its members.
// Invariant: an unchanged column is the same object as before, so that nothing is drawn for it again.
// Knows no rows and no widths.

import { createMemo, createSignal } from 'solid-js';
import type { Cells, RunPlan } from '../../core/plan/plan';
import type { RunId } from '../../core/sheet/sheet';
import type { Active } from '../session/cursor';
import type { SessionDocument } from '../session/document';

/** A column: a run's own, or that of one of its members. */
export interface Column {
  readonly id: RunId;
  readonly member?: number;
}

/** What a column is called, and known by: "A", or "A[3]". */
export const columnName = (run: RunId, member?: number): string =>
  member === undefined ? run : `${run}[${member}]`;

/** The cell of a column in a row. */
export const cellIn = ({ id, member }: Column, row: string): Active =>
  member === undefined ? { run: id, row } : { run: id, row, member };

/** The column in which a cell stands. */
export const columnAt = ({ run, member }: Active): Column =>
  member === undefined ? { id: run } : { id: run, member };

/** A member as a run of its own: what it shares is the run's, and its cells are its own. */
function memberPlan(run: RunPlan, member: number): RunPlan {
  const cells: Cells = run.member(member);
  return { ...run, seeds: { ...run.seeds, count: 1 }, cells, member: () => cells };
}

/** The plan of a column; undefined once its run is gone. */
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
    /** Where a column stands, 0 being the first; -1 where it is not shown. */
    indexOf: (run: RunId, member?: number): number => places().get(columnName(run, member)) ?? -1,
    /** The column in which a cell stands: that of the run where its member's is not shown. */
    placeOf: ({ run, member }: Active): number =>
      places().get(columnName(run, member)) ?? places().get(run) ?? 0,
    isExpanded: (id: RunId): boolean => expanded().has(id),
    /** Shows a run's members, or no longer. */
    toggle: (id: RunId) =>
      setExpanded((before) =>
        before.has(id) ? new Set([...before].filter((other) => other !== id)) : new Set(before).add(id),
      ),
  };
}

export type Columns = ReturnType<typeof createColumns>;
