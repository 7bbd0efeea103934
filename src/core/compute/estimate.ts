// Estimates the cost of a node before the node is computed: operations and bytes from the kind, milliseconds from the
// measured speed.
// Invariants: a node that is refused for its size is refused on every machine; speeds are never part of a key.
// Knows no kind by name.

import type { Cost, Params } from '../kinds/kind';
import type { Node } from '../plan/node';
import { rounded } from '../text-formatting';

/** Estimated cost of a node on this machine: working time in ms, peak memory in bytes. */
export interface Estimate {
  readonly ms: number;
  readonly bytes: number;
}

/**
 * Estimated cost of several nodes on all cores: `count` to compute, `ms` of elapsed time, `bytes` at once.
 */
export interface SetEstimate extends Estimate {
  readonly count: number;
}

/**
 * Estimated work of many nodes: `count` to compute, `ms` of elapsed time on all
 * cores, `bytes` that the stores keep.
 */
export interface Workload {
  readonly count: number;
  readonly ms: number;
  readonly bytes: number;
}

/** Whether a cost exceeds the bounds in time or in memory. */
export const isBeyond = ({ ms, bytes }: Estimate, bounds: Estimate): boolean =>
  ms > bounds.ms || bytes > bounds.bytes;

/** The most bytes and operations of one node, on any machine. */
const MAX_BYTES = 2 ** 30;
const MAX_FLOPS = 1e15;

/** Assumed speed before any measurement, in operations per ms. */
const USUAL_SPEED = 5e6;
/** Weight of the latest computation in the moving average of ms per operation. */
const WEIGHT = 0.3;
/**
 * A measurement slower than the average has full weight only if the computation took this long and was
 * estimated to take this long: start-up time makes short computations look slow.
 */
const TELLING_MS = 1_000;

function paramsByKind(node: Node, into: Record<string, Params>): Readonly<Record<string, Params>> {
  for (const input of Object.values(node.inputs)) {
    if (into[input.kind.name]) continue;
    into[input.kind.name] = input.params;
    paramsByKind(input, into);
  }
  return into;
}

const engineOf = ({ kind, params }: Node): string => kind.engine?.resolve(params) ?? '';

/** The cost of the whole computation, without checkpoints; undefined if the kind gives no estimate. */
export const costOf = (node: Node): Cost | undefined =>
  node.kind.estimate?.(node.params, paramsByKind(node, {}), engineOf(node));

/** The share of the work that remains after `at` units of the extent, 0 … 1; always 1 without an extent. */
export function restAfter({ kind, params }: Node, at: number): number {
  const goal = kind.extent ? Number(params[kind.extent.param]) : 0;
  return goal > 0 ? Math.max(0, 1 - at / goal) : 1;
}

/** Why a cost exceeds what any machine is asked to do, with the params to lower; undefined if it does not. */
export function beyondCap({ bytes, flops, lower }: Cost): string | undefined {
  if (bytes > MAX_BYTES)
    return `needs about ${rounded(bytes / 2 ** 30, 2)} GB of memory; the limit is ${MAX_BYTES / 2 ** 30} GB: use fewer ${lower.bytes}`;
  if (flops > MAX_FLOPS)
    return `needs about ${flops.toExponential(1)} operations; the limit is ${MAX_FLOPS.toExponential(0)}: use fewer ${lower.flops}`;
  return undefined;
}

/** Measured speeds by kind and engine. */
export interface Speeds {
  /** Speed of the node's kind and engine, in operations per ms. */
  of(node: Node): number;
  learn(node: Node, flops: number, ms: number): void;
}

/** Creates speeds without measurements: every kind has the assumed speed. */
export function createSpeeds(): Speeds {
  const msPerFlop = new Map<string, number>();
  const nameOf = (node: Node): string => `${node.kind.name} ${engineOf(node)}`;
  return {
    of: (node) => 1 / (msPerFlop.get(nameOf(node)) ?? 1 / USUAL_SPEED),
    learn(node, flops, ms) {
      if (ms <= 0 || flops <= 0) return;
      const seen = ms / flops;
      const before = msPerFlop.get(nameOf(node)) ?? 1 / USUAL_SPEED;
      const share = (lasting: number): number => Math.min(1, lasting / TELLING_MS);
      const telling = seen < before ? 1 : share(ms) * share(flops * before);
      msPerFlop.set(nameOf(node), before + (seen - before) * WEIGHT * telling);
    },
  };
}

/**
 * Estimated work of these nodes, each counted once, except those that are there or exceed the bounds `ask`.
 */
export function workloadOf(
  nodes: Iterable<Node>,
  speeds: Speeds,
  cores: number,
  isThere: (key: string) => boolean,
  ask: Estimate | undefined,
): Workload {
  const seen = new Set<string>();
  let [count, total, kept] = [0, 0, 0];
  for (const node of nodes) {
    if (seen.has(node.key)) continue;
    seen.add(node.key);
    if (isThere(node.key)) continue;
    const cost = costOf(node);
    const estimate = { ms: cost ? cost.flops / speeds.of(node) : 0, bytes: cost?.bytes ?? 0 };
    if (ask && isBeyond(estimate, ask)) continue;
    count++;
    total += estimate.ms;
    kept += cost?.kept ?? estimate.bytes;
  }
  return { count, ms: total / cores, bytes: kept };
}

/**
 * Estimated cost of these nodes and all their inputs on `cores` cores; a node that is there counts nothing,
 * and neither do the inputs that only it needs.
 */
export function estimateSet(
  nodes: Iterable<Node>,
  speeds: Speeds,
  cores: number,
  isThere: (key: string) => boolean,
): SetEstimate {
  const seen = new Set<string>();
  let [count, total, longest, bytes] = [0, 0, 0, 0];
  function add(node: Node): void {
    if (seen.has(node.key)) return;
    seen.add(node.key);
    if (isThere(node.key)) return;
    const cost = costOf(node);
    const ms = cost ? cost.flops / speeds.of(node) : 0;
    count++;
    total += ms;
    longest = Math.max(longest, ms);
    bytes = Math.max(bytes, cost?.bytes ?? 0);
    for (const input of Object.values(node.inputs)) add(input);
  }
  for (const node of nodes) add(node);
  return { count, ms: Math.max(longest, total / cores), bytes: bytes * Math.min(count, cores) };
}
