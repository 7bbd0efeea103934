// What is kept in a real IndexedDB: entries and checkpoints, the own sheet, the library.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHarness } from '../harness/start';

let app: Awaited<ReturnType<typeof startHarness>>;

beforeAll(async () => {
  app = await startHarness('storage');
});

afterAll(() => app?.close());

describe('the store on disk', () => {
  test('gives back what was put, in another page too', async () => {
    const { page, context, close } = await app.openPage();
    const put = await page.evaluate(async () => {
      const { createScheduler, digest, idbStore, nodeOf, spawnWorker, workerEngine } = window.harness;
      const store = idbStore();
      const scheduler = createScheduler({ store, engine: workerEngine({ spawn: spawnWorker }) });
      const { result } = await scheduler.demand(nodeOf('#v1', 'train')).outcome;
      for (let tries = 0; tries < 100 && !(await store.get(result?.key ?? '')); tries++)
        await new Promise((done) => setTimeout(done, 20));
      return { from: result?.from, digest: result && digest(result.value) };
    });
    const other = await app.openPage({ context });
    const got = await other.page.evaluate(async () => {
      const { createScheduler, digest, idbStore, nodeOf, spawner, workerEngine } = window.harness;
      const counted = spawner('hang', 0);
      const scheduler = createScheduler({ store: idbStore(), engine: workerEngine(counted) });
      const { result } = await scheduler.demand(nodeOf('#v1', 'train')).outcome;
      return { from: result?.from, digest: result && digest(result.value), spawned: counted.spawned };
    });
    expect(put.from).toBe('computed');
    expect(got).toEqual({ from: 'disk', digest: put.digest, spawned: 0 });
    other.expectClean();
    await close();
  });

  test('an entry that is damaged, or under another key or recipe, is a miss and is removed', async () => {
    const { page, close } = await app.openPage();
    const seen = await page.evaluate(async () => {
      const { digest, idbStore, keyval, nodeOf } = window.harness;
      const { key, recipe } = nodeOf('#v1', 'dataset');
      const value = { x: { shape: [1, 2], data: new Float32Array([1, 2]) }, y: new Uint8Array(1) } as const;
      const raw = keyval.createStore('gradsheet-entries', 'keyval');
      const store = idbStore();
      await store.put({ key, recipe, value, ms: 1 });
      const entry = await keyval.get<Record<string, unknown>>(key, raw);
      const other = nodeOf('#v1&A=a&A.dataset.noise=0.3', 'dataset');
      await store.put({ ...other, value: { ...value, y: new Uint8Array([1]) }, ms: 1 });
      const strange = await keyval.get<Record<string, unknown>>(other.key, raw);
      const first = { key, recipe, value, ms: 1, checksum: digest(value) };
      const outcomes: Record<string, unknown> = {};
      const tries: [string, unknown][] = [
        ['sound', entry],
        ['value', { ...entry, value: { ...value, y: new Uint8Array([1]) } }],
        ['checksum', { ...entry, checksum: 'f'.repeat(40) }],
        ['digest', { ...entry, digest: 'f'.repeat(64) }],
        ['another’s', { ...entry, value: strange?.['value'], digest: strange?.['digest'] }],
        ['cost', { ...entry, ms: 2 }],
        ['format 1', first],
        ['recipe', { ...entry, recipe: `${recipe} ` }],
        ['key', { ...entry, key: `${key.slice(0, -1)}x` }],
        ['extra', { ...entry, extra: true }],
        ['instance', { ...entry, value: new Date(0) }],
        ['nothing', null],
      ];
      for (const [name, held] of tries) {
        await keyval.set(key, held, raw);
        const found = await store.get(key);
        outcomes[name] = [found?.entry.value !== undefined, (await keyval.get(key, raw)) !== undefined];
      }
      return outcomes;
    });
    const removed = [false, false];
    expect(seen).toEqual({
      sound: [true, true],
      value: removed,
      checksum: removed,
      digest: removed,
      'another’s': removed,
      cost: removed,
      'format 1': removed,
      recipe: removed,
      key: removed,
      extra: removed,
      instance: removed,
      nothing: removed,
    });
    await close();
  });

  test('gives back what lies there and nothing else, whether it holds few entries or many', async () => {
    const { page, close } = await app.openPage();
    const seen = await page.evaluate(async () => {
      const { idbStore, keyval, nodeOf } = window.harness;
      const nodes = Array.from({ length: 300 }, (_, seed) =>
        nodeOf(`#v1&A=a&A.dataset.randomState=${seed}`, 'dataset'),
      );
      const keys = nodes.map(({ key }) => key);
      const raw = keyval.createStore('gradsheet-entries', 'keyval');
      const counts: number[][] = [];
      // As they are written and read in turn, so that the store grows large under one that knew it small.
      const store = idbStore();
      for (const held of [0, 1, 255, 256, 257, 299]) {
        const before = (await keyval.keys(raw)).length / 2;
        await Promise.all(
          nodes
            .slice(before, held)
            .map(({ key, recipe }, at) => store.put({ key, recipe, value: before + at, ms: 1 })),
        );
        const found = await Promise.all(keys.map((key) => store.get(key)));
        const right = found.filter((hit, at) => hit?.entry.value === at).length;
        counts.push([right, found.filter((hit) => hit === undefined).length]);
      }
      const fresh = await Promise.all(keys.map((key) => idbStore().get(key)));
      counts.push([fresh.filter((hit, at) => hit?.entry.value === at).length]);
      return counts;
    });
    expect(seen).toEqual([[0, 300], [1, 299], [255, 45], [256, 44], [257, 43], [299, 1], [299]]);
    await close();
  });

  test('gives the latest checkpoint at or below an extent, and keeps few of a trace', async () => {
    const { page, close } = await app.openPage();
    const seen = await page.evaluate(async () => {
      const { idbStore, keyval } = window.harness;
      const store = idbStore();
      for (let at = 1; at <= 60; at++) {
        await store.putCheckpoint({ trace: 'train@1 a', at, state: { at, data: new Float32Array([at]) } });
      }
      await store.putCheckpoint({ trace: 'train@1 b', at: 7, state: { at: 7 } });
      const raw = keyval.createStore('gradsheet-checkpoints', 'keyval');
      const names = (await keyval.keys(raw)).filter((name) => typeof name === 'string');
      const at = async (trace: string, most: number) => (await store.checkpoint(trace, most))?.at;
      const kept = names.filter((name) => name.includes(' ')).map((name) => Number(name.split(' ')[1]));
      const found = [await at('train@1 a', 60), await at('train@1 a', 1), await at('train@1 a', 0)];
      const other = [await at('train@1 b', 100), await at('train@1 b', 6), await at('train@1 c', 100)];
      const damaged = names.find((name) => name.endsWith(' 60')) ?? '';
      await keyval.set(damaged, { trace: 'train@1 a', at: 60, state: 0, checksum: '' }, raw);
      const below = await at('train@1 a', 60);
      const left = await keyval.get(damaged, raw);
      for (const size of [1, 2, 3]) {
        await store.putCheckpoint({ trace: 'big', at: size, state: new Uint8Array(9 * 2 ** 20) });
      }
      const big = [await at('big', 1), await at('big', 2), await at('big', 3)];
      return { kept: kept.length, found, other, below, left, big };
    });
    expect(seen).toEqual({
      kept: 13,
      found: [60, 1, undefined],
      other: [7, undefined, undefined],
      below: 48,
      left: undefined,
      big: [undefined, undefined, 3],
    });
    await close();
  });

  test('keeps the log-spaced checkpoints and the latest, wherever in an epoch it is, and thins them in one go too', async () => {
    const { page, close } = await app.openPage();
    const seen = await page.evaluate(async () => {
      const { idbStore, keyval } = window.harness;
      const store = idbStore();
      const put = (at: number) => store.putCheckpoint({ trace: 'train@1 a', at, state: { at } });
      await Promise.all([0.25, 0.5, 1, 1.25, 2, 2.75, 3, 3.5].map(put));
      const at = async (most: number) => (await store.checkpoint('train@1 a', most))?.at;
      const found = [
        await at(0.75),
        await at(1.5),
        await at(2.9),
        await at(3.4),
        await at(3.5),
        await at(100),
      ];
      await put(4.125);
      const after = [await at(4), await at(5)];
      const raw = keyval.createStore('gradsheet-checkpoints', 'keyval');
      const places = (await keyval.keys(raw)).filter((name) => typeof name === 'string');
      return { found, after, left: places.map((name) => Number(name.split(' ')[1])).sort((a, b) => a - b) };
    });
    expect(seen).toEqual({
      found: [undefined, 1, 2, 3, 3.5, 3.5],
      after: [3, 4.125],
      left: [1, 2, 3, 4.125],
    });
    await close();
  });

  test('holds nothing of what was for the moment, and all that it takes once that is wanted for longer', async () => {
    const { page, close } = await app.openPage();
    const first = await page.evaluate(async () => {
      const { createScheduler, idbStore, keyval, memoryStore, nodeOf, spawnWorker, tiered, workerEngine } =
        window.harness;
      const scheduler = createScheduler({
        store: tiered(memoryStore(), idbStore()),
        engine: workerEngine({ spawn: spawnWorker, size: 1 }),
      });
      const stores = ['gradsheet-entries', 'gradsheet-checkpoints'].map((name) =>
        keyval.createStore(name, 'keyval'),
      );
      const counts = async () =>
        (await Promise.all(stores.map((store) => keyval.keys(store)))).map(({ length }) => length);
      // So much work that its state is worth a place on disk, on a fast machine too.
      const passing = scheduler.demand(
        nodeOf('#v1&A=a&A.dataset.nSamples=100000&A.train.epochs=120', 'train'),
        { transient: true },
      );
      await passing.outcome;
      passing.release();
      await new Promise((done) => setTimeout(done, 500));
      const before = await counts();
      const { result } = await scheduler.demand(
        nodeOf('#v1&A=a&A.dataset.nSamples=100000&A.train.epochs=120', 'train'),
      ).outcome;
      for (let tries = 0; tries < 100 && (await counts()).includes(0); tries++)
        await new Promise((done) => setTimeout(done, 20));
      return { before, from: result?.from, after: await counts() };
    });
    // One entry, and of the trace its last checkpoint, each with its index record.
    expect(first).toEqual({ before: [0, 0], from: 'memory', after: [2, 2] });
    await page.reload();
    const then = await page.evaluate(async () => {
      const { createScheduler, digest, idbStore, memoryStore, nodeOf, spawnWorker, tiered, workerEngine } =
        window.harness;
      const engine = workerEngine({ spawn: spawnWorker, size: 1 });
      const from: number[] = [];
      const spying: typeof engine = {
        ...engine,
        execute(computation, context) {
          if (computation.kind === 'train') from.push(computation.checkpoint?.at ?? 0);
          return engine.execute(computation, context);
        },
      };
      const outcomeOf = async (store: ReturnType<typeof memoryStore>) => {
        const node = nodeOf('#v1&A=a&A.dataset.nSamples=100000&A.train.epochs=130', 'train');
        const { result } = await createScheduler({ store, engine: spying }).demand(node).outcome;
        return digest(result?.value ?? null);
      };
      const more = await outcomeOf(tiered(memoryStore(), idbStore()));
      const whole = await outcomeOf(memoryStore());
      return { from, same: more === whole };
    });
    expect(then).toEqual({ from: [120, 0], same: true });
    await close();
  });

  test('a thousand results at once are all there after a moment, in another page too', async () => {
    const { page, context, close } = await app.openPage();
    await page.evaluate(async () => {
      const { digest, idbStore, nodeOf } = window.harness;
      const store = idbStore();
      const puts = Array.from({ length: 1_000 }, (_, i) => {
        const { key, recipe } = nodeOf(`#v1&A=a&A.optimizer.learningRate=${i + 1}`, 'optimizer');
        return store.put({ key, recipe, value: i, ms: 1, ...(i % 2 && { digest: digest(i) }) });
      });
      await Promise.all(puts);
    });
    const other = await app.openPage({ context });
    const found = await other.page.evaluate(async () => {
      const { idbStore, nodeOf } = window.harness;
      const store = idbStore();
      const gets = Array.from({ length: 1_000 }, (_, i) =>
        store.get(nodeOf(`#v1&A=a&A.optimizer.learningRate=${i + 1}`, 'optimizer').key),
      );
      return (await Promise.all(gets)).filter((got, i) => got?.entry.value === i).length;
    });
    expect(found).toBe(1_000);
    await close();
  });

  test('says which keys it holds, those that are still to be written among them, without reading what lies there', async () => {
    const { page, close } = await app.openPage();
    const seen = await page.evaluate(async () => {
      const { idbStore, keyval, nodeOf } = window.harness;
      const store = idbStore();
      const nodes = [1, 2, 3, 4].map((rate) =>
        nodeOf(`#v1&A=a&A.optimizer.learningRate=${rate}`, 'optimizer'),
      );
      const entries = nodes.map(({ key, recipe }) => ({ key, recipe, value: 1, ms: 1 }));
      const [first, second, damaged, missing] = entries;
      if (!first || !second || !damaged || !missing) throw new Error('no entries');
      await store.put(first);
      await keyval.set(damaged.key, 'no entry', keyval.createStore('gradsheet-entries', 'keyval'));
      const writing = store.put(second);
      const keys = entries.map(({ key }) => key);
      const held = await store.holds?.(keys);
      await writing;
      return { held: keys.map((key) => held?.has(key)), later: (await idbStore().holds?.(keys))?.size };
    });
    expect(seen).toEqual({ held: [true, true, false, false], later: 2 });
    await close();
  });

  test('a connection that was closed is opened again, without a word', async () => {
    const { page, close } = await app.openPage();
    const seen = await page.evaluate(async () => {
      const { digest, idbStore, nodeOf } = window.harness;
      const connections: IDBDatabase[] = [];
      const open = indexedDB.open.bind(indexedDB);
      indexedDB.open = (name, version) => {
        const request = open(name, version);
        request.addEventListener('success', () => connections.push(request.result));
        return request;
      };
      const troubles: unknown[] = [];
      const store = idbStore({ onTrouble: (message) => troubles.push(message) });
      const { key, recipe } = nodeOf('#v1', 'optimizer');
      await store.put({ key, recipe, value: 1, digest: digest(1), ms: 1 });
      const found: unknown[] = [];
      for (let time = 0; time < 4; time++) {
        for (const connection of connections) connection.close();
        found.push((await store.get(key))?.entry.value);
      }
      return { found, troubles };
    });
    expect(seen).toEqual({ found: [1, 1, 1, 1], troubles: [] });
    await close();
  });

  test.each([
    ['throws', 'does not allow storage'],
    ['never answers', 'does not answer'],
  ])('storage that %s is reported once, and nothing rejects or waits for ever', async (how, words) => {
    const { page, close } = await app.openPage();
    const seen = await page.evaluate(async (how) => {
      const { idbStore } = window.harness;
      indexedDB.open = () => {
        if (how === 'throws') throw new DOMException('no', 'SecurityError');
        return new EventTarget() as IDBOpenDBRequest;
      };
      const troubles: unknown[] = [];
      const store = idbStore({ onTrouble: (message) => troubles.push(message) });
      const start = performance.now();
      const entry = { key: 'a-0', recipe: 'a', value: 1, digest: '', ms: 1 };
      const results: unknown[] = [];
      results.push(...(await Promise.all([store.get('a-0'), store.put(entry), store.checkpoint('t', 1)])));
      const waited = performance.now() - start;
      results.push(await store.get('a-0'), await store.putCheckpoint({ trace: 't', at: 1, state: 1 }));
      return { results, troubles, later: performance.now() - start - waited };
    }, how);
    expect(seen.results).toEqual(Array(5).fill(undefined));
    expect(seen.troubles).toHaveLength(1);
    expect(seen.troubles[0]).toContain(words);
    // Once it is known to be of no use it is not waited for again: less than the limit of one operation.
    expect(seen.later).toBeLessThan(3_000);
    await close();
  });
});

describe('the library', () => {
  test('keeps lineages with names and notes, and what is none too, and tells other tabs', async () => {
    const { page, context, close } = await app.openPage();
    const other = await app.openPage({ context });
    await other.page.evaluate(() => {
      const library = window.harness.openLibrary();
      library.subscribe(() => {
        document.title =
          library
            .known()
            .map(({ note }) => note)
            .join() || 'none';
      });
    });
    const seen = await page.evaluate(async () => {
      const { cellsOf, createScheduler, keyval, lineageOf, memoryStore, nodeOf, openLibrary } =
        window.harness;
      const { spawnWorker, workerEngine } = window.harness;
      const engine = workerEngine({ spawn: spawnWorker });
      const scheduler = createScheduler({ store: memoryStore(), engine });
      const { result } = await scheduler.demand(nodeOf('#v1', 'train', 'C')).outcome;
      const lineage = lineageOf(cellsOf('#v1', 'C'), result?.value ?? null, 5, 'twin');
      if (!lineage) throw new Error('it has no lineage');
      const raw = keyval.createStore('gradsheet-library', 'keyval');
      await keyval.set('train-bad', { key: 'train-bad' }, raw);
      const library = openLibrary();
      await library.put(lineage);
      await library.update(lineage.key, { note: 'the fair one' });
      await library.put({ ...lineage, when: 9, name: '' });
      await library.update('train-none', { name: 'nobody' });
      const listed = await library.list();
      const left = await keyval.keys(raw);
      await library.remove(lineage.key);
      const after = await library.list();
      await library.put(listed[0] ?? lineage);
      const back = await library.list();
      return { listed, left, key: lineage.key, after, same: JSON.stringify(back) === JSON.stringify(listed) };
    });
    expect(seen.left.toSorted()).toEqual([seen.key, 'train-bad'].toSorted());
    expect(seen.listed).toHaveLength(1);
    expect(seen.listed[0]).toMatchObject({ when: 5, name: 'twin', note: 'the fair one' });
    expect(seen.listed[0]?.params['architecture']).toMatchObject({ activation: 'relu', hiddenLayers: '3' });
    expect(seen.listed[0]?.results.testAccuracy).toBeGreaterThan(0.9);
    expect(seen).toMatchObject({ after: [], same: true });
    await expect.poll(() => other.page.title()).toBe('the fair one');
    await close();
  });
});
