// How the worker engine hands inputs to its workers: what one task of the page's thread copies.
// The worker here is a port that records its messages; tests/browser/parts/worker.test.ts tries real ones.

import { expect, test } from 'vitest';
import { defineQuestion } from '../../../src/core/kinds/question';
import { number, typed } from '../../../src/core/kinds/value';
import { workerEngine } from '../../../src/platform/workers/worker-engine';

const sum = defineQuestion({
  name: 'sum',
  version: 1,
  input: typed('float32'),
  value: number(),
  answer: (values) => values.reduce((total, value) => total + value, 0),
});

/** Asks about inputs of so many numbers: which of them reached the worker within the same task, and which in the end. */
async function copied(
  sizes: readonly number[],
): Promise<{ readonly atOnce: number[]; readonly all: number[] }> {
  const all: number[] = [];
  const worker: Pick<Worker, 'addEventListener' | 'postMessage' | 'terminate'> = {
    addEventListener() {},
    postMessage(message: { readonly type: string; readonly input?: Float32Array }) {
      if (message.type === 'ask') all.push(message.input?.length ?? 0);
    },
    terminate() {},
  };
  const engine = workerEngine({ spawn: () => worker as Worker, size: 1 });
  const abort = new AbortController();
  const asked = sizes.map((size) => engine.ask(sum, new Float32Array(size), { signal: abort.signal }));
  // As many microtasks as anything here takes, and no other task.
  for (let ticks = 0; ticks < 1_000; ticks++) await null;
  const atOnce = [...all];
  await expect.poll(() => all.length).toBe(sizes.length);
  abort.abort();
  await Promise.allSettled(asked);
  engine.dispose();
  return { atOnce, all };
}

const LARGE = 2 ** 19;

test('large inputs are copied to a worker in a task each, in their order; small ones at once', async () => {
  const large = [LARGE, LARGE + 1, LARGE + 2];
  expect(await copied(large)).toEqual({ atOnce: [LARGE], all: large });
  expect(await copied([1, 2, 3])).toEqual({ atOnce: [1, 2, 3], all: [1, 2, 3] });
});
