// The globals of the code under test: those of the page whose code runs, or else the real ones.
// Invariant: they are installed while a simulation runs, and restored afterwards.
// Does not know the code under test; code that takes ports does not need them.

import * as fake from 'fake-indexeddb';
import { SimulatedBlob } from './blob';
import type { Disk } from './disk';
import type { Environment } from './environment';
import type { Schedule } from './schedule';

type Install = (name: string, descriptor: PropertyDescriptor) => void;

/** Installs the globals; returns a function that restores the real ones. */
export function installGlobals(schedule: Schedule, disk: Disk): () => void {
  const undo: (() => void)[] = [];
  const installOn =
    (target: object): Install =>
    (name, descriptor) => {
      const before = Object.getOwnPropertyDescriptor(target, name);
      Object.defineProperty(target, name, { configurable: true, ...descriptor });
      undo.push(() => {
        if (before) Object.defineProperty(target, name, before);
        else Reflect.deleteProperty(target, name);
      });
    };
  const install = installOn(globalThis);
  const page = (): Environment | undefined => schedule.realm as Environment | undefined;

  const real = { setTimeout, clearTimeout, now: Date.now, performanceNow: performance.now.bind(performance) };
  const value = (given: unknown): PropertyDescriptor => ({ value: given, writable: true });
  install(
    'setImmediate',
    value((task: () => void) => disk.queue(task)),
  );
  install(
    'setTimeout',
    value((run: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => {
      const at = page();
      return at ? at.setTimeout(() => run(...args), ms) : real.setTimeout(run, ms, ...args);
    }),
  );
  install(
    'clearTimeout',
    value((id: number) => (page() ? page()?.clearTimeout(id) : real.clearTimeout(id))),
  );
  // A date without arguments uses the page's time, so that a file has the same content in each pass.
  install(
    'Date',
    value(
      new Proxy(Date, {
        construct: (made, args, target) =>
          Reflect.construct(made, args.length > 0 ? args : [Date.now()], target),
      }),
    ),
  );
  installOn(Date)(
    'now',
    value(() => page()?.now() ?? real.now()),
  );
  installOn(performance)(
    'now',
    value(() => page()?.performanceNow() ?? real.performanceNow()),
  );
  for (const [name, held] of Object.entries(fake)) if (name.startsWith('IDB')) install(name, value(held));

  /** Installs a global that differs by page. */
  const ofPage = (name: string, of: (at: Environment) => unknown): void => {
    const held = Object.getOwnPropertyDescriptor(globalThis, name);
    const before = held?.get ?? (() => held?.value);
    install(name, {
      get: () => {
        const at = page();
        return at ? of(at) : before.call(globalThis);
      },
    });
  };
  ofPage('indexedDB', (at) => at.indexedDB);
  ofPage('BroadcastChannel', (at) => at.BroadcastChannel);
  ofPage('MessageChannel', (at) => at.MessageChannel);
  ofPage('Blob', () => SimulatedBlob);
  ofPage('sessionStorage', (at) => at.sessionStorage);
  ofPage('navigator', (at) => ({ locks: at.locks, hardwareConcurrency: 2 }));
  const listening = (at: Environment) => ({
    addEventListener: at.events.addEventListener.bind(at.events),
    removeEventListener: at.events.removeEventListener.bind(at.events),
  });
  ofPage('crypto', (at) => ({
    subtle: { digest: (_: string, bytes: Uint8Array) => at.sha256(bytes) },
    getRandomValues: at.fill.bind(at),
    randomUUID: at.randomUUID.bind(at),
  }));
  ofPage('document', (at) => ({
    ...listening(at),
    visibilityState: at.visibility,
    hidden: at.visibility === 'hidden',
  }));
  ofPage('addEventListener', (at) => listening(at).addEventListener);
  ofPage('removeEventListener', (at) => listening(at).removeEventListener);
  return () => {
    for (const restore of undo.reverse()) restore();
  };
}
