// Estimates the cost of an edit before it is made: the number of changed runs, the number of present results, the approximate
// time.
// Invariants: the estimate computes nothing and reads no value; the plan is examined a slice at a time, so that no frame waits,
// and a superseded estimate is given up; estimates are made at most ten times a second.

import { type Accessor, createSignal } from 'solid-js';
import { planGradually } from '../../core/plan/gradual-plan';
import type { Key } from '../../core/plan/key';
import type { Node } from '../../core/plan/node';
import type { RunPlan } from '../../core/plan/plan';
import type { Sheet } from '../../core/sheet/sheet';
import { startPace } from '../../core/slices';
import { counted, grouped } from '../../core/text-formatting';
import type { Forecast } from '../session/progress';

const EVERY_MS = 100;
/** The most nodes per estimate. */
const SLICE_NODES = 256;
/**
 * Trainings that are examined; further ones count as equally costly. Only runs with many members have more.
 */
const MAX_LOOKED = 2_000;

/** Estimated cost of an edit. */
export interface Costs {
  /** Runs whose training would change, and how many of these would not be valid. */
  readonly runs: number;
  readonly invalid: number;
  /** Trainings of the valid runs, members included, and how many of the examined ones are cached. */
  readonly trainings: number;
  readonly cached: number;
  readonly ms: number;
}

/** A cost in words: "12 runs, 7 cached, about 1 s". */
export function costsText({ runs, invalid, trainings, cached, ms }: Costs): string {
  if (runs === 0) return 'nothing to compute';
  const seconds = ms / 1_000;
  const time =
    seconds < 0.95
      ? 'under 1 s'
      : seconds < 100
        ? `about ${Math.round(seconds)} s`
        : `about ${grouped(Math.round(seconds / 60))} min`;
  const all = trainings > 0 && cached === trainings;
  const there =
    trainings === 0
      ? ''
      : all
        ? 'all cached'
        : runs - invalid === trainings
          ? `${grouped(cached)} cached`
          : `${grouped(cached)} of ${grouped(trainings)} trainings cached`;
  return [
    counted(runs, 'run'),
    there,
    invalid > 0 ? `${grouped(invalid)} not valid` : '',
    trainings === 0 || all ? '' : time,
  ]
    .filter(Boolean)
    .join(', ');
}

/** Yields the thread; resolves to false if the estimate is no longer wanted. */
type YieldThread = () => Promise<boolean>;

const keyOf = (run: RunPlan | undefined): Key | undefined => run?.cells.get('train')?.node?.key;

/** Estimated cost of an edit that replaces sheet `before` by `after`; undefined if `yieldThread` ends the work. */
export async function costsOf(
  forecast: Forecast,
  before: Sheet,
  after: Sheet,
  yieldThread: YieldThread,
): Promise<Costs | undefined> {
  const { scheduler } = forecast;
  const from = forecast.plan(before);
  const to = await planGradually(forecast.plan, before, after, yieldThread);
  if (!to) return undefined;
  const runs = [...to.runs].filter(([id, run]) => {
    const key = keyOf(run);
    return key === undefined ? run !== from.runs.get(id) : key !== keyOf(from.runs.get(id));
  });
  const trains: Node[] = [];
  /** Nodes by key, inputs before dependents; twins and members share many nodes. */
  const all = new Map<Key, Node>();
  let [trainings, invalid] = [0, 0];
  const pace = startPace(yieldThread);
  for (const [, run] of runs) {
    if (keyOf(run) === undefined) {
      invalid++;
      continue;
    }
    trainings += run.seeds.count;
    for (let index = 0; index < run.seeds.count && trains.length < MAX_LOOKED; index++) {
      for (const [kind, { node }] of run.member(index)) {
        if (!node) continue;
        if (kind === 'train') trains.push(node);
        all.set(node.key, node);
      }
      const pause = pace();
      if (pause && !(await pause)) return undefined;
    }
  }
  const nodes = [...all.values()];
  const there = await scheduler.cached(nodes);
  if (!(await yieldThread())) return undefined;
  const known = new Set(there);
  let ms = 0;
  // Slices of equal size: a small last slice would be estimated as if most cores were idle.
  const size = Math.ceil(nodes.length / Math.ceil(nodes.length / SLICE_NODES));
  for (let at = 0; at < nodes.length; at += size) {
    const slice = nodes.slice(at, at + size);
    ms += scheduler.estimate(slice, known).ms;
    for (const { key } of slice) known.add(key);
    if (nodes.length > SLICE_NODES && !(await yieldThread())) return undefined;
  }
  const share = trains.length === 0 ? 1 : trainings / trains.length;
  const cached = trains.filter(({ key }) => there.has(key)).length;
  return { runs: runs.length, invalid, trainings, cached, ms: ms * share };
}

/** A line with the cost of the requested edit; empty until the first estimate is known. */
interface CostLine {
  readonly text: Accessor<string>;
  /** Requests the cost of an edit, in place of an earlier request; without `after`, clears the line. */
  ask(before: Sheet, after: Sheet | undefined): void;
  stop(): void;
}

/** A cost line that estimates at most once per EVERY_MS; the caller ends it with `stop`. */
export function createCostLine(forecast: Forecast): CostLine {
  const [text, setText] = createSignal('');
  let asked: { before: Sheet; after: Sheet } | undefined;
  let version = 0;
  let last = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function estimate(): Promise<void> {
    timer = undefined;
    last = performance.now();
    if (!asked) return;
    const mine = version;
    const yieldThread = async (): Promise<boolean> => {
      await new Promise((resolve) => setTimeout(resolve));
      return mine === version;
    };
    const costs = await costsOf(forecast, asked.before, asked.after, yieldThread);
    if (costs && mine === version) setText(costsText(costs));
  }

  return {
    text,
    ask(before, after) {
      version++;
      asked = after && { before, after };
      if (!after) {
        clearTimeout(timer);
        timer = undefined;
        setText('');
        return;
      }
      timer ??= setTimeout(() => void estimate(), Math.max(0, last + EVERY_MS - performance.now()));
    },
    stop() {
      version++;
      clearTimeout(timer);
    },
  };
}
