// Writes sheets with their undo steps: a stored step is the change of one edit, both ways.
// Invariants: a write and the read that permits it are one transaction; a state that could not be read back is not written; a
// stored step is not written again; the oldest steps go when all steps together take too much space. Loaded after first paint.

import { promisifyRequest, type UseStore } from 'idb-keyval';
import * as v from 'valibot';
import { macrotask } from '../../../core/macrotask';
import { forget, MAX_STEPS, type Step, statesOf, stepsOf } from '../../../core/sheet/history';
import type { Sheet } from '../../../core/sheet/sheet';
import { applyPatch, patchBetween } from '../../../core/sheet/sheet-patch';
import { asked, atomically } from '../idb';
import { parsePatch, patchData } from './patch-data';
import { isBounded, parseSheet, sheetData } from './sheet-data';
import {
  ADOPTED,
  count,
  FORMAT,
  HEAD_NAMES,
  type Head,
  headKey,
  isSound,
  keysFrom,
  LAST,
  parseRecord,
  type SheetWrite,
  type StoredSheet,
  sealed,
  sheetId,
  sheetKey,
  stepId,
  stepKey,
  type Unreadable,
} from './sheet-records';

/** The most that all undo steps of one sheet may take, in characters of JSON. */
export const MAX_STEP_BYTES = 32 * 2 ** 20;
const MAX_LABEL = 2_000;

const storedStep = v.strictObject({
  format: v.literal(FORMAT),
  sheet: sheetId,
  place: count,
  id: stepId,
  label: v.pipe(v.string(), v.maxLength(MAX_LABEL)),
  back: v.unknown(),
  forth: v.unknown(),
  checksum: v.string(),
});

type Described = Pick<SheetWrite, 'id' | 'edited' | 'kept' | 'print'>;

/** Returns the head of a sheet. */
export const headOf = ({ id, edited, kept, print }: Described, { title, runs }: Sheet): Head => ({
  format: FORMAT,
  id,
  ...(title !== undefined && { title }),
  names: runs.slice(0, HEAD_NAMES).map(({ name }) => name),
  runs: runs.length,
  edited,
  kept,
  ...(print !== undefined && { print }),
});

interface ReadStep {
  readonly id: string;
  readonly label: string;
  readonly back: Sheet | undefined;
  readonly forth: Sheet | undefined;
}

/** Parses the step at a place and applies its patches to `state`: undefined for a patch that does not fit. */
async function parseStep(
  id: string,
  place: number,
  held: unknown,
  state: Sheet,
): Promise<ReadStep | undefined> {
  const parsed = v.safeParse(storedStep, held);
  if (!parsed.success || parsed.output.sheet !== id || parsed.output.place !== place) return undefined;
  if (!(await isSound(parsed.output))) return undefined;
  const [back, forth] = [parsePatch(parsed.output.back), parsePatch(parsed.output.forth)];
  if (!back || !forth) return undefined;
  const { id: step, label } = parsed.output;
  return { id: step, label, back: applyPatch(state, back), forth: applyPatch(state, forth) };
}

/** The cost of a step besides its sheet's runs, in runs; the cost after which the thread is yielded. */
const COST = { step: 100, slice: 10_000 };

/** Adds the stored steps, from place `first` on, as far as they lead from the present without a gap. */
async function withSteps(stored: StoredSheet, first: number, held: readonly unknown[]): Promise<StoredSheet> {
  const { id, history, sizes } = stored;
  const at = history.first;
  const past: Step[] = [];
  const future: Step[] = [];
  let cost = 0;
  async function pay({ runs }: Sheet): Promise<void> {
    cost += COST.step + runs.length;
    if (cost < COST.slice) return;
    cost = 0;
    await macrotask();
  }
  for (let place = at - 1, state = history.present; place >= first; place--) {
    const step = await parseStep(id, place, held[place - first], state);
    if (!step?.back) break;
    state = step.back;
    past.push({ id: step.id, label: step.label, sheet: state });
    await pay(state);
  }
  for (let place = at, state = history.present; place < first + held.length; place++) {
    const step = await parseStep(id, place, held[place - first], state);
    if (!step?.forth) break;
    state = step.forth;
    future.push({ id: step.id, label: step.label, sheet: state });
    await pay(state);
  }
  const start = at - past.length;
  return {
    ...stored,
    history: { ...history, first: start, past: past.reverse(), future },
    sizes: sizes.slice(start - first, at + future.length - first),
  };
}

/** Reads a sheet with its steps; undefined if there is no sheet of this id. */
export async function readWithSteps(
  use: UseStore,
  id: string,
): Promise<StoredSheet | Unreadable | undefined> {
  const [held, heldSteps] = await use('readonly', (store) =>
    Promise.all([
      asked<unknown>(() => store.get(sheetKey(id))),
      asked<unknown[]>(() => store.getAll(keysFrom(`step ${id} `), 2 * MAX_STEPS)),
    ]),
  );
  if (held === undefined) return undefined;
  const stored = await parseRecord(id, held);
  if (!stored) return { id, unreadable: true };
  // A parsed record has the place of its oldest step.
  const { first } = held as { first: number };
  const byPlace: unknown[] = stored.sizes.map(() => undefined);
  for (const step of heldSteps) {
    const { place } = { ...(step as { place?: unknown }) };
    if (typeof place === 'number' && place - first in byPlace) byPlace[place - first] = step;
  }
  return withSteps(stored, first, byPlace);
}

/** Returns the records of new steps, whether these can be read back, and the size of every step. */
function stepRecords({ id, before, history }: SheetWrite) {
  const [steps, states] = [stepsOf(history), statesOf(history)];
  const known = before ? stepsOf(before.history) : [];
  const shift = history.first - (before?.history.first ?? 0);
  const records: { readonly place: number; readonly record: Promise<unknown> }[] = [];
  let isReadable = true;
  const sizes = steps.map((step, index) => {
    if (known[index + shift]?.id === step.id) return before?.sizes[index + shift] ?? 0;
    const [from, to] = states.slice(index, index + 2) as [Sheet, Sheet];
    const place = history.first + index;
    const [back, forth] = [patchData(patchBetween(to, from)), patchData(patchBetween(from, to))];
    isReadable &&= parsePatch(back) !== undefined && parsePatch(forth) !== undefined;
    const fields = {
      ...{ format: FORMAT, sheet: id, place, id: step.id, label: step.label.slice(0, MAX_LABEL) },
      ...{ back, forth },
    };
    records.push({ place, record: sealed(fields) });
    return JSON.stringify(fields).length;
  });
  return { sizes, records, isReadable };
}

/** The number of oldest steps of the past to drop, so that the others fit. */
function excess(sizes: readonly number[], pastSteps: number): number {
  let total = sizes.reduce((sum, size) => sum + size, 0);
  let dropped = 0;
  while (total > MAX_STEP_BYTES && dropped < pastSteps) total -= sizes[dropped++] ?? 0;
  return dropped;
}

/**
 * Whether a write may replace the stored record: only if that is the very write that `before` came from. The
 * revision alone does not suffice, since the sheet may have been deleted and stored again.
 */
function follows(held: unknown, before: StoredSheet | undefined): boolean {
  if (held === undefined) return before === undefined;
  const { format, revision, by } = { ...(held as { format?: unknown; revision?: unknown; by?: unknown }) };
  if (!before || format !== FORMAT || revision !== before.revision) return false;
  return JSON.stringify(by) === JSON.stringify(before.by);
}

/**
 * Writes a sheet if the stored record is the one that the write builds on. Otherwise changes nothing and
 * returns undefined. Throws if the sheet could not be read back.
 */
export async function write(use: UseStore, change: SheetWrite): Promise<StoredSheet | undefined> {
  const { id, before, kept, edited } = change;
  const made = stepRecords(change);
  const dropped = excess(made.sizes, change.history.past.length);
  const history = forget(change.history, dropped);
  const sizes = made.sizes.slice(dropped);
  const by = change.by.slice(-MAX_STEPS);
  const revision = (before?.revision ?? 0) + 1;
  const { first, past, present } = history;
  const data = sheetData(present);
  // An edit's changes are in its steps; a new sheet is parsed as a whole.
  const isReadable = before ? made.isReadable && isBounded(data.runs) : parseSheet(data) !== undefined;
  if (!isReadable) throw new Error('the sheet is too large to be read again');
  const record = await sealed({
    ...{ format: FORMAT, id, revision, edited, kept, at: first + past.length, first, sizes, by },
    sheet: data,
  });
  const end = first + sizes.length;
  const places = before ? stepsOf(before.history).map((_, index) => before.history.first + index) : [];
  const gone = places.filter((place) => place < first || place >= end);
  const added = made.records.filter(({ place }) => place >= first);
  const steps = await Promise.all(
    added.map(async ({ place, record: step }) => [stepKey(id, place), await step] as const),
  );
  const written = await atomically(use, async (store) => {
    const held = await promisifyRequest<unknown>(store.get(sheetKey(id)));
    if (!follows(held, before)) return false;
    store.put(record, sheetKey(id));
    store.put(headOf(change, present), headKey(id));
    for (const [key, step] of steps) store.put(step, key);
    for (const place of gone) store.delete(stepKey(id, place));
    if (kept) store.put(id, LAST);
    return true;
  });
  return written ? { id, revision, edited, kept, history, sizes, by } : undefined;
}

/** The one sheet of an older version, and its adoption so far. */
export interface Adopted {
  readonly revision: number;
  readonly sheet: unknown;
  /** The revision that is adopted so far, as stored. */
  readonly before: unknown;
  /** The id that the adopted sheet gets. */
  readonly id: string;
  readonly now: number;
}

/** Turns the one sheet of an older version into an ordinary sheet, unless another tab has done so. */
export async function adopt(use: UseStore, own: Adopted): Promise<void> {
  const { revision, before, id, now } = own;
  const sheet = parseSheet(own.sheet);
  if (!sheet) return;
  // Older versions used milliseconds since 1970 as revisions.
  const edited = Math.min(revision, now);
  const described = { id, edited, kept: true };
  const record = await sealed({
    ...{ ...described, format: FORMAT, revision: 1, at: 0, first: 0, sizes: [], by: [] },
    sheet: sheetData(sheet),
  });
  await atomically(use, async (store) => {
    const [adopted, last] = await Promise.all(
      [ADOPTED, LAST].map((key) => asked<unknown>(() => store.get(key))),
    );
    if (adopted !== before) return;
    store.put(record, sheetKey(id));
    store.put(headOf(described, sheet), headKey(id));
    store.put(revision, ADOPTED);
    if (last === undefined) store.put(id, LAST);
  });
}
