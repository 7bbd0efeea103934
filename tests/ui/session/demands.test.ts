// What a sheet demands: how soon, by where a run lies.

import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { createPlanner } from '../../../src/core/plan/plan';
import { parseAddress } from '../../../src/platform/page/address';
import { lastingDemands } from '../../../src/ui/session/demands';

const DECISIONS = { paused: new Set<string>(), stopped: new Set<string>(), allowed: new Set<string>() };
const ids = Array.from({ length: 40 }, (_, at) => (at < 26 ? '' : 'A') + String.fromCharCode(65 + (at % 26)));

function urgencies(active: string): Record<string, string> {
  const runs = ids.map((id, at) => `${id}=run&${id}.optimizer.learningRate=0.${at + 1}1`).join('&');
  const parsed = parseAddress(`#v1&${runs}`, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  const plan = createPlanner(registry)(parsed.sheet);
  const demands = lastingDemands(plan, active, DECISIONS, () => false);
  const urgencyOf = new Map(demands.map(({ node, urgency = '' }) => [node.key, urgency]));
  const found = ids.map((id) => [id, urgencyOf.get(plan.runs.get(id)?.cells.get('train')?.node?.key ?? '')]);
  return Object.fromEntries(found);
}

describe('the runs of a sheet', () => {
  test('are wanted as seen near the active one, and as bulk far from it', () => {
    const first = urgencies('A');
    expect([first['A'], first['B'], first['M'], first['N'], first['AN']]).toEqual([
      'selected',
      'visible',
      'visible',
      'bulk',
      'bulk',
    ]);
    const middle = urgencies('U');
    expect([middle['A'], middle['I'], middle['U'], middle['AG'], middle['AH']]).toEqual([
      'bulk',
      'visible',
      'selected',
      'visible',
      'bulk',
    ]);
  });
});
