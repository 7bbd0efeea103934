// Results, the library and trainings under schedules; SCHEDULES sets their number.
import { describe, expect, test } from 'vitest';
import { subjects, trySeed } from './subjects';

const SCHEDULES = Number(process.env['SCHEDULES'] ?? 1_000) / 20;
const LONG_MS = 600_000;

describe.each(subjects.slice(2))('$name', (subject) => {
  test(
    'keep their promises in each schedule',
    async () => {
      for (let seed = 1; seed <= SCHEDULES; seed++) {
        const tried = await trySeed(subject, seed);
        expect(typeof tried === 'string' ? tried : undefined).toBeUndefined();
      }
    },
    LONG_MS,
  );

  test('one seed is one schedule', async () => {
    for (let seed = 1; seed <= 5; seed++) expect(await subject.run(seed)).toEqual(await subject.run(seed));
  });
});
