// The built page behind its real server, and pages of a real browser that keep account of all that goes wrong in them.
// Invariant: what is served has passed through the same build and preview as `npm start`, headers included.
// Knows nothing of what a page shows.

import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type PreviewServer, preview } from 'vite';
import { launchBrowser, launchOwnBrowser } from './chromium';
import { sharedParts } from './shared';

const root = resolve(import.meta.dirname, '../../..');

/** Runs `npm run build`, which does nothing where the sources have not changed. */
function buildPage(): Promise<void> {
  return new Promise((done, reject) => {
    const build = spawn(process.execPath, ['.scripts/run.mjs', 'build'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
    });
    build.on('error', reject);
    build.on('exit', (code) =>
      code === 0 ? done() : reject(new Error(`the build ended with status ${code}`)),
    );
  });
}

/** What a new page is to be like. */
export interface PageOptions {
  /** A context to share storage with other pages; a new one, as of another profile, where there is none. */
  readonly context?: BrowserContext;
  readonly size?: { readonly width: number; readonly height: number };
  readonly dark?: boolean;
  /** Whether a service worker keeps the page for offline use; installing one takes longer than opening the page. */
  readonly offline?: boolean;
  /** What follows the origin: a path, a fragment or both; `null` opens nothing yet. */
  readonly address?: string | null;
}

/** A page that is watched from its first moment. */
export interface WatchedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Console errors, uncaught errors, violations of the content security policy, requests to other origins. */
  readonly faults: readonly string[];
  /** Fails with all that went wrong so far. */
  expectClean(): void;
  /** Closes all pages of the profile. A later page may get the profile, emptied: a new one takes twice as long to open. */
  close(): Promise<void>;
}

/** A server that can be stopped and started again at the same address. */
export interface Served {
  readonly origin: string;
  /** Stops the server: from now on nothing answers at the origin. */
  stopServer(): Promise<void>;
  startServer(): Promise<void>;
}

/** A served page and a browser. */
export interface App {
  readonly origin: string;
  readonly browser: Browser;
  openPage(options?: PageOptions): Promise<WatchedPage>;
  /** Closes what this app alone has: its contexts, and an own browser and server. */
  close(): Promise<void>;
}

/** An app whose server is its own, and can be stopped. */
export interface OwnApp extends App, Served {}

const serve = (outDir: string, port: number): Promise<PreviewServer> =>
  preview({ root, build: { outDir }, preview: { port, strictPort: port !== 0 }, logLevel: 'error' });

function portOf({ httpServer }: PreviewServer): number {
  const address = httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

async function watch(context: BrowserContext, origin: string): Promise<Omit<WatchedPage, 'close'>> {
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !/^(data|blob):/.test(url)) faults.push(`request: ${url}`);
  });
  await page.exposeFunction('reportViolation', (text: string) => faults.push(`policy: ${text}`));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) => {
      const { reportViolation } = window as unknown as { reportViolation(text: string): void };
      reportViolation(`${effectiveDirective} forbids ${blockedURI} ${sample}`);
    });
  });
  const expectClean = (): void => {
    if (faults.length > 0) throw new Error(`the page is not clean:\n${faults.join('\n')}`);
  };
  return { page, context, faults, expectClean };
}

/** Serves a built folder, by default the page itself, which is built first where it is out of date. */
export async function servePage(outDir = 'dist/page'): Promise<Served> {
  if (outDir === 'dist/page') await buildPage();
  let server: PreviewServer | undefined = await serve(outDir, 0);
  const port = portOf(server);
  return {
    origin: `http://localhost:${port}`,
    async stopServer() {
      const stopped = server;
      server = undefined;
      if (!stopped) return;
      const closed = stopped.close();
      if ('closeAllConnections' in stopped.httpServer) stopped.httpServer.closeAllConnections();
      await closed;
    },
    async startServer() {
      server ??= await serve(outDir, port);
    },
  };
}

/** Empties the profile of a page that has opened no address, and no other page is open in; cached files stay. */
async function emptyProfile(page: Page, origin: string): Promise<void> {
  const context = page.context();
  await context.unrouteAll();
  await context.clearPermissions();
  await context.setOffline(false);
  const session = await context.newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
  await session.detach();
}

function appOf(origin: string, browser: Browser, close: () => Promise<void>): App {
  /** Profiles that nobody uses, by whether they allow service workers. */
  const idle = new Map<boolean, BrowserContext[]>([
    [true, []],
    [false, []],
  ]);
  return {
    origin,
    browser,
    async openPage({
      context,
      size = { width: 1280, height: 800 },
      dark = false,
      offline = false,
      address = '/',
    } = {}) {
      const used = context ? undefined : idle.get(offline)?.pop();
      const its =
        context ?? used ?? (await browser.newContext({ serviceWorkers: offline ? 'allow' : 'block' }));
      const watched = await watch(its, origin);
      if (used) await emptyProfile(watched.page, origin);
      await watched.page.setViewportSize(size);
      await watched.page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
      if (address !== null) await watched.page.goto(new URL(address, origin).href);
      return {
        ...watched,
        async close() {
          await Promise.all(its.pages().map((page) => page.close()));
          if (!context) idle.get(offline)?.push(its);
        },
      };
    },
    close,
  };
}

/** The built page and a Chromium: those that all test files share, if there are such, else own ones. */
export async function startApp(): Promise<App> {
  const shared = sharedParts();
  if (!shared) return startOwnApp();
  const browser = await launchBrowser();
  return appOf(shared.origin, browser, () => browser.close());
}

/** A served folder and a Chromium that no other test file uses; `args` are further switches of the browser. */
export async function startOwnApp(outDir?: string, args: readonly string[] = []): Promise<OwnApp> {
  const served = await servePage(outDir);
  const browser = await launchOwnBrowser(args);
  const close = async (): Promise<void> => {
    await browser.close();
    await served.stopServer();
  };
  return { ...served, ...appOf(served.origin, browser, close) };
}
