// Builds the gallery and serves it with the values that it shows, under the page's own policy of content.
// Invariant: what it wrote is gone when it is closed. Knows no figure.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { build } from 'vite';
import { pack, type Values } from './gallery-values';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'";
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
};

/** A gallery that is served. */
export interface Gallery {
  readonly origin: string;
  close(): void;
}

/** Serves the gallery, or another page that fetches values, with values by the name of their case. */
export async function serveGallery(
  cases: Readonly<Record<string, Values>>,
  page = join(import.meta.dirname, 'gallery.html'),
): Promise<Gallery> {
  const folder = mkdtempSync(join(tmpdir(), 'gallery-'));
  await build({
    configFile: false,
    logLevel: 'error',
    root: dirname(page),
    base: './',
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2023',
      minify: false,
      modulePreload: { polyfill: false },
      rollupOptions: { input: page },
    },
  });
  for (const [name, values] of Object.entries(cases))
    writeFileSync(join(folder, `values-${name}.json`), pack(values));
  const server = createServer((request, response) => {
    const path = join(folder, new URL(request.url ?? '/', 'http://localhost').pathname);
    if (!existsSync(path)) {
      response.writeHead(path.endsWith('favicon.ico') ? 204 : 404).end();
      return;
    }
    response.writeHead(200, {
      'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
    });
    response.end(readFileSync(path));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      server.closeAllConnections();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
