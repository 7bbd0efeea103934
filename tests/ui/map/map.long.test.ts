// The map: which runs its tiles are, that they have the keys of the same sweep in the sheet, and what is said of them.

import { createRoot, createSignal } from 'solid-js';
import { describe, expect, test, vi } from 'vitest';
import { registry } from '../../../src/cells';
import { inlineEngine } from '../../../src/core/compute/engine';
import { createScheduler, type SchedulerEvent } from '../../../src/core/compute/scheduler';
import { memoryStore } from '../../../src/core/compute/store';
import { createPlanner } from '../../../src/core/plan/plan';
import type { Sheet } from '../../../src/core/sheet/sheet';
import { writeAddress } from '../../../src/platform/page/address';
import type { Shown } from '../../../src/ui/figures/draw/figure';
import { mapFigure, mapPlace } from '../../../src/ui/figures/map/map';
import { tileDescription } from '../../../src/ui/figures/map/map-text';
import {
  figureOf,
  type MapMeasure,
  type MapTile,
  type MapView,
} from '../../../src/ui/figures/map/map-values';
import {
  type Crossing,
  coarseFirst,
  crossedSheet,
  mapAxis,
  tileSweep,
} from '../../../src/ui/map/crossed-sheet';
import { createTiles } from '../../../src/ui/map/map-tiles';
import { createSession, type Session } from '../../../src/ui/session/session';
import { sheetAt } from '../../sheet-at';
import { oneSheet } from '../figures/sheet-session';

// Node would take Solid's build for servers, in which nothing reacts; the page has this one.
vi.mock('solid-js', () => vi.importActual('../../../node_modules/solid-js/dist/solid.js'));

const crossing = (
  rows: readonly [string, ...string[]],
  columns: readonly [string, ...string[]],
  base = 'A',
): Crossing => ({
  base,
  rows: { path: rows[0], texts: rows.slice(1) },
  columns: { path: columns[0], texts: columns.slice(1) },
});

const DEPTH = ['architecture.hiddenLayers', '1', '2', '3', '4'] as const;
const ACTIVATION = ['architecture.activation', 'sigmoid', 'relu'] as const;
const QUICK = '#v1&A=a&A.train.epochs=3';

interface Filled {
  readonly session: Session;
  readonly events: SchedulerEvent[];
  readonly tiles: ReturnType<typeof createTiles>;
  cross(next: Crossing): void;
  /** Waits until no tile waits any more. */
  over(): Promise<readonly MapTile[]>;
  view(measure?: MapMeasure, epoch?: number): readonly Shown<MapView>[];
}

/** A map over the real cells, in this thread. */
async function mapOf(
  address: string,
  first: Crossing,
  act: (filled: Filled) => Promise<void>,
  options: {
    readonly store?: ReturnType<typeof memoryStore>;
    readonly ask?: { ms: number; bytes: number };
  } = {},
): Promise<void> {
  const { store = memoryStore(), ask } = options;
  const scheduler = createScheduler({ store, engine: inlineEngine(registry), ...(ask && { ask }) });
  const events: SchedulerEvent[] = [];
  scheduler.subscribe((event) => events.push(event));
  const ports = {
    write: (sheet: Sheet) => writeAddress(sheet, registry),
    sheets: oneSheet(sheetAt(address)),
  };
  const [filled, dispose] = createRoot((end) => {
    const session = createSession(registry, scheduler, ports);
    const [asked, cross] = createSignal(first);
    const tiles = createTiles(session, scheduler, asked);
    const over = (): Promise<readonly MapTile[]> =>
      vi.waitFor(
        () => {
          const now = tiles.shown();
          if (now?.crossing !== asked()) throw new Error('it is another map');
          const open = now.tiles.filter(
            ({ state, old }) => old || ['waiting', 'running', 'asking'].includes(state),
          );
          expect(open).toEqual([]);
          return now.tiles;
        },
        { timeout: 30_000, interval: 20 },
      );
    const view = (measure: MapMeasure = 'ratio', epoch = 1): readonly Shown<MapView>[] => {
      const now = tiles.shown();
      if (!now) return [];
      const value: MapView = {
        rows: mapAxis(registry, now.crossing.rows),
        columns: mapAxis(registry, now.crossing.columns),
        tiles: now.tiles,
        measure,
        epoch,
      };
      return [{ id: now.crossing.base, name: 'map', color: '#000000', value }];
    };
    return [{ session, events, tiles, cross, over, view }, end] as const;
  });
  try {
    await act(filled);
  } finally {
    dispose();
  }
}

describe('a crossing', () => {
  test('is the sweep of the sheet: each tile has the keys of the run that it opens as', () => {
    const sheet = sheetAt('#v1&A=a&A.dataset.noise=0.2&A.seeds=2&B=b&B.base=A&B.train.epochs=5');
    const asked = crossing(DEPTH, ACTIVATION, 'B');
    const drafted = crossedSheet(sheet, asked);
    if (!drafted.ok) throw new Error(drafted.reason);
    const all = createPlanner(registry)(drafted.value.sheet).runs;
    const keysOf = (planned: typeof all, id: string): string[] =>
      [0, 1].flatMap((index) =>
        [...(planned.get(id)?.member(index).values() ?? [])].map(({ node }) => node?.key ?? ''),
      );
    const seen = new Set<string>();
    for (const [index, id] of drafted.value.ids.entries()) {
      const [down, across] = [DEPTH[1 + Math.floor(index / 2)] ?? '', ACTIVATION[1 + (index % 2)] ?? ''];
      const opened = tileSweep(sheet, asked, [down], [across]);
      if (!opened.ok) throw new Error(opened.reason);
      expect(opened.value.names).toEqual([`hidden layers ${down}, activation ${across}`]);
      const made = opened.value.make(sheet);
      expect(made.runs.map((run) => run.id)).toEqual(['A', 'B', 'C']);
      const keys = keysOf(createPlanner(registry)(made).runs, 'C');
      expect(keys).toHaveLength(12);
      expect(keysOf(all, id)).toEqual(keys);
      seen.add(keys.join());
    }
    expect(seen.size).toBe(8);
  });

  test('has at most twenty values on a side, and crosses no param with itself', () => {
    const many = Array.from({ length: 21 }, (_, index) => String(index)) as [string, ...string[]];
    const reasonOf = (asked: Crossing): string => {
      const drafted = crossedSheet(sheetAt(QUICK), asked);
      return drafted.ok ? '' : drafted.reason;
    };
    expect(reasonOf(crossing(['architecture.hiddenLayers', ...many], ACTIVATION))).toBe(
      'a side of the map holds at most 20 values; there are 21',
    );
    expect(reasonOf(crossing(DEPTH, DEPTH))).toBe('hidden layers cannot be crossed with itself');
    expect(reasonOf(crossing(DEPTH, ['architecture.activation']))).toBe('there are no values');
  });

  test('names a side by its kind where the param alone would not say what it is', () => {
    const nameOf = (path: string): string => mapAxis(registry, { path, texts: ['1'] }).name;
    expect(nameOf('optimizer.name')).toBe('optimizer');
    expect(nameOf('train.seed')).toBe('train seed');
    expect(nameOf('split.randomState')).toBe('split random state');
    expect(nameOf('optimizer.learningRate')).toBe('learning rate');
  });

  test('is filled coarse first, each tile once', () => {
    const order = coarseFirst(10, 8);
    expect(order.slice(0, 6)).toEqual([0, 4, 32, 36, 64, 68]);
    expect(order.slice(6, 8)).toEqual([2, 6]);
    expect(new Set(order).size).toBe(80);
  });
});

describe('the tiles', () => {
  test('come to what the sheet says of the same runs, and name those that it holds', async () => {
    await mapOf('#v1', crossing(DEPTH, ACTIVATION), async ({ session, over, view }) => {
      const tiles = await over();
      expect(tiles.map(({ runs }) => runs.join())).toEqual(['', '', '', 'B', 'A', 'C', '', '']);
      const results = new Map(registry.results.map((result) => [result.name, result]));
      for (const [index, id] of [
        [3, 'B'],
        [4, 'A'],
        [5, 'C'],
      ] as const) {
        const key = session.plan().runs.get(id)?.cells.get('train')?.node?.key ?? '';
        const value = await vi.waitFor(() => {
          const found = session.live.state(key as never).outcome?.result?.value;
          if (!found) throw new Error('not there');
          return found;
        });
        const tile = tiles[index];
        if (!tile) throw new Error('no tile');
        expect(figureOf(tile, 'ratio', 1)).toBe(results.get('firstToLast')?.read(value));
        for (const name of ['accuracy', 'testAccuracy'] as const)
          expect(figureOf(tile, name, Number.POSITIVE_INFINITY)).toBe(results.get(name)?.read(value));
      }
      // The opening sheet's 1 : 125, which an independent computation in float64 gives too (DESIGN).
      expect(tileDescription(view()[0]?.value as MapView, 4)).toBe(
        'hidden layers 3, activation sigmoid; first : last 1\u00a0:\u00a0125 in epoch 1; run A of the sheet',
      );
      expect(mapFigure.title(view())).toBe(
        'In epoch 1, the first layer’s gradient is below 1/100 of the last’s from 3 hidden layers on with sigmoid, and nowhere with relu',
      );
      expect(mapFigure.title(view('testAccuracy', 100))).toBe(
        'Test accuracy after epoch 100 is highest, 1.000, at 3 hidden layers with relu (and 1 more), and lowest, 0.820, at 1 hidden layer with sigmoid',
      );
      expect(mapFigure.table(view('accuracy', 100)).slice(0, 2)).toEqual([
        [
          'architecture.hiddenLayers',
          'architecture.activation',
          'runs',
          'state',
          'members',
          'of',
          'epoch',
          'firstToLast',
          'testAccuracy',
          'accuracy',
        ],
        ['1', 'sigmoid', '', 'done', 1, 1, 100, expect.any(Number), expect.any(Number), expect.any(Number)],
      ]);
      expect(mapFigure.describe(view())).toMatch(
        /^A grid of 8 tiles, runs based on A: .* 8 done\. From least to greatest: /,
      );
    });
  });

  test('compute nothing that is there, and what an edit leaves alone stays', async () => {
    const store = memoryStore();
    await mapOf(QUICK, crossing(DEPTH, ACTIVATION), async ({ over }) => void (await over()), { store });
    await mapOf(
      QUICK,
      crossing(DEPTH, ACTIVATION),
      async ({ session, events, tiles, over }) => {
        await over();
        expect(tiles.costs()).toBe('8 runs, all cached');
        const trained = (): number =>
          events.filter(
            ({ type, ...event }) => type === 'started' && 'node' in event && event.node.kind.name === 'train',
          ).length;
        expect(trained()).toBe(0);
        session.edit('change a learning rate', (sheet) => ({
          ...sheet,
          runs: sheet.runs.map((run) => ({
            ...run,
            overrides: new Map(run.overrides).set('optimizer.learningRate', '0.01'),
          })),
        }));
        await vi.waitFor(() => expect(tiles.shown()?.tiles.some(({ old }) => old)).toBe(true));
        await over();
        // Eight tiles, and the run of the sheet, which is one of them.
        expect(trained()).toBe(8);
      },
      { store },
    );
  });

  test('of a run with seeds are medians over its members, and say so', async () => {
    await mapOf('#v1&A=a&A.seeds=3&A.train.epochs=2', crossing(DEPTH, ACTIVATION), async ({ over, view }) => {
      const [tile] = await over();
      if (!tile) throw new Error('no tile');
      expect(tile.curves).toHaveLength(3);
      const own = tile.curves.map(({ ratio }) => ratio[0] ?? Number.NaN).sort((a, b) => a - b);
      expect(figureOf(tile, 'ratio', 1)).toBe(own[1]);
      expect(mapFigure.title(view())).toMatch(/ \(medians of 3 members\)$/);
    });
  });

  test('whose members have no ratio in part say of how many it is the median', async () => {
    // ReLU networks of two units a layer die in most seeds, all of a layer at once.
    const address = '#v1&A=a&A.seeds=8&A.train.epochs=2&A.architecture.units=2';
    await mapOf(
      address,
      crossing(['architecture.hiddenLayers', '8'], ['architecture.activation', 'relu', 'tanh']),
      async ({ over, view }) => {
        const [relu, tanh] = await over();
        const [shown] = view();
        if (!relu || !tanh || !shown) throw new Error('no tiles');
        const ratios = relu.curves.map(({ ratio }) => ratio[0] ?? Number.NaN);
        const count = ratios.filter((ratio) => !Number.isNaN(ratio)).length;
        expect(count).toBeGreaterThan(0);
        expect(count).toBeLessThan(8);
        expect(mapFigure.title(view())).toContain(` (medians of ${count} to 8 members)`);
        expect(tileDescription(shown.value, 0)).toContain(`median of ${count} of 8 members`);
        expect(tileDescription(shown.value, 1)).toContain('median of 8 of 8 members');
      },
    );
  });

  test('that are no valid runs are left out with the reason, and so are those that diverge', async () => {
    const address =
      '#v1&A=a&A.architecture.units=4,4&A.architecture.activation=linear&A.optimizer.name=sgd&A.train.epochs=2';
    const asked = crossing(
      ['architecture.hiddenLayers', '2', '3'],
      ['optimizer.learningRate', '0.1', '1e+30'],
    );
    await mapOf(address, asked, async ({ over, view }) => {
      const tiles = await over();
      expect(tiles.map(({ state }) => state)).toEqual(['done', 'diverged', 'invalid', 'invalid']);
      expect(mapFigure.note?.(view())).toBe(
        '2 of 4 tiles are not valid runs and are left out (A.architecture.units: 2 values for 3 hidden layers). A single value would fit every depth. 1 of 4 trainings diverged: their loss is not a number.',
      );
    });
  });

  test('that would cost much ask first, together', async () => {
    await mapOf(
      QUICK,
      crossing(DEPTH, ACTIVATION),
      async ({ tiles, over }) => {
        await vi.waitFor(() =>
          expect(tiles.shown()?.tiles.every(({ state }) => state === 'asking')).toBe(true),
        );
        tiles.allow();
        expect((await over()).every(({ state }) => state === 'done')).toBe(true);
      },
      { ask: { ms: 0, bytes: 0 } },
    );
  });

  test('are let go of when the map is left, those that are on their way too', async () => {
    const open = new Set<string>();
    let own: string | undefined;
    const follow = (event: SchedulerEvent): number => {
      if (!('node' in event) || event.node.kind.name !== 'train') return open.size;
      if (event.type === 'queued') open.add(event.node.key);
      if (event.type === 'aborted' || event.type === 'finished') open.delete(event.node.key);
      return open.size;
    };
    // So long that none of them is done when the map is left.
    const long = '#v1&A=a&A.train.epochs=100000';
    await mapOf(long, crossing(DEPTH, ACTIVATION), async ({ session, events, tiles }) => {
      own = session.plan().runs.get('A')?.cells.get('train')?.node?.key;
      for (const event of events.splice(0)) follow(event);
      events.push = (event) => follow(event);
      await vi.waitFor(() => expect(tiles.shown()?.tiles).toHaveLength(8), { timeout: 30_000 });
      tiles.fill();
      await vi.waitFor(() => expect(open.size).toBeGreaterThan(7), { timeout: 30_000 });
    });
    expect([...open].filter((key) => key !== own)).toEqual([]);
  });

  test('that would take long wait for consent, which other trainings need anew and a tile made a run does not', async () => {
    const asked = crossing(DEPTH, ACTIVATION);
    await mapOf('#v1&A=a&A.train.epochs=100000', asked, async ({ session, tiles, cross }) => {
      const planned = (runs: string): Promise<void> =>
        vi.waitFor(
          () =>
            expect(
              tiles
                .shown()
                ?.tiles.map((tile) => tile.runs)
                .join(''),
            ).toBe(runs),
          {
            timeout: 30_000,
          },
        );
      await planned('A');
      expect(tiles.asks()).toBe(true);
      tiles.fill();
      const opened = tileSweep(session.sheet(), asked, ['1'], ['relu']);
      if (!opened.ok) throw new Error(opened.reason);
      session.edit('open a tile', opened.value.make);
      await planned('BA');
      expect(tiles.asks()).toBe(false);
      cross(crossing(DEPTH, ['architecture.activation', 'tanh']));
      await vi.waitFor(() => expect(tiles.shown()?.tiles).toHaveLength(4), { timeout: 30_000 });
      expect(tiles.asks()).toBe(true);
    });
  });

  test('show no figure of another crossing', async () => {
    await mapOf(QUICK, crossing(DEPTH, ACTIVATION), async ({ cross, over, view }) => {
      await over();
      cross(crossing(['dataset.noise', '0', '0.2'], ['optimizer.name', 'adam', 'sgd']));
      expect(await over()).toHaveLength(4);
      expect(mapFigure.title(view())).toBe(
        'In epoch 1, the first layer’s gradient is below 1/100 of the last’s everywhere',
      );
    });
  });
});

describe('a map without figures', () => {
  const blank = (state: MapTile['state']): MapTile => ({ state, curves: [], of: 1, old: false, runs: [] });
  const view = (state: MapTile['state']): readonly Shown<MapView>[] => [
    {
      id: 'A',
      name: 'map',
      color: '#000000',
      value: {
        rows: mapAxis(registry, { path: 'train.epochs', texts: ['1', '10'] }),
        columns: mapAxis(registry, { path: 'optimizer.nesterov', texts: ['false', 'true'] }),
        tiles: Array.from({ length: 4 }, () => blank(state)),
        measure: 'ratio',
        epoch: 1,
      },
    },
  ];
  test('says why', () => {
    expect(mapFigure.title([])).toBe('There is no map yet');
    expect(mapFigure.title(view('waiting'))).toBe('No tile of this map is computed yet');
    expect(mapFigure.title(view('diverged'))).toBe('Every training of this map diverges');
    expect(mapFigure.title(view('invalid'))).toBe('No tile of this map is a valid run');
    expect(mapFigure.describe(view('running'))).toContain('4 running.');
  });
  test('has its tiles within its width all the same', () => {
    const [run] = view('waiting');
    if (!run) throw new Error('no view');
    const { left, cell } = mapPlace(run.value, 300);
    expect(left + 2 * cell.width).toBeLessThanOrEqual(300);
  });
});

describe('where the gradient vanishes', () => {
  /** A tile of each ratio, depth down and the lines across; NaN is a tile without a figure. */
  const title = (rows: readonly (readonly number[])[], activations: readonly string[]): string => {
    const tiles = rows.flat().map((ratio): MapTile => {
      const figures = Float64Array.of(ratio);
      const curves = { at: Int32Array.of(1), ratio: figures, accuracy: figures, testAccuracy: figures };
      const isThere = !Number.isNaN(ratio);
      return {
        state: isThere ? 'done' : 'waiting',
        curves: isThere ? [curves] : [],
        of: 1,
        old: false,
        runs: [],
      };
    });
    const depths = rows.map((_, row) => String(row + 1));
    const value: MapView = {
      rows: mapAxis(registry, { path: 'architecture.hiddenLayers', texts: depths }),
      columns: mapAxis(registry, { path: 'architecture.activation', texts: activations }),
      tiles,
      measure: 'ratio',
      epoch: 1,
    };
    return mapFigure.title([{ id: 'A', name: 'map', color: '#000000', value }]);
  };
  const lead = 'In epoch 1, the first layer’s gradient is';

  test('is said line by line: from a depth on, at the last, in places, nowhere', () => {
    const rows = [
      [0.5, 0.5, 0.001, 1, 2],
      [0.001, 0.5, 0.5, 1, 2],
      [0.0001, 0.001, 0.5, 1, 2],
    ];
    expect(title(rows, ['sigmoid', 'tanh', 'elu', 'relu', 'selu'])).toBe(
      `${lead} below 1/100 of the last’s from 2 hidden layers on with sigmoid, at 3 hidden layers with tanh, in places with elu, and nowhere with relu and selu`,
    );
  });

  test('is everywhere where no tile is above, and a range where none is below', () => {
    expect(title([[0.001], [0.002]], ['sigmoid'])).toBe(`${lead} below 1/100 of the last’s everywhere`);
    expect(title([[0.5], [2]], ['sigmoid'])).toBe(
      `${lead} nowhere below 1/100 of the last’s: it ranges from 1/2 of the last’s at 1 hidden layer with sigmoid to 2 times the last’s at 2 hidden layers with sigmoid`,
    );
    expect(title([[0], [0]], ['sigmoid'])).toBe(`${lead} below 1/100 of the last’s everywhere`);
  });

  test('is said of the tiles that are there', () => {
    expect(
      title(
        [
          [0.5, Number.NaN],
          [0.001, Number.NaN],
          [Number.NaN, Number.NaN],
        ],
        ['sigmoid', 'relu'],
      ),
    ).toBe(`${lead} below 1/100 of the last’s from 2 hidden layers on with sigmoid`);
  });
});
