// What is learnt of a machine's speed: a slow start says little, long work says much.

import { expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { costOf, createSpeeds } from '../../../src/core/compute/estimate';
import type { Node } from '../../../src/core/plan/node';
import { createPlanner } from '../../../src/core/plan/plan';
import { parseAddress } from '../../../src/platform/page/address';

/** The data set of a run of so many samples. */
function dataset(samples: number): Node {
  const parsed = parseAddress(`#v1&A=a&A.dataset.nSamples=${samples}`, registry);
  const node = parsed.ok && createPlanner(registry)(parsed.sheet).runs.get('A')?.cells.get('dataset')?.node;
  if (!node) throw new Error('no data set');
  return node;
}

const [few, many] = [dataset(20), dataset(100_000)];
const work = (node: Node): number => costOf(node)?.flops ?? 0;

test('a busy machine that starts slowly with twenty samples is not taken to need seconds for many', () => {
  const speeds = createSpeeds();
  for (const ms of [260, 600, 1_500]) speeds.learn(few, work(few), ms);
  expect(work(many) / speeds.of(many)).toBeLessThan(1_000);
});

test('a machine that is slow at long work is soon known to be', () => {
  const speeds = createSpeeds();
  const tenfold = 10 * (work(many) / speeds.of(many));
  for (let run = 0; run < 30; run++) speeds.learn(many, work(many), tenfold);
  expect(work(many) / speeds.of(many)).toBeGreaterThan(tenfold / 2);
});
