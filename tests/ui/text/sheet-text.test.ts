// What the sheet says and remembers, without a screen: history, receipts, rows, readings, figures in digits.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { createPlanner, firstRunsByKey, type Plan } from '../../../src/core/plan/plan';
import { commit, redo, startHistory, undo } from '../../../src/core/sheet/history';
import * as edits from '../../../src/core/sheet/sheet';
import { words } from '../../../src/core/text-formatting';
import { parseAddress } from '../../../src/platform/page/address';
import { curvePath } from '../../../src/ui/dom/curve-path';
import { formatSpread } from '../../../src/ui/grid/result-spread';
import { receiptText } from '../../../src/ui/session/receipt-text';
import { differencesOf, differenceText } from '../../../src/ui/text/based-text';
import { cellText } from '../../../src/ui/text/cell-text';
import { placeOf, readParam } from '../../../src/ui/text/param-reading';
import { formatResult } from '../../../src/ui/text/result-text';
import { quietOf, type Row, rowsOf } from '../../../src/ui/text/sheet-rows';
import { readStatus } from '../../../src/ui/text/status';

const planOf = createPlanner(registry);

function planAt(address: string): Plan {
  const parsed = parseAddress(address, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  return planOf(parsed.sheet);
}

function runAt(plan: Plan, id: string) {
  const run = plan.runs.get(id);
  if (!run) throw new Error(`no run ${id}`);
  return run;
}

const opening = planAt('#v1');
const param = (id: string): Row => {
  const [kind = '', name = ''] = id.split('.');
  return { type: 'param', id, kind, param: name };
};

describe('history', () => {
  test('undoing everything gives back the first sheet itself, and redoing everything the last', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 30 }), (epochs) => {
        const first = opening.sheet;
        let history = startHistory(first);
        for (const value of epochs) {
          history = commit(
            history,
            edits.setOverride(history.present, 'A', 'train.epochs', String(value)),
            'edit',
            String(history.past.length),
          );
        }
        const last = history.present;
        const steps = history.past.length;
        for (let i = 0; i < steps; i++) history = undo(history);
        expect(history.present).toBe(first);
        expect(undo(history)).toEqual(history);
        for (let i = 0; i < steps; i++) history = redo(history);
        expect(history.present).toBe(last);
        expect(redo(history)).toEqual(history);
      }),
    );
  });

  test('an edit that changes nothing is no step, and a new edit forgets what was undone', () => {
    const history = startHistory(opening.sheet);
    expect(commit(history, opening.sheet, 'nothing', '0')).toBe(history);
    const two = commit(history, edits.renameRun(opening.sheet, 'A', 'x'), 'rename A', '1');
    expect(undo(two).future.map(({ label }) => label)).toEqual(['rename A']);
    expect(commit(undo(two), edits.renameRun(opening.sheet, 'A', 'y'), 'other', '2').future).toEqual([]);
  });
});

describe('receipts', () => {
  const places = new Map(
    [...opening.runs.values()]
      .flatMap(({ run, cells }) =>
        [...cells].flatMap(([kind, { node }]) => (node ? [[node.key, kind, run.id] as const] : [])),
      )
      .reduce((map, [key, kind, run]) => {
        const runs = map.get(key)?.runs ?? new Set<string>();
        return map.set(key, { kind, runs: runs.add(run) });
      }, new Map<string, { kind: string; runs: Set<string> }>()),
  );
  const keysOf = (run: string, ...kinds: string[]): string[] =>
    kinds.flatMap((kind) => opening.runs.get(run)?.cells.get(kind)?.node?.key ?? []);

  test('name what ran and where, how many came from the cache, and how long it took', () => {
    const ran = new Set(keysOf('C', 'train', 'diff'));
    expect(receiptText(registry, places, ran, 6.4)).toBe(
      'recomputed train, diff of C · 10 cells from the cache · 6 ms',
    );
    const both = new Set([...keysOf('A', 'dataset', 'train'), ...keysOf('C', 'train')]);
    expect(receiptText(registry, places, both, 1_540)).toBe(
      'recomputed dataset of A, B, C; train of A, C · 9 cells from the cache · 1.5 s',
    );
    expect(receiptText(registry, places, new Set(), 3, 2)).toContain(' · 2 cells blocked');
    expect(receiptText(registry, places, new Set(), 3)).toBe(
      'nothing to recompute · 12 cells from the cache',
    );
  });
});

describe('rows', () => {
  const idsOf = (plan: Plan, folded: string[] = [], opened: string[] = []): string[] =>
    rowsOf(registry, plan, new Set(folded), new Set(opened)).map(({ id }) => id);

  test('begin with seeds, and show of each kind what is prominent or set by a run; the rest is counted', () => {
    const plan = planAt('#v1&A=a&B=b&B.base=A&B.dataset.randomState=7');
    const ids = idsOf(plan);
    expect(ids.slice(0, 7)).toEqual([
      'run',
      'seeds',
      'dataset',
      'dataset.generator',
      'dataset.noise',
      'dataset.randomState',
      'split',
    ]);
    expect(ids.slice(-2)).toEqual(['diff.firstToLast', 'row.row1']);
    expect(quietOf(registry, plan, false).get('dataset')).toBe(1);
    expect(quietOf(registry, plan, true).get('dataset')).toBe(3);
    expect(idsOf(plan, ['run']).slice(0, 2)).toEqual(['run', 'dataset']);
  });

  test('show seeds among differences only where runs differ in them', () => {
    const idsAt = (address: string) =>
      rowsOf(registry, planAt(address), new Set(), new Set(), true).map(({ id }) => id);
    expect(idsAt('#v1&A=a&B=b&A.seeds=2').slice(0, 2)).toEqual(['run', 'seeds']);
    expect(idsAt('#v1&A=a&B=b&A.seeds=2&B.seeds=2')[0]).toBe('dataset');
  });

  test('show every param of an opened group and none of a folded one', () => {
    expect(idsOf(opening, [], ['optimizer']).filter((id) => id.startsWith('optimizer.'))).toHaveLength(9);
    expect(idsOf(opening, ['train']).filter((id) => id.startsWith('train'))).toEqual(['train']);
  });

  test('read the last loss, and first : last from the first epoch', () => {
    const value = {
      loss: Float64Array.of(0.7, 0.4),
      accuracy: Float64Array.of(),
      gradientRms: { shape: [2, 2], data: Float64Array.of(0.01, 1, 0.5, 0.5) },
    };
    const read = (name: string) => registry.results.find((result) => result.name === name)?.read(value);
    expect([read('loss'), read('firstToLast'), read('accuracy')]).toEqual([0.4, 0.01, undefined]);
  });

  test('names become words', () => {
    expect(['learningRate', 'nSamples', 'beta1', 'globalClipNorm'].map(words)).toEqual([
      'learning rate',
      'n samples',
      'beta1',
      'global clip norm',
    ]);
  });
});

describe('readings', () => {
  const sheet = planAt('#v1&A=a&A.dataset.noise=0.1&B=b&B.base=A&B.train.epochs=5');

  test('a param is a run’s own, inherited from another, or the default', () => {
    const read = (run: string, id: string) => readParam(registry, runAt(sheet, run), param(id));
    expect(read('A', 'dataset.noise')).toMatchObject({ text: '0.1', from: 'own' });
    expect(read('B', 'dataset.noise')).toMatchObject({ text: '0.1', from: 'inherited', source: 'A' });
    expect(read('B', 'train.seed')).toMatchObject({ text: '0', from: 'default' });
    expect(read('B', 'seeds')).toMatchObject({ text: '1', from: 'default' });
  });

  test('a text that is not valid is shown with its reason, in the run and where it is inherited', () => {
    const bad = planOf(edits.setOverride(sheet.sheet, 'A', 'dataset.noise', '99'));
    for (const run of ['A', 'B']) {
      const reading = readParam(registry, runAt(bad, run), param('dataset.noise'));
      expect(reading).toMatchObject({
        text: '99',
        problem: { message: '"99" is not a number from 0 to 10' },
      });
    }
    const status = (run: string, kind: string) => readStatus(runAt(bad, run), kind, undefined, undefined);
    expect(status('A', 'dataset')).toMatchObject({ sign: '✕', word: 'not valid' });
    expect(status('B', 'train')).toMatchObject({ sign: '⊘', word: 'blocked by A.dataset.noise' });
  });

  test('a computed cell is queued, running with its share, shared, cached or timed', () => {
    const run = runAt(opening, 'B');
    const result = { key: 'k', value: null, ms: 3.6 } as const;
    expect(readStatus(run, 'train', { activity: 'queued' }, undefined).word).toBe('queued');
    expect(readStatus(run, 'train', { activity: 'running', progress: 0.627 }, undefined).word).toBe('62 %');
    const outcome = { result: { ...result, from: 'computed' as const } };
    expect(readStatus(run, 'train', { activity: 'idle', outcome }, undefined).word).toBe('4 ms');
    expect(readStatus(run, 'train', { activity: 'idle', outcome }, 'A').word).toBe('shared');
    const disk = { result: { ...result, from: 'disk' as const } };
    expect(readStatus(run, 'train', { activity: 'idle', outcome: disk }, undefined).word).toBe('cached');
  });

  test('cells are shared with the first run that has the same', () => {
    const firstRuns = firstRunsByKey(opening);
    const firstRunOf = (run: string, kind: string) =>
      firstRuns.get(runAt(opening, run).cells.get(kind)?.node?.key ?? '');
    expect([firstRunOf('C', 'dataset'), firstRunOf('A', 'dataset'), firstRunOf('C', 'train')]).toEqual([
      'A',
      'A',
      'C',
    ]);
  });

  test('a problem leads to its place in the grid', () => {
    const at = (cell: string) => placeOf({ kind: 'failed', cell, message: '' });
    expect(at('B.optimizer.learningRate')).toEqual({ run: 'B', row: 'optimizer.learningRate' });
    expect(at('AA[3].train')).toEqual({ run: 'AA', row: 'train' });
    expect(at('A.seeds')).toEqual({ run: 'A', row: 'seeds' });
    expect(at('C.base')).toEqual({ run: 'C', row: 'name' });
  });

  test('a cell shows a computed number in six digits, and any other text as it is', () => {
    const shownOf = (text: string, shown: string) =>
      cellText({ text, shown } as Parameters<typeof cellText>[0]);
    expect(shownOf('=0.1+0.2', '0.30000000000000004')).toBe('0.3');
    expect(shownOf('=1/3', '0.3333333333333333')).toBe('0.333333');
    expect(shownOf('=1e-7/3', '3.3333333333333334e-8')).toBe('3.33333e-8');
    expect(shownOf('=units', '1234567,0.6666666666666666')).toBe('1234567,0.666667');
    expect(shownOf('=A.activation', 'leakyRelu')).toBe('leakyRelu');
    expect(shownOf('=A.noise', '#REF!')).toBe('#REF!');
    expect(shownOf('0.123456789', '0.123456789')).toBe('0.123456789');
  });

  const differenceAt = (plan: Parameters<typeof runAt>[0], id: string): string => {
    const run = runAt(plan, id);
    return differenceText(run, differencesOf(run, plan.runs.get(run.run.base ?? '')));
  };

  test('a header says what differs from the base', () => {
    expect(differenceAt(opening, 'A')).toBe('');
    expect(differenceAt(opening, 'C')).toBe('A but activation');
    const twin = planOf(edits.addRun(opening.sheet, { name: 'd', base: 'C' }));
    expect(differenceAt(twin, 'D')).toBe('twin of C');
  });

  test('a header names no param that has the base’s value, however it is written', () => {
    const plan = planAt(
      '#v1&A=a&A.dataset.noise=0.3&A.seeds=2&B=b&B.base=A&B.dataset.noise=3e-1&B.seeds=2&C=c&C.base=A&C.dataset.noise=0.30&C.train.epochs=7',
    );
    expect(differenceAt(plan, 'B')).toBe('twin of A');
    expect(differenceAt(plan, 'C')).toBe('A but epochs');
  });

  test('a header names no param that could be another kind’s', () => {
    const address =
      '#v1&A=a&B=b&B.base=A&B.optimizer.name=sgd&C=c&C.base=A&C.train.seed=1&C.architecture.seed=1';
    const plan = planAt(address);
    expect(differenceAt(plan, 'B')).toBe('A but optimizer');
    expect(differenceAt(plan, 'C')).toBe('A but architecture seed, train seed');
  });
});

describe('figures in digits', () => {
  test.each([
    ['loss', 0.44481948, '0.4448'],
    ['loss', 0.00002, '2.0e−5'],
    ['accuracy', 0.815, '0.815'],
    ['ratio', 0.008, '1 : 125'],
    ['ratio', 1.44, '1.4 : 1'],
    ['ratio', 1, '1 : 1'],
    ['ratio', 0, '0 : 1'],
    ['loss', Number.NaN, '–'],
  ] as const)('a %s of %d is written %s', (format, value, text) => {
    expect(formatResult({ format }, value)).toBe(text);
  });

  test('members give a mean with its spread, a ratio its geometric mean, and one alone no spread', () => {
    expect(formatSpread({ format: 'loss' }, [0.4, 0.5, 0.6]).text).toBe('0.5000 ± 0.10');
    expect(formatSpread({ format: 'accuracy' }, [0.8, 0.9]).text).toBe('0.850 ± 0.071');
    expect(formatSpread({ format: 'ratio' }, [0.01, 0.04]).text).toBe('1 : 50 ×÷ 2.7');
    expect(formatSpread({ format: 'loss' }, [0.4]).text).toBe('0.4000');
    expect(formatResult({ format: 'ratio' }, 1e-9)).toBe('1 : 1e9');
  });

  test('a small curve stays in its box, has at most a point a pixel, and is nothing for a single value', () => {
    const path = curvePath(
      Float64Array.from({ length: 1_000 }, (_, i) => 1 / (i + 1)),
      true,
    );
    const numbers = path.split(/[ML ]/).filter(Boolean).map(Number);
    expect(numbers).toHaveLength(96);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(curvePath(Float64Array.of(1), false)).toBe('');
  });
});
