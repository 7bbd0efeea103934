// What a visitor waits for before anything is seen: the files that the built page loads before its first paint.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const page = join(root, 'dist/page');
/** Bytes after gzip, of script, of the typeface, and of everything else: the page and its style sheets. */
const LIMITS = { script: 60_000, font: 50_000, rest: 6_000 };

/** The files that a file needs before it can run or be shown; what is imported by a call comes later. */
function needs(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const found = file.endsWith('.html')
    ? [...text.matchAll(/<(?:script|link)\b[^>]*>/g)].flatMap(([tag]) => {
        const needed = /<script|rel="(?:stylesheet|modulepreload|preload)"/.test(tag);
        return needed ? (tag.match(/(?:src|href)="([^"]+)"/)?.[1] ?? []) : [];
      })
    : file.endsWith('.js')
      ? [...text.matchAll(/\b(?:import|export)\b(?:[^'"()`;]*?\bfrom)?\s*["']([^"']+)["']/g)].flatMap(
          ([, specifier = '']) => (/^\.{0,2}\//.test(specifier) ? specifier : []),
        )
      : [];
  return found.map((path) => (path.startsWith('/') ? join(page, path) : resolve(dirname(file), path)));
}

/** All files before first paint. */
function beforePaint(): string[] {
  const files = new Set([join(page, 'index.html')]);
  for (const file of files) for (const needed of needs(file)) files.add(needed);
  return [...files];
}

beforeAll(() => {
  const env = { ...process.env, NODE_ENV: 'production' };
  const build = spawnSync(process.execPath, ['.scripts/run.mjs', 'build'], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  expect(build.stderr && build.status, build.stderr).toBe(build.stderr ? 0 : '');
}, 120_000);

describe('what loads before first paint', () => {
  const sizeOf = (files: readonly string[]): number =>
    files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);

  test('is under 60 kB gzipped of script, under 6 kB of page and style, and one part of the typeface', () => {
    const files = beforePaint();
    const scripts = files.filter((file) => file.endsWith('.js'));
    const fonts = files.filter((file) => file.endsWith('.woff2'));
    const rest = files.filter((file) => !/\.(js|woff2)$/.test(file));
    expect(scripts.length).toBeGreaterThan(0);
    expect(rest.filter((file) => file.endsWith('.css')).length).toBeGreaterThan(0);
    expect(sizeOf(scripts)).toBeLessThan(LIMITS.script);
    expect(fonts).toHaveLength(1);
    expect(sizeOf(fonts)).toBeLessThan(LIMITS.font);
    expect(sizeOf(rest)).toBeLessThan(LIMITS.rest);
  });

  test('has neither tfjs nor Plot in it', () => {
    const text = beforePaint()
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    expect(text).not.toMatch(/tfjs-backend|registerKernel|registerBackend/);
    expect(text).not.toMatch(/plot-d6a7b5|--plot-background/);
  });
});
