// Thousands of schedules over each kind of page; SCHEDULES sets their number.
import { describe, expect, test } from 'vitest';
import type { Boot } from './page';
import { pages } from './pages';
import { describePlan, planOf, shrink } from './plans';
import { type Flaw, samplePage } from './sample-page';
import { simulate } from './simulation';
import { workbookPage } from './workbook-page';

const SCHEDULES = Number(process.env['SCHEDULES'] ?? 1_000);
const LONG_MS = 600_000;

/** The first failing schedule, reduced and in readable form; undefined if all pass. */
async function firstFault(boot: Boot, schedules: number): Promise<string | undefined> {
  for (let seed = 1; seed <= schedules; seed++) {
    const plan = planOf(seed);
    const outcome = await simulate(plan, boot);
    if (outcome.violations.length > 0) return describePlan(await shrink(plan, outcome, boot));
  }
  return undefined;
}

describe('the simulator', () => {
  test.each(pages)('one seed is one schedule: %s', async (_, boot) => {
    for (let seed = 1; seed <= 20; seed++) {
      const one = await simulate(planOf(seed), boot);
      expect(await simulate(planOf(seed), boot)).toEqual(one);
    }
  });

  const flaws: readonly Flaw[] = [
    'failed read is empty',
    'late sheet replaces',
    'blind write',
    'early saved',
    'silent failure',
    'any notice',
  ];
  test.each(flaws)('finds what is wrong with a page of this kind: %s', async (flaw) => {
    const found = await firstFault(samplePage(flaw), 2_000);
    expect(found).toMatch(/✗/);
  });
});

describe.each(pages)('%s', (_, boot) => {
  test(
    'keeps its promises in each schedule',
    async () => {
      // The sample page tests the simulator itself, so it needs fewer schedules.
      const schedules = boot === workbookPage ? SCHEDULES : SCHEDULES / 8;
      expect(await firstFault(boot, schedules)).toBeUndefined();
    },
    LONG_MS,
  );
});
