// A fixed scenario in which the first storage operation fails, then the second, and so on until a pass meets
// no fault; each fails once, or together with all later operations, in each way.
import { describe, expect, test } from 'vitest';
import { nth } from './faults';
import { pages } from './pages';
import { everyFault } from './plans';

const LONG_MS = 600_000;

describe.each(pages)('%s keeps its promises where each operation fails in turn', (_, boot) => {
  test.each(['once', 'for ever'] as const)(
    '%s',
    async (how) => {
      let passes = 0;
      for await (const { n, way, outcome } of everyFault(
        boot,
        (at, fault) => nth(at, fault, how),
        how === 'for ever',
      )) {
        expect(outcome.violations, `operation ${n}: ${way} ${how}`).toEqual([]);
        passes++;
      }
      expect(passes).toBeGreaterThan(100);
    },
    LONG_MS,
  );
});
