// The page's side of the service worker: when the whole page is cached for offline use, and when a newer version waits.
// Invariant: a newer version is offered only while its worker waits beside an older one, and applied only on request.
// Another project's worker, such as one for the whole origin, is never taken for Gradsheet's. Does not know which files are
// cached (the build lists them) or who else uses the address (address-ownership.ts).
//
//   none ──a worker waits beside an active one──▶ offered ──apply──▶ applying ──it takes over──▶ reload
//     ▲ ◀──────── that worker is gone ─────────────┘                   │
//     ├ ◀──────── that worker is gone, or does not answer (a sentence) ┘
//     └──another tab has applied it──▶ passed: apply reloads

import { ownCaches } from './cache-names';

/** Callbacks about offline use and updates. */
export interface OfflineNotices {
  /** All files of the page are cached: the page works without the server from now on. */
  onReady(): void;
  /**
   * A newer version waits, or another tab has changed to it; `apply` changes to it. Called without `apply`
   * when it no longer waits.
   */
  onUpdate(apply: (() => void) | undefined): void;
  /** A sentence for people about an update that failed. */
  onTrouble(message: string): void;
}

interface WorkerPort extends EventTarget {
  readonly scriptURL: string;
  readonly state: string;
  postMessage(message: unknown): void;
}

interface RegistrationPort extends EventTarget {
  readonly scope: string;
  readonly installing: WorkerPort | null;
  readonly waiting: WorkerPort | null;
  readonly active: WorkerPort | null;
}

/** The part of ServiceWorkerContainer in use. */
export interface ContainerPort extends EventTarget {
  readonly controller: WorkerPort | null;
  readonly ready: Promise<unknown>;
  register(script: string, options: RegistrationOptions): Promise<RegistrationPort>;
  getRegistration(scope: string): Promise<RegistrationPort | undefined>;
}

/** The browser's ports and the conditions of the registration. */
interface OfflineSetting {
  /** Undefined if the browser has no service workers. */
  readonly container: ContainerPort | undefined;
  /** Address of the folder that serves the page, with its final slash: the worker's scope. */
  readonly folder: string;
  reload(): void;
  /** Only updates an existing worker; registers no new worker. */
  readonly onlyPresent?: boolean;
  /** Milliseconds until a worker that has not taken over counts as one that ignores the request. */
  readonly patienceMs?: number;
}

const folderOfPage = (): string => new URL('.', location.href).href;

/** Finds the worker of Gradsheet in a folder. Without one, the browser names that of a folder above. */
async function presentIn<T extends { readonly scope: string }>(
  container: { getRegistration(scope: string): Promise<T | undefined> },
  folder: string,
): Promise<T | undefined> {
  const found = await container.getRegistration(folder);
  return found?.scope === folder ? found : undefined;
}

function containerOfPage(): ContainerPort | undefined {
  try {
    return 'serviceWorker' in navigator ? navigator.serviceWorker : undefined;
  } catch {
    // A sandboxed page may not even ask.
    return undefined;
  }
}

/** The settings of a page in a browser. */
export const pageSetting = (): OfflineSetting => ({
  container: containerOfPage(),
  folder: folderOfPage(),
  reload: () => location.reload(),
});

/** Registers the service worker. Resolves to whether there is one. Never rejects. */
export async function registerOffline(
  notices: OfflineNotices,
  { container, folder, reload, onlyPresent = false, patienceMs = 10_000 }: OfflineSetting = pageSetting(),
): Promise<boolean> {
  if (!container) return false;
  const script = new URL('sw.js', folder).href;
  const ownController = (): WorkerPort | null =>
    container.controller?.scriptURL === script ? container.controller : null;
  // Read before the first `await`: another tab's update shows as a change of this controller.
  let controller = ownController();
  let registration: RegistrationPort | undefined;
  let offered: WorkerPort | undefined;
  let state: 'none' | 'offered' | 'applying' | 'passed' = 'none';

  function withdraw(message?: string): void {
    state = 'none';
    notices.onUpdate(undefined);
    if (message) notices.onTrouble(message);
  }

  function apply(worker: WorkerPort): void {
    if (state !== 'offered' || worker !== offered) return;
    state = 'applying';
    worker.postMessage({ type: 'SKIP_WAITING' });
    setTimeout(() => {
      if (state === 'applying' && worker === offered)
        withdraw('The newer version did not start. Close all tabs of this page to start it.');
    }, patienceMs);
  }

  function readState(): void {
    const { waiting = null, active = null } = registration ?? {};
    if (state === 'passed') return;
    if (state === 'applying') {
      if (offered?.state === 'activated') reload();
      if (offered?.state !== 'redundant') return;
      withdraw();
    }
    // The very first worker also waits for a moment before it becomes active, but it is not a newer version.
    const newer = waiting?.state === 'installed' && active ? waiting : undefined;
    if (newer === offered) return;
    offered = newer;
    if (!newer) {
      withdraw();
      return;
    }
    state = 'offered';
    notices.onUpdate(() => apply(newer));
  }

  const follow = (worker: WorkerPort | null | undefined): void =>
    worker?.addEventListener('statechange', readState);

  container.addEventListener('controllerchange', () => {
    const before = controller;
    controller = ownController();
    if (!controller || controller === before) return;
    if (state === 'applying') {
      reload();
      return;
    }
    // The first worker takes over a page that it did not load, which is not an update either.
    if (!before) return;
    state = 'passed';
    notices.onUpdate(reload);
  });

  try {
    const present = await presentIn(container, folder);
    if (onlyPresent && !present) return false;
    // If the server is gone, the existing worker still serves the page.
    registration = await container
      .register(script, { scope: folder, updateViaCache: 'none' })
      .catch(() => present);
    if (!registration) return false;
    void container.ready.then(notices.onReady);
    registration.addEventListener('updatefound', () => follow(registration?.installing));
    // The navigation itself checks for updates, so one may be under way, or wait since the last visit.
    for (const worker of [registration.installing, registration.waiting]) follow(worker);
    readState();
    return true;
  } catch {
    return false;
  }
}

/** Unregisters this folder's Gradsheet worker and deletes its caches. The person's saved data stay. */
export async function removeOffline(): Promise<void> {
  const folder = folderOfPage();
  const registration = await presentIn(navigator.serviceWorker, folder);
  await registration?.unregister();
  // Until version 0.1, the cache had workbox's default name.
  const old = `workbox-precache-v2-${folder}`;
  const names = await caches.keys();
  const own = [...ownCaches(names, folder), ...names.filter((name) => name === old)];
  await Promise.all(own.map((name) => caches.delete(name)));
}
