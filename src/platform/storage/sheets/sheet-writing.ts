// Writes sheets with their undo steps: a stored step is the change of one edit, both ways.
// Invariants: a write and the read that permits it are one transaction; a state that could not be read back is not written; a
// stored step is not written again; the oldest steps go when all steps together take too much space. Loaded after first paint.

import { promisifyRequest, type UseStore } from 'idb-keyval';
import * as v from 'valibot';
import { forget, MAX_STEPS, type Step, statesOf, stepsOf } from '../../../core/sheet/history';
import type { Sheet } from '../../../core/sheet/sheet';
import { applyPatch, patchBetween } from '../../../core/sheet/sheet-patch';
import { atomically } from '../idb';
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

/** What all undo steps of one sheet may take, in characters of JSON. */
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

/** What a list shows of a sheet, made of the sheet. */
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

/** The step at a place, and the sheets to which it leads from `state` backward and forward. */
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

/** A step costs as much as so many runs of its sheet; after so many runs the page has a turn. */
const COST = { step: 100, turn: 10_000 };

/** Lets the page draw and answer, in a hidden tab without delay too. */
const turn = (): Promise<void> =>
  new Promise((then) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      then();
    };
    port2.postMessage(0);
  });

/** The sheet with the steps that lie on disk from `first` on, as far as they lead from the present without a gap. */
async function withSteps(stored: StoredSheet, first: number, held: readonly unknown[]): Promise<StoredSheet> {
  const { id, history, sizes } = stored;
  const at = history.first;
  const past: Step[] = [];
  const future: Step[] = [];
  let cost = 0;
  async function pay({ runs }: Sheet): Promise<void> {
    cost += COST.step + runs.length;
    if (cost < COST.turn) return;
    cost = 0;
    await turn();
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

/** A sheet with its steps; undefined where there is none of that id. */
export async function readWithSteps(
  use: UseStore,
  id: string,
): Promise<StoredSheet | Unreadable | undefined> {
  const [held, heldSteps] = await use('readonly', (store) =>
    Promise.all([
      promisifyRequest<unknown>(store.get(sheetKey(id))),
      promisifyRequest<unknown[]>(store.getAll(keysFrom(`step ${id} `), 2 * MAX_STEPS)),
    ]),
  );
  if (held === undefined) return undefined;
  const stored = await parseRecord(id, held);
  if (!stored) return { id, unreadable: true };
  // What was parsed has a place for its oldest step.
  const { first } = held as { first: number };
  const byPlace: unknown[] = stored.sizes.map(() => undefined);
  for (const step of heldSteps) {
    const { place } = { ...(step as { place?: unknown }) };
    if (typeof place === 'number' && place - first in byPlace) byPlace[place - first] = step;
  }
  return withSteps(stored, first, byPlace);
}

/** The steps that are not stored yet, as records; whether they can be read again; the size of every step. */
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

/** How many of the oldest steps of the past have to go, so that the rest fit. */
function excess(sizes: readonly number[], pastSteps: number): number {
  let total = sizes.reduce((sum, size) => sum + size, 0);
  let dropped = 0;
  while (total > MAX_STEP_BYTES && dropped < pastSteps) total -= sizes[dropped++] ?? 0;
  return dropped;
}

/**
 * Whether a write may take the place of what lies there: of the very write that it follows, and not of one that only has its
 * number, after the sheet was deleted and stored anew.
 */
function follows(held: unknown, before: StoredSheet | undefined): boolean {
  if (held === undefined) return before === undefined;
  const { format, revision, by } = { ...(held as { format?: unknown; revision?: unknown; by?: unknown }) };
  if (!before || format !== FORMAT || revision !== before.revision) return false;
  return JSON.stringify(by) === JSON.stringify(before.by);
}

/** Writes a sheet where what lies there is what the write was made on; else changes nothing and yields undefined. */
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
  // What changed is in the steps; a sheet that is new is looked at as a whole.
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

/** The one sheet that an older version kept, and what is known of it. */
export interface Adopted {
  readonly revision: number;
  readonly sheet: unknown;
  /** What is adopted so far. */
  readonly before: unknown;
  /** The id that the sheet gets. */
  readonly id: string;
  readonly now: number;
}

/** Makes a sheet like the others of the one that an older version kept, unless another tab has done so. */
export async function adopt(use: UseStore, own: Adopted): Promise<void> {
  const { revision, before, id, now } = own;
  const sheet = parseSheet(own.sheet);
  if (!sheet) return;
  // Older versions counted revisions in milliseconds since 1970.
  const edited = Math.min(revision, now);
  const described = { id, edited, kept: true };
  const record = await sealed({
    ...{ ...described, format: FORMAT, revision: 1, at: 0, first: 0, sizes: [], by: [] },
    sheet: sheetData(sheet),
  });
  await atomically(use, async (store) => {
    const [adopted, last] = await Promise.all(
      [ADOPTED, LAST].map((key) => promisifyRequest<unknown>(store.get(key))),
    );
    if (adopted !== before) return;
    store.put(record, sheetKey(id));
    store.put(headOf(described, sheet), headKey(id));
    store.put(revision, ADOPTED);
    if (last === undefined) store.put(id, LAST);
  });
}
