// A seventh kind, as one file and one entry of the registry: the contract, and a place in the address and among the rows.
// Invariant: nothing but the registry names the kind. The page is tested in tests/browser/results/page-seventh-kind.test.ts.

import { describe, expect, test } from 'vitest';
import { registry as six } from '../../src/cells';
import { createRegistry } from '../../src/core/kinds/kind';
import { createPlanner } from '../../src/core/plan/plan';
import { addRun, setOverride } from '../../src/core/sheet/sheet';
import { parseAddress } from '../../src/platform/page/address';
import { writeAddress } from '../../src/platform/page/address-writing';
import { rowsOf } from '../../src/ui/text/sheet-rows';
import { testContract } from './contract';
import { tally } from './seventh-kind';

const registry = createRegistry([...six.kinds, tally]);

testContract(registry, [tally]);

describe('a seventh kind', () => {
  const sheet = setOverride(addRun({ runs: [], rows: [] }, { name: 'first' }), 'A', 'tally.stripes', '5');

  test('has a place in the address, which is read back', () => {
    const address = writeAddress(sheet, registry);
    expect(address).toBe('#v1&A=first&A.tally.stripes=5');
    expect(parseAddress(address, registry)).toMatchObject({ ok: true, sheet });
  });

  test('its params are bounded in the address, by its own declaration', () => {
    expect(parseAddress('#v1&A=first&A.tally.stripes=5', six).ok).toBe(false);
    const cell = createPlanner(registry)(setOverride(sheet, 'A', 'tally.stripes', '65')).runs.get('A');
    expect(cell?.cells.get('tally')?.problem?.message).toContain('from 1 to 64');
  });

  test('has rows for its params and its results, and leaves the keys of the other kinds alone', () => {
    const plan = createPlanner(registry)(sheet);
    const rows = rowsOf(registry, plan, new Set(), new Set(['tally'])).map(({ id }) => id);
    expect(rows.filter((id) => id.startsWith('tally'))).toEqual([
      'tally',
      'tally.stripes',
      'tally.part',
      'tally.positives',
    ]);
    const before = createPlanner(six)(addRun({ runs: [], rows: [] }, { name: 'first' })).runs.get('A');
    for (const { name } of six.kinds)
      expect(plan.runs.get('A')?.cells.get(name)?.node?.key).toBe(before?.cells.get(name)?.node?.key);
  });
});
