// A job: what the scheduler knows of one node while somebody demands the node, and the sum of all claims on the node.
// Invariants: a job is as urgent as its most urgent claim, transient while all claims are, and allowed once one claim is; only
// the job changes its state; other parts call its methods.
// Knows neither store nor engine.

import type { Node } from '../plan/node';
import type { Demand, KeyState, Outcome, Terms } from './demand';
import type { Rank } from './engine';
import type { Estimate } from './estimate';
import { URGENCIES, type Urgency } from './queue';
import type { Reach } from './store';

/** Counts the terms of all claims on a job. */
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

/** A node on the way to its outcome; also the `Rank` of its computation. */
export class Job implements Rank {
  /**
   * Resolves to the job's outcome. Rejects if the job is abandoned first, or if the scheduler itself fails.
   */
  readonly outcome: Promise<Outcome>;
  /** Resolves when all that the job needs is demanded, or the job is over. */
  readonly placed: Promise<void>;
  /** Rejects `outcome`: after an abort, or for an error that is no failure of the cell. */
  refuse!: (reason: unknown) => void;
  readonly #abort = new AbortController();
  /** Aborted when the last claim is released before the job has an outcome. */
  readonly signal = this.#abort.signal;
  readonly #claims = new Claims();
  readonly #watchers = new Set<() => void>();
  /** Claims on the inputs while their outcomes are awaited. */
  #inputs: readonly Demand[] = [];
  #state: KeyState = { activity: 'queued' };
  #urgency: Urgency = 'bulk';
  #transient = true;
  #reach: Reach = 'disk';
  #allow: (() => void) | undefined;
  #setPlaced!: () => void;
  #settle!: (outcome: Outcome) => void;

  constructor(readonly node: Node) {
    this.placed = new Promise((resolve) => {
      this.#setPlaced = resolve;
    });
    this.outcome = new Promise((resolve, reject) => {
      this.#settle = resolve;
      this.refuse = reject;
    });
    // A caller that released its demand need not handle the rejection.
    this.outcome.catch(() => {});
  }

  get state(): KeyState {
    return this.#state;
  }

  get urgency(): Urgency {
    return this.#urgency;
  }

  get transient(): boolean {
    return this.#transient;
  }

  get isClaimed(): boolean {
    return this.#claims.size > 0;
  }

  get isAllowed(): boolean {
    return this.#claims.allowed;
  }

  /** Whether the result is in memory only although a claim that is not transient wants it. */
  get lacksDisk(): boolean {
    return this.#reach === 'memory' && !this.#transient;
  }

  /** Calls the listener after each change of the urgency. Returns the function that stops it. */
  watch(listener: () => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  /** Replaces a claim: `before` undefined adds one, `next` undefined removes one. */
  claim(before: Terms | undefined, next: Terms | undefined): void {
    if (before) this.#claims.count(before, -1);
    if (next) this.#claims.count(next, 1);
    if (this.isClaimed) this.#refresh();
  }

  /**
   * Claims all inputs on the job's terms. Resolves to their outcomes in order
   * of slots; rejects if any of them does.
   */
  async awaitInputs(demand: (input: Node, terms: Terms) => Demand): Promise<readonly Outcome[]> {
    this.#inputs = Object.values(this.node.inputs).map((input) => demand(input, this.#terms));
    void Promise.all(this.#inputs.map(({ placed }) => placed)).then(this.#setPlaced);
    try {
      return await Promise.all(this.#inputs.map(({ outcome }) => outcome));
    } finally {
      this.#releaseInputs();
    }
  }

  /**
   * Enters the state 'asking' with the estimate. Resolves when a claim or `allow` permits
   * the job; otherwise stays pending.
   */
  ask(estimate: Estimate): Promise<void> {
    this.#state = { activity: 'asking', estimate };
    return new Promise((allow) => {
      this.#allow = allow;
    });
  }

  /** Resolves a pending `ask`, if any. */
  allow(): void {
    this.#allow?.();
  }

  /** Returns to the state 'queued' after permission. */
  queue(): void {
    this.#allow = undefined;
    this.#state = { activity: 'queued' };
  }

  /** Enters the state 'running' with the completed share, 0 … 1. */
  advance(progress: number): void {
    this.#state = { activity: 'running', progress };
  }

  /** Records how far down the stores the result was written. */
  store(reach: Reach): void {
    this.#reach = reach;
  }

  /** Ends the job with an outcome; ignored after an abort. */
  end(outcome: Outcome): void {
    this.#setPlaced();
    if (this.signal.aborted) return;
    this.#state = { activity: 'idle', outcome };
    this.#settle(outcome);
  }

  /** Aborts the job and releases its inputs. */
  abandon(): void {
    this.#abort.abort();
    this.refuse(this.signal.reason);
    this.#setPlaced();
    this.#releaseInputs();
  }

  /** The terms of the claims on the inputs. */
  get #terms(): Terms {
    return { urgency: this.#urgency, transient: this.#transient };
  }

  #releaseInputs(): void {
    for (const claim of this.#inputs) claim.release();
    this.#inputs = [];
  }

  /** Updates urgency and transience from the claims, and passes changes on to the inputs and watchers. */
  #refresh(): void {
    const { urgency, transient, allowed } = this.#claims;
    if (allowed) this.allow();
    if (urgency === this.#urgency && transient === this.#transient) return;
    const moved = urgency !== this.#urgency;
    this.#urgency = urgency;
    this.#transient = transient;
    for (const input of this.#inputs) input.change(this.#terms);
    if (moved) for (const watcher of this.#watchers) watcher();
  }
}
