// The built page with a seventh kind: the real page, built with one more line in the list of kinds.
// Invariant: nothing of the page differs but src/cells/index.ts, for the page and for its workers alike; the sources stay
// as they are, and closing removes what was built.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'vite';
import { type OwnApp, startOwnApp } from './app';

const root = resolve(import.meta.dirname, '../../..');
const LIST = join(root, 'src/cells/index.ts');
const KIND = join(root, 'tests/cells/seventh-kind.ts');

/** Adds the kind of tests/cells/seventh-kind.ts to the list of kinds, as its last entry. */
const oneMoreLine = (): Plugin => ({
  name: 'one-more-kind',
  enforce: 'pre',
  transform(code, id) {
    if (id !== LIST) return undefined;
    const list = code.replace(/\]\);\s*$/, ', tally]);\n');
    if (list === code) throw new Error('src/cells/index.ts does not end with the list of kinds');
    return `import { tally } from ${JSON.stringify(KIND)};\n${list}`;
  },
});

/** Builds and serves the page with seven kinds, and opens a browser. */
export async function startSevenKinds(): Promise<OwnApp> {
  const folder = await mkdtemp(join(tmpdir(), 'gradsheet-seven-'));
  await build({
    root,
    logLevel: 'error',
    plugins: [oneMoreLine()],
    worker: { plugins: () => [oneMoreLine()] },
    build: { outDir: folder, emptyOutDir: true },
  });
  const app = await startOwnApp(folder);
  return {
    ...app,
    async close() {
      await app.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
