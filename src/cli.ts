// The command line: the same graph without a browser. Prints one JSON object on standard output and nothing else there.
// Exit status: 0 all is well, 1 a cell has a problem, 2 an address that cannot be read or an unknown run or cell.
// Invariant: nothing computes before the address, the runs and the cells are known to be good.

import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { registry } from './cells';
import { inlineEngine } from './core/engine';
import { type Cell, type Cells, cellName, createPlanner, type Plan, type RunPlan } from './core/plan';
import type { Problem } from './core/problem';
import { createScheduler, type Failure, problemOf, type Scheduler } from './core/scheduler';
import type { RunId } from './core/sheet';
import { memoryStore } from './core/store';
import { toJson } from './core/value';
import { findAddress, parseAddress, writeAddress } from './platform/address';

const USAGE =
  "usage: npm run --silent sheet -- '<address, whole URL, or a file that holds one>' [--runs A,B] [--cells dataset,train]";

const MAX_FILE_BYTES = 4_000_000;

/** A command that cannot be carried out; the message is one line. */
class Misuse extends Error {}

interface Request {
  readonly plan: Plan;
  readonly runs: readonly RunPlan[];
  readonly kinds: readonly string[];
}

function readAddressFile(path: string): string {
  const size = statSync(path).size;
  if (size > MAX_FILE_BYTES)
    throw new Misuse(`${path} has ${size} bytes; an address has at most ${MAX_FILE_BYTES}`);
  const text = readFileSync(path, 'utf8').trim();
  const address = /^v\d+(&|$)/.test(text) ? text : findAddress(text);
  if (address === undefined) throw new Misuse(`${path} holds no address: there is no # in it`);
  return address;
}

/** The address that the argument is, contains, or names the file of. */
function readAddress(argument: string): string {
  if (argument.startsWith('#') || /^v\d+(&|$)/.test(argument)) return argument;
  if (/^(https?|file):/i.test(argument)) {
    const address = findAddress(argument);
    if (address === undefined) throw new Misuse('the URL holds no address: there is no # in it');
    return address;
  }
  // npm changes into the package's folder; INIT_CWD is where the person was.
  const path = resolve(process.env['INIT_CWD'] ?? '.', argument);
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return readAddressFile(path);
  const address = findAddress(argument);
  if (address === undefined)
    throw new Misuse(`${JSON.stringify(argument.slice(0, 60))} is no address and no file`);
  return address;
}

/** The names in a comma-separated option, each of which must be known. */
function choose(option: string, text: string | undefined, known: readonly string[]): readonly string[] {
  if (text === undefined) return known;
  const names = new Set(text.split(',').map((name) => name.trim()));
  for (const name of names) {
    if (!known.includes(name)) {
      throw new Misuse(
        `--${option}: there is no ${JSON.stringify(name.slice(0, 40))}; there are ${known.slice(0, 40).join(', ')}`,
      );
    }
  }
  return known.filter((name) => names.has(name));
}

function parseCommand(args: string[]): Request {
  let parsed: ReturnType<typeof parseOptions>;
  try {
    parsed = parseOptions(args);
  } catch (error) {
    throw new Misuse(`${error instanceof Error ? error.message : error}`);
  }
  const [argument, ...rest] = parsed.positionals;
  if (argument === undefined || rest.length > 0) throw new Misuse(USAGE);
  const address = parseAddress(readAddress(argument), registry);
  if (!address.ok) throw new Misuse(address.message);
  const plan = createPlanner(registry)(address.sheet);
  const runs = choose('runs', parsed.values.runs, [...plan.runs.keys()]);
  const kinds = choose(
    'cells',
    parsed.values.cells,
    registry.kinds.map(({ name }) => name),
  );
  return { plan, runs: runs.flatMap((id) => plan.runs.get(id) ?? []), kinds };
}

const parseOptions = (args: string[]) =>
  parseArgs({
    args,
    allowPositionals: true,
    options: { runs: { type: 'string' }, cells: { type: 'string' } },
  });

function write(text: string): Promise<void> | undefined {
  if (process.stdout.write(text)) return undefined;
  return new Promise((resume) => process.stdout.once('drain', resume));
}

/** Shows what is being computed, on one line of a terminal. */
function showProgress(scheduler: Scheduler, place: () => string): () => void {
  if (!process.stderr.isTTY) return () => {};
  const line = (text: string): void => {
    process.stderr.write(`\r\x1b[K${text}`);
  };
  const stop = scheduler.subscribe((event) => {
    if (event.type === 'started') line(`${place()} · ${event.node.kind.name}`);
    if (event.type === 'progress')
      line(`${place()} · ${event.node.kind.name} ${Math.floor(event.fraction * 100)} %`);
  });
  return () => {
    stop();
    line('');
  };
}

/** What is printed of a cell: its value, or its problem. */
async function reportCell(
  scheduler: Scheduler,
  cell: Cell,
  toProblem: (failure: Failure) => Problem,
): Promise<object> {
  if (cell.problem) return { problem: cell.problem };
  const { key, recipe } = cell.node;
  const demand = scheduler.demand(cell.node);
  const { result, failure } = await demand.outcome;
  demand.release();
  return failure
    ? { key, recipe, problem: toProblem(failure) }
    : { key, recipe, ms: result.ms, value: toJson(result.value) };
}

/** Computes the cells of a run, or of one member, prints them as fields of a JSON object, and counts the problems. */
async function printCells(
  scheduler: Scheduler,
  cells: Cells,
  kinds: readonly string[],
  run: RunId,
  member?: number,
): Promise<number> {
  const chosen = kinds.flatMap((kind) => {
    const cell = cells.get(kind);
    return cell ? [{ kind, cell }] : [];
  });
  const interest = scheduler.interest();
  interest.show(chosen.flatMap(({ cell }) => cell.node ?? []));
  let problems = 0;
  for (const [index, { kind, cell }] of chosen.entries()) {
    const report = await reportCell(scheduler, cell, (failure) => problemOf(failure, kind, run, member));
    if ('problem' in report) problems++;
    await write(`${index > 0 ? ',\n' : ''}${JSON.stringify(kind)}:${JSON.stringify(report)}`);
  }
  interest.release();
  return problems;
}

/** The kinds whose cells are the same in every member, which therefore stand beside the members as well. */
const sharedKinds = (plan: RunPlan, kinds: readonly string[]): readonly string[] =>
  kinds.filter((kind) => plan.cells.get(kind)?.node === plan.member(1).get(kind)?.node);

async function main(): Promise<number> {
  const { plan, runs, kinds } = parseCommand(process.argv.slice(2));
  const scheduler = createScheduler({ store: memoryStore(), engine: inlineEngine(registry) });
  let place = '';
  let problems = 0;
  const stopProgress = showProgress(scheduler, () => place);
  await write(`{"address":${JSON.stringify(writeAddress(plan.sheet, registry))},\n"runs":{`);
  for (const [index, runPlan] of runs.entries()) {
    const { id } = runPlan.run;
    const count = runPlan.seeds.count;
    place = `${id}, run ${index + 1} of ${runs.length}`;
    await write(`${index > 0 ? ',' : ''}\n${JSON.stringify(id)}:{`);
    if (count === 1) {
      problems += await printCells(scheduler, runPlan.cells, kinds, id);
    } else {
      const shared = sharedKinds(runPlan, kinds);
      problems += await printCells(scheduler, runPlan.cells, shared, id);
      await write(`${shared.length > 0 ? ',\n' : ''}"members":[`);
      for (let member = 0; member < count; member++) {
        place = `${cellName(id, 'member', member)} of ${count}, run ${index + 1} of ${runs.length}`;
        await write(`${member > 0 ? ',' : ''}\n{`);
        problems += await printCells(scheduler, runPlan.member(member), kinds, id, member);
        await write('}');
      }
      await write(']');
    }
    await write('}');
  }
  stopProgress();
  await write('}}\n');
  return problems > 0 ? 1 : 0;
}

// A reader that has seen enough, as `head` has, closes the pipe: that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

main().then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = error instanceof Misuse ? 2 : 1;
  },
);
