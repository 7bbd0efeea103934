// Bounds as products: sheets each of whose bounds holds where their product is what would hang a page or the command line.

import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { beyondCap, costOf } from '../../../src/core/compute/estimate';
import { createLanguage } from '../../../src/core/formulas/formula-language';
import { createPlanner, type Plan, readIn } from '../../../src/core/plan/plan';
import { clearOverride, MAX_MEMBERS, MAX_RUNS, type Sheet, setOverride } from '../../../src/core/sheet/sheet';
import { parseAddress, writeAddress } from '../../../src/platform/page/address';

/** The id of the run at a place: A … Z, AA … */
function idAt(place: number): string {
  const last = String.fromCharCode(65 + (place % 26));
  return place < 26 ? last : idAt(Math.floor(place / 26) - 1) + last;
}

/** A sheet of so many runs, each with these overrides, through its address. */
function sheetOf(runs: number, overrides: (place: number) => Readonly<Record<string, string>>): Sheet {
  const address = Array.from({ length: runs }, (_, place) => {
    const id = idAt(place);
    const set = Object.entries(overrides(place)).map(
      ([path, text]) => `&${id}.${path}=${encodeURIComponent(text)}`,
    );
    return `&${id}=run${set.join('')}`;
  });
  const parsed = parseAddress(`#v1${address.join('')}`, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.sheet;
}

const language = createLanguage(registry);
const planner = () => createPlanner(registry, () => language);

const membersIn = (plan: Plan): number =>
  [...plan.runs.values()].reduce((sum, { seeds }) => sum + seeds.count, 0);
const refusedIn = (plan: Plan): string[] =>
  [...plan.runs.values()].filter(({ seeds }) => seeds.problem).map(({ run }) => run.id);

/** What a busy machine may take for what takes a twentieth of it elsewhere. */
const QUICK_MS = 15_000;

function timed<T>(work: () => T): { value: T; ms: number } {
  const from = performance.now();
  const value = work();
  return { value, ms: performance.now() - from };
}

describe('runs × members', () => {
  test('a thousand runs of a thousand seeds are planned at once: ten have their members, the others name the limit', () => {
    const sheet = sheetOf(MAX_RUNS, () => ({ seeds: '1000' }));
    const { value: plan, ms } = timed(() => planner()(sheet));
    expect(ms).toBeLessThan(QUICK_MS);
    expect(plan.runs.size).toBe(MAX_RUNS);
    const refused = refusedIn(plan);
    expect(refused.length).toBe(MAX_RUNS - 10);
    expect(refused[0]).toBe('K');
    const last = plan.runs.get('ALL');
    expect(last?.seeds.problem).toEqual({
      kind: 'bad-param',
      cell: 'ALL.seeds',
      message:
        'a sheet holds at most 10,000 members in total; the runs before ALL have 10,000, and ALL would add 1,000',
    });
    for (const { problem } of last?.cells.values() ?? []) expect(problem?.kind).toBe('blocked');
    expect(last?.member(999)).toBe(last?.cells);
    expect(last && readIn(last, 'seeds')?.problem?.message).toContain('10,000 members');
  });

  test('runs are counted in order, a run that does not fit counts for nothing, and one without seeds is one', () => {
    const seeds = [1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 900, 200, 100, 1];
    const plan = planner()(sheetOf(seeds.length, (place) => ({ seeds: String(seeds[place]) })));
    expect(refusedIn(plan)).toEqual(['K', 'M']);
    expect(membersIn(plan) - refusedIn(plan).length).toBe(MAX_MEMBERS);
    expect(plan.runs.get('M')?.seeds.problem?.message).toContain('M would add 1');
  });

  test('what is based on a run that does not fit inherits its seeds, and has its own problem', () => {
    const full = sheetOf(11, () => ({ seeds: '1000' }));
    const sheet: Sheet = {
      ...full,
      runs: [
        ...full.runs,
        { id: 'L', name: 'twin', base: 'K', overrides: new Map() },
        { id: 'M', name: 'alone', base: 'K', overrides: new Map([['seeds', '1']]) },
      ],
    };
    const before = planner()(sheet);
    expect(refusedIn(before)).toEqual(['K', 'L', 'M']);
    expect(before.runs.get('L')?.seeds).toMatchObject({ from: 'K', problem: { cell: 'L.seeds' } });
    const after = planner()(setOverride(sheet, 'A', 'seeds', '999'));
    expect(refusedIn(after)).toEqual(['K', 'L']);
  });

  test('an edit that makes room gives the runs after it their members, and leaves all others the same objects', () => {
    const plan = planner();
    const sheet = sheetOf(12, () => ({ seeds: '1000' }));
    const before = plan(sheet);
    const again = plan({ ...sheet });
    for (const [id, run] of before.runs) expect(again.runs.get(id)).toBe(run);
    const after = plan(clearOverride(sheet, 'B', 'seeds'));
    expect(refusedIn(after)).toEqual(['K', 'L']);
    const more = plan(setOverride(clearOverride(sheet, 'B', 'seeds'), 'K', 'seeds', '999'));
    expect(refusedIn(more)).toEqual(['L']);
    for (const id of ['A', 'C', 'J']) expect(more.runs.get(id)).toBe(before.runs.get(id));
  });

  test('ten thousand members are planned in a moment, each with a key of its own', () => {
    const plan = planner()(
      sheetOf(MAX_RUNS, (place) => ({ seeds: '10', 'train.epochs': String(place + 1) })),
    );
    const { value: keys, ms } = timed(() => {
      const found = new Set<string>();
      for (const { seeds, member } of plan.runs.values())
        for (let index = 0; index < seeds.count; index++)
          found.add(member(index).get('train')?.node?.key ?? '');
      return found;
    });
    expect(ms).toBeLessThan(QUICK_MS);
    expect(keys.size).toBe(MAX_MEMBERS);
  });
});

describe('other products', () => {
  test('the largest networks of a thousand runs are planned and refused for their size, one by one', () => {
    const sheet = sheetOf(MAX_RUNS, (place) => ({
      'architecture.hiddenLayers': '50',
      'architecture.units': '1024',
      'architecture.seed': String(place),
    }));
    const { value: sizes, ms } = timed(() =>
      [...planner()(sheet).runs.values()].map(({ cells }) => {
        const node = cells.get('train')?.node;
        const cost = node && costOf(node);
        return cost && beyondCap(cost);
      }),
    );
    expect(ms).toBeLessThan(QUICK_MS);
    expect(sizes.every((text) => text?.includes('GB of memory'))).toBe(true);
  });

  test('a list of units for each of fifty layers in a thousand runs goes through the address and back', () => {
    const units = Array.from({ length: 50 }, (_, layer) => String(1_000 + (layer % 24))).join(',');
    const sheet = sheetOf(MAX_RUNS, () => ({
      'architecture.hiddenLayers': '50',
      'architecture.units': units,
    }));
    const { value: back, ms } = timed(() => parseAddress(writeAddress(sheet, registry), registry));
    expect(ms).toBeLessThan(QUICK_MS);
    expect(back).toEqual({ ok: true, sheet });
  });

  test('a thousand data sets of a hundred thousand samples are planned without one being made', () => {
    const sheet = sheetOf(MAX_RUNS, (place) => ({
      'dataset.nSamples': '100000',
      'dataset.randomState': String(place),
    }));
    const { value: plan, ms } = timed(() => planner()(sheet));
    expect(ms).toBeLessThan(QUICK_MS);
    expect(new Set([...plan.runs.values()].map(({ cells }) => cells.get('dataset')?.node?.key)).size).toBe(
      MAX_RUNS,
    );
  });

  test('a formula that a thousand runs inherit from one another down a chain', () => {
    const sheet = sheetOf(MAX_RUNS, (place) =>
      place === 0
        ? { 'train.epochs': '=architecture.units * 2' }
        : { base: idAt(place - 1), 'architecture.units': String((place % 100) + 1) },
    );
    const { value: plan, ms } = timed(() => planner()(sheet));
    expect(ms).toBeLessThan(QUICK_MS);
    expect(plan.runs.get('ALL')?.settings.get('train')?.params?.['epochs']).toBe(200);
  });

  test('a thousand long formulas, each of which reads the run before', () => {
    for (const terms of [60, 400]) {
      const sheet = sheetOf(MAX_RUNS, (place) =>
        place === 0
          ? { 'train.epochs': '1' }
          : { 'train.epochs': `=${idAt(place - 1)}.train.epochs${'+0'.repeat(terms)}` },
      );
      const { value: plan, ms } = timed(() => planner()(sheet));
      expect(ms).toBeLessThan(QUICK_MS);
      const last = plan.runs.get('ALL');
      expect(last && readIn(last, 'train.epochs')).toEqual({ value: 1 });
    }
  });

  test('seeds by formula count as what they come to', () => {
    const plan = planner()(sheetOf(30, () => ({ seeds: '=architecture.units * 100' })));
    expect(refusedIn(plan).length).toBe(20);
  });
});
