// How a page starts its worker: from the worker's address, or in a sandboxed frame from a blob that imports the address.

import { afterEach, expect, test, vi } from 'vitest';
import { spawnWorker } from '../../../src/platform/workers/worker-engine';

interface Started {
  readonly address: string;
  readonly type: string | undefined;
}

/** What a page at this origin starts, and the texts of the blobs that it makes. */
function spawnAt(origin: string) {
  const started: Started[] = [];
  const blobs: Blob[] = [];
  class Spawned {
    constructor(address: string, options?: WorkerOptions) {
      started.push({ address, type: options?.type });
    }
  }
  vi.stubGlobal('Worker', Spawned);
  vi.stubGlobal('origin', origin);
  vi.stubGlobal('location', new URL('https://example.org/gradsheet/?embed'));
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    blobs.push(blob as Blob);
    return 'blob:null/1';
  });
  spawnWorker();
  return { started, blobs };
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test('a page starts the worker as a module', () => {
  const { started, blobs } = spawnAt('https://example.org');
  expect(started).toEqual([
    { address: expect.stringMatching(/^https:\/\/example.org\/.*worker/), type: 'module' },
  ]);
  expect(blobs).toEqual([]);
});

test('a sandboxed frame starts a classic worker that imports the module and keeps what arrives early', async () => {
  const { started, blobs } = spawnAt('null');
  expect(started).toEqual([{ address: 'blob:null/1', type: undefined }]);
  const script = (await blobs[0]?.text()) ?? '';
  const [, module = ''] = script.match(/import \("(.+?)"\)/) ?? [];
  expect(module).toMatch(/^https:\/\/example.org\/.*worker/);
  // The script itself, with an import that takes its time.
  const scope = new EventTarget();
  const heard: unknown[] = [];
  let arrive = (): void => {};
  const imported = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const run = new Function(
    'load',
    'addEventListener',
    'removeEventListener',
    'dispatchEvent',
    'MessageEvent',
    script.replace('import (', 'load('),
  );
  class Message extends Event {
    readonly data: unknown;
    constructor(name: string, { data }: { data: unknown }) {
      super(name);
      this.data = data;
    }
  }
  run(
    () => imported,
    scope.addEventListener.bind(scope),
    scope.removeEventListener.bind(scope),
    scope.dispatchEvent.bind(scope),
    Message,
  );
  for (const data of [1, 2]) scope.dispatchEvent(new Message('message', { data }));
  scope.addEventListener('message', (event) => heard.push((event as Message).data));
  arrive();
  await imported;
  await Promise.resolve();
  scope.dispatchEvent(new Message('message', { data: 3 }));
  expect(heard).toEqual([1, 2, 3]);
});
