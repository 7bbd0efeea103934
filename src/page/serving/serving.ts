// Serves the page at this address: keeps the page for offline use, and names the new address after a move.
// Invariant: a former address keeps its worker, so that a saved sheet opens there, and gets no new worker.
// Loaded after the first paint; knows neither the sheet nor the library.

import { late } from '../../core/late-loading';
import { movedTo } from '../../platform/page/former-address';
import { type OfflineNotices, pageSetting, registerOffline } from '../../platform/page/offline';

const movedLine = late(() => import('./moved-line'));

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
