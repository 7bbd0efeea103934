// The stored items that sheets and trainings refer to: the keys and traces of all their cells, including members.
// Invariant: planning some runs, with every run that they are based on or name, gives the keys of the whole sheet. Thousands of
// runs are planned in slices that leave the page free.
// Does not know the store: an item that is referred to need not exist.

import type { Registry } from '../../../core/kinds/kind';
import { hashText } from '../../../core/plan/key';
import type { Node } from '../../../core/plan/node';
import { isFormula } from '../../../core/plan/param-values';
import type { Cells, Plan } from '../../../core/plan/plan';
import type { Run, RunId, Sheet } from '../../../core/sheet/sheet';
import { startPace } from '../../../core/slices';
import { type Lineage, overridesOf } from '../library/lineage';
import { type OwnerOf, SEVERAL } from './budget';

/** The most runs that are planned at once. */
const FEW_RUNS = 100;

/** An owner of stored items: a sheet, or the training of a lineage. */
export type ResultOwner = { readonly sheet: Sheet } | { readonly lineage: Lineage };

const RUN_NAME = /(?<![\w.])[A-Z]{1,3}(?=\s*\.)/g;

/** The ids of the runs that a run is based on or that its formulas name. */
function precedentsOf({ base, overrides }: Run): RunId[] {
  const named = [...overrides.values()].filter(isFormula).flatMap((text) => text.match(RUN_NAME) ?? []);
  return base === undefined ? named : [base, ...named];
}

/** Splits a sheet into parts of a few runs, each part with all the runs that these depend on. */
function* partsOf(sheet: Sheet): Generator<{ readonly part: Sheet; readonly ids: readonly RunId[] }> {
  const byId = new Map(sheet.runs.map((run) => [run.id, run]));
  for (let from = 0; from < sheet.runs.length; from += FEW_RUNS) {
    const ids = sheet.runs.slice(from, from + FEW_RUNS).map(({ id }) => id);
    const wanted = new Set<RunId>();
    const waiting = [...ids];
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      const run = byId.get(id);
      if (!run || wanted.has(id)) continue;
      wanted.add(id);
      waiting.push(...precedentsOf(run));
    }
    yield { part: { ...sheet, runs: sheet.runs.filter(({ id }) => wanted.has(id)), rows: [] }, ids };
  }
}

/** The ids of the items of a node and of all its ancestors. */
function* itemsOf(node: Node): Generator<string> {
  yield node.key;
  if (node.trace !== undefined) yield hashText(node.trace);
  for (const input of Object.values(node.inputs)) yield* itemsOf(input);
}

/** The cells of every run and member of a sheet. */
function* cellsOf(sheet: Sheet, plan: (sheet: Sheet) => Plan): Generator<Cells> {
  for (const { part, ids } of partsOf(sheet)) {
    const planned = plan(part);
    for (const id of ids) {
      const run = planned.runs.get(id);
      for (let index = 0; run && index < run.seeds.count; index++) yield run.member(index);
    }
  }
}

/** The sheet with one run, rebuilt from a lineage's params. */
const sheetOf = (lineage: Lineage, registry: Registry): Sheet => ({
  runs: [{ id: 'A', name: '', overrides: overridesOf(lineage, registry) }],
  rows: [],
});

/** Returns the owner of each item; an owner's number is its index in `owners`. */
export async function findOwners(
  owners: readonly ResultOwner[],
  registry: Registry,
  plan: (sheet: Sheet) => Plan,
): Promise<OwnerOf> {
  const ownerOf = new Map<string, number>();
  const hashed = new WeakMap<Node, readonly string[]>();
  const addOwner = (id: string, number: number): void => {
    const before = ownerOf.get(id);
    if (before === undefined) ownerOf.set(id, number);
    else if (before !== number) ownerOf.set(id, SEVERAL);
  };
  const pace = startPace();
  for (const [number, owner] of owners.entries()) {
    if ('lineage' in owner) addOwner(owner.lineage.key, number);
    const sheet = 'sheet' in owner ? owner.sheet : sheetOf(owner.lineage, registry);
    for (const cells of cellsOf(sheet, plan)) {
      for (const { node } of cells.values()) {
        if (!node) continue;
        const items = hashed.get(node) ?? [...itemsOf(node)];
        hashed.set(node, items);
        for (const id of items) addOwner(id, number);
      }
      await pace();
    }
  }
  return ownerOf;
}
