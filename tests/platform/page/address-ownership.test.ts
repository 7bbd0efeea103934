// Whether the address is another project's, decided from what its root answers, now and at earlier navigations.

import { describe, expect, test } from 'vitest';
import {
  type Address,
  type Answer,
  answerNavigation,
  recognise,
} from '../../../src/platform/page/address-ownership';

const page = (text: string, init?: ResponseInit): Response => new Response(text, init);
const OURS = '<head><meta name="application-name" content="Gradsheet" /></head>';

describe('an answer', () => {
  test('is Gradsheet by its mark alone', async () => {
    expect(await recognise(page(OURS))).toBe('gradsheet');
    expect(await recognise(page('<title>Gradsheet</title>'))).toBe('foreign');
    expect(await recognise(page('[]'))).toBe('foreign');
  });

  test('without a page may pass', async () => {
    expect(await recognise(page('', { status: 200 }))).toBe('doubtful');
    expect(await recognise(page(OURS, { status: 404 }))).toBe('doubtful');
    expect(await recognise(page('<h1>starting</h1>', { status: 503 }))).toBe('doubtful');
  });

  test('that has no end is read to its bound', async () => {
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(10_000).fill(97)),
      cancel() {
        cancelled = true;
      },
    });
    expect(await recognise(new Response(endless))).toBe('foreign');
    expect(cancelled).toBe(true);
  });
});

interface Root {
  readonly answer: Answer;
  readonly afterMs?: number;
}

/** An address with a clock, to be visited in turn. */
function visited(local: boolean) {
  const state = { now: 1_000_000, note: undefined as number | undefined, leaves: 0, failing: false };
  const visit = async ({ answer, afterMs = 0 }: Root): Promise<{ shows: string; ms: number }> => {
    const address: Address = {
      ask: () => new Promise((resolve) => setTimeout(resolve, afterMs, answer)),
      local,
      now: () => state.now,
      note: {
        read: async () => state.note,
        async write(since) {
          await new Promise((resolve) => setTimeout(resolve, 20));
          state.note = since;
        },
        async clear() {
          state.note = undefined;
        },
      },
      async leave() {
        if (state.failing) throw new Error('no');
        state.leaves++;
        state.note = undefined;
        return page('theirs');
      },
    };
    const start = performance.now();
    const { response, settled } = answerNavigation(address, Promise.resolve(page('kept')));
    const shows = await (await response).text();
    const ms = performance.now() - start;
    await settled;
    return { shows, ms };
  };
  return { state, visit };
}

describe('on this machine', () => {
  test('another page shows at once, and nothing is noted after the removal', async () => {
    const { state, visit } = visited(true);
    expect(await visit({ answer: 'foreign' })).toMatchObject({ shows: 'theirs' });
    expect(state).toMatchObject({ leaves: 1, note: undefined });
  });

  test('another page that comes late shows at the next visit', async () => {
    const { visit } = visited(true);
    const first = await visit({ answer: 'foreign', afterMs: 600 });
    expect(first.shows).toBe('kept');
    expect(first.ms).toBeLessThan(500);
    expect(await visit({ answer: 'foreign', afterMs: 600 })).toMatchObject({ shows: 'theirs' });
  });

  test('a server without a page is believed once it has lasted', async () => {
    const { state, visit } = visited(true);
    expect((await visit({ answer: 'doubtful' })).shows).toBe('kept');
    state.now += 60_000;
    expect((await visit({ answer: 'doubtful' })).shows).toBe('kept');
    state.now += 60_000;
    expect((await visit({ answer: 'doubtful' })).shows).toBe('theirs');
  });

  test('what cannot be removed goes on showing what is kept', async () => {
    const { state, visit } = visited(true);
    state.failing = true;
    expect((await visit({ answer: 'foreign' })).shows).toBe('kept');
  });
});

describe('on another machine', () => {
  test('the page opens without waiting, and another page is believed once it has lasted', async () => {
    const { state, visit } = visited(false);
    const first = await visit({ answer: 'foreign', afterMs: 300 });
    expect(first.shows).toBe('kept');
    expect(first.ms).toBeLessThan(200);
    expect((await visit({ answer: 'foreign' })).shows).toBe('kept');
    state.now += 120_000;
    expect((await visit({ answer: 'foreign' })).shows).toBe('theirs');
  });
});

describe('what is kept is kept', () => {
  test('for ever while the network is silent, before and after a doubt', async () => {
    const { state, visit } = visited(true);
    for (let visits = 0; visits < 3; visits++) {
      expect((await visit({ answer: 'silent' })).shows).toBe('kept');
      state.now += 10 * 60_000;
    }
    await visit({ answer: 'doubtful' });
    state.now += 10 * 60_000;
    expect((await visit({ answer: 'silent' })).shows).toBe('kept');
    expect(state.leaves).toBe(0);
  });

  test('where Gradsheet answers, which ends a doubt', async () => {
    const { state, visit } = visited(false);
    await visit({ answer: 'foreign' });
    expect(state.note).toBeDefined();
    state.now += 10 * 60_000;
    expect((await visit({ answer: 'gradsheet' })).shows).toBe('kept');
    expect(state.note).toBeUndefined();
    expect((await visit({ answer: 'foreign' })).shows).toBe('kept');
  });
});
