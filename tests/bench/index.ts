// Speed, measured and printed, never asserted: medians of repeated rounds in one process, with the machine named.
// Run by `npm run bench`.

import { cpus } from 'node:os';
import { registry } from '../../src/cells';
import { inlineEngine } from '../../src/core/compute/engine';
import { createScheduler, type SchedulerEvent } from '../../src/core/compute/scheduler';
import { memoryStore } from '../../src/core/compute/store';
import { createLanguage } from '../../src/core/formulas/formula-language';
import { createPlanner } from '../../src/core/plan/plan';
import { type Sheet, setOverride } from '../../src/core/sheet/sheet';
import { parseAddress, writeAddress } from '../../src/platform/page/address';
import { benchExamples } from './examples';
import { benchFigures } from './figures';
import { benchGrowth } from './growth';
import { median, print, row, time } from './measure';
import { benchPage } from './page';
import { benchSheets } from './sheets';
import { benchTraining } from './training';

function sheetOf(address: string): Sheet {
  const parsed = parseAddress(address, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.sheet;
}

const id = (index: number): string =>
  String.fromCharCode(65 + Math.floor(index / 676), 65 + (Math.floor(index / 26) % 26), 65 + (index % 26));

/** A thousand runs, each a twin of the first but for one param. */
const thousand = (path: string, value: (index: number) => number | string): string =>
  `#v1&A=a${Array.from({ length: 999 }, (_, i) => `&${id(i)}=r&${id(i)}.base=A&${id(i)}.${path}=${value(i + 1)}`).join('')}`;

function benchPlan(): void {
  print('\nplan of 1,000 runs');
  for (const [path, value] of [
    ['optimizer.learningRate', (i: number) => i / 1e5],
    ['dataset.noise', (i: number) => i / 1e3],
  ] as const) {
    const address = thousand(path, value);
    const sheet = sheetOf(address);
    row(
      `cold, ${path} in each`,
      time(21, () => createPlanner(registry)(sheet)),
    );
    const plan = createPlanner(registry);
    plan(sheet);
    row(
      'after an edit that touches one run',
      time(201, (round) => plan(setOverride(sheet, id(500), 'train.epochs', String(round + 1)))),
    );
    row(
      'after an edit of the run that all are based on',
      time(21, (round) => plan(setOverride(sheet, 'A', 'train.seed', String(round + 1)))),
    );
    row(
      'parse the address',
      time(21, () => sheetOf(address)),
      `${address.length} characters`,
    );
    row(
      'write the address',
      time(21, () => writeAddress(sheet, registry)),
    );
  }
}

/** What formulas add to a plan: each run reads the first, or each the one before, or itself. */
function benchFormulas(): void {
  print('\nplan of 1,000 runs with a formula in each');
  const language = createLanguage(registry);
  const planner = () => createPlanner(registry, () => language);
  for (const [name, formula] of [
    ['all read the first', (i: number) => `=A.optimizer.learningRate * ${i}`],
    ['each reads the one before', (i: number) => `=${i > 1 ? id(i - 1) : 'A'}.optimizer.learningRate + 1e-6`],
    ['each reads itself', (i: number) => `=train.epochs / ${1e5 * i}`],
  ] as const) {
    const sheet = sheetOf(thousand('optimizer.learningRate', (i) => encodeURIComponent(formula(i))));
    row(
      `cold, ${name}`,
      time(21, () => planner()(sheet)),
    );
    const plan = planner();
    plan(sheet);
    row(
      'after an edit that touches one run, and no formula',
      time(201, (round) => plan(setOverride(sheet, id(500), 'train.batchSize', String(round + 1)))),
    );
    row(
      'after an edit of one formula that nothing reads',
      time(201, (round) =>
        plan(setOverride(sheet, id(998), 'optimizer.learningRate', `=1/${1_000 + round}`)),
      ),
    );
    row(
      'after an edit that all formulas depend on',
      time(21, (round) => plan(setOverride(sheet, 'A', 'optimizer.learningRate', `1e-${round + 3}`))),
    );
  }
}

async function benchOpeningSheet(): Promise<void> {
  print('\nthe opening sheet, every cell, one thread');
  const rounds = 5;
  const totals: number[] = [];
  const trains: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round++) {
    const scheduler = createScheduler({ store: memoryStore(), engine: inlineEngine(registry) });
    const plan = createPlanner(registry)(sheetOf('#v1'));
    const start = performance.now();
    for (const [run, { cells }] of plan.runs) {
      for (const [kind, { node }] of cells) {
        if (!node) continue;
        const { result } = await scheduler.demand(node).outcome;
        const times = trains[run] ?? [];
        trains[run] = times;
        if (kind === 'train' && result) times.push(result.ms);
      }
    }
    totals.push(performance.now() - start);
  }
  row('from nothing to the last value', median(totals), `median of ${rounds}`);
  for (const [run, times] of Object.entries(trains)) row(`train of ${run}`, median(times));
}

async function benchScheduler(): Promise<void> {
  print('\nthe scheduler, 1,000 runs of optimizer cells: no work to speak of, all overhead');
  const plan = createPlanner(registry)(sheetOf(thousand('optimizer.learningRate', (i) => i / 1e5)));
  const nodes = [...plan.runs.values()].flatMap(({ cells }) => cells.get('optimizer')?.node ?? []);
  const scheduler = createScheduler({ store: memoryStore(), engine: inlineEngine(registry) });
  const events: SchedulerEvent[] = [];
  scheduler.subscribe((event) => events.push(event));
  const demandSet = scheduler.demandSet();
  const start = performance.now();
  demandSet.show(nodes);
  await Promise.all(nodes.map((node) => scheduler.demand(node).outcome));
  row('demand and compute', performance.now() - start, `${events.length} events`);
}

print(`${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}`);
benchPlan();
benchFormulas();
await benchScheduler();
await benchOpeningSheet();
await benchTraining();
print('\nthe page, built, in a real browser');
await benchPage(row);
await benchFigures();
print('\nthe examples, from an empty profile to the last result');
await benchExamples(row);
await benchSheets();
await benchGrowth();
