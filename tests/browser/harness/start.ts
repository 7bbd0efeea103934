// Builds the harness as the page is built and serves it as the page is served.
// Invariant: the build of unchanged sources is used again; each caller gets a copy of its own, which it may change.

import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { type OwnApp, startOwnApp } from '../support/app';

const root = resolve(import.meta.dirname, '../../..');
const builds = join(root, 'dist/harness');

/** SHA-256 over the text of every file that a build of the harness reads. */
function sourceHash(): string {
  const hash = createHash('sha256');
  const below = ['src', 'tests/browser/harness', '.scripts'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const single = ['package-lock.json', 'vite.config.ts'].map((name) => join(root, name));
  for (const file of [...single, ...below.sort()])
    hash.update(file.slice(root.length)).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

/** Returns the folder with the built harness. Two processes that build at once both build; the first one's is used. */
async function builtHarness(): Promise<string> {
  const folder = join(builds, sourceHash());
  if (existsSync(folder)) return folder;
  mkdirSync(builds, { recursive: true });
  const outDir = mkdtempSync(join(builds, 'building-'));
  await build({
    configFile: resolve(root, 'vite.config.ts'),
    mode: 'production',
    root: import.meta.dirname,
    publicDir: resolve(root, 'src/assets'),
    build: { outDir, emptyOutDir: true },
    logLevel: 'error',
  });
  try {
    renameSync(outDir, folder);
  } catch {
    rmSync(outDir, { recursive: true });
  }
  return folder;
}

/** The harness behind a server, in a folder that the caller alone uses, so that test files can run side by side. */
export async function startHarness(name: string): Promise<OwnApp & { readonly outDir: string }> {
  const built = await builtHarness();
  const outDir = resolve(root, `dist/harness-${name}`);
  rmSync(outDir, { recursive: true, force: true });
  cpSync(built, outDir, { recursive: true });
  return { ...(await startOwnApp(outDir)), outDir };
}
