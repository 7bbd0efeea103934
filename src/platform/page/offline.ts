// The page's side of the service worker: when the whole page is cached for offline use, and when a newer version waits.
// Invariant: a newer version is offered only while its worker waits beside an older one, and applied only on request.
// Does not know which files are cached (the build lists them) or who else uses the address (giving-way.ts).
//
//   none ──a worker waits beside an active one──▶ offered ──apply──▶ applying ──it takes over──▶ reload
//     ▲ ◀──────── that worker is gone ─────────────┘                   │
//     ├ ◀──────── that worker is gone, or does not answer (a sentence) ┘
//     └──another tab has applied it──▶ passed: apply reloads

/** What the page wants to hear. */
export interface OfflineNotices {
  /** Everything the page can ever ask for is kept: it works without the server from now on. */
  onReady(): void;
  /** A newer page waits, or another tab has changed to it, and `apply` changes to it; without `apply` none waits any more. */
  onUpdate(apply: (() => void) | undefined): void;
  /** A sentence on an update that did not come about. */
  onTrouble(message: string): void;
}

interface WorkerPort extends EventTarget {
  readonly state: string;
  postMessage(message: unknown): void;
}

interface RegistrationPort extends EventTarget {
  readonly installing: WorkerPort | null;
  readonly waiting: WorkerPort | null;
  readonly active: WorkerPort | null;
}

/** The part of a ServiceWorkerContainer that is used. */
export interface ContainerPort extends EventTarget {
  readonly controller: WorkerPort | null;
  readonly ready: Promise<unknown>;
  register(script: string, options: RegistrationOptions): Promise<RegistrationPort>;
  getRegistration(scope: string): Promise<RegistrationPort | undefined>;
}

/** Where a registration is made, and under which conditions. */
interface OfflineSetting {
  /** None where the browser has no service workers. */
  readonly container: ContainerPort | undefined;
  reload(): void;
  /** Only a worker that is there already is kept up to date; none comes anew. */
  readonly onlyPresent?: boolean;
  /** A worker that has not taken over for so long does not understand the request. */
  readonly patienceMs?: number;
}

const SCRIPT = '/sw.js';
const SCOPE = '/';

/** The settings of a page in a browser. */
export const pageSetting = (): OfflineSetting => ({
  container: 'serviceWorker' in navigator ? navigator.serviceWorker : undefined,
  reload: () => location.reload(),
});

/** Registers the service worker; resolves once that is done, false where there is none. Never rejects. */
export async function registerOffline(
  notices: OfflineNotices,
  { container, reload, onlyPresent = false, patienceMs = 10_000 }: OfflineSetting = pageSetting(),
): Promise<boolean> {
  if (!container) return false;
  // Before anything is awaited: what controls the page from here on is what another tab's update is told by.
  let controller = container.controller;
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
    // The first worker of all waits for a moment too, on its way to be the active one: it is no newer version.
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
    controller = container.controller;
    if (!controller || controller === before) return;
    if (state === 'applying') {
      reload();
      return;
    }
    // The first worker takes over a page that it did not load: that is no newer version either.
    if (!before) return;
    state = 'passed';
    notices.onUpdate(reload);
  });

  try {
    const present = await container.getRegistration(SCOPE);
    if (onlyPresent && !present) return false;
    // A worker that is there keeps the page although the server that has its script is gone.
    registration = await container
      .register(SCRIPT, { scope: SCOPE, updateViaCache: 'none' })
      .catch(() => present);
    if (!registration) return false;
    void container.ready.then(notices.onReady);
    registration.addEventListener('updatefound', () => follow(registration?.installing));
    // The navigation itself looks for updates, so one may be under way already, or wait since the last visit.
    for (const worker of [registration.installing, registration.waiting]) follow(worker);
    readState();
    return true;
  } catch {
    return false;
  }
}

/** Takes Gradsheet's worker and the pages it keeps away from this origin; what a person has saved stays. */
export async function removeOffline(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration(SCOPE);
  await registration?.unregister();
  // Until version 0.1 the worker's name for its cache was workbox's own.
  const old = `workbox-precache-v2-${location.origin}${SCOPE}`;
  const names = (await caches.keys()).filter((name) => name.startsWith('gradsheet-') || name === old);
  await Promise.all(names.map((name) => caches.delete(name)));
}
