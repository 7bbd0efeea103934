// Remembers the value of a row in a run together with everything that the row read.
// Invariant: a remembered value is used only while each of its reads still yields the same; the outcome of a formula is a function
// of its reads, so evaluating again would give the same value. Knows no formulas.

import type { Plain } from '../kinds/value';
import type { FormulaValue, Referred } from '../plan/language';
import type { Node } from '../plan/node';
import type { RunPlan } from '../plan/plan';
import type { RunId, SheetRow } from '../sheet/sheet';

/** What a cell's node yields to a row. */
export type Held =
  | Exclude<Referred, { value: FormulaValue } | { error: unknown }>
  | { readonly value: Plain };

/** A cell's value that was read, or a run that was named. */
export type Read =
  | { readonly node: Node; readonly run: RunId; readonly member: number | undefined; readonly held: Held }
  | { readonly id: RunId; readonly plan: RunPlan | undefined };

/** What a row came to, and all that it read, rows in between included; `reads` is undefined where that is too much to keep. */
export interface Evaluated {
  readonly outcome: Referred;
  readonly reads: readonly Read[] | undefined;
}

/** Rows that read more than this are evaluated each time: to look whether so much is the same is as long. */
const MAX_READS = 256;

/** The reads of one evaluation, each once; rows that read one other row share that one's list. */
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

  /** Adds what another row read, which was read with it. */
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

/** Whether two reads of one node yield the same. */
export function sameHeld(a: Held, b: Held): boolean {
  if (a === b) return true;
  if ('value' in a) return 'value' in b && a.value === b.value;
  if ('pending' in a) return 'pending' in b;
  if (!('problem' in b)) return false;
  const [one, other] = [a.problem, b.problem];
  return one.kind === other.kind && one.cell === other.cell && one.message === other.message;
}

/** What is known of rows that are evaluated as `rows` says, in one planned run, by row and member. */
interface Known {
  readonly rows: object;
  readonly outcomes: Map<SheetRow, Evaluated[]>;
}

/** Gone with the planned run: at most as many as a sheet has rows and members. */
const remembered = new WeakMap<RunPlan, Known>();

/** What a row of a sheet came to last; `rows` is the same object as long as the rows and their language are. */
export const recall = (rows: object, row: SheetRow, run: RunPlan, member: number): Evaluated | undefined => {
  const known = remembered.get(run);
  return known?.rows === rows ? known.outcomes.get(row)?.[member] : undefined;
};

/** Remembers it in the place of what was before. */
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
