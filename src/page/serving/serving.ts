// Serves the page at this address, once the page is quiet: keeps the page for offline use, and names the new address after a
// move.
// Invariant: a former address keeps its worker, so that a saved sheet opens there, and gets no new worker.
// Loaded after the first paint; knows neither the sheet nor the library.

import type { Scheduler } from '../../core/compute/scheduler';
import { late } from '../../core/late-loading';
import { movedTo } from '../../platform/page/former-address';
import { type OfflineNotices, pageSetting, registerOffline } from '../../platform/page/offline';

const movedLine = late(() => import('./moved-line'));

/** The page is quiet after `rest` ms without scheduler events, after `most` ms at the latest. */
const QUIET = { rest: 500, most: 10_000 };

/** Resolves when the scheduler is quiet, so that less urgent work does not delay the first results. */
export async function quiet(scheduler: Scheduler): Promise<void> {
  const start = performance.now();
  let last = start;
  const stop = scheduler.subscribe(() => {
    last = performance.now();
  });
  let rest = QUIET.rest;
  while (rest > 0) {
    await new Promise((resolve) => setTimeout(resolve, rest));
    rest = Math.min(last + QUIET.rest, start + QUIET.most) - performance.now();
  }
  stop();
}

/** Registers the service worker and, at a former address, shows the new address. Never rejects. */
export async function openServing(notices: OfflineNotices): Promise<void> {
  const address = movedTo(location);
  const registered = await registerOffline(notices, {
    ...pageSetting(),
    onlyPresent: address !== undefined,
  });
  if (address === undefined) return;
  // If the line cannot be loaded, the page works without it.
  await movedLine()
    .then(({ showMoved }) => showMoved(address, registered))
    .catch(() => {});
}
