// The subjects of schedules, each run by a seed: pages with their sheets, results, the library, trainings.
// Invariant: each subject must pass every schedule, and a seed gives one schedule of each.

import { tryLibrary } from './library';
import type { Boot } from './page';
import { pages } from './pages';
import { describePlan, planOf, shrink } from './plans';
import { tryResults } from './results';
import { simulate } from './simulation';
import { tryTrainings } from './trainings';
import type { Tried } from './world';

/** Something that is tried under schedules. */
export interface Subject {
  readonly name: string;
  /** Every `of`-th seed is tried: subjects that test the simulator itself need fewer. */
  readonly of: number;
  /** Runs the schedule of a seed; `deeds` counts the deeds of people and other hands, if known. */
  run(seed: number): Promise<Tried & { readonly deeds?: ReadonlyMap<string, number> }>;
  /** A readable form of the failing schedule, reduced. */
  describe(seed: number, tried: Tried): Promise<string>;
}

const ofPage = (name: string, boot: Boot): Subject => ({
  name,
  of: boot.meetsOthers ? 1 : 4,
  run: (seed) => simulate(planOf(seed), boot),
  async describe(seed) {
    const plan = planOf(seed);
    return describePlan(await shrink(plan, await simulate(plan, boot), boot));
  },
});

const ofScripts = (name: string, of: number, run: Subject['run']): Subject => ({
  ...{ name, of, run },
  describe: async (seed, { violations }) =>
    [`seed ${seed}`, ...violations.slice(0, 5).map((violation) => `  ✗ ${violation}`)].join('\n'),
});

/** All subjects; the pages come first. */
export const subjects: readonly Subject[] = [
  ...pages.map(([name, boot]) => ofPage(name, boot)),
  ofScripts('results within a budget', 4, tryResults),
  ofScripts('the library', 8, tryLibrary),
  ofScripts('trainings that pages agree on', 4, tryTrainings),
];

/** Runs the schedule of a seed; returns a description if it fails. */
export async function trySeed(
  subject: Subject,
  seed: number,
): Promise<Awaited<ReturnType<Subject['run']>> | string> {
  const tried = await subject.run(seed);
  if (tried.violations.length === 0) return tried;
  return `${subject.name}, seed ${seed}\n${await subject.describe(seed, tried)}`;
}
