// A plain static host, as people have one: another project's site at the root of an origin, and the built page in a folder
// below it. And a course page at another origin, which embeds sheets.
// Invariant: the host knows nothing of Gradsheet, has no page for an unknown path, and sends no headers of its own.

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import sirv from 'sirv';

const page = resolve(import.meta.dirname, '../../../dist/page');

/** Where the page is. */
export const FOLDER = '/course/gradsheet/';

/** The title of the other project's page at the root, and of a page of its in a folder below Gradsheet's. */
export const SITE_TITLE = 'The site around';
export const INNER_TITLE = 'A page within';

/**
 * The site's service worker, for the whole origin. Its page works offline. At the message "clean" it deletes
 * what workbox calls outdated: every cache with "-precache-" and its scope in the name, apart from its own.
 */
const SITE_WORKER = `
const own = 'site-precache-v2-' + registration.scope;
addEventListener('install', (event) => event.waitUntil(caches.open(own).then((cache) => cache.add('/'))));
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('fetch', (event) => {
  if (new URL(event.request.url).pathname === '/') event.respondWith(caches.match('/', { cacheName: own }));
});
addEventListener('message', (event) => event.waitUntil((async () => {
  for (const name of await caches.keys())
    if (name.includes('-precache-') && name.includes(registration.scope) && name !== own) await caches.delete(name);
  event.source.postMessage('clean');
})()));`;

const html = (title: string): string => `<!doctype html><title>${title}</title><h1>${title}</h1>`;

const SITE: Readonly<Record<string, readonly [string, string]>> = {
  '/': ['text/html', html(SITE_TITLE)],
  '/sw.js': ['text/javascript', SITE_WORKER],
  [`${FOLDER}inner/`]: ['text/html', html(INNER_TITLE)],
};

/** A server that runs, and can be stopped and started again at the same address. */
export interface Running {
  readonly origin: string;
  stop(): Promise<void>;
  start(): Promise<void>;
}

async function run(listener: RequestListener, hostname: string): Promise<Running> {
  let server: Server;
  let port = 0;
  async function start(): Promise<void> {
    server = createServer(listener);
    await new Promise<void>((ready, fail) => {
      server.on('error', fail);
      server.listen(port, ready);
    });
    ({ port } = server.address() as AddressInfo);
  }
  await start();
  return {
    origin: `http://${hostname}:${port}`,
    start,
    stop: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** Serves the site, with the built page in its folder. */
export function servePlainly(): Promise<Running> {
  const files = sirv(page, { dev: true, dotfiles: true });
  return run((request, response) => {
    const none = (): void => void response.writeHead(404, { 'content-type': 'text/html' }).end(html('None'));
    const [type, text] = SITE[new URL(request.url ?? '', 'http://host').pathname] ?? [];
    if (type !== undefined) response.writeHead(200, { 'content-type': type }).end(text);
    else if (request.url?.startsWith(FOLDER)) {
      request.url = request.url.slice(FOLDER.length - 1);
      files(request, response, none);
    } else none();
  }, 'localhost');
}

/** Serves a course page that holds the given frames, at another site than the page's. */
export const serveCourse = (frames: string): Promise<Running> =>
  run((_, response) => {
    const text = `${html('Course')}${frames}<p style="height: 2000px">More of the course</p>`;
    response.writeHead(200, { 'content-type': 'text/html' }).end(text);
  }, '127.0.0.1');
