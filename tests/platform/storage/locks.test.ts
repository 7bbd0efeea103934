// Web Locks as the pages use them: who waits how long, and who lets go when.

import { describe, expect, test } from 'vitest';
import { pageLocks } from '../../../src/platform/storage/locks';

/** Locks as the standard has them, in one thread: Node has none. tests/browser/page-sharing-work.test.ts has the browser's. */
function simpleLocks(): Pick<LockManager, 'request'> {
  const queues = new Map<string, Promise<unknown>>();
  const request = async (name: string, { signal }: LockOptions, work: () => unknown): Promise<unknown> => {
    const before = queues.get(name) ?? Promise.resolve();
    let isOver = false;
    const aborted = new Promise<never>((_, reject) =>
      signal?.addEventListener('abort', () => reject(signal.reason)),
    );
    const turn = before.then(() => (isOver ? undefined : work()));
    queues.set(name, turn);
    // Once it is granted an abort changes nothing.
    await Promise.race([before, aborted]).catch((error: unknown) => {
      isOver = true;
      throw error;
    });
    return turn;
  };
  return { request: request as LockManager['request'] };
}

const locks = simpleLocks();
/** A page that waits for ever. */
const patient = pageLocks({ locks, after: () => () => {} });

/** A clock that is moved by hand. */
function handClock() {
  const due: { at: number; run: () => void }[] = [];
  let now = 0;
  return {
    after(ms: number, run: () => void): () => void {
      const item = { at: now + ms, run };
      due.push(item);
      return () => void due.splice(due.indexOf(item), due.includes(item) ? 1 : 0);
    },
    move(ms: number): void {
      now += ms;
      for (const item of due.filter(({ at }) => at <= now)) {
        due.splice(due.indexOf(item), 1);
        item.run();
      }
    },
    waiting: () => due.length,
  };
}

const { signal: never } = new AbortController();
const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

/** Whether a promise is settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const settle = (): void => {
    settled = true;
  };
  promise.then(settle, settle);
  await soon();
  return settled;
}

describe('a lock', () => {
  test('is held by one at a time, and by the next once it is released', async () => {
    const [a, b] = [patient, pageLocks({ locks })];
    const release = await a.hold('one', never);
    const next = b.hold('one', never);
    expect(await isSettled(next)).toBe(false);
    expect(await isSettled(a.hold('another', never))).toBe(true);
    release?.();
    (await next)?.();
    (await a.hold('one', never))?.();
  });

  test('is waited for no longer than the bound, as where a frozen tab holds it', async () => {
    const clock = handClock();
    const release = await patient.hold('frozen', never);
    const next = pageLocks({ locks, after: clock.after }).hold('frozen', never);
    clock.move(9_999);
    expect(await isSettled(next)).toBe(false);
    clock.move(1);
    expect(await next).toBeUndefined();
    release?.();
    // What was not waited for any more is held by nobody.
    (await patient.hold('frozen', never))?.();
    expect(clock.waiting()).toBe(0);
  });

  test('is not waited for once the signal is aborted, and is then held by nobody', async () => {
    const clock = handClock();
    const release = await patient.hold('aborted', never);
    const abort = new AbortController();
    const next = pageLocks({ locks, after: clock.after }).hold('aborted', abort.signal);
    abort.abort();
    await expect(next).rejects.toThrow();
    expect(clock.waiting()).toBe(0);
    release?.();
    (await patient.hold('aborted', never))?.();
    await expect(patient.hold('aborted', abort.signal)).rejects.toThrow();
  });

  test('is no matter where there are none, or where they are refused', async () => {
    (await pageLocks({ locks: undefined }).hold('none', never))?.();
    const refused = { request: () => Promise.reject(new DOMException('no', 'SecurityError')) };
    (await pageLocks({ locks: refused as unknown as LockManager }).hold('none', never))?.();
  });
});
