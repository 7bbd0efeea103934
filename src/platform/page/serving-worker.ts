// Gradsheet's own part of the service worker: lets the page of another project through, and then unregisters the worker.
// Invariant: it deletes no data, and no caches except those of this folder's Gradsheet; it answers only navigations that the
// worker itself answers.
// Runs before the generated part and does not know what that part caches; address-ownership.ts makes the decision.

import { type Address, ASK_MS, answerNavigation, recognise } from './address-ownership';
import { formerCaches, ownCaches } from './cache-names';

/** The parts of the worker's global object in use. TypeScript's own types for it conflict with the page's. */
interface WorkerScope {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: { matchAll(options: { type: 'window' }): Promise<readonly unknown[]> };
  addEventListener(type: 'fetch', listener: (event: NavigationEvent) => void): void;
  addEventListener(type: 'activate', listener: (event: NavigationEvent) => void): void;
}

interface NavigationEvent extends Event {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
  waitUntil(work: Promise<unknown>): void;
}

const scope = self as unknown as WorkerScope;
const root = scope.registration.scope;

const NOTE_CACHE = `gradsheet-address-${root}`;
const NOTE = new URL('another-answered', root).href;

async function leave(request: Request): Promise<Response> {
  const pages = await scope.clients.matchAll({ type: 'window' });
  const names = ownCaches(await caches.keys(), root);
  // One window is the navigation that leaves. Other windows load files from the cache until they are closed.
  const going = pages.length > 1 ? [NOTE_CACHE] : names;
  await Promise.all(going.map((name) => caches.delete(name)));
  const left = await scope.registration.unregister();
  // After the redirection the browser asks again, and no worker answers for the new page any more.
  return left ? Response.redirect(request.url) : fetch(request);
}

const address = (request: Request): Address => ({
  async ask() {
    try {
      const response = await fetch(root, {
        cache: 'no-store',
        headers: { accept: 'text/html' },
        redirect: 'manual',
        signal: AbortSignal.timeout(ASK_MS),
      });
      return await recognise(response);
    } catch {
      return 'silent';
    }
  },
  local: /^(localhost|.*\.localhost|127\.[\d.]+|\[::1\])$/.test(new URL(root).hostname),
  now: () => Date.now(),
  note: {
    async read() {
      const noted = await caches.match(NOTE, { cacheName: NOTE_CACHE });
      const since = Number(await noted?.text());
      return Number.isFinite(since) ? Math.min(since, Date.now()) : undefined;
    },
    async write(since) {
      const cache = await caches.open(NOTE_CACHE);
      await cache.put(NOTE, new Response(String(since)));
    },
    async clear() {
      await caches.delete(NOTE_CACHE);
    },
  },
  leave: () => leave(request),
});

scope.addEventListener('fetch', (event) => {
  if (event.request.mode !== 'navigate') return;
  const respond = event.respondWith.bind(event);
  // The generated part responds with its cached page; other navigations go to the network.
  event.respondWith = (kept) => {
    const { response, settled } = answerNavigation(address(event.request), kept);
    respond(response);
    event.waitUntil(settled);
  };
});

// The generated part fills a cache of another name than earlier versions did.
scope.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all(formerCaches(root).map((name) => caches.delete(name))));
});
