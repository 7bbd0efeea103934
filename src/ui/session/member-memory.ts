// Remembers the outcomes of rows in members of runs, so that a thousand members are not evaluated again when one member
// finishes.
// Invariant: an outcome is valid while the cells, runs and rows that it was read from are the same objects and texts; only
// values and errors of formulas are remembered. Knows no session.

import { evaluateRow, type RowSource, rowsOf } from '../../core/formulas/row-values';
import type { Referred } from '../../core/plan/language';
import type { Cells, RunPlan } from '../../core/plan/plan';
import type { RunId, SheetRow } from '../../core/sheet/sheet';

/**
 * Dependencies of a row's value besides its own run: the texts of the row and of all rows that it reads, and
 * the runs that these texts name.
 */
export interface Reads {
  readonly text: string;
  readonly runs: readonly (RunPlan | undefined)[];
  /** Whether the row reads no other row and no named run. */
  readonly isLocal: boolean;
}

/** The same dependencies with the ids of the named runs, independent of a plan. */
interface Named extends Omit<Reads, 'runs'> {
  readonly runs: readonly RunId[];
}

/**
 * Dependencies by the sheet's rows, then by row name and formula; cached because each cell of a row asks for
 * them.
 */
const followed = new WeakMap<object, Map<string, Named>>();

/**
 * The dependencies of a row, through all rows that it reads; undefined if the row's formula cannot be parsed.
 */
export function readsOf(source: RowSource, row: SheetRow): Reads | undefined {
  const all = rowsOf(source);
  if (all.parse(row.formula).error) return undefined;
  const known = followed.get(all) ?? new Map<string, Named>();
  followed.set(all, known);
  const id = `${row.name}${row.formula}`;
  const named = known.get(id) ?? follow(all, row);
  known.set(id, named);
  return { ...named, runs: named.runs.map((run) => source.plan.runs.get(run)) };
}

function follow({ byName, parse }: ReturnType<typeof rowsOf>, row: SheetRow): Named {
  const rows = new Map([['', row]]);
  const named = new Set<RunId>();
  // The map grows while it is walked.
  for (const { formula } of rows.values()) {
    for (const { what, run, name } of parse(formula).formula?.references ?? []) {
      if (run !== undefined) named.add(run);
      const read = what === 'row' && byName.get(name);
      if (read) rows.set(name, read);
    }
  }
  return {
    text: [...rows.values()].map(({ name, formula }) => `${name}${formula}`).join('\n'),
    runs: [...named],
    isLocal: named.size === 0 && rows.size === 1,
  };
}

const MAX_REMEMBERED = 200;

/**
 * Outcomes by the member's cells, an object that belongs to one member of one planned run, then by the text
 * of the dependencies.
 */
const remembered = new WeakMap<Cells, Map<string, Pick<Reads, 'runs'> & { readonly outcome: Referred }>>();

/**
 * Outcome of a row in one member. `reads` is the result of `readsOf` for the row, the same for all members;
 * without it, nothing is remembered.
 */
export function memberOutcome(
  source: RowSource,
  row: SheetRow,
  run: RunPlan,
  member: number,
  reads: Reads | undefined,
): Referred {
  if (!reads) return evaluateRow(source, row, run, member);
  const cells = run.member(member);
  const known = remembered.get(cells) ?? new Map();
  const { runs, outcome: before } = known.get(reads.text) ?? {};
  if (before && reads.runs.every((other, index) => other === runs?.[index])) return before;
  const outcome = evaluateRow(source, row, run, member);
  // A failure may be temporary, so only values and errors of formulas are remembered.
  if (!('value' in outcome || 'error' in outcome)) return outcome;
  if (known.size >= MAX_REMEMBERED) known.clear();
  remembered.set(cells, known.set(reads.text, { runs: reads.runs, outcome }));
  return outcome;
}
