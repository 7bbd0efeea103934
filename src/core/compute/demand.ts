// The types of demand: what a caller asks of a scheduler, and what the scheduler reports to screens, command line and tests.
// Types alone; scheduler.ts implements them. The terms of a claim say how a result is wanted, never what the result is.

import type { Plain } from '../kinds/value';
import type { Key } from '../plan/key';
import type { Node } from '../plan/node';
import type { Estimate, SetEstimate, Workload } from './estimate';
import type { Urgency } from './queue';

/** The terms of a claim on its node. */
export interface Terms {
  /** 'visible' unless said otherwise; a job is as urgent as the most urgent of its claims. */
  readonly urgency?: Urgency | undefined;
  /** Whether the result is for the moment, as while dragging: a job all of whose claims say so leaves the disk alone. */
  readonly transient?: boolean | undefined;
  /** Whether it may cost what it costs: nothing is asked. */
  readonly allowed?: boolean | undefined;
}

/** A node with the terms on which a demand set demands it. */
export interface NodeDemand extends Terms {
  readonly node: Node;
  /** False lets go of the value once 'finished' has told of it; it still counts as done. True unless said otherwise. */
  readonly hold?: boolean | undefined;
}

/** A value that belongs to its key, where it came from and what it cost when it was computed. */
export interface Result {
  readonly key: Key;
  readonly value: Plain;
  readonly from: 'memory' | 'disk' | 'computed';
  readonly ms: number;
}

/** Why a node has no value: its own failure, or that of the input `node`. */
export interface Failure {
  readonly kind: 'failed' | 'diverged';
  readonly message: string;
  readonly node: Node;
}

export type Outcome =
  | { readonly result: Result; readonly failure?: never }
  | { readonly failure: Failure; readonly result?: never };

/**
 * What happens to nodes, in order: the record that tests and receipts read. A transient result is 'finished' as such, and
 * 'kept' once somebody wants it for longer. 'queued' comes again where what a node waits for has changed.
 */
export type SchedulerEvent =
  | { readonly type: 'queued' | 'started' | 'aborted'; readonly node: Node }
  | { readonly type: 'asking'; readonly node: Node; readonly estimate: Estimate }
  | {
      readonly type: 'progress';
      readonly node: Node;
      readonly fraction: number;
      readonly partial?: Plain;
    }
  | { readonly type: 'finished'; readonly node: Node; readonly result: Result; readonly transient: boolean }
  | { readonly type: 'kept'; readonly node: Node; readonly result: Result }
  | { readonly type: 'failed'; readonly node: Node; readonly failure: Failure }
  | { readonly type: 'store-failed'; readonly reason: string };

/** Data status and activity of a key, two axes. */
export interface KeyState {
  readonly outcome?: Outcome;
  readonly activity: 'idle' | 'queued' | 'asking' | 'running';
  /** The share done of a node under way, 0 … 1. */
  readonly progress?: number;
  /** What an asking node would cost from where it can go on. */
  readonly estimate?: Estimate;
  /** The asking node that a queued one cannot do without. */
  readonly waitsFor?: Node;
}

/** A claim on a node; `outcome` rejects with an AbortError only if the claim is released before it is known. */
export interface Demand {
  readonly outcome: Promise<Outcome>;
  /** Resolves once it is known what has to be computed for it: the store has answered for it and for all that it needs. */
  readonly placed: Promise<void>;
  /** Goes on with other terms; those left out are the usual ones. */
  change(terms: Terms): void;
  release(): void;
}

/** How far a demand set is: `done` and `failed` are over, `asking` wait to be allowed. */
interface Tally {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly asking: number;
}

/** A changing set of demanded nodes, as a screen or a sweep has. */
export interface DemandSet {
  /**
   * Demands these nodes and releases those that are not among them, once it is known what both need: that goes on. Where
   * a node comes twice it gets the better of its terms. Bulk is demanded a few at a time, in this order.
   */
  show(wanted: Iterable<Node | NodeDemand>): void;
  tally(): Tally;
  /** Cancels: releases all that was shown. */
  release(): void;
}

export interface Scheduler {
  demand(node: Node, terms?: Terms): Demand;
  demandSet(): DemandSet;
  state(key: Key): KeyState;
  /** Lets an asking node start. */
  allow(key: Key): void;
  /** About what these nodes and all that they need would cost, without what is `there` or known to be there already. */
  estimate(nodes: Iterable<Node>, there?: ReadonlySet<Key>): SetEstimate;
  /** About what these nodes, and not what they need, have to do without those that are there or ask before they start. */
  workload(nodes: Iterable<Node>, there?: ReadonlySet<Key>): Workload;
  /** The keys of those nodes that would not have to be computed; of what the store has it asks for keys only. */
  cached(nodes: Iterable<Node>): Promise<ReadonlySet<Key>>;
  /** Calls the listener with each event from now on; returns the way to stop. */
  subscribe(listener: (event: SchedulerEvent) => void): () => void;
}
