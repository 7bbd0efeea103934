// The types of demand: what a caller asks of a scheduler, and what the scheduler reports to screens, command line and tests.
// Types alone; scheduler.ts implements them. The terms of a claim say how a result is wanted, never what the result is.

import type { Plain } from '../kinds/value';
import type { Key } from '../plan/key';
import type { Node } from '../plan/node';
import type { Estimate, SetEstimate, Workload } from './estimate';
import type { Urgency } from './queue';

/** The terms of a claim on a node. */
export interface Terms {
  /** Default: 'visible'. A job has the urgency of its most urgent claim. */
  readonly urgency?: Urgency | undefined;
  /**
   * Whether the result is wanted only for now, as while dragging. A job with only such claims does not write
   * to the disk, and reads only long trainings' checkpoints from it. Default: false.
   */
  readonly transient?: boolean | undefined;
  /** Whether a costly node may start without asking. Default: false. */
  readonly allowed?: boolean | undefined;
}

/** A node and the terms on which a demand set demands it. */
export interface NodeDemand extends Terms {
  readonly node: Node;
  /** False releases the value after the 'finished' event; the node still counts as done. Default: true. */
  readonly hold?: boolean | undefined;
}

/** A value with its key and its origin; `ms` is the time that its computation took. */
export interface Result {
  readonly key: Key;
  readonly value: Plain;
  readonly from: 'memory' | 'disk' | 'computed';
  readonly ms: number;
}

/** Why a node has no value; `node` is the node that failed: itself or one of its inputs. */
export interface Failure {
  readonly kind: 'failed' | 'diverged';
  readonly message: string;
  readonly node: Node;
}

/** The end of a demand: a result or a failure, never both. */
export type Outcome =
  | { readonly result: Result; readonly failure?: never }
  | { readonly failure: Failure; readonly result?: never };

/**
 * Events of nodes, in order. 'finished' tells whether the result is transient; 'kept' follows once
 * the result is wanted for longer. 'queued' repeats after permission, and when a queued node begins
 * or ceases to wait for an asking node.
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

/** The state of a key: its outcome, if known, and its activity. */
export interface KeyState {
  readonly outcome?: Outcome;
  readonly activity: 'idle' | 'queued' | 'asking' | 'running';
  /** Completed share of a running node, 0 … 1. */
  readonly progress?: number;
  /** Estimated cost of an asking node, counted from its latest checkpoint. */
  readonly estimate?: Estimate;
  /** The asking node that a queued node needs. */
  readonly waitsFor?: Node;
}

/**
 * A claim on a node. `outcome` rejects with an AbortError if every claim on the node is
 * released before the outcome is known.
 */
export interface Demand {
  readonly outcome: Promise<Outcome>;
  /**
   * Resolves when the store lookups of this node and of all its inputs are done: the scheduler has then
   * demanded all that must be computed.
   */
  readonly placed: Promise<void>;
  /** Replaces the terms; absent terms get their defaults. */
  change(terms: Terms): void;
  release(): void;
}

/** The progress of a demand set in nodes: `done` and `failed` are over, `asking` wait for permission. */
interface Tally {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly asking: number;
}

/** A changing set of demanded nodes, as of a screen or a sweep. */
export interface DemandSet {
  /**
   * Demands these nodes, then releases all others. The release waits until the new nodes are placed, so that
   * a computation which both sets need continues. A node given twice gets the better terms. Bulk nodes are
   * demanded a few at a time, in this order.
   */
  show(wanted: Iterable<Node | NodeDemand>): void;
  tally(): Tally;
  /** Releases all nodes of the set. */
  release(): void;
}

/** Takes demands for nodes and reports their outcomes, states and events. */
export interface Scheduler {
  demand(node: Node, terms?: Terms): Demand;
  demandSet(): DemandSet;
  state(key: Key): KeyState;
  /** Lets an asking node start; ignored for any other node. */
  allow(key: Key): void;
  /**
   * Estimated cost of these nodes and all their inputs, except nodes whose result is in `there`,
   * in memory, or known from a job.
   */
  estimate(nodes: Iterable<Node>, there?: ReadonlySet<Key>): SetEstimate;
  /**
   * Estimated work of these nodes without their inputs, except nodes that have a result as in `estimate`
   * and nodes that would ask first.
   */
  workload(nodes: Iterable<Node>, there?: ReadonlySet<Key>): Workload;
  /**
   * Keys of the nodes that need no computation: with a known outcome, or an entry in a
   * store. Reads only keys from the store.
   */
  cached(nodes: Iterable<Node>): Promise<ReadonlySet<Key>>;
  /** Calls the listener with each later event. Returns the function that unsubscribes. */
  subscribe(listener: (event: SchedulerEvent) => void): () => void;
}
