// What the rules of diagnosis read of real trainings: the sheet of an address, computed by the cells themselves.

import { registry } from '../../../src/cells';
import { inlineEngine } from '../../../src/core/compute/engine';
import { createScheduler, type Outcome } from '../../../src/core/compute/scheduler';
import { memoryStore } from '../../../src/core/compute/store';
import type { Key } from '../../../src/core/plan/key';
import { createPlanner, type Plan } from '../../../src/core/plan/plan';
import type { Sheet } from '../../../src/core/sheet/sheet';
import { parseAddress } from '../../../src/platform/page/address';
import { type Evidence, evidenceOf } from '../../../src/ui/diagnosis/evidence';

const scheduler = createScheduler({ store: memoryStore(), engine: inlineEngine(registry) });
const outcomes = new Map<Key, Outcome>();

export function sheetOf(address: string): Sheet {
  const parsed = parseAddress(address, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.sheet;
}

/** Member 0 of every run of a planned sheet, all of its cells computed. */
export async function evidenceFrom(plan: Plan): Promise<Map<string, Evidence>> {
  const found = new Map<string, Evidence>();
  for (const run of plan.runs.values()) {
    for (const { node } of run.cells.values())
      if (node) outcomes.set(node.key, await scheduler.demand(node).outcome);
    found.set(
      run.run.id,
      evidenceOf(run, 0, (key) => outcomes.get(key)),
    );
  }
  return found;
}

/** The same of an address's sheet. */
export const evidenceIn = (address: string): Promise<Map<string, Evidence>> =>
  evidenceFrom(createPlanner(registry)(sheetOf(address)));
