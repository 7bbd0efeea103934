// The rules of the house: who may import whom, types, lint and format, and what lies at the top.

import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const src = join(root, 'src');

interface Import {
  readonly file: string;
  readonly from: string;
  readonly target: string;
  readonly form: 'import' | 'type' | 'dynamic';
}

const folderOf = (path: string): string => {
  const [first = '', ...rest] = relative(src, path).split('/');
  return rest.length > 0 ? first : first.replace(/\.\w+$/, '');
};

/** Comments may quote imports; strings that look like imports do not occur. */
const code = (file: string): string =>
  readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

function importsOf(file: string): Import[] {
  const text = code(file);
  // The worker's entry wires up all there is, as the roots of page and command line do.
  const from = relative(src, file) === join('platform', 'worker.ts') ? 'worker' : folderOf(file);
  const target = (specifier: string): string =>
    specifier.startsWith('.') ? folderOf(resolve(dirname(file), specifier)) : specifier;
  const found: Import[] = [];
  for (const [, type, clause = '', specifier = ''] of text.matchAll(
    /^\s*(?:import|export)\s+(type\s)?(?:([^'"();=]+?)\s+from\s+)?['"]([^'"]+)['"]/gm,
  )) {
    const onlyTypes =
      type ||
      (/^\{/.test(clause.trim()) &&
        clause
          .replace(/[{}]/g, '')
          .split(',')
          .every((name) => /^\s*(type\s|$)/.test(name)));
    found.push({ file, from, target: target(specifier), form: onlyTypes ? 'type' : 'import' });
  }
  for (const [, specifier = ''] of text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)) {
    found.push({ file, from, target: target(specifier), form: 'dynamic' });
  }
  return found;
}

const files = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name));
const imports = files.flatMap(importsOf);

const CORE_PACKAGES = ['jsep', 'valibot', '@noble/hashes'];
const FOLDERS = ['core', 'nn', 'kernel', 'cells', 'platform', 'ui'];
const isPackage = (target: string): boolean => !FOLDERS.includes(target) && !['main', 'cli'].includes(target);
const inPackages = (target: string, packages: readonly string[]): boolean =>
  packages.some((name) => target === name || target.startsWith(`${name}/`));

/** Whether DESIGN's table allows it. */
function allowed({ from, target, form }: Import): boolean {
  if (target === from) return true;
  switch (from) {
    case 'core':
      return isPackage(target) && inPackages(target, CORE_PACKAGES);
    case 'nn':
      return target === 'kernel' || inPackages(target, ['@tensorflow/tfjs']);
    case 'kernel':
      return false;
    case 'cells':
      return target === 'core' || (target === 'nn' && form === 'dynamic');
    case 'platform':
      return (
        target === 'core' || (isPackage(target) && !inPackages(target, ['@tensorflow/tfjs', 'solid-js']))
      );
    case 'ui':
      return (
        target === 'core' ||
        (['cells', 'nn'].includes(target) && form === 'type') ||
        (isPackage(target) && !inPackages(target, ['@tensorflow/tfjs']))
      );
    default:
      return true;
  }
}

describe('who may import whom', () => {
  test('the import lines are found', () => {
    const seen = new Set(imports.map(({ from, target, form }) => `${from} ${form} ${target}`));
    for (const line of [
      'cells dynamic nn',
      'cells import core',
      'cli import platform',
      'nn import @tensorflow/tfjs',
      'core import valibot',
    ]) {
      expect(seen).toContain(line);
    }
    expect(imports.length).toBeGreaterThan(50);
  });

  test('every import is one that the design allows', () => {
    const broken = imports.filter((line) => !allowed(line));
    expect(broken.map(({ file, target, form }) => `${relative(root, file)}: ${form} of ${target}`)).toEqual(
      [],
    );
  });

  test('the rules can be broken', () => {
    const line = (from: string, target: string, form: Import['form'] = 'import'): boolean =>
      allowed({ file: '', from, target, form });
    expect([
      line('core', 'nn'),
      line('core', 'solid-js'),
      line('cells', 'nn'),
      line('cells', 'nn', 'type'),
      line('nn', 'core'),
      line('ui', 'cells'),
      line('ui', 'platform'),
      line('platform', 'cells'),
    ]).toEqual(Array(8).fill(false));
  });

  test('what the page loads later goes one way, so that its failure is said', () => {
    // Cells and the worker load their parts in a worker, which another one takes the place of.
    const own = files.filter(
      (file) =>
        ['ui', 'page', 'platform', 'main'].includes(folderOf(file)) && !file.endsWith('/platform/worker.ts'),
    );
    const calls = own.flatMap((file) =>
      [...code(file).matchAll(/(.{0,16})(?<!typeof )\bimport\(/gs)].map(
        ([, before = '']) => [file, before] as const,
      ),
    );
    expect(calls.length).toBeGreaterThan(40);
    const others = calls.filter(([, before]) => !before.endsWith('late(() => '));
    expect(others.map(([file]) => relative(root, file))).toEqual([]);
    const lazies = own.filter((file) => /\blazy\b/.test(code(file)));
    expect(lazies.map((file) => relative(root, file))).toEqual([]);
  });

  test('nothing random, timed or engine-dependent gets into what decides a result', () => {
    const forbidden =
      /\bMath\.(random|exp|expm1|log|log1p|log2|log10|sin|cos|tan|tanh|sinh|cosh|asin|acos|atan|atan2|pow|hypot|cbrt)\b|\bDate\b|\*\*(?!\/)|\beval\b|new Function|\.innerHTML\b/;
    // tfjs takes the engine's functions itself, so that what goes through it is no business of this rule; a probe is drawn
    // and never kept, as no cell may ask for one. The activations are its own and those of training by plain mathematics.
    const decisive = files.filter(
      (file) =>
        ['core', 'nn', 'cells'].includes(folderOf(file)) &&
        !/\/(tfjs-gradient|probe|probe-pass|probe-tally)\.ts$/.test(file),
    );
    expect(
      decisive.filter((file) => folderOf(file) === 'cells' && /nn\/probe/.test(code(file))),
      'cells that look at a probe',
    ).toEqual([]);
    const found = decisive.flatMap((file) =>
      code(file)
        .split('\n')
        .filter((text) => forbidden.test(text) && !/2 \*\* \d+/.test(text))
        .map((text) => `${relative(root, file)}: ${text.trim()}`),
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
    .split('\n');

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

  test('every source file opens with a comment that says its job', () => {
    const bare = files.filter((file) => !readFileSync(file, 'utf8').startsWith('// '));
    expect(bare.map((file) => relative(root, file))).toEqual([]);
  });

  test('the lock file names no registry', () => {
    expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved": *"http/);
  });

  test('types check, and lint and format are clean', () => {
    const check = spawnSync(process.execPath, ['.scripts/run.mjs', 'check'], { cwd: root, encoding: 'utf8' });
    expect(check.stdout + check.stderr).toMatch(/Checked \d+ files/);
    expect(check.status).toBe(0);
  });
});
