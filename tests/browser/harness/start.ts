// Builds the harness as the page is built and serves it as the page is served.

import { resolve } from 'node:path';
import { build } from 'vite';
import { type OwnApp, startOwnApp } from '../support/app';

const root = resolve(import.meta.dirname, '../../..');

/** The harness behind a server, built into a folder of its own, so that test files can run side by side. */
export async function startHarness(name: string): Promise<OwnApp & { readonly outDir: string }> {
  const outDir = resolve(root, `dist/harness-${name}`);
  await build({
    configFile: resolve(root, 'vite.config.ts'),
    mode: 'production',
    root: import.meta.dirname,
    publicDir: resolve(root, 'src/assets'),
    build: { outDir, emptyOutDir: true },
    logLevel: 'error',
  });
  return { ...(await startOwnApp(outDir)), outDir };
}
