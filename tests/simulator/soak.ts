// `npm run soak`: hundreds of thousands of schedules, on all cores, and what was tried in them.
// Invariant: a seed is run once; the first schedule that goes wrong is shrunk and printed, and the exit status is 1.
// Does not know what is simulated: pages.ts lists that.

import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { pages } from './pages';
import { describePlan, planOf, shrink } from './plans';
import { simulate } from './simulation';

const SCHEDULES = Number(process.env['SCHEDULES'] ?? 200_000);
const FIRST = Number(process.env['FIRST_SEED'] ?? 1);
const part = process.env['SOAK_PART'];

interface Counts {
  schedules: number;
  steps: number;
  operations: number;
  edits: number;
  saves: number;
  kills: number;
  faults: Record<string, number>;
}

const none = (): Counts => ({
  schedules: 0,
  steps: 0,
  operations: 0,
  edits: 0,
  saves: 0,
  kills: 0,
  faults: {},
});

function add(sum: Counts, more: Counts): void {
  for (const name of ['schedules', 'steps', 'operations', 'edits', 'saves', 'kills'] as const)
    sum[name] += more[name];
  for (const [way, count] of Object.entries(more.faults)) sum.faults[way] = (sum.faults[way] ?? 0) + count;
}

/** Runs every `of`-th seed of each kind of page; resolves with what was tried, or with the schedule that went wrong. */
async function runPart(at: number, of: number): Promise<Counts | string> {
  const sum = none();
  for (let seed = FIRST + at; seed < FIRST + SCHEDULES; seed += of)
    for (const [name, boot] of pages) {
      const plan = planOf(seed);
      const outcome = await simulate(plan, boot);
      if (outcome.violations.length > 0)
        return `${name}, seed ${seed}\n${describePlan(await shrink(plan, outcome, boot))}`;
      const faults: Record<string, number> = {};
      for (const way of outcome.faults.values()) faults[way] = (faults[way] ?? 0) + 1;
      add(sum, { ...outcome, schedules: 1, faults });
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

function print({ schedules, steps, operations, edits, saves, kills, faults }: Counts, seconds: number): void {
  const total = Object.values(faults).reduce((sum, count) => sum + count, 0);
  const number = (value: number): string => value.toLocaleString('en');
  const ways = Object.entries(faults)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([way, count]) => `    ${way} ${number(count)}`);
  process.stdout.write(
    [
      `${number(schedules)} schedules in ${Math.round(seconds)} s, seeds ${FIRST} to ${FIRST + SCHEDULES - 1}`,
      `  ${number(steps)} steps, ${number(operations)} storage operations`,
      `  ${number(edits)} edits, ${number(saves)} called saved`,
      `  ${number(kills)} pages killed`,
      `  ${number(total)} faults:`,
      ...ways,
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
  const parts = await Promise.all(Array.from({ length: of }, (_, at) => startPart(at, of)));
  const wrong = parts.filter((result) => typeof result === 'string');
  const sum = none();
  for (const result of parts) if (typeof result !== 'string') add(sum, result);
  if (wrong.length > 0) {
    process.stdout.write(`${wrong.join('\n\n')}\n`);
    process.exitCode = 1;
  } else print(sum, (performance.now() - start) / 1_000);
}
