// Builds a page of these tests, the library's by default, and serves it on a free port under the policy that the real page has.
// Invariant: nothing but the built files is served, and closing removes them.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { build } from 'vite';
import solid from 'vite-plugin-solid';
import { assemblyScript } from '../../../.scripts/assemblyscript';
import { PLOT_STYLES } from '../../../.scripts/plot-styles';

const ROOT = resolve(import.meta.dirname, '../../..');
const PAGE = 'tests/browser/parts/library.html';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

/** A strict policy: own scripts and styles only, none of them inline but those of Observable Plot. */
const POLICY = `default-src 'none'; script-src 'self'; style-src 'self' ${PLOT_STYLES}; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'`;

/** The address of a page, and the way to end its server. */
export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

async function built(page: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gradsheet-library-'));
  await build({
    root: ROOT,
    configFile: false,
    mode: 'production',
    logLevel: 'error',
    publicDir: false,
    plugins: [assemblyScript(), solid()],
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2023',
      rolldownOptions: { input: join(ROOT, page) },
    },
  });
  return folder;
}

/** Builds a page and serves it at one address. */
export async function serveLibrary(): Promise<Served> {
  const folder = await built(PAGE);
  return serve(folder, PAGE, () => rm(folder, { recursive: true, force: true }));
}

/** Builds a page and serves it at two addresses, so that a browser keeps two storages for it. */
export async function serveTwice(page: string): Promise<readonly [Served, Served]> {
  const folder = await built(page);
  let open = 2;
  const close = async (): Promise<void> => {
    open--;
    if (open === 0) await rm(folder, { recursive: true, force: true });
  };
  return [await serve(folder, page, close), await serve(folder, page, close)];
}

async function serve(folder: string, page: string, closed: () => Promise<void>): Promise<Served> {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    try {
      const body = await readFile(join(folder, path));
      response.writeHead(200, {
        'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
        'content-security-policy': POLICY,
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/${page}`,
    async close() {
      server.closeAllConnections();
      await new Promise((ended) => server.close(ended));
      await closed();
    },
  };
}
