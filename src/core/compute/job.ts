// A job: what the scheduler knows of one node while somebody demands the node, and the sum of all claims on the node.
// Invariant: a job is as urgent as its most urgent claim, transient while all claims are, and allowed once one claim is.
// Knows neither store nor engine.

import type { Node } from '../plan/node';
import type { Demand, KeyState, Outcome, Terms } from './demand';
import type { Rank } from './engine';
import { URGENCIES, type Urgency } from './queue';

/** The terms of all claims on a job, counted. */
class Claims {
  #urgencies: Record<Urgency, number> = { selected: 0, visible: 0, bulk: 0 };
  #lasting = 0;
  #allowed = 0;
  size = 0;

  count({ urgency = 'visible', transient = false, allowed = false }: Terms, by: 1 | -1): void {
    this.size += by;
    this.#urgencies[urgency] += by;
    if (!transient) this.#lasting += by;
    if (allowed) this.#allowed += by;
  }

  get urgency(): Urgency {
    return URGENCIES.find((urgency) => this.#urgencies[urgency] > 0) ?? 'bulk';
  }

  get transient(): boolean {
    return this.#lasting === 0;
  }

  get allowed(): boolean {
    return this.#allowed > 0;
  }
}

/** One node's way to its outcome; `Rank` is that of its computation. */
export class Job implements Rank {
  readonly abort = new AbortController();
  readonly claims = new Claims();
  readonly outcome: Promise<Outcome>;
  readonly placed: Promise<void>;
  /** Claims on the inputs, while they are awaited. */
  inputs: readonly Demand[] = [];
  state: KeyState = { activity: 'queued' };
  urgency: Urgency = 'bulk';
  transient = true;
  /** Whether the result is in memory only, whatever is wanted. */
  unkept = false;
  /** Set while it asks. */
  allow?: (() => void) | undefined;
  setPlaced!: () => void;
  settle!: (outcome: Outcome) => void;
  refuse!: (reason: unknown) => void;
  #watchers = new Set<() => void>();

  constructor(readonly node: Node) {
    this.placed = new Promise((resolve) => {
      this.setPlaced = resolve;
    });
    this.outcome = new Promise((resolve, reject) => {
      this.settle = resolve;
      this.refuse = reject;
    });
    // Whoever releases a demand need not listen for its rejection.
    this.outcome.catch(() => {});
  }

  watch(listener: () => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  /** What its inputs are claimed on. */
  get terms(): Terms {
    return { urgency: this.urgency, transient: this.transient };
  }

  /** Takes over what the claims amount to now, and hands it on to the inputs. */
  refresh(): void {
    const { urgency, transient, allowed } = this.claims;
    if (allowed) this.allow?.();
    if (urgency === this.urgency && transient === this.transient) return;
    const moved = urgency !== this.urgency;
    this.urgency = urgency;
    this.transient = transient;
    for (const input of this.inputs) input.change(this.terms);
    if (moved) for (const watcher of this.#watchers) watcher();
  }
}
