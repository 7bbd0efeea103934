// The tabs of figures: what the kinds declare, and where a kind without a declaration lands.

import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { createRegistry, type Kind } from '../../../src/core/kinds/kind';
import { tabOf } from '../../../src/core/kinds/tabs';
import { tabsOf } from '../../../src/ui/workspace/tab-list';
import { tally } from '../../cells/seventh-kind';

describe('the tabs of figures', () => {
  test('are by question, in the order of the kinds, and hold every kind once', () => {
    expect(tabsOf(registry)).toEqual(['Data', 'Network', 'Learning', 'Sweep']);
    expect(registry.kinds.map(({ name }) => tabOf(registry, name))).toEqual([
      'Data',
      'Data',
      'Network',
      'Network',
      'Learning',
      'Network',
    ]);
  });

  test('have one more, before the last, for a kind that declares none', () => {
    const seven = createRegistry([...registry.kinds, tally as unknown as Kind]);
    expect(tabsOf(seven)).toEqual(['Data', 'Network', 'Learning', 'tally', 'Sweep']);
    expect(tabOf(seven, 'tally')).toBe('tally');
  });

  test('keep the tab of sweeps last, whichever kind declares it', () => {
    const [first, ...others] = registry.kinds;
    const early = { ...(first as Kind), tab: 'Sweep' as const };
    expect(
      tabsOf({
        ...registry,
        kinds: [early, ...others],
        get: (name) => (name === early.name ? early : registry.get(name)),
      }),
    ).toEqual(['Data', 'Network', 'Learning', 'Sweep']);
  });
});
