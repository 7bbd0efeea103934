// The code under test as one script. The script includes the parts that the page loads late by import(), so
// that loading takes microtasks only: the scheduler does not control the test runner's own loading.
// Invariant: the script is built from the unchanged src, once per process.

import { resolve } from 'node:path';
import { runInThisContext } from 'node:vm';
import { build } from 'vite';

type Source = typeof import('./source');

async function load(): Promise<Source> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      target: 'es2023',
      lib: { entry: resolve(import.meta.dirname, 'source.ts'), formats: ['iife'], name: 'source' },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  const chunks = [built].flat().flatMap((part) => ('output' in part ? part.output : []));
  const script = chunks.find((chunk) => chunk.type === 'chunk');
  if (script?.type !== 'chunk' || chunks.length !== 1)
    throw new Error('the code under test is not one script');
  return runInThisContext(`${script.code};source`, { filename: 'source.js' }) as Source;
}

/** The exports of source.ts, from the bundle. */
export const source = await load();
