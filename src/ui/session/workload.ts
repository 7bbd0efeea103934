// Estimates the whole work of a newly opened sheet, and whether to ask first: each cell may be cheap while all cells together
// are not. Loaded once a sheet is more than a few cells.
// Invariants: the estimate computes nothing and reads no value; the sheet is examined a slice at a time, so that no frame
// waits; cells that ask by themselves count for nothing here.

import type { Scheduler } from '../../core/compute/scheduler';
import type { Key } from '../../core/plan/key';
import type { Node } from '../../core/plan/node';
import type { RunPlan } from '../../core/plan/plan';
import { startPace } from '../../core/slices';
import { counted, grouped } from '../../core/text-formatting';

/** Estimated work of a sheet: networks to train, ms on all cores, and bytes to be kept. */
export interface Load {
  readonly trainings: number;
  readonly ms: number;
  readonly bytes: number;
}

/**
 * A load above any of these bounds asks first. The most seeds of one run, and the sheets of the examples, are
 * well below.
 */
export const UNASKED: Load = { trainings: 2_000, ms: 20_000, bytes: 2 ** 28 };

/** A granted load covers loads up to this factor larger: an edit changes a little of every measure. */
const MARGIN = 1.25;

const MEASURES = ['trainings', 'ms', 'bytes'] as const;

/**
 * Whether the person is asked before a load starts; `granted` is the largest load granted for this sheet, if
 * any.
 */
export function asksFirst(load: Load, granted?: Load): boolean {
  const exceeds = (bounds: Load, margin: number): boolean =>
    MEASURES.some((measure) => load[measure] > bounds[measure] * margin);
  return exceeds(UNASKED, 1) && (granted === undefined || exceeds(granted, MARGIN));
}

/** The larger of two loads, measure by measure. */
export const largerOf = (a: Load | undefined, b: Load): Load =>
  a === undefined
    ? b
    : {
        trainings: Math.max(a.trainings, b.trainings),
        ms: Math.max(a.ms, b.ms),
        bytes: Math.max(a.bytes, b.bytes),
      };

const whole = (value: number): string => grouped(Math.round(value));

/** A load in words: "5,000 networks: about 40 s and 200 MB". */
export function loadText({ trainings, ms, bytes }: Load): string {
  const seconds = ms / 1_000;
  const time =
    seconds < 1
      ? 'under 1 s'
      : seconds < 100
        ? `about ${whole(seconds)} s`
        : seconds < 6_000
          ? `about ${whole(seconds / 60)} min`
          : `about ${whole(seconds / 3_600)} hours`;
  const megabytes = bytes / 2 ** 20;
  const space =
    megabytes < 1_000 ? `${whole(Math.max(1, megabytes))} MB` : `${(megabytes / 1_024).toFixed(1)} GB`;
  return `${counted(trainings, 'network')}: ${time} and ${space}`;
}

/** Yields the thread; resolves to false if the estimate is no longer wanted. */
type YieldThread = () => Promise<boolean>;

/** Nodes per estimate, and keys per store lookup. */
const SLICE_NODES = 256;

/**
 * The nodes of all members, each once, by the key of the training that they belong to; undefined if `yieldThread`
 * ends the work.
 */
async function nodesOf(
  runs: readonly RunPlan[],
  yieldThread: YieldThread,
): Promise<Map<Key, Node[]> | undefined> {
  const found = new Map<Key, Node[]>();
  const seen = new Set<Key>();
  const pace = startPace(yieldThread);
  for (const run of runs) {
    for (let index = 0; index < run.seeds.count; index++) {
      const cells = run.member(index);
      const train = cells.get('train')?.node?.key ?? '';
      const fresh = [...cells.values()].flatMap(({ node }) => (node && !seen.has(node.key) ? node : []));
      for (const { key } of fresh) seen.add(key);
      if (fresh.length > 0) found.set(train, [...(found.get(train) ?? []), ...fresh]);
      const pause = pace();
      if (pause && !(await pause)) return undefined;
    }
  }
  return found;
}

const sliced = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / SLICE_NODES) }, (_, index) =>
    items.slice(index * SLICE_NODES, (index + 1) * SLICE_NODES),
  );

async function sum(scheduler: Pick<Scheduler, 'workload'>, nodes: readonly Node[], yieldThread: YieldThread) {
  let load: Load = { trainings: 0, ms: 0, bytes: 0 };
  for (const slice of sliced(nodes)) {
    const { ms, bytes } = scheduler.workload(slice);
    const trainings = scheduler.workload(slice.filter(({ kind }) => kind.name === 'train')).count;
    load = { trainings: load.trainings + trainings, ms: load.ms + ms, bytes: load.bytes + bytes };
    if (nodes.length > SLICE_NODES && !(await yieldThread())) return undefined;
  }
  return load;
}

/**
 * Estimated load of these runs; undefined if `yieldThread` ends the work. A load that asks first is reduced by the
 * trainings that are cached.
 */
export async function loadOf(
  scheduler: Pick<Scheduler, 'workload' | 'cached'>,
  runs: readonly RunPlan[],
  yieldThread: YieldThread,
): Promise<Load | undefined> {
  const byTraining = await nodesOf(runs, yieldThread);
  if (!byTraining) return undefined;
  const whole = await sum(scheduler, [...byTraining.values()].flat(), yieldThread);
  // Looked up only if the load asks first: there may be tens of thousands of keys.
  if (!whole || !asksFirst(whole)) return whole;
  const trains = [...byTraining.values()].flat().filter(({ kind }) => kind.name === 'train');
  for (const slice of sliced(trains)) {
    for (const key of await scheduler.cached(slice)) byTraining.delete(key);
    if (!(await yieldThread())) return undefined;
  }
  return sum(scheduler, [...byTraining.values()].flat(), yieldThread);
}
