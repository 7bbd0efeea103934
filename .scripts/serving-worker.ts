// Two Vite plugins for the service worker. One builds Gradsheet's own part into one classic script, which the
// generated part imports; the other names the cache of the generated part.
// Invariant: the script needs no other file, so an installed worker is complete.

import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { build, type Plugin } from 'vite';

/** File name of the script in the built page. */
export const SERVING_WORKER = 'serving-worker.js';

/** Returns the plugin, which emits the script as an asset of the page. */
export function servingWorker(): Plugin {
  return {
    name: 'serving-worker',
    apply: 'build',
    async generateBundle() {
      const built = await build({
        configFile: false,
        publicDir: false,
        logLevel: 'error',
        build: {
          write: false,
          target: 'es2023',
          rolldownOptions: {
            input: resolve(import.meta.dirname, '../src/platform/page/serving-worker.ts'),
            output: { format: 'iife', entryFileNames: SERVING_WORKER },
          },
        },
      });
      for (const { output } of [built].flat().filter((one) => 'output' in one)) {
        for (const file of output)
          if (file.type === 'chunk')
            this.emitFile({ type: 'asset', fileName: file.fileName, source: file.code });
      }
    },
  };
}

/**
 * Returns the plugin that names the cache of the generated worker `gradsheet-files-v2-<scope>`. With the
 * default name, which contains "-precache-", another project's worker that is at the root of the origin and
 * cleans up as workbox does would delete the cache. Must follow the plugin that generates the worker.
 */
export function cacheName(): Plugin {
  let file = '';
  return {
    name: 'cache-name',
    apply: 'build',
    configResolved({ root, build: { outDir } }) {
      file = resolve(root, outDir, 'sw.js');
    },
    closeBundle: {
      sequential: true,
      order: 'post',
      handler() {
        const parts = readFileSync(file, 'utf8').split('"precache-v2"');
        if (parts.length !== 2) throw new Error(`${file} does not name its cache as expected`);
        writeFileSync(file, parts.join('"files-v2"'));
      },
    },
  };
}
