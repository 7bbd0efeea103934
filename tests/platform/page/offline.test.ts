// The page's side of the service worker, against a container whose workers change state when the test says so.

import { describe, expect, test, vi } from 'vitest';
import { ownCaches } from '../../../src/platform/page/cache-names';
import { type ContainerPort, registerOffline } from '../../../src/platform/page/offline';

const FOLDER = 'https://example.org/course/gradsheet/';

class Worker extends EventTarget {
  readonly messages: unknown[] = [];
  constructor(
    public state: string,
    readonly scriptURL = `${FOLDER}sw.js`,
  ) {
    super();
  }
  postMessage(message: unknown): void {
    this.messages.push(message);
  }
  become(state: string): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}

class Registration extends EventTarget {
  scope = FOLDER;
  installing: Worker | null = null;
  waiting: Worker | null = null;
  active: Worker | null = null;
  /** A worker is found and is being installed. */
  find(): Worker {
    this.installing = new Worker('installing');
    this.dispatchEvent(new Event('updatefound'));
    return this.installing;
  }
  /** The worker that is being installed waits. */
  wait(): void {
    this.waiting = this.installing;
    this.installing = null;
    this.waiting?.become('installed');
  }
  /** The waiting worker becomes the active one. */
  activate(): void {
    const before = this.active;
    this.active = this.waiting;
    this.waiting = null;
    before?.become('redundant');
    this.active?.become('activating');
    this.active?.become('activated');
  }
}

class Container extends EventTarget implements ContainerPort {
  controller: Worker | null = null;
  readonly registration = new Registration();
  present: Registration | undefined;
  readonly scripts: string[] = [];
  readonly ready = new Promise<unknown>(() => {});
  failing: Error | undefined;
  async register(script: string): Promise<Registration> {
    if (this.failing) throw this.failing;
    this.scripts.push(script);
    return this.registration;
  }
  async getRegistration(): Promise<Registration | undefined> {
    return this.present;
  }
  control(worker: Worker | null): void {
    this.controller = worker;
    this.dispatchEvent(new Event('controllerchange'));
  }
}

interface Setting {
  readonly controlled?: boolean;
  readonly onlyPresent?: boolean;
  readonly before?: (container: Container) => void;
}

/** A page that has registered; `controlled` by a worker that was active before it. */
async function registered({ controlled = false, onlyPresent = false, before }: Setting = {}) {
  const container = new Container();
  const { registration } = container;
  if (controlled) {
    registration.active = new Worker('activated');
    container.controller = registration.active;
  }
  before?.(container);
  const page = {
    apply: undefined as (() => void) | undefined,
    offers: 0,
    reloads: 0,
    troubles: [] as string[],
  };
  const done = await registerOffline(
    {
      onReady: () => {},
      onUpdate(apply) {
        page.apply = apply;
        if (apply) page.offers++;
      },
      onTrouble: (message) => page.troubles.push(message),
    },
    { container, folder: FOLDER, reload: () => page.reloads++, onlyPresent, patienceMs: 20 },
  );
  return { container, registration, page, done };
}

describe('the first visit', () => {
  test('offers nothing, whichever state the only worker is in when the registration is there', async () => {
    for (const state of ['installing', 'installed', 'activating']) {
      const { container, registration, page } = await registered({
        before({ registration: early }) {
          early.find();
          if (state !== 'installing') early.wait();
          if (state === 'activating') early.activate();
        },
      });
      if (state === 'installing') registration.wait();
      if (state !== 'activating') registration.activate();
      container.control(registration.active);
      // Firefox tells it twice.
      container.control(registration.active);
      expect(page, state).toMatchObject({ apply: undefined, offers: 0, reloads: 0 });
    }
  });

  test('offers the newer version that is found while the first is being installed, once both are there', async () => {
    const { container, registration, page } = await registered();
    registration.find();
    registration.wait();
    const second = registration.find();
    registration.activate();
    container.control(registration.active);
    expect(page.offers).toBe(0);
    registration.wait();
    expect(page.offers).toBe(1);
    page.apply?.();
    expect(second.messages).toEqual([{ type: 'SKIP_WAITING' }]);
  });

  test('offers nothing where the worker cannot be installed or registered', async () => {
    const { registration, page } = await registered();
    const first = registration.find();
    registration.installing = null;
    first.become('redundant');
    expect(page).toMatchObject({ offers: 0, troubles: [] });
    const refused = await registered({
      before(container) {
        container.failing = new Error('refused');
      },
    });
    expect(refused).toMatchObject({ done: false, page: { offers: 0, troubles: [] } });
  });
});

describe('a newer version', () => {
  test('is offered whether it waits already or comes later, and applied it reloads the page once', async () => {
    for (const early of [true, false]) {
      const prepare = (registration: Registration): void => {
        registration.find();
        registration.wait();
      };
      const { container, registration, page } = await registered({
        controlled: true,
        ...(early && { before: (container) => prepare(container.registration) }),
      });
      if (!early) prepare(registration);
      expect(page.offers).toBe(1);
      page.apply?.();
      page.apply?.();
      expect(registration.waiting?.messages).toHaveLength(1);
      container.control(registration.waiting);
      expect(page).toMatchObject({ reloads: 1, troubles: [] });
    }
  });

  test('reloads a page without a controller too', async () => {
    const { registration, page } = await registered({
      before(container) {
        container.registration.active = new Worker('activated');
      },
    });
    registration.find();
    registration.wait();
    page.apply?.();
    registration.activate();
    expect(page.reloads).toBe(1);
  });

  test('that another tab applies is one reload away', async () => {
    const { container, registration, page } = await registered({ controlled: true });
    registration.find();
    registration.wait();
    registration.activate();
    container.control(registration.active);
    page.apply?.();
    expect(page.reloads).toBe(1);
    expect(registration.active?.messages).toEqual([]);
  });

  test('that gives way to a still newer one is offered no longer, and the newer one is', async () => {
    const { registration, page } = await registered({ controlled: true });
    const second = registration.find();
    registration.wait();
    const stale = page.apply;
    registration.find();
    registration.waiting = null;
    second.become('redundant');
    expect(page.apply).toBeUndefined();
    registration.wait();
    expect(page.offers).toBe(2);
    stale?.();
    expect(second.messages).toEqual([]);
  });

  test('that does not take over is said, and not offered again', async () => {
    const { registration, page } = await registered({ controlled: true });
    registration.find();
    registration.wait();
    page.apply?.();
    await vi.waitFor(() => expect(page.troubles).toHaveLength(1));
    expect(page).toMatchObject({ apply: undefined, offers: 1, reloads: 0 });
    registration.active?.become('activated');
    expect(page.offers).toBe(1);
  });
});

test('a worker that is there is kept, and its update offered, where registering fails', async () => {
  const { done, page, registration } = await registered({
    controlled: true,
    before(container) {
      container.failing = new Error('refused');
      container.present = container.registration;
    },
  });
  registration.find();
  registration.wait();
  expect(done).toBe(true);
  expect(page.offers).toBe(1);
});

test('a former address keeps the worker that is there and gets none anew', async () => {
  const none = await registered({ onlyPresent: true });
  expect(none).toMatchObject({ done: false, container: { scripts: [] } });
  const one = await registered({
    onlyPresent: true,
    before(container) {
      container.present = container.registration;
    },
  });
  expect(one).toMatchObject({ done: true, container: { scripts: [`${FOLDER}sw.js`] } });
});

describe('the worker of another project at the same origin', () => {
  const SITE = 'https://example.org/sw.js';

  test('that controls the first visit is no older version of the page', async () => {
    const { container, registration, page } = await registered({
      before(early) {
        early.controller = new Worker('activated', SITE);
      },
    });
    registration.find();
    registration.wait();
    registration.activate();
    container.control(registration.active);
    expect(page).toMatchObject({ apply: undefined, offers: 0, reloads: 0 });
  });

  test('is neither kept as the page’s own nor updated by a former address', async () => {
    const site = (container: Container): void => {
      container.present = new Registration();
      container.present.scope = 'https://example.org/';
    };
    const former = await registered({ onlyPresent: true, before: site });
    expect(former).toMatchObject({ done: false, container: { scripts: [] } });
    const refused = await registered({
      before(container) {
        container.failing = new Error('refused');
        site(container);
      },
    });
    expect(refused.done).toBe(false);
  });
});

test('the caches of a folder are its own, those of earlier versions included, and no others', () => {
  const own = [
    `gradsheet-files-v2-${FOLDER}`,
    `gradsheet-precache-v2-${FOLDER}`,
    `gradsheet-address-${FOLDER}`,
  ];
  const others = [
    'gradsheet-address',
    'gradsheet-files-v2-https://example.org/',
    `gradsheet-files-v2-${FOLDER}inner/`,
    `workbox-precache-v2-${FOLDER}`,
    'https://example.org/',
  ];
  expect(ownCaches([...own, ...others], FOLDER)).toEqual(own);
  expect(ownCaches([...own, ...others], 'https://example.org/')).toEqual([
    'gradsheet-address',
    'gradsheet-files-v2-https://example.org/',
  ]);
});
