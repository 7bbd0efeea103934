// Pages that evaluate scripts over the simulated disk. Tests compare them with real pages.
// Invariant: a script sees only globals and the object that its page keeps; the seed determines the schedule.
// Does not know what is compared.

import { Channels } from './channels';
import { Disk } from './disk';
import { Environment, type Lacks, newTab } from './environment';
import { type Injector, sound, type Way } from './faults';
import { installGlobals } from './globals';
import { Locks } from './locks';
import { random } from './random';
import { Schedule } from './schedule';

/** The object that a page keeps between scripts. */
export type Held = Record<string, unknown>;

/** A page of a browser, simulated or real. */
export interface ScriptedPage {
  /** Evaluates a script and awaits its promise. */
  evaluate<T>(script: (held: Held) => T | Promise<T>): Promise<T>;
  /** Ends the page at once. */
  kill(): Promise<void>;
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Closes the page's connections, as the browser does when it clears data. */
  disconnect(): Promise<void>;
}

/** A browser, simulated or real. */
export interface World {
  open(): Promise<ScriptedPage>;
  /** Fills the disk: every later write fails. */
  fill(): Promise<void>;
  /** Lets `ms` milliseconds pass. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

const MAX_STEPS = 100_000;
const LONG_MS = 60_000;

/** The counts and violations of a schedule. */
export interface Tried {
  readonly violations: readonly string[];
  readonly steps: number;
  readonly operations: number;
  readonly edits: number;
  readonly saves: number;
  readonly kills: number;
  readonly faults: ReadonlyMap<number, Way>;
}

/** A simulated browser, whose faults can end. */
export interface SimulatedWorld extends World {
  open(lacks?: Lacks): Promise<ScriptedPage>;
  /** Ends all faults and slowness. */
  heal(): void;
  faults(): number;
  /** The counts so far. */
  tried(): Tried;
}

/** Creates a simulated browser. Throws if another simulation is running. */
export function simulatedWorld(seed: number, inject: Injector = sound, haste = 0): SimulatedWorld {
  const schedule = new Schedule(random(seed, 'order'), haste);
  const disk = new Disk(schedule, random(seed, 'delays'), inject);
  const channels = new Channels(schedule, random(seed, 'messages'));
  const locks = new Locks(schedule);
  disk.mount();
  const restore = installGlobals(schedule, disk);
  let pages = 0;
  let kills = 0;
  const full: Injector = ({ kind }) => (kind === 'write' ? 'QuotaExceededError' : undefined);

  function openPage(lacks: Lacks): ScriptedPage {
    const environment = new Environment(`page ${++pages}`, {
      ...{ schedule, disk, channels, locks, tab: newTab(), lacks },
      random: random(seed, `page ${pages}`),
    });
    const held: Held = {};
    return {
      async evaluate<T>(script: (held: Held) => T | Promise<T>): Promise<T> {
        let end: { readonly value: T } | { readonly error: unknown } | undefined;
        schedule.enqueue('scripts', undefined, () =>
          schedule.enter(environment, () => {
            Promise.resolve(script(held)).then(
              (value) => {
                end = { value };
              },
              (error: unknown) => {
                end = { error };
              },
            );
          }),
        );
        await schedule.proceed(schedule.now + LONG_MS, MAX_STEPS, () => end !== undefined);
        if (!end) throw new Error('the script never ends');
        if ('error' in end) throw end.error;
        return end.value;
      },
      async kill() {
        kills++;
        environment.state = 'dead';
        disk.kill(environment);
        channels.kill(environment);
        locks.kill(environment);
        schedule.drop(environment);
      },
      async freeze() {
        environment.state = 'frozen';
      },
      async thaw() {
        environment.state = 'live';
      },
      async disconnect() {
        disk.disconnect(environment);
      },
    };
  }

  return {
    open: async (lacks = {}) => openPage(lacks),
    heal() {
      disk.inject = sound;
      schedule.haste = 0;
    },
    faults: () => disk.met.size,
    tried: () => ({
      ...{ violations: [], edits: 0, saves: 0, kills, faults: disk.met },
      ...{ steps: schedule.steps, operations: disk.operations },
    }),
    async fill() {
      disk.inject = full;
    },
    async pass(ms) {
      let isOver = false;
      schedule.after(ms, undefined, () => {
        isOver = true;
      });
      await schedule.proceed(schedule.now + ms, MAX_STEPS, () => isOver);
    },
    async close() {
      restore();
      disk.unmount();
    },
  };
}
