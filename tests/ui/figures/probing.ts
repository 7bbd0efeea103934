// Probes the network of a run that an address declares, by the real cells: what ledgers and activations are drawn from.

import { registry } from '../../../src/cells';
import { inlineEngine } from '../../../src/core/compute/engine';
import { createScheduler } from '../../../src/core/compute/scheduler';
import { memoryStore } from '../../../src/core/compute/store';
import { createPlanner } from '../../../src/core/plan/plan';
import { takeRows } from '../../../src/nn/data/rows';
import type { Layer, Matrix } from '../../../src/nn/network/network';
import { type Probe, probeNetwork } from '../../../src/nn/probe/probe';
import { parseAddress } from '../../../src/platform/page/address';

/** With a run's weights before training or after it, as they are or changed. */
export async function probeRun(
  address: string,
  run: string,
  kind: 'architecture' | 'train',
  change = (layers: readonly Layer[]): readonly Layer[] => layers,
): Promise<Probe> {
  const parsed = parseAddress(address, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  const scheduler = createScheduler({ store: memoryStore(), engine: inlineEngine(registry) });
  const cells = createPlanner(registry)(parsed.sheet).runs.get(run)?.cells;
  const get = async <V>(name: string): Promise<V> => {
    const node = cells?.get(name)?.node;
    if (!node) throw new Error(`${run} has no ${name}`);
    const { result } = await scheduler.demand(node).outcome;
    if (!result) throw new Error(`${run}.${name} failed`);
    return result.value as V;
  };
  const { x, y } = await get<{ x: Matrix; y: Uint8Array }>('dataset');
  const { train } = await get<{ train: Uint32Array }>('split');
  const rows = takeRows(x, y, train);
  const { layers } = await get<{ layers: Layer[] }>(kind);
  return probeNetwork(change(layers), rows.x, rows.y, async () => {});
}
