// The platform's parts in a page of their own, for tests to call: real worker, real IndexedDB, real service worker.
// Invariant: nothing here stands in for a part; only workers that misbehave on purpose are added.

import * as Plot from '@observablehq/plot';
import * as keyval from 'idb-keyval';
import { registry } from '../../../src/cells';
import { boundary } from '../../../src/cells/questions/boundary';
import { probe } from '../../../src/cells/questions/probe';
import { inlineEngine } from '../../../src/core/compute/engine';
import { createScheduler } from '../../../src/core/compute/scheduler';
import { memoryStore, tiered } from '../../../src/core/compute/store';
import { digest } from '../../../src/core/kinds/digest';
import type { Plain } from '../../../src/core/kinds/value';
import type { Node } from '../../../src/core/plan/node';
import { createPlanner } from '../../../src/core/plan/plan';
import { parseAddress } from '../../../src/platform/page/address';
import { registerOffline } from '../../../src/platform/page/offline';
import { openLibrary } from '../../../src/platform/storage/library/library';
import { lineageOf } from '../../../src/platform/storage/library/lineage';
import { idbStore } from '../../../src/platform/storage/results/idb-store';
import { openSheets } from '../../../src/platform/storage/sheets/sheets';
import { spawnWorker, workerEngine } from '../../../src/platform/workers/worker-engine';

const plan = createPlanner(registry);

function cellsOf(address: string, run = 'A') {
  const parsed = parseAddress(address, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  const cells = plan(parsed.sheet).runs.get(run)?.cells;
  if (!cells) throw new Error(`there is no run ${run}`);
  return cells;
}

function nodeOf(address: string, kind: string, run = 'A'): Node {
  const cell = cellsOf(address, run).get(kind);
  if (!cell?.node) throw new Error(cell?.problem?.message ?? `there is no ${kind}`);
  return cell.node;
}

/** The nodes of all members of a run, kind by kind, member by member. */
function membersOf(address: string, run = 'A'): Node[] {
  const parsed = parseAddress(address, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  const planned = plan(parsed.sheet).runs.get(run);
  if (!planned) throw new Error(`there is no run ${run}`);
  return Array.from({ length: planned.seeds.count }, (_, index) => [...planned.member(index).values()])
    .flat()
    .flatMap(({ node }) => node ?? []);
}

/** Workers that break their word: `hang` never comes back from a task, `die` throws outside of one. */
const spawnBad = (how: 'hang' | 'die'): Worker =>
  new Worker(new URL('./bad-worker.ts', import.meta.url), { type: 'module', name: how });

/** Spawns bad workers first, so many, then good ones, and counts them. */
function spawner(how: 'hang' | 'die', bad: number) {
  const counted = {
    spawned: 0,
    spawn: (): Worker => (counted.spawned++ < bad ? spawnBad(how) : spawnWorker()),
  };
  return counted;
}

/** Computes all that a node needs in a worker, with nothing kept, and hands over its inputs. */
async function computationOf(node: Node) {
  const scheduler = createScheduler({ store: memoryStore(), engine: workerEngine({ spawn: spawnWorker }) });
  const inputs: Record<string, Plain> = {};
  for (const [slot, input] of Object.entries(node.inputs)) {
    const { result } = await scheduler.demand(input).outcome;
    if (result) inputs[slot] = result.value;
  }
  return { kind: node.kind.name, params: node.params, inputs };
}

const harness = {
  Plot,
  keyval,
  registry,
  questions: { boundary, probe },
  cellsOf,
  nodeOf,
  computationOf,
  spawner,
  createScheduler,
  inlineEngine,
  memoryStore,
  tiered,
  membersOf,
  digest,
  idbStore,
  openLibrary,
  lineageOf,
  registerOffline,
  openSheets,
  parseAddress,
  spawnWorker,
  workerEngine,
};

declare global {
  interface Window {
    harness: typeof harness;
  }
}

window.harness = harness;
