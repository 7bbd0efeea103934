// Another project at an address of Gradsheet's: a plain server that answers everything with its own page.
// Invariant: it knows nothing of Gradsheet, and answers with a page for every path, /sw.js included, as many servers do.

import { createServer } from 'node:http';

/** A server that runs. */
export interface Foreign {
  close(): Promise<void>;
}

/** The title of its page. */
export const FOREIGN_TITLE = 'Another project';

/** Serves at the origin; `status` of every answer is 200 unless given. */
export async function serveForeign(origin: string, status = 200): Promise<Foreign> {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': 'text/html' });
    response.end(`<!doctype html><title>${FOREIGN_TITLE}</title><h1>${FOREIGN_TITLE}</h1>`);
  });
  const { hostname, port } = new URL(origin);
  await new Promise<void>((ready, fail) => {
    server.on('error', fail);
    server.listen(Number(port), hostname, ready);
  });
  return {
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** Visits an address of the other project's until it shows: at once, or at the second visit where the machine is busy. */
export async function visitForeign(
  visit: () => Promise<unknown>,
  look: () => Promise<string>,
): Promise<void> {
  await visit();
  if ((await look()) === FOREIGN_TITLE) return;
  // Time for the answer to be noted; the visit that finds the note waits for the network.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  await visit();
  const title = await look();
  if (title !== FOREIGN_TITLE) throw new Error(`the second visit shows ${title}`);
}

/** What an origin keeps in a browser; runs in the page. */
export async function keptHere() {
  const registrations = await navigator.serviceWorker.getRegistrations();
  const databases = await indexedDB.databases();
  return {
    controlled: navigator.serviceWorker.controller !== null,
    workers: registrations.length,
    caches: await caches.keys(),
    databases: databases.flatMap(({ name }) => name ?? []).sort(),
  };
}
