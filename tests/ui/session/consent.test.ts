// What starts unasked: a sheet that costs much as a whole waits for a person, who is not asked again for about the same.

import { createRoot, createSignal } from 'solid-js';
import { describe, expect, test, vi } from 'vitest';
import { registry } from '../../../src/cells';
import { inlineEngine } from '../../../src/core/compute/engine';
import { createScheduler } from '../../../src/core/compute/scheduler';
import { memoryStore } from '../../../src/core/compute/store';
import { createLanguage } from '../../../src/core/formulas/formula-language';
import { createPlanner, type Plan } from '../../../src/core/plan/plan';
import { setOverride } from '../../../src/core/sheet/sheet';
import { EXAMPLES } from '../../../src/ui/examples/examples';
import { createConsent } from '../../../src/ui/session/consent';
import { asksFirst, type Load, largerOf, loadOf, loadText, UNASKED } from '../../../src/ui/session/workload';
import { sheetAt } from '../../sheet-at';

// In Node the package stands for its server, where nothing is reactive.
vi.mock('solid-js', () => vi.importActual('../../../node_modules/solid-js/dist/solid.js'));

const CORES = 2;
const schedulerOver = (store = memoryStore()) =>
  createScheduler({
    store,
    engine: { ...inlineEngine(registry), slots: CORES },
    ask: { ms: 2_000, bytes: 2 ** 28 },
  });

const nothing: Load = { trainings: 0, ms: 0, bytes: 0 };

describe('whether a person is asked', () => {
  test('more of one of the three asks, and as much does not', () => {
    expect(asksFirst(UNASKED)).toBe(false);
    for (const measure of ['trainings', 'ms', 'bytes'] as const)
      expect(asksFirst({ ...nothing, [measure]: UNASKED[measure] + 1 })).toBe(true);
  });

  test('what was granted covers a little more of the same, not much more, and never makes little ask', () => {
    const load = { trainings: 5_000, ms: 40_000, bytes: 2e8 };
    expect(asksFirst(load, load)).toBe(false);
    expect(asksFirst({ ...load, trainings: 6_000, ms: 48_000 }, load)).toBe(false);
    expect(asksFirst({ ...load, ms: 60_000 }, load)).toBe(true);
    expect(asksFirst({ ...nothing, bytes: UNASKED.bytes }, { ...nothing, trainings: 3_000 })).toBe(false);
    expect(largerOf(load, { trainings: 1, ms: 50_000, bytes: 1 })).toEqual({ ...load, ms: 50_000 });
    expect(largerOf(undefined, load)).toBe(load);
  });

  test('it is said in trainings, time and space', () => {
    const words = [
      { trainings: 5_000, ms: 40_000, bytes: 200 * 2 ** 20 },
      { trainings: 1, ms: 10, bytes: 1_000 },
      { trainings: 10_000, ms: 3e5, bytes: 2 ** 31 },
      { trainings: 10_000, ms: 3e7, bytes: 2 ** 31 },
    ].map(loadText);
    expect(words).toEqual([
      '5,000 networks: about 40 s and 200 MB',
      '1 network: under 1 s and 1 MB',
      '10,000 networks: about 5 min and 2.0 GB',
      '10,000 networks: about 8 hours and 2.0 GB',
    ]);
  });

  test('no example asks, on two cores', async () => {
    const plan = createPlanner(registry, () => createLanguage(registry));
    for (const { address } of EXAMPLES) {
      const runs = [...plan(sheetAt(address)).runs.values()];
      const load = await loadOf(schedulerOver(), runs, async () => true);
      expect(load && asksFirst(load), `${address}: ${load && loadText(load)}`).toBe(false);
    }
  });

  test('a thousand seeds of one run do not ask, and five thousand trainings do', async () => {
    const plan = createPlanner(registry);
    const load = (address: string) =>
      loadOf(schedulerOver(), [...plan(sheetAt(address)).runs.values()], async () => true);
    const one = await load('#v1&A=a&A.seeds=1000');
    expect(one?.trainings).toBe(1_000);
    expect(one && asksFirst(one)).toBe(false);
    const five = await load(
      '#v1&A=a&A.seeds=1000' +
        [...'BCDE'].map((id, at) => `&${id}=b&${id}.base=A&${id}.train.epochs=${20 + at}`).join(''),
    );
    expect(five?.trainings).toBe(5_000);
    expect(five && asksFirst(five)).toBe(true);
  });

  test('what is there, and what asks by itself, counts for nothing; what is given up yields nothing', async () => {
    const plan = createPlanner(registry);
    const runs = [
      ...plan(
        sheetAt('#v1&A=a&A.seeds=1000&B=b&B.seeds=1000&B.train.epochs=99&C=c&C.seeds=1000&C.train.epochs=98'),
      ).runs.values(),
    ];
    const scheduler = schedulerOver();
    const [first] = runs;
    const keys = new Set(
      Array.from({ length: 900 }, (_, index) => first?.member(index).get('train')?.node?.key ?? ''),
    );
    const cached = async (nodes: Iterable<{ key: string }>) =>
      new Set([...nodes].map(({ key }) => key).filter((key) => keys.has(key)));
    const load = await loadOf({ workload: scheduler.workload, cached }, runs, async () => true);
    expect(load?.trainings).toBe(2_100);
    expect(await loadOf(scheduler, runs, async () => false)).toBeUndefined();
    const costly = [...plan(sheetAt('#v1&A=a&A.seeds=1000&A.train.epochs=100000')).runs.values()];
    expect((await loadOf(scheduler, costly, async () => true))?.trainings).toBe(0);
  });
});

const LARGE =
  '#v1&A=a&A.seeds=1000' +
  [...'BCDE'].map((id, at) => `&${id}=b&${id}.base=A&${id}.train.epochs=${20 + at}`).join('');

const counts = (plan: Plan): number[] => [...plan.runs.values()].map(({ seeds }) => seeds.count);

function openSheet(address: string, inView: readonly string[]) {
  const planner = createPlanner(registry);
  const [sheet, setSheet] = createSignal(sheetAt(address));
  return createRoot((dispose) => {
    const plan = () => planned();
    const [planned, setPlanned] = createSignal(planner(sheet()));
    const consent = createConsent(schedulerOver(), plan, () => inView);
    const edit = (path: string, text: string, run = 'A'): void => {
      setSheet(setOverride(sheet(), run, path, text));
      setPlanned(planner(sheet()));
    };
    return { consent, plan, edit, show: (other: string) => setPlanned(planner(sheetAt(other))), dispose };
  });
}

const PATIENCE = { timeout: 20_000, interval: 5 };

describe('a sheet', () => {
  test('that is small starts at once, as it is', () => {
    const { consent, plan, edit, dispose } = openSheet('#v1', ['A']);
    expect([consent.opened(), consent.started()]).toEqual([plan(), plan()]);
    expect(consent.opened()).toBe(plan());
    edit('train.epochs', '50');
    expect(consent.opened()).toBe(plan());
    expect(consent.asked()).toBeUndefined();
    dispose();
  });

  test('that is large and cheap starts a few tasks later, its runs in view before', async () => {
    const { consent, plan, dispose } = openSheet('#v1&A=a&A.seeds=500&B=b&B.train.epochs=3', ['B']);
    expect([...consent.started().runs.keys()]).toEqual(['B']);
    expect(counts(consent.opened())).toEqual([1, 1]);
    await expect.poll(() => consent.opened() === plan(), PATIENCE).toBe(true);
    expect(consent.asked()).toBeUndefined();
    dispose();
  });

  test('that costs much asks first: what is in view computes, and nothing else until it is allowed', async () => {
    const { consent, plan, edit, dispose } = openSheet(LARGE, ['B', 'C']);
    await expect.poll(() => consent.asked()?.trainings, PATIENCE).toBe(5_000);
    expect([...consent.started().runs.keys()]).toEqual(['B', 'C']);
    expect(counts(consent.started())).toEqual([1, 1]);
    expect(counts(consent.opened())).toEqual([1, 1, 1, 1, 1]);
    consent.decline();
    expect(consent.isDeclined()).toBe(true);
    expect(consent.asked()).toBeDefined();
    consent.computeAll();
    await expect.poll(() => consent.opened() === plan(), PATIENCE).toBe(true);
    expect([consent.asked(), consent.isDeclined()]).toEqual([undefined, false]);
    // A small edit afterwards, which trains all of them anew, does not ask again.
    edit('optimizer.learningRate', '0.002');
    await expect.poll(() => consent.opened() === plan(), PATIENCE).toBe(true);
    expect(consent.asked()).toBeUndefined();
    dispose();
  });

  test('whose edit multiplies the work asks, and keeps on with what was started', async () => {
    const { consent, plan, edit, dispose } = openSheet(LARGE.replace('1000', '20'), ['A']);
    await expect.poll(() => consent.opened() === plan(), PATIENCE).toBe(true);
    const before = plan().runs.get('A');
    edit('seeds', '1000', 'B');
    edit('seeds', '1000', 'C');
    edit('seeds', '1000', 'D');
    await expect.poll(() => consent.asked()?.trainings, PATIENCE).toBe(3_000);
    expect(consent.opened().runs.get('A')).toBe(before);
    expect(counts(consent.opened())).toEqual([20, 1, 1, 1, 20]);
    edit('seeds', '5', 'B');
    edit('seeds', '5', 'C');
    await expect.poll(() => consent.opened() === plan(), PATIENCE).toBe(true);
    expect(consent.asked()).toBeUndefined();
    dispose();
  });

  test('that is another one asks anew', async () => {
    const { consent, plan, show, dispose } = openSheet(LARGE, ['A']);
    await expect.poll(() => consent.asked(), PATIENCE).toBeDefined();
    consent.computeAll();
    await expect.poll(() => consent.opened() === plan(), PATIENCE).toBe(true);
    consent.forget();
    show(LARGE.replaceAll('train.epochs=2', 'train.epochs=3'));
    await expect.poll(() => consent.asked()?.trainings, PATIENCE).toBeGreaterThan(3_000);
    dispose();
  });
});
