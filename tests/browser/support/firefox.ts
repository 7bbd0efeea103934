// Finds a Firefox and drives it over WebDriver BiDi, as Playwright drives a Firefox of its own only.
// Invariant: where there is none, `firefoxPath` is undefined, and tests are reported as skipped; nothing is installed.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import puppeteer, { type Browser, type BrowserContext, type Page } from 'puppeteer-core';

const NAMES = ['firefox', 'firefox-esr', 'firefox-developer-edition', 'firefox-nightly'];

const WINDOWS = ['PROGRAMFILES', 'PROGRAMFILES(X86)'];

function places(): string[] {
  if (process.platform === 'win32')
    return WINDOWS.map((name) => join(process.env[name] ?? '', 'Mozilla Firefox', 'firefox.exe'));
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const inPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return process.platform === 'darwin'
    ? ['/Applications/Firefox.app/Contents/MacOS/firefox', ...inPath]
    : inPath;
}

/** Whether it answers: Ubuntu's package may be a script that only asks for a snap. Windows' browsers answer nothing. */
const starts = (path: string): boolean =>
  existsSync(path) &&
  (process.platform === 'win32' || spawnSync(path, ['--version'], { timeout: 30_000 }).status === 0);

function findFirefox(): string | undefined {
  const wanted = process.env['FIREFOX_PATH'];
  if (!wanted) return places().find(starts);
  if (starts(wanted)) return wanted;
  throw new Error(`FIREFOX_PATH names ${wanted}, which is no browser that starts`);
}

/** The path of a Firefox that starts, undefined where there is none; `FIREFOX_PATH` counts before all others. */
export const firefoxPath: string | undefined = findFirefox();

/** A page that is watched from its first moment, in a profile of its own. */
export interface FirefoxPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Console errors and uncaught errors. */
  readonly faults: readonly string[];
}

/** A Firefox that runs. */
export interface Firefox {
  readonly browser: Browser;
  openPage(url: string, context?: BrowserContext): Promise<FirefoxPage>;
  close(): Promise<void>;
}

/** Starts Firefox without a window. */
export async function launchFirefox(): Promise<Firefox> {
  if (!firefoxPath) throw new Error('there is no Firefox');
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: firefoxPath,
    headless: true,
    extraPrefsFirefox: {
      // Nothing is asked of the network by itself.
      'app.update.auto': false,
      'browser.safebrowsing.update.enabled': false,
      'network.captive-portal-service.enabled': false,
      'network.connectivity-service.enabled': false,
    },
  });
  return {
    browser,
    async openPage(url, given) {
      const context = given ?? (await browser.createBrowserContext());
      const page = await context.newPage();
      await page.setViewport({ width: 1280, height: 800 });
      const faults: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') faults.push(`console: ${message.text()}`);
      });
      page.on('pageerror', (error) => faults.push(`uncaught: ${String(error)}`));
      await page.goto(url);
      return { page, context, faults };
    },
    close: () => browser.close(),
  };
}
