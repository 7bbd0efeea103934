// A Vite plugin that builds Gradsheet's own part of the service worker into one classic script, which the
// generated part imports.
// Invariant: the script needs no other file, so an installed worker is complete.

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
