// Builds and serves the page once, and starts one browser, for all test files that need no own ones.
// Invariant: each test file connects with contexts of its own, which end with it; nothing of a profile is shared.

import { servePage } from './app';
import { launchBrowserServer } from './chromium';
import { tellShared } from './shared';

/** Starts the shared parts; returns the way to end them. */
export default async function setup(): Promise<() => Promise<void>> {
  const served = await servePage();
  const browser = await launchBrowserServer();
  tellShared({ origin: served.origin, browser: browser.wsEndpoint() });
  return async () => {
    tellShared(undefined);
    await browser.close();
    await served.stopServer();
  };
}
