// The rules of the house: who may import whom, on which floor a room is, types, lint and format, and what lies at the top.
// Types count as imports: a room that needs another room's types stands on that room.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const src = join(root, 'src');

type Form = 'import' | 'type' | 'dynamic';

/** One import line: paths below src, or the name of a package. */
interface Import {
  readonly from: string;
  readonly to: string;
  readonly form: Form;
}

/** Comments may quote imports; strings that look like imports do not occur. */
const code = (file: string): string =>
  readFileSync(join(src, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(tsx?|css)$/.test(file))
  .sort();
const sources = files.filter((file) => /\.tsx?$/.test(file) && !file.startsWith('kernel/'));

/** The file below src that a relative specifier means, or the package. */
function targetOf(from: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  const path = relative(src, resolve(src, dirname(from), specifier.replace(/\?.*$/, '')));
  const found = ['', '.ts', '.tsx', '.d.ts', '/index.ts'].find((end) => files.includes(path + end));
  return found === undefined ? path : path + found;
}

function importsOf(from: string): Import[] {
  const text = code(from);
  const found: Import[] = [];
  for (const [, type, clause = '', specifier = ''] of text.matchAll(
    /^\s*(?:import|export)\s+(type\s)?(?:([^'"();=]+?)\s+from\s+)?['"]([^'"]+)['"]/gm,
  )) {
    // The address of a worker's module, which runs elsewhere.
    if (specifier.endsWith('?worker&url')) continue;
    const onlyTypes =
      type ||
      (/^\{/.test(clause.trim()) &&
        clause
          .replace(/[{}]/g, '')
          .split(',')
          .every((name) => /^\s*(type\s|$)/.test(name)));
    found.push({ from, to: targetOf(from, specifier), form: onlyTypes ? 'type' : 'import' });
  }
  for (const [, specifier = ''] of text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g))
    found.push({ from, to: targetOf(from, specifier), form: 'dynamic' });
  return found;
}

const imports = sources.flatMap(importsOf);

/** The first folder of a path; the composition roots and the worker's entry, which wire up all there is, by name. */
function wingOf(path: string): string {
  if (path === 'platform/workers/worker.ts') return 'worker';
  const [first = '', ...rest] = path.split('/');
  return rest.length > 0 ? first : first.replace(/\.\w+$/, '');
}

const WINGS = [
  'core',
  'nn',
  'kernel',
  'cells',
  'platform',
  'page',
  'ui',
  'main',
  'embedded',
  'cli',
  'cli-input',
  'worker',
];
const isPackage = (path: string): boolean => !WINGS.includes(wingOf(path));
const isOneOf = (path: string, packages: readonly string[]): boolean =>
  packages.some((name) => path === name || path.startsWith(`${name}/`));

/** Whether DESIGN's table allows one wing to import from another. */
function allowed({ from, to, form }: Import): boolean {
  const [wing, target] = [wingOf(from), wingOf(to)];
  if (target === wing) return true;
  switch (wing) {
    case 'core':
      return isPackage(to) && isOneOf(to, ['jsep', 'valibot', '@noble/hashes']);
    case 'nn':
      return target === 'kernel' || isOneOf(to, ['@tensorflow/tfjs']);
    case 'cells':
      return target === 'core' || (target === 'nn' && form === 'dynamic');
    case 'platform':
      return target === 'core' || (isPackage(to) && !isOneOf(to, ['@tensorflow/tfjs', 'solid-js']));
    case 'ui':
      return (
        target === 'core' ||
        (['cells', 'nn'].includes(target) && form === 'type') ||
        (isPackage(to) && !isOneOf(to, ['@tensorflow/tfjs']))
      );
    case 'page':
      return (
        ['core', 'platform', 'ui'].includes(target) ||
        (isPackage(to) && !isOneOf(to, ['@tensorflow/tfjs', '@observablehq/plot']))
      );
    default:
      return true;
  }
}

/**
 * The rooms of a wing by floor, the lowest first: a room imports from lower floors only. Rooms within a room share its floor.
 * Files beside the rooms are below all of them.
 */
const FLOORS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  core: [['kinds'], ['sheet'], ['plan'], ['compute'], ['formulas']],
  nn: [['random'], ['network'], ['data'], ['training'], ['tfjs'], ['probe']],
  platform: [['page', 'storage', 'workers']],
  page: [['sheets', 'serving'], ['ports']],
  cells: [['questions']],
  ui: [
    ['dom', 'session'],
    ['text'],
    ['figures', 'rows', 'scrub'],
    ['workspace', 'sources', 'library', 'examples'],
    ['formula', 'fill', 'diagnosis', 'sheets'],
    ['menu'],
    ['map', 'grid', 'lessons'],
    ['inspector', 'files', 'storage', 'help'],
    ['shell'],
  ],
};

const roomOf = (path: string): string | undefined => {
  const [, room, ...rest] = path.split('/');
  return rest.length > 0 ? room : undefined;
};

/** The floor of a file, -1 for one beside the rooms; undefined where the wing has no floors, or the room is on none. */
function floorOf(path: string): number | undefined {
  const floors = FLOORS[wingOf(path)];
  const room = roomOf(path);
  if (!floors || room === undefined) return floors && -1;
  const floor = floors.findIndex((rooms) => rooms.includes(room));
  return floor < 0 ? undefined : floor;
}

/** Whether an import stays in its room or goes to a lower floor. */
function goesDown({ from, to }: Import): boolean {
  const floors = FLOORS[wingOf(from)];
  if (!floors || wingOf(from) !== wingOf(to)) return true;
  const [room, target] = [roomOf(from), roomOf(to)];
  if (room === target) return true;
  const [floor = Number.NaN, below = Number.NaN] = [floorOf(from), floorOf(to)];
  return below < floor;
}

/** The circles of a graph, by Tarjan's algorithm (SIAM J. Comput. 1972): each strongly connected part of more than one node. */
function circles(edges: readonly (readonly [string, string])[]): string[][] {
  const next = new Map<string, Set<string>>();
  for (const [from, to] of edges) {
    if (from === to) continue;
    if (!next.has(from)) next.set(from, new Set());
    next.get(from)?.add(to);
  }
  const [index, low, stack, found]: [Map<string, number>, Map<string, number>, string[], string[][]] = [
    new Map(),
    new Map(),
    [],
    [],
  ];
  const lower = (node: string, value: number): void =>
    void low.set(node, Math.min(low.get(node) ?? value, value));
  function visit(node: string): void {
    const own = index.size;
    index.set(node, own);
    low.set(node, own);
    stack.push(node);
    for (const to of next.get(node) ?? []) {
      if (!index.has(to)) visit(to);
      if (stack.includes(to)) lower(node, low.get(to) ?? own);
    }
    if (low.get(node) !== own) return;
    const part = stack.splice(stack.indexOf(node));
    if (part.length > 1) found.push(part.sort());
  }
  for (const node of next.keys()) if (!index.has(node)) visit(node);
  return found;
}

const show = ({ from, to, form }: Import): string => `${from}: ${form} of ${to}`;

describe('who may import whom', () => {
  test('the import lines are found, and each leads to a file or a package', () => {
    const seen = new Set(imports.map(({ from, to, form }) => `${wingOf(from)} ${form} ${wingOf(to)}`));
    for (const line of [
      'cells dynamic nn',
      'cells import core',
      'cli import platform',
      'core import valibot',
    ])
      expect(seen).toContain(line);
    expect(imports.length).toBeGreaterThan(1_000);
    const lost = imports.filter(
      ({ to }) => !isPackage(to) && !to.startsWith('kernel/') && !files.includes(to),
    );
    expect(lost.map(show)).toEqual([]);
  });

  test('every import is one that the design allows', () => {
    expect(imports.filter((line) => !allowed(line)).map(show)).toEqual([]);
  });

  test('every import within a wing stays in its room or goes to a lower floor', () => {
    expect(imports.filter((line) => !goesDown(line)).map(show)).toEqual([]);
  });

  test('every room is on a floor, and every floor has its rooms', () => {
    for (const [wing, floors] of Object.entries(FLOORS)) {
      const rooms = readdirSync(join(src, wing), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name);
      expect(floors.flat().sort(), wing).toEqual(rooms.sort());
    }
  });

  test('no files and no folders form a circle, types included', () => {
    const own = imports.filter(({ to }) => files.includes(to));
    expect(circles(own.map(({ from, to }) => [from, to]))).toEqual([]);
    // The roots at the top of src wire up all there is, and nothing imports them.
    const folders = own.filter(({ from, to }) => dirname(from) !== '.' && dirname(to) !== '.');
    const inFolders = folders.filter(({ from }) => wingOf(from) !== 'worker');
    expect(circles(inFolders.map(({ from, to }) => [dirname(from), dirname(to)]))).toEqual([]);
  });

  test('the rules can be broken', () => {
    const line = (from: string, to: string, form: Form = 'import'): Import => ({ from, to, form });
    const wings = [
      line('core/a.ts', 'nn/b.ts'),
      line('core/a.ts', 'solid-js'),
      line('cells/a.ts', 'nn/b.ts'),
      line('cells/a.ts', 'nn/b.ts', 'type'),
      line('nn/a.ts', 'core/b.ts'),
      line('ui/a.ts', 'cells/b.ts'),
      line('ui/a.ts', 'platform/b.ts'),
      line('ui/a.ts', 'page/b.ts', 'type'),
      line('page/a.ts', 'cells/b.ts'),
      line('platform/a.ts', 'cells/b.ts'),
    ];
    expect(wings.filter(allowed)).toEqual([]);
    const floors = [
      line('core/kinds/a.ts', 'core/plan/b.ts', 'type'),
      line('core/macrotask.ts', 'core/kinds/a.ts'),
      line('ui/text/a.ts', 'ui/grid/b.tsx', 'dynamic'),
      line('ui/fill/a.ts', 'ui/formula/b.ts'),
      line('platform/page/a.ts', 'platform/storage/library/b.ts'),
      line('ui/cellar/a.ts', 'ui/dom/b.ts'),
      line('cells/a.ts', 'cells/questions/b.ts', 'type'),
    ];
    expect(floors.filter(goesDown)).toEqual([]);
    expect(goesDown(line('ui/grid/a.tsx', 'ui/text/b.ts'))).toBe(true);
    const ring: [string, string][] = ['ab', 'bc', 'ca', 'cd', 'de', 'ed', 'ff'].map((pair) => [
      pair.charAt(0),
      pair.charAt(1),
    ]);
    expect(circles(ring)).toEqual([
      ['d', 'e'],
      ['a', 'b', 'c'],
    ]);
  });

  test('what the page loads later goes one way, so that its failure is said', () => {
    // Cells and the worker load their parts in a worker, which another one takes the place of.
    const own = sources.filter((file) =>
      ['ui', 'page', 'platform', 'main', 'embedded'].includes(wingOf(file)),
    );
    const calls = own.flatMap((file) =>
      [...code(file).matchAll(/(.{0,16})(?<!typeof )\bimport\(/gs)].map(
        ([, before = '']) => [file, before] as const,
      ),
    );
    expect(calls.length).toBeGreaterThan(40);
    const others = calls.filter(([, before]) => !before.endsWith('late(() => '));
    expect(others.map(([file]) => file)).toEqual([]);
    expect(own.filter((file) => /\blazy\b/.test(code(file)))).toEqual([]);
  });

  test('nothing random, timed or engine-dependent gets into what decides a result', () => {
    const forbidden =
      /\bMath\.(random|exp|expm1|log|log1p|log2|log10|sin|cos|tan|tanh|sinh|cosh|asin|acos|atan|atan2|pow|hypot|cbrt)\b|\bDate\b|\*\*(?!\/)|\beval\b|new Function|\.innerHTML\b/;
    // tfjs takes the engine's functions itself, so that what goes through it is no business of this rule; a probe is drawn
    // and never kept: a question may ask for one, and no cell may. The activations are its own and those of training by plain mathematics.
    const decisive = sources.filter(
      (file) =>
        ['core', 'nn', 'cells'].includes(wingOf(file)) &&
        !/\/(tfjs-gradient|probe|probe-pass|probe-tally)\.ts$/.test(file),
    );
    expect(decisive.length).toBeGreaterThan(50);
    const kinds = (file: string): boolean => wingOf(file) === 'cells' && roomOf(file) === undefined;
    const probing = imports.filter(({ from, to }) => kinds(from) && to.startsWith('nn/probe/'));
    expect(probing.map(show), 'cells that ask a probe').toEqual([]);
    const found = decisive.flatMap((file) =>
      code(file)
        .split('\n')
        .filter((text) => forbidden.test(text) && !/2 \*\* \d+/.test(text))
        .map((text) => `${file}: ${text.trim()}`),
    );
    expect(found).toEqual([]);
  });
});

describe('the project', () => {
  const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
    .filter((path) => existsSync(join(root, path)));

  test('keeps to the top level that its owner fixed', () => {
    const top = new Set(tracked.map((path) => path.split('/')[0] ?? ''));
    const fixed = [
      'src',
      'tests',
      'index.html',
      'package.json',
      'package-lock.json',
      'tsconfig.json',
      'vite.config.ts',
      'README.md',
      'LICENSE',
    ];
    expect([...top].filter((name) => !name.startsWith('.') && !fixed.includes(name))).toEqual([]);
  });

  test('no folder of sources is flat: none has more than twenty-two files', () => {
    const counts = new Map<string, number>();
    for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count > 22)).toEqual([]);
  });

  test('every source file opens with a comment that says its purpose', () => {
    const bare = files.filter(
      (file) => /\.tsx?$/.test(file) && !readFileSync(join(src, file), 'utf8').startsWith('// '),
    );
    expect(bare).toEqual([]);
  });

  test('every path that the README and the rooms’ pages name is there', () => {
    const pages = tracked.filter((path) => path.endsWith('.md'));
    expect(pages.length).toBeGreaterThan(1);
    const lost = pages.flatMap((page) => {
      const text = readFileSync(join(root, page), 'utf8');
      const named = [...text.matchAll(/`((?:src|tests)\/[\w./-]+)`/g)].map(([, path = '']) => path);
      const linked = [...text.matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)].map(([, path = '']) =>
        relative(root, resolve(root, dirname(page), path)),
      );
      return [...named, ...linked]
        .filter((path) => !existsSync(join(root, path)))
        .map((path) => `${page}: ${path}`);
    });
    expect(lost).toEqual([]);
  });

  test('the code map has a row for every room', () => {
    const map = readFileSync(join(src, 'README.md'), 'utf8');
    const rooms = Object.entries(FLOORS).flatMap(([wing, floors]) =>
      floors.flat().map((room) => `src/${wing}/${room}`),
    );
    expect(rooms.filter((room) => !new RegExp(`^\\|.*\`${room}\`.*\\|`, 'm').test(map))).toEqual([]);
  });

  test('every class that a style sheet names is given to an element somewhere', () => {
    const styles = files.filter((file) => file.endsWith('.css'));
    const given = [...sources.map(code), readFileSync(join(root, 'index.html'), 'utf8')].join('\n');
    const words = new Set(given.match(/[\w-]+/g));
    const named = styles.flatMap((file) => {
      const rules = readFileSync(join(src, file), 'utf8').replace(
        /\/\*[\s\S]*?\*\/|"[^"]*"|url\([^)]*\)/g,
        '',
      );
      return [...rules.matchAll(/\.(-?[a-zA-Z_][\w-]*)/g)].map(([, name = '']) => ({ file, name }));
    });
    expect(named.length).toBeGreaterThan(500);
    // Some are made of a word and a number, or of two words.
    const isMade = (name: string): boolean => given.includes(`${name.replace(/(?<=-)\w+$|\d+$/, '')}\${`);
    const unused = named.filter(({ name }) => !words.has(name) && !isMade(name));
    expect([...new Set(unused.map(({ file, name }) => `${file}: ${name}`))]).toEqual([]);
  });

  test('the lock file names no registry', () => {
    expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved": *"http/);
  });

  test('types check, and lint and format are clean', () => {
    const check = spawnSync(process.execPath, ['.scripts/run.mjs', 'check'], { cwd: root, encoding: 'utf8' });
    expect(check.stdout + check.stderr).toMatch(/Checked \d+ files/);
    expect(check.status).toBe(0);
  }, 600_000);
});
