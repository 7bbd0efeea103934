// The command line: the same graph without a browser. Prints one JSON object on standard output and nothing else there.
// Exit status: 0 all is well, 1 a cell has a problem, 2 an address that cannot be read or an unknown run or cell.
// Invariant: nothing computes before the address, the runs and the cells are known to be good.

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { registry } from './cells';
import { readInput, Unreadable } from './cli-input';
import { inlineEngine } from './core/compute/engine';
import { createScheduler, type Failure, problemOf, type Scheduler } from './core/compute/scheduler';
import { memoryStore } from './core/compute/store';
import { createLanguage } from './core/formulas/formula-language';
import { computeRow } from './core/formulas/row-values';
import { quote } from './core/kinds/param';
import type { Problem } from './core/kinds/problem';
import { jsonText, type Plain } from './core/kinds/value';
import { limitProblem } from './core/plan/member-limit';
import { type Cell, type Cells, cellName, createPlanner, type Plan, type RunPlan } from './core/plan/plan';
import type { RunId, SheetRow } from './core/sheet/sheet';
import { findAddress, parseAddress, writeAddress } from './platform/page/address';

const USAGE =
  "usage: npm run --silent sheet -- '<address, whole URL, or a file that holds one>' [--runs A,B] [--cells dataset,train]";

/** Bounds on reading a file or a pipe; no address has more bytes. Reading ends after 30 s without data. */
const BOUNDS = { maxBytes: 16_000_000, patienceMs: 30_000 };

/** Matches an address without its `#`: in an unquoted argument, a shell reads `#` as a comment. */
const IS_ADDRESS = /^v\d+(&|$)/;

/** A command that cannot be carried out; the message is one line. The exit status is 2. */
class Misuse extends Error {}

/** Thrown if the chosen runs exceed the limit of a sheet, before any cell is computed. */
class TooLarge extends Error {}

interface Request {
  readonly plan: Plan;
  readonly runs: readonly RunPlan[];
  readonly kinds: readonly string[];
  /** The sheet's rows of formulas; empty if `--cells` was given. */
  readonly rows: readonly SheetRow[];
}

const language = createLanguage(registry);

/** Returns the trimmed text at a path; undefined if nothing has that name. Throws `Misuse` if unreadable. */
function readText(path: string, name: string): string | undefined {
  try {
    return readInput(path, BOUNDS)?.trim();
  } catch (error) {
    if (error instanceof Unreadable) throw new Misuse(`${quote(name)} ${error.message}`);
    throw error;
  }
}

/** Returns the address in an argument: an address, a URL, or the name of a file. Throws `Misuse`. */
function readAddress(argument: string): string {
  if (argument.startsWith('#') || IS_ADDRESS.test(argument)) return argument;
  if (/^(https?|file):/i.test(argument)) {
    const address = findAddress(argument);
    if (address === undefined) throw new Misuse('the URL has no address: #v1 is missing');
    return address;
  }
  // npm changes into the package's folder; INIT_CWD is the folder in which the person typed the command.
  const text = readText(resolve(process.env['INIT_CWD'] ?? '.', argument), argument);
  const address = text !== undefined && IS_ADDRESS.test(text) ? text : findAddress(text ?? argument);
  if (address !== undefined) return address;
  throw new Misuse(
    text === undefined
      ? `${quote(argument)} is neither an address nor a file`
      : `${quote(argument)} has no address: #v1 is missing`,
  );
}

/** Returns the names of a comma-separated option, in the order of `known`. Throws `Misuse` for others. */
function choose(
  option: string,
  texts: readonly string[] | undefined,
  known: readonly string[],
): readonly string[] {
  if (!texts) return known;
  const names = new Set(texts.flatMap((text) => text.split(',')).map((name) => name.trim()));
  for (const name of names) {
    if (!known.includes(name)) {
      throw new Misuse(
        `--${option}: unknown name ${quote(name)}; known names: ${known.slice(0, 40).join(', ')}`,
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
    const [line] = String(error instanceof Error ? error.message : error).split('\n');
    throw new Misuse(`${line}; ${USAGE}`);
  }
  const [argument, ...rest] = parsed.positionals;
  if (argument === undefined || rest.length > 0) throw new Misuse(USAGE);
  const address = parseAddress(readAddress(argument), registry);
  if (!address.ok) throw new Misuse(address.message);
  const plan = createPlanner(registry, () => language)(address.sheet);
  const runs = choose('runs', parsed.values.runs, [...plan.runs.keys()]);
  const kinds = choose(
    'cells',
    parsed.values.cells,
    registry.kinds.map(({ name }) => name),
  );
  return {
    plan,
    runs: runs.flatMap((id) => plan.runs.get(id) ?? []),
    kinds,
    rows: parsed.values.cells ? [] : address.sheet.rows,
  };
}

const parseOptions = (args: string[]) =>
  parseArgs({
    args,
    allowPositionals: true,
    options: { runs: { type: 'string', multiple: true }, cells: { type: 'string', multiple: true } },
  });

function write(text: string): Promise<void> | undefined {
  if (process.stdout.write(text)) return undefined;
  return new Promise((resume) => process.stdout.once('drain', resume));
}

/** Shows the running cell on one line of a terminal. Returns a function that stops and clears the line. */
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

const PIECE = 65_536;

/** Writes a value's JSON in pieces: the whole text may be longer than the longest string of JavaScript. */
async function writeValue(value: Plain): Promise<void> {
  let piece = '';
  for (const text of jsonText(value)) {
    piece += text;
    if (piece.length < PIECE) continue;
    await write(piece);
    piece = '';
  }
  await write(piece);
}

/** Computes a cell and prints its value or its problem. Returns whether the cell has a problem. */
async function printCell(
  scheduler: Scheduler,
  cell: Cell,
  toProblem: (failure: Failure) => Problem,
): Promise<boolean> {
  if (cell.problem) {
    await write(JSON.stringify({ problem: cell.problem }));
    return true;
  }
  const { key, recipe } = cell.node;
  const demand = scheduler.demand(cell.node);
  const { result, failure } = await demand.outcome;
  demand.release();
  if (failure) {
    await write(JSON.stringify({ key, recipe, problem: toProblem(failure) }));
    return true;
  }
  await write(`${JSON.stringify({ key, recipe, ms: result.ms }).slice(0, -1)},"value":`);
  await writeValue(result.value);
  await write('}');
  return false;
}

/** Computes and prints the cells of a run or a member as JSON fields. Returns the number of problems. */
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
  const demandSet = scheduler.demandSet();
  demandSet.show(chosen.flatMap(({ cell }) => cell.node ?? []));
  let problems = 0;
  for (const [index, { kind, cell }] of chosen.entries()) {
    await write(`${index > 0 ? ',\n' : ''}${JSON.stringify(kind)}:`);
    if (await printCell(scheduler, cell, (failure) => problemOf(failure, kind, run, member))) problems++;
  }
  demandSet.release();
  return problems;
}

/** The kinds whose cells are the same in every member; these cells are printed once, beside the members. */
const sharedKinds = (plan: RunPlan, kinds: readonly string[]): readonly string[] =>
  kinds.filter((kind) => plan.cells.get(kind)?.node === plan.member(1).get(kind)?.node);

/** Prints the values of the sheet's rows, row by row and run by run, and returns the number of problems. */
async function printRows(scheduler: Scheduler, { plan, runs, rows }: Request): Promise<number> {
  let problems = 0;
  const print = async (row: SheetRow, run: RunPlan, member: number): Promise<void> => {
    const outcome = await computeRow(scheduler, { registry, language, plan }, row, run, member);
    if ('problem' in outcome) problems++;
    await write(`{"${'problem' in outcome ? 'problem' : 'value'}":`);
    if ('problem' in outcome) await write(JSON.stringify(outcome.problem));
    else await writeValue(outcome.value);
    await write('}');
  };
  await write(',\n"rows":{');
  for (const [place, row] of rows.entries()) {
    await write(`${place > 0 ? ',' : ''}\n${JSON.stringify(row.name)}:{`);
    for (const [index, run] of runs.entries()) {
      const { count } = run.seeds;
      await write(`${index > 0 ? ',' : ''}${JSON.stringify(run.run.id)}:${count > 1 ? '[' : ''}`);
      for (let member = 0; member < count; member++) {
        if (member > 0) await write(',');
        await print(row, run, member);
      }
      if (count > 1) await write(']');
    }
    await write('}');
  }
  await write('}');
  return problems;
}

async function main(): Promise<number> {
  const request = parseCommand(process.argv.slice(2));
  const { plan, runs, kinds } = request;
  // Checked first, so that nobody waits for ten thousand members before the refusal.
  const beyond = runs.flatMap((run) => limitProblem(run) ?? [])[0];
  if (beyond) {
    throw new TooLarge(`${beyond.cell}: ${beyond.message}; choose fewer runs with --runs`);
  }
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
  await write('}');
  if (request.rows.length > 0) problems += await printRows(scheduler, request);
  stopProgress();
  await write('}\n');
  return problems > 0 ? 1 : 0;
}

// A reader such as `head` closes the pipe when it has read enough, which is no error of this command.
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
