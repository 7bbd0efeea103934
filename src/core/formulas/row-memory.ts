// Remembers the value of a row in a run together with everything that the row read.
// Invariant: a remembered value is used only while each of its reads still yields the same; the outcome of a formula is a function
// of its reads, so evaluating again would give the same value. Knows no formulas.

import type { Plain } from '../kinds/value';
import type { FormulaValue, Referred } from '../plan/language';
import type { Node } from '../plan/node';
import type { RunPlan } from '../plan/plan';
import type { RunId, SheetRow } from '../sheet/sheet';

/** The outcome of a cell's node for a row: a value, a problem, or no value yet. */
export type Held =
  | Exclude<Referred, { value: FormulaValue } | { error: unknown }>
  | { readonly value: Plain };

/** One read of a row: the outcome of a node, or the plan of a run that the formula names. */
export type Read =
  | { readonly node: Node; readonly run: RunId; readonly member: number | undefined; readonly held: Held }
  | { readonly id: RunId; readonly plan: RunPlan | undefined };

/**
 * A row's outcome and its reads, those of other rows that it reads included. `reads` is undefined
 * if there are too many to keep.
 */
export interface Evaluated {
  readonly outcome: Referred;
  readonly reads: readonly Read[] | undefined;
}

/** The most reads that are kept: comparing more takes as long as evaluating again. */
const MAX_READS = 256;

/** Collects the distinct reads of one evaluation. Rows that read only one other row share its list. */
export class Trail {
  #shared: readonly Read[] | undefined;
  #own: Map<string, Read> | undefined;
  #isTooLong = false;

  add(read: Read): void {
    if (this.#isTooLong) return;
    this.#own ??= new Map(this.#shared?.map((other) => [idOf(other), other]));
    this.#own.set(idOf(read), read);
    if (this.#own.size > MAX_READS) this.#isTooLong = true;
  }

  /** Adds the reads of another row that this row reads. */
  join({ reads }: Evaluated): void {
    if (!reads) this.#isTooLong = true;
    else if (!this.#own && (this.#shared ?? reads) === reads) this.#shared = reads;
    else for (const read of reads) this.add(read);
  }

  reads(): readonly Read[] | undefined {
    if (this.#isTooLong) return undefined;
    return this.#own ? [...this.#own.values()] : (this.#shared ?? []);
  }
}

const idOf = (read: Read): string =>
  'id' in read ? read.id : `${read.run}[${read.member ?? ''}].${read.node.key}`;

/** Whether two outcomes of one node are equal. */
export function sameHeld(a: Held, b: Held): boolean {
  if (a === b) return true;
  if ('value' in a) return 'value' in b && a.value === b.value;
  if ('pending' in a) return 'pending' in b;
  if (!('problem' in b)) return false;
  const [one, other] = [a.problem, b.problem];
  return one.kind === other.kind && one.cell === other.cell && one.message === other.message;
}

/** The remembered outcomes of one planned run, by row and member; valid only for the same `rows` object. */
interface Known {
  readonly rows: object;
  readonly outcomes: Map<SheetRow, Evaluated[]>;
}

/** A WeakMap, so that the outcomes are freed with the planned run. */
const remembered = new WeakMap<RunPlan, Known>();

/**
 * The last outcome of a row for a run and member; undefined if there is none. `rows` must be the same object
 * while the sheet's rows and language are the same.
 */
export const recall = (rows: object, row: SheetRow, run: RunPlan, member: number): Evaluated | undefined => {
  const known = remembered.get(run);
  return known?.rows === rows ? known.outcomes.get(row)?.[member] : undefined;
};

/** Remembers the outcome of a row for a run and member; replaces the outcome before. */
export function remember(rows: object, row: SheetRow, run: RunPlan, member: number, made: Evaluated): void {
  let known = remembered.get(run);
  if (known?.rows !== rows) {
    known = { rows, outcomes: new Map() };
    remembered.set(run, known);
  }
  const members = known.outcomes.get(row) ?? [];
  known.outcomes.set(row, members);
  members[member] = made;
}
