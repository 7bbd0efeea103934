// The service worker's side of the page: when all of it is kept for offline use, and when a newer one waits.
// Invariant: an update is applied only when the person says so; until then this page goes on with what it has.
// Knows nothing of what is kept: the build lists it.

/** What the page wants to hear. */
export interface OfflineNotices {
  /** Everything the page can ever ask for is kept: it works without the server from now on. */
  onReady(): void;
  /** A newer page waits, or another tab has changed to it; `apply` changes to it and loads it. */
  onUpdate(apply: () => void): void;
}

const SCRIPT = '/sw.js';

/** The worker that is on its way to be installed, once it has got there; rejects where it fails. */
function installed(worker: ServiceWorker): Promise<ServiceWorker> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (worker.state === 'redundant') reject(new Error('the service worker could not be installed'));
      else if (worker.state !== 'installing' && worker.state !== 'parsed') resolve(worker);
      else return;
      worker.removeEventListener('statechange', look);
    };
    worker.addEventListener('statechange', look);
    look();
  });
}

/** Registers the service worker; resolves once that is done, false where there can be none. Never rejects. */
export async function registerOffline({ onReady, onUpdate }: OfflineNotices): Promise<boolean> {
  if (!('serviceWorker' in navigator)) return false;
  const { serviceWorker } = navigator;
  let controlled = serviceWorker.controller !== null;
  let applying = false;

  const offer = (waiting: ServiceWorker): void =>
    onUpdate(() => {
      applying = true;
      waiting.postMessage({ type: 'SKIP_WAITING' });
    });

  serviceWorker.addEventListener('controllerchange', () => {
    if (applying) location.reload();
    else if (controlled) onUpdate(() => location.reload());
    controlled = true;
  });

  try {
    const registration = await serviceWorker.register(SCRIPT, { scope: '/', updateViaCache: 'none' });
    void serviceWorker.ready.then(onReady);
    const follow = (): void => {
      const { installing, active } = registration;
      if (installing && active) installed(installing).then(offer, () => {});
    };
    registration.addEventListener('updatefound', follow);
    // The navigation itself looks for updates, so one may be under way already, or wait since the last visit.
    follow();
    if (registration.waiting) offer(registration.waiting);
    return true;
  } catch {
    return false;
  }
}
