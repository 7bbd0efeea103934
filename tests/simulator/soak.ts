// `npm run soak`: hundreds of thousands of schedules on all cores, and a summary.
// SCHEDULES is the number of seeds, FIRST_SEED the first seed; after MINUTES no further seed begins.
// Invariant: each seed is tried once; the first failing schedule is reduced and printed, with exit status 1.
// Does not know what is simulated: subjects.ts lists that.

import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { subjects, trySeed } from './subjects';

const SCHEDULES = Number(process.env['SCHEDULES'] ?? 200_000);
const FIRST = Number(process.env['FIRST_SEED'] ?? 1);
const LATEST = performance.now() + Number(process.env['MINUTES'] ?? Number.POSITIVE_INFINITY) * 60_000;
const part = process.env['SOAK_PART'];

type Tally = Record<string, number>;

interface Counts {
  readonly subjects: Tally;
  readonly totals: Tally;
  readonly deeds: Tally;
  readonly faults: Tally;
}

const none = (): Counts => ({ subjects: {}, totals: {}, deeds: {}, faults: {} });

function count(tally: Tally, more: Iterable<readonly [string, number]>): void {
  for (const [name, number] of more) tally[name] = (tally[name] ?? 0) + number;
}

function add(sum: Counts, more: Counts): void {
  for (const part of ['subjects', 'totals', 'deeds', 'faults'] as const)
    count(sum[part], Object.entries(more[part]));
}

/** Tries every `of`-th seed of each subject; resolves to the counts, or to the failing schedule. */
async function runPart(at: number, of: number): Promise<Counts | string> {
  const sum = none();
  for (let step = 0; step * of + at < SCHEDULES && performance.now() < LATEST; step++) {
    count(sum.totals, [['seeds', 1]]);
    for (const subject of subjects) {
      const seed = FIRST + step * of + at;
      // A subject that skips seeds is divided evenly over the parts.
      const tried = Math.floor((seed - FIRST) / of) % subject.of === 0 && (await trySeed(subject, seed));
      if (!tried) continue;
      if (typeof tried === 'string') return tried;
      const { steps, operations, edits, saves, kills } = tried;
      count(sum.subjects, [[subject.name, 1]]);
      count(sum.totals, Object.entries({ steps, operations, edits, saves, kills }));
      count(sum.deeds, tried.deeds ?? []);
      count(
        sum.faults,
        [...tried.faults.values()].map((way) => [way, 1] as const),
      );
    }
  }
  return sum;
}

function startPart(at: number, of: number): Promise<Counts | string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['.scripts/run.mjs', 'soak'], {
      env: { ...process.env, SOAK_PART: `${at}/${of}` },
      stdio: ['ignore', 'pipe', 2],
    });
    let text = '';
    child.stdout?.on('data', (data) => {
      text += data;
    });
    child.on('error', reject);
    child.on('exit', (status) =>
      status === 0
        ? resolve(JSON.parse(text) as Counts | string)
        : reject(new Error(`part ${at} ended early`)),
    );
  });
}

const total = (tally: Tally): number => Object.values(tally).reduce((sum, one) => sum + one, 0);

function print({ subjects: tried, totals, deeds, faults }: Counts, seconds: number): void {
  const number = (value = 0): string => value.toLocaleString('en');
  const list = (tally: Tally): string[] =>
    Object.entries(tally)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, value]) => `    ${name} ${number(value)}`);
  process.stdout.write(
    [
      `${number(total(tried))} schedules in ${Math.round(seconds)} s, of ${number(totals['seeds'])} seeds from ${FIRST} on`,
      ...list(tried),
      `  ${number(totals['steps'])} steps, ${number(totals['operations'])} storage operations`,
      `  ${number(totals['edits'])} edits, ${number(totals['saves'])} called saved`,
      `  ${number(totals['kills'])} pages killed`,
      `  ${number(total(deeds))} deeds of people and other hands:`,
      ...list(deeds),
      `  ${number(total(faults))} faults:`,
      ...list(faults),
      'nothing lost',
      '',
    ].join('\n'),
  );
}

if (part) {
  const [at = 0, of = 1] = part.split('/').map(Number);
  process.stdout.write(JSON.stringify(await runPart(at, of)));
} else {
  const start = performance.now();
  const of = availableParallelism();
  const parts = await Promise.all(
    Array.from({ length: of }, async (_, at) => {
      const result = await startPart(at, of);
      // Printed at once: the other parts may take long.
      if (typeof result === 'string') process.stdout.write(`${result}\n\n`);
      return result;
    }),
  );
  const sum = none();
  for (const result of parts) if (typeof result !== 'string') add(sum, result);
  if (parts.some((result) => typeof result === 'string')) process.exitCode = 1;
  else print(sum, (performance.now() - start) / 1_000);
}
