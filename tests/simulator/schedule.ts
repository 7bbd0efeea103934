// The scheduler owns everything asynchronous in a simulation and chooses the next task at random, by a seed.
//
//     lanes   (first in, first out)  tx 1: ▢▢▢   tx 2: ▢   channel: ▢▢ ┐
//     timers  (due at a time)        page 1: 300 ms   page 2: 3,000 ms ┴─▶ one random ready task ─▶ microtasks ─▶ again
//
// Invariants: a lane's tasks keep their order; a step runs code of at most one realm; a seed gives one order.
// Time is virtual: it advances when nothing is ready, and now and then earlier, as on a slow machine.
// Does not know storage or pages: a realm is only something that can be frozen or dead.

import type { Random } from './random';

/** The owner of tasks: a page. Tasks of a frozen realm wait; `drop` removes those of a dead one. */
export interface Realm {
  readonly name: string;
  state: 'live' | 'frozen' | 'dead';
}

type Task = () => void;

interface Lane {
  readonly key: unknown;
  realm: Realm | undefined;
  readonly tasks: Task[];
  heldUntil: number;
  /** The number of tasks in a row that only queued themselves again, and `#done` at that time. */
  polls: number;
  seen: number;
}

interface Timer {
  readonly id: number;
  /** Timers of one group fire in the order of their due times. */
  readonly group: unknown;
  readonly realm: Realm | undefined;
  readonly due: number;
  readonly callback: Task;
}

const MAX_POLLS = 8;
/** The virtual duration of a step, in milliseconds. */
const STEP_MS = 0.02;
const setImmediateOfNode = globalThis.setImmediate;

/** Thrown by a schedule that does not come to rest. */
export class NoRest extends Error {
  override readonly name = 'NoRest';
}

/** The scheduler of one simulation. */
export class Schedule {
  readonly #random: Random;
  /** The probability that time advances before a step although tasks are ready, as on a slow machine. */
  haste: number;
  readonly #lanes = new Map<unknown, Lane>();
  #timers: Timer[] = [];
  #lastTimer = 0;
  #now = 0;
  #steps = 0;
  #done = 0;
  #touched = false;
  #running: Lane | undefined;
  #realm: Realm | undefined;
  readonly #afterStep: ((realm: Realm | undefined) => void)[] = [];
  /** A hash over all choices: equal for equal schedules. */
  #trace = 0;

  constructor(random: Random, haste: number) {
    this.#random = random;
    this.haste = haste;
  }

  get now(): number {
    return this.#now;
  }
  get steps(): number {
    return this.#steps;
  }
  get trace(): number {
    return this.#trace;
  }
  /** The realm whose code runs in this step, microtasks included. */
  get realm(): Realm | undefined {
    return this.#realm;
  }
  /** The key of the lane whose task runs. */
  get lane(): unknown {
    return this.#running?.key;
  }

  /** Calls the function after each step and its microtasks, with the realm whose code ran. */
  afterStep(observe: (realm: Realm | undefined) => void): void {
    this.#afterStep.push(observe);
  }

  /** Adds a task to the end of a lane; the lane's first task sets its realm, or none. */
  enqueue(key: unknown, realm: Realm | undefined, callback: Task): void {
    this.#lane(key, realm).tasks.push(callback);
  }

  /** Holds a lane until a time; Infinity holds it for ever. */
  hold(key: unknown, realm: Realm | undefined, until: number): void {
    const lane = this.#lane(key, realm);
    lane.heldUntil = Math.max(lane.heldUntil, until);
  }

  /** Ends the hold of a lane. */
  free(key: unknown): void {
    const lane = this.#lanes.get(key);
    if (lane) lane.heldUntil = 0;
  }

  /** Detaches a lane from its realm and ends its hold: the page is gone, but its requests continue. */
  release(key: unknown): void {
    const lane = this.#lanes.get(key);
    if (!lane) return;
    lane.realm = undefined;
    lane.heldUntil = 0;
  }

  /** Runs the task after `ms` milliseconds of virtual time; returns a number for `cancel`. */
  after(ms: number, realm: Realm | undefined, callback: Task, group: unknown = realm): number {
    const id = ++this.#lastTimer;
    // As in a browser, NaN and negative numbers count as zero.
    this.#timers.push({ id, group, realm, due: this.#now + (ms > 0 ? ms : 0), callback });
    return id;
  }

  cancel(id: number): void {
    this.#timers = this.#timers.filter((timer) => timer.id !== id);
  }

  /** Drops all tasks and timers of a realm. */
  drop(realm: Realm): void {
    for (const [key, lane] of this.#lanes) if (lane.realm === realm) this.#lanes.delete(key);
    this.#timers = this.#timers.filter((timer) => timer.realm !== realm);
  }

  /**
   * Runs code of a realm in this step. Throws if another realm's code ran in the step, since the two would
   * share microtasks.
   */
  enter<T>(realm: Realm, callback: () => T): T {
    if (this.#realm && this.#realm !== realm)
      throw new Error(`a step runs code of ${this.#realm.name} and of ${realm.name}`);
    this.#realm = realm;
    this.#touched = true;
    return callback();
  }

  /** Marks that the running task did more than check whether it can continue. */
  touch(): void {
    this.#touched = true;
  }

  /**
   * Steps until nothing is ready and no timer is due before `until`, or until `isOver`. Rejects with `NoRest`
   * after `maxSteps`.
   */
  proceed(until: number, maxSteps: number, isOver: () => boolean = () => false): Promise<void> {
    const last = this.#steps + maxSteps;
    return new Promise((resolve, reject) => {
      const step = (): void => {
        try {
          for (const observe of this.#afterStep) observe(this.#realm);
          this.#realm = undefined;
          const next = isOver() ? undefined : this.#choose(until);
          if (!next) {
            resolve();
            return;
          }
          if (this.#steps >= last) throw new NoRest(`${maxSteps} steps, and no rest`);
          this.#steps++;
          this.#now += STEP_MS;
          next();
          setImmediateOfNode(step);
        } catch (error) {
          this.#realm = undefined;
          reject(error);
        }
      };
      setImmediateOfNode(step);
    });
  }

  #lane(key: unknown, realm: Realm | undefined): Lane {
    const held = this.#lanes.get(key);
    if (held) return held;
    const lane: Lane = { key, realm, tasks: [], heldUntil: 0, polls: 0, seen: -1 };
    this.#lanes.set(key, lane);
    return lane;
  }

  #isReady(lane: Lane): boolean {
    if (lane.tasks.length === 0 || lane.realm?.state === 'frozen' || lane.heldUntil > this.#now) return false;
    return lane.polls < MAX_POLLS || lane.seen !== this.#done;
  }

  /** The earliest due timer of each group. */
  #dueTimers(): Timer[] {
    const first = new Map<unknown, Timer>();
    for (const timer of this.#timers) {
      if (timer.due > this.#now || timer.realm?.state === 'frozen') continue;
      const earlier = first.get(timer.group);
      if (!earlier || timer.due < earlier.due) first.set(timer.group, timer);
    }
    return [...first.values()];
  }

  /** The earliest later time at which a task becomes ready; Infinity if there is none. */
  #nextTime(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { due, realm } of this.#timers)
      if (due > this.#now && realm?.state !== 'frozen') next = Math.min(next, due);
    for (const lane of this.#lanes.values())
      if (lane.tasks.length > 0 && lane.heldUntil > this.#now && lane.realm?.state !== 'frozen')
        next = Math.min(next, lane.heldUntil);
    return next;
  }

  #choose(until: number): Task | undefined {
    for (;;) {
      const lanes = [...this.#lanes.values()].filter((lane) => this.#isReady(lane));
      const timers = this.#dueTimers();
      const count = lanes.length + timers.length;
      if (count === 0 || this.#random.chance(this.haste)) {
        const next = this.#nextTime();
        if (next <= until && next < Number.POSITIVE_INFINITY) {
          this.#now = next;
          continue;
        }
        if (count === 0) return undefined;
      }
      const at = this.#random.below(count);
      this.#trace = (Math.imul(this.#trace, 31) + at * 7 + count + Math.floor(this.#now)) | 0;
      const timer = timers[at - lanes.length];
      const lane = lanes[at];
      if (lane) return () => this.#runOf(lane);
      if (timer) return () => this.#fire(timer);
    }
  }

  #runOf(lane: Lane): void {
    const task = lane.tasks.shift();
    if (!task) return;
    const waiting = lane.tasks.length;
    this.#touched = false;
    this.#running = lane;
    try {
      task();
    } finally {
      this.#running = undefined;
    }
    const isPoll = !this.#touched && lane.tasks.length === waiting + 1;
    lane.polls = isPoll ? lane.polls + 1 : 0;
    if (!isPoll) this.#done++;
    lane.seen = this.#done;
    if (lane.tasks.length === 0 && lane.heldUntil <= this.#now) this.#lanes.delete(lane.key);
  }

  #fire(timer: Timer): void {
    this.cancel(timer.id);
    this.#done++;
    if (timer.realm) this.enter(timer.realm, timer.callback);
    else timer.callback();
  }
}
