// The command line as people call it: the script of package.json, with its set-up and its build.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readInput } from '../src/cli-input';

const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'gradsheet-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Finished {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function sheet(...args: string[]): Promise<Finished> {
  return new Promise((done, fail) => {
    const child = spawn('npm', ['run', '--silent', 'sheet', '--', ...args], { cwd: root });
    const text = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      text.out += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      text.err += chunk;
    });
    child.on('error', fail);
    child.on('close', (status) => done({ status, ...text }));
  });
}

interface CellJson {
  readonly key?: string;
  readonly recipe?: string;
  readonly ms?: number;
  // biome-ignore lint/suspicious/noExplicitAny: values of six kinds are walked through by the tests below
  readonly value?: any;
  readonly problem?: {
    readonly kind: string;
    readonly cell: string;
    readonly message: string;
    readonly code?: string;
  };
}
type RunJson = Record<string, CellJson>;

const runsOf = ({ out }: Finished): Record<string, RunJson> => JSON.parse(out).runs;

function runOf(finished: Finished, id: string): RunJson {
  const run = runsOf(finished)[id];
  if (!run) throw new Error(`no run ${id} in ${finished.out.slice(0, 100)}`);
  return run;
}

function cellOf(finished: Finished, run: string, kind: string, member?: number): CellJson {
  const { members, ...cells } = runOf(finished, run);
  const cell: CellJson | undefined = member === undefined ? cells[kind] : Object(members)[member]?.[kind];
  if (!cell) throw new Error(`no ${run}.${kind} in ${finished.out.slice(0, 100)}`);
  return cell;
}

const SMALL =
  '&A.dataset.nSamples=31&A.architecture.hiddenLayers=2&A.architecture.units=3&A.train.epochs=4&A.train.batchSize=8';

beforeAll(async () => {
  // The first call builds; the others then measure themselves against a test's usual time.
  await sheet('#v1&A=a', '--cells', 'optimizer');
}, 120_000);

describe('what is printed', () => {
  test('every cell with its key, recipe, time and value, in the shapes that the design gives', async () => {
    const finished = await sheet(`#v1&A=a${SMALL}`);
    expect(finished).toMatchObject({ status: 0, err: '' });
    const A = runOf(finished, 'A');
    expect(Object.keys(A)).toEqual(['dataset', 'split', 'architecture', 'optimizer', 'train', 'diff']);
    for (const [kind, cell] of Object.entries(A)) {
      expect(cell.key).toMatch(new RegExp(`^${kind}-[0-9a-f]{40}$`));
      expect(cell.recipe).toMatch(new RegExp(`^${kind}@1`));
      expect(cell.ms).toBeGreaterThanOrEqual(0);
    }
    // What computed it is part of what it is.
    expect(cellOf(finished, 'A', 'train').recipe).toMatch(/\| fused \d+/);
    const { x, y } = cellOf(finished, 'A', 'dataset').value;
    expect([x.length, x[0].length, y.length]).toEqual([31, 2, 31]);
    const { train, test: tested } = cellOf(finished, 'A', 'split').value;
    expect([...train, ...tested].sort((a, b) => a - b)).toEqual(Array.from({ length: 31 }, (_, i) => i));
    const { layers } = cellOf(finished, 'A', 'architecture').value;
    expect(layers.map((l: { units: number; activation: string }) => [l.units, l.activation])).toEqual([
      [3, 'sigmoid'],
      [3, 'sigmoid'],
      [1, 'sigmoid'],
    ]);
    expect(layers[0].kernel).toHaveLength(2);
    expect(layers[0].kernel[0]).toHaveLength(3);
    expect(layers[0].bias).toEqual([0, 0, 0]);
    expect(cellOf(finished, 'A', 'optimizer').value).toEqual({
      name: 'adam',
      learningRate: 0.001,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-7,
      globalClipNorm: 0,
    });
    const trained = cellOf(finished, 'A', 'train').value;
    for (const name of ['loss', 'accuracy', 'testLoss', 'testAccuracy'])
      expect(trained[name]).toHaveLength(4);
    for (const [name, columns] of [
      ['gradientRms', 3],
      ['updateRms', 3],
      ['saturated', 2],
    ] as const) {
      expect(trained[name].map((row: number[]) => row.length)).toEqual(Array(4).fill(columns));
    }
    expect(Object.keys(trained.layers[0])).toEqual(['units', 'activation', 'kernel', 'bias']);
    const [first] = cellOf(finished, 'A', 'diff').value.layers;
    expect(Object.keys(first).sort()).toEqual(
      [
        'after',
        'before',
        'gradientAfter',
        'gradientBefore',
        'perLearningRate',
        'percentChange',
        'update',
      ].sort(),
    );
    expect(first.before).toEqual(layers[0].kernel);
    expect(first.after).toEqual(trained.layers[0].kernel);
    expect(first.update[1][2]).toBe(first.after[1][2] - first.before[1][2]);
    expect(first.perLearningRate[0][1]).toBe((first.before[0][1] - first.after[0][1]) / 0.001);
  });

  test('the same address prints the same numbers again', async () => {
    const values = async () =>
      JSON.stringify(runsOf(await sheet(`#v1&A=a${SMALL}`)), (name, value) => (name === 'ms' ? 0 : value));
    expect(await values()).toBe(await values());
  });

  test('only the runs and cells that are asked for, and shared ones have one key', async () => {
    const finished = await sheet(
      `#v1&A=a${SMALL}&B=b&B.base=A&B.train.seed=1&C=c&C.base=A`,
      '--runs',
      'B,C',
      '--cells',
      'split,train',
    );
    expect(Object.keys(runsOf(finished))).toEqual(['B', 'C']);
    expect(Object.keys(runOf(finished, 'B'))).toEqual(['split', 'train']);
    expect(cellOf(finished, 'B', 'split').key).toBe(cellOf(finished, 'C', 'split').key);
    expect(cellOf(finished, 'B', 'train').key).not.toBe(cellOf(finished, 'C', 'train').key);
  });

  test('a percent change is null where the weight before is below the floor', async () => {
    const finished = await sheet(`#v1&A=a${SMALL}&A.diff.floor=1e30`, '--cells', 'diff');
    expect(cellOf(finished, 'A', 'diff').value.layers[0].percentChange).toEqual([
      Array(3).fill(null),
      Array(3).fill(null),
    ]);
  });

  test('a run with seeds gives its members, each with its seeds raised, and beside them what they share', async () => {
    const finished = await sheet(
      `#v1&A=a${SMALL}&A.seeds=3&B=b&B.base=A&B.seeds=1&B.architecture.seed=2&B.train.seed=2`,
    );
    expect(Object.keys(runOf(finished, 'A'))).toEqual(['dataset', 'split', 'optimizer', 'members']);
    expect(runOf(finished, 'A')['members']).toHaveLength(3);
    expect(cellOf(finished, 'A', 'train', 2).value).toEqual(cellOf(finished, 'B', 'train').value);
    expect(cellOf(finished, 'A', 'train', 1).key).not.toBe(cellOf(finished, 'A', 'train', 2).key);
    expect(cellOf(finished, 'A', 'dataset', 1).key).toBe(cellOf(finished, 'A', 'dataset').key);
  });
});

describe('where the address comes from', () => {
  test.each([
    ['a URL', () => 'http://localhost:7465/x#v1&A=a'],
    ['a file that holds an address', () => written('address.txt', '#v1&A=a\n')],
    ['a file that holds a URL', () => written('url.txt', '  https://example.org/#v1&A=a  \n')],
    ['an address without its #', () => 'v1&A=a'],
    [
      'an address in the middle of a file',
      () => written('notes.md', '# Notes\nsee http://localhost:7465/#v1&A=a here'),
    ],
  ])('%s', async (_, argument) => {
    const finished = await sheet(argument(), '--cells', 'optimizer');
    expect(finished).toMatchObject({ status: 0, err: '' });
    expect(cellOf(finished, 'A', 'optimizer').value.name).toBe('adam');
  });
});

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('exit status', () => {
  test('1 where a cell has a problem, which is told, while the other cells have their values', async () => {
    const finished = await sheet(
      '#v1&A=a&A.dataset.nSamples=2&A.split.testSize=0.9&B=b&B.architecture.units=3,4',
      '--cells',
      'dataset,split,architecture,train',
    );
    expect(finished.status).toBe(1);
    expect(cellOf(finished, 'A', 'dataset').value.y).toHaveLength(2);
    expect(cellOf(finished, 'A', 'split').problem).toMatchObject({ kind: 'failed', cell: 'A.split' });
    expect(cellOf(finished, 'A', 'train').problem).toMatchObject({ kind: 'blocked', cell: 'A.split' });
    expect(cellOf(finished, 'B', 'architecture').problem).toEqual({
      kind: 'bad-param',
      cell: 'B.architecture.units',
      message: '2 values for 3 hidden layers',
    });
    expect(cellOf(finished, 'B', 'split').value).toBeDefined();
  });

  test.each([
    [
      'operations',
      '#v1&A=a&A.architecture.units=1024&A.dataset.nSamples=100000&A.train.epochs=100000',
      /e\+1\d operations; the limit is 1e\+15: use fewer epochs/,
    ],
    [
      'memory',
      '#v1&A=a&A.architecture.units=1024&A.architecture.hiddenLayers=50',
      /GB of memory; the limit is 1 GB: use fewer units/,
    ],
  ])('1 for what needs more %s than any machine is asked for', async (_, address, bound) => {
    const finished = await sheet(address, '--cells', 'split,train');
    expect(finished.status).toBe(1);
    expect(cellOf(finished, 'A', 'train').problem).toMatchObject({ kind: 'failed', cell: 'A.train' });
    expect(cellOf(finished, 'A', 'train').problem?.message).toMatch(bound);
    expect(cellOf(finished, 'A', 'split').value).toBeDefined();
  });

  test('1 for a formula that has no value', async () => {
    const finished = await sheet('#v1&A=a&A.train.epochs==2/0', '--cells', 'train');
    expect(finished.status).toBe(1);
    expect(cellOf(finished, 'A', 'train').problem).toMatchObject({
      code: '#DIV/0!',
      message: 'division by 0',
    });
  });

  test.each([
    ['no argument', [], /^usage: /],
    ['two addresses', ['#v1', '#v1'], /^usage: /],
    ['a bad address', ['#v1&A=a&A.train.epochs=0'], /A\.train\.epochs: "0" is not a whole number/],
    ['a prototype’s name', ['#v1&A=a&A.__proto__.x=0'], /there is no kind __proto__/],
    ['an unknown version', ['#v9'], /unknown version "v9"/],
    ['an unknown run', ['#v1', '--runs', 'A,Z'], /--runs: unknown name "Z"; known names: A, B, C/],
    [
      'an unknown cell',
      ['#v1', '--cells', 'loss'],
      /--cells: unknown name "loss"; known names: dataset, split/,
    ],
    ['an unknown option', ['#v1', '--fast'], /--fast/],
    ['a file that is not there', ['no-such-file.txt'], /"no-such-file.txt" is neither an address nor a file/],
    ['an argument that no file can be called', ['x'.repeat(5_000)], /is neither an address nor a file/],
    ['an option without its value', ['#v1', '--runs', '--cells'], /--runs.*usage: /],
    ['a URL without an address', ['http://localhost:7465/'], /the URL has no address/],
    ['a folder', ['src'], /^"src" is a folder$/m],
  ] as [string, string[], RegExp][])('2 and one line for %s', async (_, args, message) => {
    const finished = await sheet(...args);
    expect(finished.status).toBe(2);
    expect(finished.out).toBe('');
    expect(finished.err).toMatch(message);
    expect(finished.err.trimEnd()).not.toContain('\n');
    expect(finished.err).not.toMatch(/ at .*:\d+:\d+/);
  });

  test('2 and one line for a megabyte of text', async () => {
    for (const text of [
      `#v1&A=${'a'.repeat(1_000_000)}`,
      'a'.repeat(1_000_000),
      `#${'a'.repeat(20_000_000)}`,
    ]) {
      const finished = await sheet(written('big.txt', text));
      expect(finished).toMatchObject({ status: 2, out: '' });
      expect(finished.err.trimEnd()).not.toContain('\n');
      expect(finished.err.length).toBeLessThan(300);
    }
  });
});

// Windows has none of these.
describe.skipIf(process.platform === 'win32')('what a path names besides files', () => {
  const BOUNDS = { maxBytes: 100_000, patienceMs: 200 };
  const shell = (script: string) => spawnSync('bash', ['-c', script], { cwd: root, encoding: 'utf8' });
  const command = `'${process.execPath}' dist/cli/cli.js`;

  function pipe(name: string): string {
    const path = join(folder, name);
    expect(spawnSync('mkfifo', [path]).status).toBe(0);
    return path;
  }

  test('a device without end is refused after its first bytes, in a line that names it', async () => {
    const start = performance.now();
    const finished = await sheet('/dev/zero');
    expect(finished).toMatchObject({
      status: 2,
      out: '',
      err: '"/dev/zero" is larger than 16000000 bytes\n',
    });
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(await sheet('/dev/null')).toMatchObject({
      status: 2,
      err: expect.stringMatching(/^"\/dev\/null" has no address/),
    });
  });

  test('a pipe without end is refused, by a name, a number or as standard input', () => {
    const path = pipe('endless');
    for (const script of [
      `yes > '${path}' & ${command} '${path}'; status=$?; wait; exit $status`,
      `${command} <(yes)`,
      `yes | ${command} /dev/stdin`,
    ]) {
      const { status, stdout, stderr } = shell(script);
      expect({ status, stdout, stderr }, script).toEqual({
        status: 2,
        stdout: '',
        stderr: expect.stringMatching(/^"[^"]+" is larger than 16000000 bytes\n/),
      });
    }
  });

  test('a pipe that takes its time is waited for, by a name, a number or as standard input', () => {
    const path = pipe('slow');
    const address = `sleep 0.5; echo '#v1&A=a'`;
    const option = '--cells optimizer';
    for (const script of [
      `(${address}) > '${path}' & ${command} '${path}' ${option}`,
      `${command} <(${address}) ${option}`,
      `(${address}) | ${command} /dev/stdin ${option}`,
    ]) {
      const { status, stdout, stderr } = shell(script);
      expect({ status, stderr }, script).toEqual({ status: 0, stderr: '' });
      expect(JSON.parse(stdout).address).toBe('#v1&A=a');
    }
    const { status, stderr } = shell(`${command} <(true)`);
    expect(status).toBe(2);
    expect(stderr).toMatch(/has no address/);
  });

  test('a pipe to which nobody writes is given up', () => {
    const path = pipe('silent');
    expect(() => readInput(path, BOUNDS)).toThrow('sent no data for 0.2 s');
    const writer = openSync(path, constants.O_RDWR);
    expect(() => readInput(path, BOUNDS)).toThrow('sent no data for 0.2 s');
    writeSync(writer, '#v1');
    expect(() => readInput(path, BOUNDS)).toThrow('sent no data for 0.2 s');
    closeSync(writer);
  });

  test('a socket, a folder and what is not there are told apart', async () => {
    const path = join(folder, 'socket');
    const server = createServer().listen(path);
    await once(server, 'listening');
    expect(() => readInput(path, BOUNDS)).toThrow(/cannot be read \(\w+\)/);
    server.close();
    expect(() => readInput(folder, BOUNDS)).toThrow('is a folder');
    expect(readInput(join(folder, 'nothing'), BOUNDS)).toBeUndefined();
    expect(readInput(join(folder, 'a\0b'), BOUNDS)).toBeUndefined();
  });

  test('a file is read to the last byte within the bound, whatever size it claims', () => {
    const text = 'ä'.repeat(50_000);
    expect(readInput(written('full.txt', text), BOUNDS)).toBe(text);
    expect(() => readInput(written('over.txt', `${text}x`), BOUNDS)).toThrow('is larger than 100000 bytes');
    expect(readInput(written('empty.txt', ''), BOUNDS)).toBe('');
  });
});

test('a value whose JSON is longer than any string is printed all the same', async () => {
  // 27 layers of 1,024 units: 27 million weights, some 560 MB of text.
  const run = spawn(process.execPath, [
    join(root, 'dist', 'cli', 'cli.js'),
    '#v1&A=a&A.architecture.hiddenLayers=27&A.architecture.units=1024&A.architecture.kernelInitializer=glorotUniform',
    '--cells',
    'architecture',
  ]);
  let length = 0;
  let end = '';
  for await (const chunk of run.stdout) {
    length += chunk.length;
    end = (end + String(chunk)).slice(-40);
  }
  expect(length).toBeGreaterThan(2 ** 29);
  expect(end).toMatch(/"bias":\[0\]\}\]\}\}\}\}\}\n$/);
});

test('a sheet with too many members in all is said so before anything is computed, and runs of it can be chosen', async () => {
  const ids = [...'ABCDEFGHIJKL'];
  const address = `#v1${ids.map((id) => `&${id}=r&${id}.seeds=1000&${id}.train.epochs=100000`).join('')}`;
  const { status, out, err } = await sheet(address);
  expect([status, out]).toEqual([1, '']);
  expect(err.trim()).toBe(
    'K.seeds: a sheet holds at most 10,000 members in total; the runs before K have 10,000, and K would add 1,000; choose fewer runs with --runs',
  );
  const chosen = await sheet(address, '--runs', 'A', '--cells', 'optimizer');
  expect(chosen.status).toBe(0);
});

test('a hundred and twenty runs in one address are no trouble', async () => {
  const ids = Array.from(
    { length: 119 },
    (_, i) =>
      (i < 25 ? '' : String.fromCharCode(64 + Math.floor((i + 1) / 26))) +
      String.fromCharCode(65 + ((i + 1) % 26)),
  );
  const runs = ids
    .map((id, i) => `&${id}=r&${id}.base=A&${id}.train.seed=${i + 1}&${id}.train.epochs=1`)
    .join('');
  const finished = await sheet(`#v1&A=a${SMALL}${runs}`);
  expect(finished).toMatchObject({ status: 0, err: '' });
  const all = runsOf(finished);
  expect(Object.keys(all)).toHaveLength(120);
  expect(new Set(Object.values(all).map(({ train }) => train?.key)).size).toBe(120);
  expect(new Set(Object.values(all).map(({ dataset }) => dataset?.ms)).size).toBe(1);
});

describe('formulas', () => {
  test('decide params as in the page, and rows are printed behind the runs', async () => {
    const address =
      `#v1&A=a${SMALL}&A.seeds=2&B=b&B.base=A&B.train.epochs==A.epochs / 2&B.seeds==3 - 2` +
      '&row.gap==loss - A.loss&row.best==argmin(train.testLoss)&row.curve==train.loss * 2';
    const finished = await sheet(address.replaceAll(' ', '%20'));
    expect(finished.status).toBe(1);
    expect(cellOf(finished, 'B', 'train').recipe).toContain('epochs=2 ');
    const { rows } = JSON.parse(finished.out);
    expect(Object.keys(rows)).toEqual(['gap', 'best', 'curve']);
    expect(rows.gap.A).toEqual([{ value: 0 }, { value: 0 }]);
    expect(rows.gap.B.problem).toEqual({
      kind: 'bad-param',
      cell: 'B.row.gap',
      message: 'A has 2 members, B has 1: members cannot be paired',
      code: '#VALUE!',
    });
    const { loss, testLoss } = cellOf(finished, 'B', 'train').value;
    expect(rows.best.B.value).toBe(testLoss.indexOf(Math.min(...testLoss)));
    expect(rows.curve.B.value).toEqual(loss.map((value: number) => 2 * value));
  });

  test('that are wrong are problems with their error value, and what reads them is blocked', async () => {
    const finished = await sheet(
      `#v1&A=a${SMALL}&A.optimizer.learningRate==B.learningRate&B=b&B.base=A&B.optimizer.learningRate==A.learningRate` +
        '&C=c&C.base=A&C.optimizer.learningRate==A.learningRate*2',
      '--cells',
      'optimizer',
    );
    expect(finished.status).toBe(1);
    const problemIn = (run: string) => cellOf(finished, run, 'optimizer').problem;
    expect(problemIn('A')).toMatchObject({
      kind: 'cycle',
      cell: 'A.optimizer.learningRate',
      code: '#CYCLE!',
    });
    expect(problemIn('B')).toMatchObject({
      kind: 'cycle',
      cell: 'B.optimizer.learningRate',
      code: '#CYCLE!',
    });
    expect(problemIn('C')).toMatchObject({ kind: 'blocked', cell: 'A.optimizer.learningRate' });
    expect(problemIn('C')).not.toHaveProperty('code');
  });
});
