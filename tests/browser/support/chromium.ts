// Finds a Chromium, Chrome or Edge to drive, and installs one where there is none.
// Invariant: it yields a browser that starts, or throws a sentence; it never skips in silence.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { type Browser, type BrowserServer, chromium } from 'playwright-core';
import { sharedParts } from './shared';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
  'msedge',
];

const MAC = ['Chromium', 'Google Chrome', 'Microsoft Edge'].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);

function windowsPlaces(): string[] {
  const roots = [process.env['PROGRAMFILES'], process.env['PROGRAMFILES(X86)'], process.env['LOCALAPPDATA']];
  const below = [
    'Google\\Chrome\\Application\\chrome.exe',
    'Chromium\\Application\\chrome.exe',
    'Microsoft\\Edge\\Application\\msedge.exe',
  ];
  return roots.flatMap((root) => (root ? below.map((path) => join(root, path)) : []));
}

/** Where a browser may be, the likeliest first. */
function* places(): Generator<string> {
  if (process.platform === 'win32') yield* windowsPlaces();
  if (process.platform === 'darwin') yield* MAC;
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  if (process.platform !== 'win32')
    for (const name of NAMES) yield* folders.map((folder) => join(folder, name));
  yield chromium.executablePath();
}

/** Whether it answers: Ubuntu's package is a script that only asks for a snap. Windows' browsers answer nothing. */
const starts = (path: string): boolean =>
  process.platform === 'win32' || spawnSync(path, ['--version'], { timeout: 30_000 }).status === 0;

const findBrowser = (): string | undefined => {
  for (const path of places()) if (existsSync(path) && starts(path)) return path;
  return undefined;
};

/** Runs an installer with its output on standard error; true where it says that it succeeded. */
const install = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args, {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: 600_000,
  }).status === 0;

function installBrowser(): void {
  process.stderr.write('No Chromium, Chrome or Edge was found; one is being installed …\n');
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    install('apt-get', 'update');
    if (install('apt-get', 'install', '-y', '--no-install-recommends', 'chromium') && findBrowser()) return;
  }
  const entry = createRequire(import.meta.url).resolve('playwright-core');
  install(process.execPath, join(dirname(entry), 'cli.js'), 'install', 'chromium');
}

/** The path of a browser that starts; `CHROMIUM_PATH` counts before all others. */
export function browserPath(): string {
  const wanted = process.env['CHROMIUM_PATH'];
  if (wanted) {
    if (existsSync(wanted) && starts(wanted)) return wanted;
    throw new Error(`CHROMIUM_PATH names ${wanted}, which is no browser that starts`);
  }
  let found = findBrowser();
  if (!found) {
    installBrowser();
    found = findBrowser();
  }
  if (found) return found;
  throw new Error(
    'The tests drive a real browser, and none was found or could be installed: install Chromium, Chrome or Edge, ' +
      'or name one in CHROMIUM_PATH.',
  );
}

/**
 * What the browser leaves out. It obeys its last such switch alone, so the driver's own list is here again, and then the
 * address bar's suggestions: for them it loads a page of its own beside each of ours, which costs as much as ours.
 */
const LEFT_OUT = [
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'TcpPortRandomizationWin',
  'ThirdPartyStoragePartitioning',
  'msEdgeUpdateLaunchServicesPreferredVersion',
  'msForceBrowserSignIn',
  'PreloadTopChromeWebUI',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
  'WebUIOmniboxPopup',
];

/** How a browser starts that asks nothing of the network by itself. */
const launchOptions = (args: readonly string[]) => ({
  executablePath: browserPath(),
  args: [
    '--no-sandbox',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    `--disable-features=${LEFT_OUT.join(',')}`,
    ...args,
  ],
});

/** A connection to the browser that all test files share, if there is one, else a browser of its own profile. */
export function launchBrowser(): Promise<Browser> {
  const shared = sharedParts();
  return shared ? chromium.connect(shared.browser) : launchOwnBrowser();
}

/** Starts a browser that no other test file uses; `args` are further switches. */
export const launchOwnBrowser = (args: readonly string[] = []): Promise<Browser> =>
  chromium.launch(launchOptions(args));

/** Starts a browser to which others connect at its address. */
export const launchBrowserServer = (): Promise<BrowserServer> => chromium.launchServer(launchOptions([]));
