// A job: what the scheduler knows of one node while somebody demands the node, and the sum of all claims on the node.
// Invariants: a job is as urgent as its most urgent claim, transient while all claims are, and allowed once one claim is; a job
// alone changes its state, and others tell it what happened.
// Knows neither store nor engine.

import type { Node } from '../plan/node';
import type { Demand, KeyState, Outcome, Terms } from './demand';
import type { Rank } from './engine';
import type { Estimate } from './estimate';
import { URGENCIES, type Urgency } from './queue';
import type { Reach } from './store';

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
  /** Resolves to the job's outcome; rejects where the job is abandoned before, or could not be brought to an end. */
  readonly outcome: Promise<Outcome>;
  /** Resolves once all that the job needs is demanded, or the job is over. */
  readonly placed: Promise<void>;
  /** Ends the job without an outcome: by a fault that is no failure of the cell, or by the abort. */
  refuse!: (reason: unknown) => void;
  readonly #abort = new AbortController();
  /** Aborted once nobody demands the job any more. */
  readonly signal = this.#abort.signal;
  readonly #claims = new Claims();
  readonly #watchers = new Set<() => void>();
  /** Claims on the inputs, while they are awaited. */
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
    // Whoever releases a demand need not listen for its rejection.
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

  /** Whether the result is in memory only and is wanted for longer. */
  get lacksDisk(): boolean {
    return this.#reach === 'memory' && !this.#transient;
  }

  /** Hears each change of the urgency; returns the way to stop. */
  watch(listener: () => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  /** Takes another claim in the place of one, or adds or takes away one where the other is undefined. */
  claim(before: Terms | undefined, next: Terms | undefined): void {
    if (before) this.#claims.count(before, -1);
    if (next) this.#claims.count(next, 1);
    if (this.isClaimed) this.#refresh();
  }

  /** Awaits the inputs that `demand` claims on the terms of this job; rejects where one of them does. */
  async awaitInputs(demand: (input: Node, terms: Terms) => Demand): Promise<readonly Outcome[]> {
    this.#inputs = Object.values(this.node.inputs).map((input) => demand(input, this.#terms));
    void Promise.all(this.#inputs.map(({ placed }) => placed)).then(this.#setPlaced);
    try {
      return await Promise.all(this.#inputs.map(({ outcome }) => outcome));
    } finally {
      this.#releaseInputs();
    }
  }

  /** Waits for a person, who is told what it would cost; resolves once somebody allows it, and never where nobody does. */
  ask(estimate: Estimate): Promise<void> {
    this.#state = { activity: 'asking', estimate };
    return new Promise((allow) => {
      this.#allow = allow;
    });
  }

  /** Allows what was asked for, if anything was. */
  allow(): void {
    this.#allow?.();
  }

  /** Waits for its turn again after it was allowed. */
  queue(): void {
    this.#allow = undefined;
    this.#state = { activity: 'queued' };
  }

  /** An engine works at it and is so far, from 0 to 1. */
  advance(progress: number): void {
    this.#state = { activity: 'running', progress };
  }

  /** Its result lies in the store so far down. */
  store(reach: Reach): void {
    this.#reach = reach;
  }

  /** Ends with an outcome, unless it was abandoned. */
  end(outcome: Outcome): void {
    this.#setPlaced();
    if (this.signal.aborted) return;
    this.#state = { activity: 'idle', outcome };
    this.#settle(outcome);
  }

  /** Gives up, and lets go of the inputs. */
  abandon(): void {
    this.#abort.abort();
    this.refuse(this.signal.reason);
    this.#setPlaced();
    this.#releaseInputs();
  }

  /** What its inputs are claimed on. */
  get #terms(): Terms {
    return { urgency: this.#urgency, transient: this.#transient };
  }

  #releaseInputs(): void {
    for (const claim of this.#inputs) claim.release();
    this.#inputs = [];
  }

  /** Takes over what the claims amount to now, and hands it on to the inputs. */
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
