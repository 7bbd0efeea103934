// The worker engine in a real browser: real workers, and some that break their word on purpose.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHarness } from '../harness/start';
import type { WatchedPage } from '../support/app';

let app: Awaited<ReturnType<typeof startHarness>>;
let opened: WatchedPage;

beforeAll(async () => {
  app = await startHarness('worker');
  opened = await app.openPage();
});

afterAll(() => app?.close());

describe('the worker', () => {
  test('computes every cell of the opening sheet to the byte as the page would in its own thread', async () => {
    const seen = await opened.page.evaluate(async () => {
      const { cellsOf, createScheduler, digest, inlineEngine, memoryStore } = window.harness;
      const { registry, spawnWorker, workerEngine } = window.harness;
      const aside = workerEngine({ spawn: spawnWorker });
      const digestsBy = async (engine: ReturnType<typeof inlineEngine>) => {
        const scheduler = createScheduler({ store: memoryStore(), engine });
        const digests: Record<string, string | undefined> = {};
        for (const run of ['A', 'B', 'C']) {
          for (const [kind, { node }] of cellsOf('#v1', run)) {
            const outcome = node && (await scheduler.demand(node).outcome);
            digests[`${run}.${kind}`] = outcome?.result && digest(outcome.result.value);
          }
        }
        return digests;
      };
      const digests = await Promise.all([digestsBy(aside), digestsBy(inlineEngine(registry))]);
      aside.dispose();
      return digests;
    });
    expect(Object.values(seen[0] ?? {}).filter((digest) => digest?.length === 64)).toHaveLength(18);
    expect(seen[0]).toEqual(seen[1]);
  });

  test('reports progress with what is known so far, and checkpoints that it can go on from', async () => {
    const seen = await opened.page.evaluate(async () => {
      const { nodeOf, spawnWorker, computationOf, workerEngine } = window.harness;
      const engine = workerEngine({ spawn: spawnWorker });
      const long = await computationOf(nodeOf('#v1&A=a&A.train.epochs=20000', 'train'));
      const fractions: number[] = [];
      const epochs: number[] = [];
      const saved: { at: number; state: never }[] = [];
      const { signal } = new AbortController();
      const whole = await engine.execute(long, {
        signal,
        progress(fraction, partial) {
          // Between the ends of epochs it is the share alone.
          if (!partial) return;
          fractions.push(fraction);
          epochs.push((partial as unknown as { loss: Float64Array }).loss.length);
        },
        save: (checkpoint) => saved.push(checkpoint as { at: number; state: never }),
      });
      const from = saved.find(({ at }) => at === 12_288);
      const resumed =
        from && (await engine.execute({ ...long, checkpoint: from }, { signal, progress() {}, save() {} }));
      // The inputs are still the page's.
      const inputs = long.inputs as unknown as { dataset: { y: Uint8Array } };
      engine.dispose();
      return {
        fractions,
        epochs,
        at: saved.map(({ at }) => at),
        same: whole.digest === resumed?.digest,
        left: inputs.dataset.y.length,
      };
    });
    expect(seen.fractions.length).toBeGreaterThan(1);
    expect(seen.epochs).toEqual(seen.fractions.map((fraction) => Math.round(fraction * 20_000)));
    // A slow machine saves more: once a second.
    expect(seen.at).toEqual(
      expect.arrayContaining([1, 2, 3, 4, 6, 8, 12, 16, 24, 96, 1_024, 8_192, 12_288, 16_384, 20_000]),
    );
    expect(seen).toMatchObject({ same: true, left: 250 });
  });

  test('aborts at once and executes the next computation without being replaced', async () => {
    const seen = await opened.page.evaluate(async () => {
      const { nodeOf, spawner, computationOf, workerEngine } = window.harness;
      const counted = spawner('hang', 0);
      const engine = workerEngine(counted);
      const long = await computationOf(nodeOf('#v1&A=a&A.train.epochs=100000', 'train'));
      const abort = new AbortController();
      const reports: number[] = [];
      let reportsAtAbort = 0;
      const error = await engine
        .execute(long, {
          signal: abort.signal,
          progress(fraction) {
            reports.push(fraction);
            if (reports.length !== 2) return;
            reportsAtAbort = reports.length;
            abort.abort();
          },
          save() {},
        })
        .catch((reason: unknown) => reason);
      const short = await computationOf(nodeOf('#v1&A=a&A.train.epochs=2', 'train'));
      const { signal } = new AbortController();
      const next = await engine.execute(short, { signal, progress() {}, save() {} });
      await new Promise((done) => setTimeout(done, 1_200));
      const late = reports.length - reportsAtAbort;
      engine.dispose();
      return { name: (error as Error).name, ms: next.ms, spawned: counted.spawned, late };
    });
    expect(seen).toMatchObject({ name: 'AbortError', spawned: 1, late: 0 });
  });

  test('a training that diverges is said to diverge', async () => {
    const failure = await opened.page.evaluate(async () => {
      const { createScheduler, memoryStore, nodeOf, spawnWorker, workerEngine } = window.harness;
      const engine = workerEngine({ spawn: spawnWorker });
      const scheduler = createScheduler({ store: memoryStore(), engine });
      const node = nodeOf(
        '#v1&A=a&A.architecture.activation=linear&A.optimizer.name=sgd&A.optimizer.learningRate=1e30',
        'train',
      );
      const outcome = await scheduler.demand(node).outcome;
      engine.dispose();
      return { kind: outcome.failure?.kind, message: outcome.failure?.message };
    });
    expect(failure.kind).toBe('diverged');
    expect(failure.message).toMatch(/in epoch \d+$/);
  });

  test.each([
    ['hang', /stopped answering, twice$/],
    ['die', /crashed.*twice$/],
  ] as const)(
    'one that does %s is replaced and its computation tried once more, and no more than that',
    async (how, twice) => {
      const watched = await app.openPage();
      const seen = await watched.page.evaluate(async (how) => {
        const { nodeOf, spawner, computationOf, workerEngine } = window.harness;
        const computation = await computationOf(nodeOf('#v1&A=a&A.train.epochs=2', 'train'));
        const { signal } = new AbortController();
        const once = spawner(how, 1);
        const patient = { pingMs: 100, patience: 5, abortMs: 200 };
        const mended = workerEngine({ ...patient, spawn: once.spawn });
        const { digest } = await mended.execute(computation, { signal, progress() {}, save() {} });
        mended.dispose();
        const often = spawner(how, 2);
        const given = workerEngine({ ...patient, spawn: often.spawn });
        const error = await given
          .execute(computation, { signal, progress() {}, save() {} })
          .catch((reason: unknown) => reason);
        const again = await given.execute(computation, { signal, progress() {}, save() {} });
        given.dispose();
        return {
          spawned: [once.spawned, often.spawned],
          error: { kind: (error as { kind: string }).kind, message: (error as Error).message },
          same: again.digest === digest,
        };
      }, how);
      expect(seen).toMatchObject({ spawned: [2, 3], error: { kind: 'failed' }, same: true });
      expect(seen.error.message).toMatch(twice);
      await watched.close();
    },
  );

  test('one that does not confirm an abort is replaced, and the next computation does not suffer', async () => {
    const watched = await app.openPage();
    const seen = await watched.page.evaluate(async () => {
      const { nodeOf, spawner, computationOf, workerEngine } = window.harness;
      const computation = await computationOf(nodeOf('#v1&A=a&A.train.epochs=2', 'train'));
      const counted = spawner('hang', 1);
      const engine = workerEngine({ spawn: counted.spawn, abortMs: 200 });
      const abort = new AbortController();
      const first = engine.execute(computation, { signal: abort.signal, progress() {}, save() {} });
      setTimeout(() => abort.abort(), 500);
      const error = await first.catch((reason: unknown) => reason);
      const { signal } = new AbortController();
      const next = await engine.execute(computation, { signal, progress() {}, save() {} });
      engine.dispose();
      return { name: (error as Error).name, digest: next.digest?.length, spawned: counted.spawned };
    });
    expect(seen).toEqual({ name: 'AbortError', digest: 64, spawned: 2 });
    await watched.close();
  });

  test('says what a network says at each point', async () => {
    const seen = await opened.page.evaluate(async () => {
      const { nodeOf, questions, spawnWorker, computationOf, workerEngine } = window.harness;
      const { boundary } = questions;
      const { inputs } = await computationOf(nodeOf('#v1', 'diff', 'C'));
      const { dataset, split, train } = inputs as unknown as {
        dataset: { x: { data: Float32Array }; y: Uint8Array };
        split: { test: Uint32Array };
        train: {
          layers: Parameters<typeof boundary.answer>[0]['layers'];
          testAccuracy: Float64Array;
        };
      };
      const engine = workerEngine({ spawn: spawnWorker });
      const values = await engine.ask(boundary, { layers: train.layers, points: dataset.x.data }, {});
      const right = [...split.test].filter((i) => (values[i] ?? 0) > 0.5 === (dataset.y[i] === 1)).length;
      const refused = await engine
        .ask(boundary, { layers: [], points: new Float32Array(2) }, {})
        .catch((error: unknown) => (error as Error).message);
      engine.dispose();
      return { accuracy: right / split.test.length, expected: train.testAccuracy.at(-1), refused };
    });
    expect(seen.accuracy).toBe(seen.expected);
    expect(seen.refused).toMatch(/one unit/);
  });

  test('probes a network over the rows that it is trained on, and draws a layer anew where asked', async () => {
    const seen = await opened.page.evaluate(async () => {
      const { nodeOf, questions, spawnWorker, computationOf, workerEngine } = window.harness;
      const { probe } = questions;
      type Asked = Parameters<typeof probe.answer>[0];
      type Initializer = NonNullable<Asked['redraw']>['kernelInitializer'];
      const { inputs } = await computationOf(nodeOf('#v1', 'diff', 'A'));
      const { dataset, split, architecture } = inputs as unknown as {
        dataset: Pick<Asked['rows'], 'x' | 'y'>;
        split: Pick<Asked['rows'], 'train'>;
        architecture: Pick<Asked, 'layers'>;
      };
      const engine = workerEngine({ spawn: spawnWorker });
      const rows = { x: dataset.x, y: dataset.y, train: split.train };
      const { layers } = architecture;
      const drawn = { kernelInitializer: 'glorotUniform', seed: 0 } as const;
      const ask = (kernelInitializer: string) => {
        const redraw = { layer: 1, kernelInitializer: kernelInitializer as Initializer, drawn };
        return engine.ask(probe, { layers, rows, redraw }, {});
      };
      const [plain, same, zeros] = [
        await engine.ask(probe, { layers, rows }, {}),
        await ask('glorotUniform'),
        await ask('zeros'),
      ];
      const refused = await ask('magic').catch((error: unknown) => (error as Error).message);
      const aborted = await engine
        .ask(probe, { layers, rows }, { signal: AbortSignal.abort() })
        .catch((error: unknown) => (error as Error).name);
      engine.dispose();
      const gradients = (probe: typeof plain) => probe.layers.map(({ gradient }) => gradient);
      return {
        rows: [plain.rows, plain.of],
        plain: gradients(plain),
        same: gradients(same),
        zeros: gradients(zeros),
        bins: plain.layers[0]?.z.counts.reduce((sum, count) => sum + count, 0),
        refused,
        aborted,
      };
    });
    expect(seen.rows).toEqual([200, 200]);
    expect(seen.plain).toHaveLength(4);
    expect(seen.same).toEqual(seen.plain);
    expect(seen.zeros[0]).toBe(0);
    expect(seen.zeros[1]).toBeGreaterThan(0);
    expect(seen.bins).toBe(2_000);
    expect(seen.refused).toMatch(/magic/);
    expect(seen.aborted).toBe('AbortError');
  });

  test('one that is killed in the middle of a training is replaced, and the training goes on from its last checkpoint', async () => {
    const watched = await app.openPage();
    const seen = await watched.page.evaluate(async () => {
      const { digest, nodeOf, spawnWorker, computationOf, workerEngine } = window.harness;
      // Long enough that a checkpoint comes before the end.
      const computation = await computationOf(nodeOf('#v1&A=a&A.train.epochs=6000', 'train'));
      const { signal } = new AbortController();
      const resumedAt: number[] = [];
      const workers: Worker[] = [];
      const spawn = () => {
        const worker = spawnWorker();
        const post = worker.postMessage.bind(worker);
        worker.postMessage = (message: { type: string; checkpoint?: { at: number } }) => {
          if (message.type === 'compute') resumedAt.push(message.checkpoint?.at ?? 0);
          post(message);
        };
        workers.push(worker);
        return worker;
      };
      const engine = workerEngine({ spawn, size: 1, pingMs: 100, patience: 5 });
      let last = 0;
      const { value } = await engine.execute(computation, {
        signal,
        progress() {},
        save({ at }) {
          if (last === 0) workers[0]?.terminate();
          last = at;
        },
      });
      engine.dispose();
      const whole = workerEngine({ spawn: spawnWorker, size: 1 });
      const expected = await whole.execute(computation, { signal, progress() {}, save() {} });
      whole.dispose();
      return { resumedAt, same: digest(value) === digest(expected.value), last };
    });
    expect(seen).toMatchObject({ same: true, last: 6000 });
    expect(seen.resumedAt).toHaveLength(2);
    expect(seen.resumedAt[1]).toBeGreaterThan(0);
    await watched.close();
  });

  test('a request that was held when its worker died is not blamed for it', async () => {
    const watched = await app.openPage();
    const seen = await watched.page.evaluate(async () => {
      const { nodeOf, spawner, computationOf, workerEngine } = window.harness;
      const computation = await computationOf(nodeOf('#v1&A=a&A.train.epochs=2', 'train'));
      const engine = workerEngine({ spawn: spawner('die', 2).spawn, size: 1 });
      const { signal } = new AbortController();
      const as = (urgency: 'selected' | 'bulk') =>
        engine.execute(computation, {
          signal,

          rank: { urgency, watch: () => () => {} },
          progress() {},
          save() {},
        });
      const [held, blamed] = await Promise.allSettled([as('bulk'), as('selected')]);
      engine.dispose();
      return { held: held.status, blamed: blamed.status };
    });
    expect(seen).toEqual({ held: 'fulfilled', blamed: 'rejected' });
    await watched.close();
  });
});

describe('the pool', () => {
  test('has a worker for each core at bulk work, one less at what is on the screen, and none before', async () => {
    const seen = await opened.page.evaluate(async () => {
      const { createScheduler, memoryStore, nodeOf, spawner, workerEngine } = window.harness;
      const nodes = [1, 2, 3, 4].map((seed) =>
        nodeOf(`#v1&A=a&A.train.epochs=100000&A.train.seed=${seed}`, 'train'),
      );
      const running = async (urgency: 'visible' | 'bulk') => {
        const counted = spawner('hang', 0);
        const engine = workerEngine({ spawn: counted.spawn, size: 3 });
        const scheduler = createScheduler({ store: memoryStore(), engine });
        const before = counted.spawned;
        const progressed = new Set<string>();
        const { promise, resolve } = Promise.withResolvers<void>();
        const most = urgency === 'bulk' ? 3 : 2;
        scheduler.subscribe((event) => {
          if (event.type === 'progress') progressed.add(event.node.key);
          if (progressed.size === most) resolve();
        });
        const demandSet = scheduler.demandSet();
        demandSet.show(nodes.map((node) => ({ node, urgency })));
        await promise;
        await new Promise((done) => setTimeout(done, 300));
        const activities = nodes.map(({ key }) => scheduler.state(key).activity).sort();
        demandSet.release();
        engine.dispose();
        return { before, activities, spawned: counted.spawned, progressed: progressed.size };
      };
      return [await running('bulk'), await running('visible')];
    });
    expect(seen).toEqual([
      { before: 0, activities: ['queued', 'running', 'running', 'running'], spawned: 3, progressed: 3 },
      { before: 0, activities: ['queued', 'queued', 'running', 'running'], spawned: 2, progressed: 2 },
    ]);
  });

  test('what is on the screen overtakes bulk within one worker, and bulk goes on after it', async () => {
    const seen = await opened.page.evaluate(async () => {
      const { createScheduler, memoryStore, nodeOf, spawnWorker, workerEngine } = window.harness;
      const engine = workerEngine({ spawn: spawnWorker, size: 1 });
      const scheduler = createScheduler({ store: memoryStore(), engine });
      const bulk = nodeOf('#v1&A=a&A.train.epochs=100000', 'train');
      const fractions: number[] = [];
      let more = (): void => {};
      scheduler.subscribe((event) => {
        if (event.type !== 'progress' || event.node.key !== bulk.key) return;
        fractions.push(event.fraction);
        more();
      });
      const progress = () =>
        new Promise<void>((resolve) => {
          more = resolve;
        });
      const claim = scheduler.demand(bulk, { urgency: 'bulk' });
      await progress();
      const screen = scheduler.demand(nodeOf('#v1&A=a&A.train.epochs=200&A.train.seed=7', 'train'));
      while (
        scheduler.state(nodeOf('#v1&A=a&A.train.epochs=200&A.train.seed=7', 'train').key).activity !==
        'running'
      )
        await new Promise((done) => setTimeout(done));
      // What was said before it was held may still be under way.
      await new Promise((done) => setTimeout(done, 150));
      const before = fractions.length;
      const { result } = await screen.outcome;
      const meanwhile = fractions.length - before;
      await progress();
      claim.release();
      engine.dispose();
      return {
        meanwhile,
        from: result?.from,
        grows: fractions.every((f, i) => i === 0 || f > (fractions[i - 1] ?? 0)),
      };
    });
    expect(seen).toEqual({ meanwhile: 0, from: 'computed', grows: true });
  });

  test('bulk that becomes urgent overtakes what it was held for', async () => {
    const progressed = await opened.page.evaluate(async () => {
      const { createScheduler, memoryStore, nodeOf, spawnWorker, workerEngine } = window.harness;
      const engine = workerEngine({ spawn: spawnWorker, size: 1 });
      const scheduler = createScheduler({ store: memoryStore(), engine });
      const [screen, bulk] = [1, 2].map((seed) =>
        nodeOf(`#v1&A=a&A.train.epochs=100000&A.train.seed=${seed}`, 'train'),
      );
      if (!screen || !bulk) throw new Error('there are two');
      const order: string[] = [];
      let more = (): void => {};
      scheduler.subscribe((event) => {
        if (event.type !== 'progress') return;
        order.push(event.node === screen ? 'screen' : 'bulk');
        more();
      });
      const progress = () =>
        new Promise<void>((resolve) => {
          more = resolve;
        });
      const claims = [scheduler.demand(screen), scheduler.demand(bulk, { urgency: 'bulk' })];
      await progress();
      await progress();
      claims[1]?.change({ urgency: 'selected' });
      while (order.at(-1) !== 'bulk') await progress();
      await progress();
      await progress();
      for (const claim of claims) claim.release();
      engine.dispose();
      return order;
    });
    const raised = progressed.indexOf('bulk');
    expect(raised).toBeGreaterThanOrEqual(2);
    expect(progressed.slice(raised)).toEqual(['bulk', 'bulk', 'bulk']);
  });

  test('an input goes to a worker once, and what it computed does not go back to it', async () => {
    const seen = await opened.page.evaluate(async () => {
      const {
        createScheduler,
        digest,
        inlineEngine,
        membersOf,
        memoryStore,
        registry,
        spawnWorker,
        workerEngine,
      } = window.harness;
      const sent: string[] = [];
      const spawn = () => {
        const worker = spawnWorker();
        const post = worker.postMessage.bind(worker);
        worker.postMessage = (message: {
          type: string;
          inputs?: Record<string, { key?: string; value?: unknown }>;
        }) => {
          for (const { key = '', value } of Object.values(message.inputs ?? {}))
            if (value !== undefined) sent.push(key);
          post(message);
        };
        return worker;
      };
      const engine = workerEngine({ spawn, size: 1 });
      const nodes = membersOf('#v1&A=a&A.seeds=4&A.train.epochs=2&A.dataset.nSamples=20');
      const digestsBy = async (by: ReturnType<typeof inlineEngine>) => {
        const scheduler = createScheduler({ store: memoryStore(), engine: by });
        const outcomes = await Promise.all(nodes.map((node) => scheduler.demand(node).outcome));
        return outcomes.map(({ result }) => result && digest(result.value));
      };
      const aside = await digestsBy(engine);
      engine.dispose();
      const here = await digestsBy(inlineEngine(registry));
      return {
        sent,
        same: JSON.stringify(aside) === JSON.stringify(here),
        count: aside.filter(Boolean).length,
      };
    });
    expect(seen).toEqual({ sent: [], same: true, count: 24 });
  });
});
