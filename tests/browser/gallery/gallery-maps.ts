// Maps for the gallery, of trainings by the real cells; what is still on its way is left out of one that is whole.
// Invariant: a tile that shows a figure has it from its own training.

import { registry } from '../../../src/cells';
import { inlineEngine } from '../../../src/core/compute/engine';
import { createScheduler } from '../../../src/core/compute/scheduler';
import { memoryStore } from '../../../src/core/compute/store';
import { createPlanner } from '../../../src/core/plan/plan';
import { parseAddress } from '../../../src/platform/page/address';
import type { Trained } from '../../../src/ui/figures/curves/curve-text';
import type { Shown } from '../../../src/ui/figures/draw/figure';
import {
  curvesOf,
  type MapMeasure,
  type MapTile,
  type MapView,
} from '../../../src/ui/figures/map/map-values';
import type { Axis } from '../../../src/ui/fill/sweep';
import { crossedSheet, mapAxis } from '../../../src/ui/map/crossed-sheet';
import { RUN_COLORS } from '../../../src/ui/text/palette';

type Maps = Shown<MapView>[];

const axis = (path: string, texts: string): Axis => ({ path, texts: texts.split(' ') });
const counted = (count: number): string => Array.from({ length: count }, (_, index) => index + 1).join(' ');

/** The map of run A over two params, whole; the first of its members stands for a run with seeds. */
export async function mapOf(
  address: string,
  rows: Axis,
  columns: Axis,
  measure: MapMeasure = 'ratio',
): Promise<Maps> {
  const parsed = parseAddress(address, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  const drafted = crossedSheet(parsed.sheet, { base: 'A', rows, columns });
  if (!drafted.ok) throw new Error(drafted.reason);
  const scheduler = createScheduler({ store: memoryStore(), engine: inlineEngine(registry) });
  const planned = createPlanner(registry)(drafted.value.sheet).runs;
  const keyOf = (id: string) => planned.get(id)?.cells.get('train')?.node?.key;
  const tiles = await Promise.all(
    drafted.value.ids.map(async (id): Promise<MapTile> => {
      const runs = parsed.sheet.runs.map((run) => run.id).filter((own) => keyOf(own) === keyOf(id));
      const none = { curves: [], of: 1, old: false, runs };
      const node = planned.get(id)?.cells.get('train')?.node;
      if (!node)
        return { ...none, runs: [], state: 'invalid', message: 'A.architecture.units: it does not fit' };
      const { result, failure } = await scheduler.demand(node).outcome;
      if (failure) return { ...none, state: 'diverged', message: failure.message };
      return { ...none, state: 'done', curves: [curvesOf(result.value as unknown as Trained)] };
    }),
  );
  const value: MapView = {
    rows: mapAxis(registry, rows),
    columns: mapAxis(registry, columns),
    tiles,
    measure,
    epoch: measure === 'ratio' ? 1 : Number.POSITIVE_INFINITY,
  };
  return [{ id: 'A', name: 'map of A', color: RUN_COLORS[0] ?? '', value }];
}

const DEPTH = axis('architecture.hiddenLayers', counted(10));
const ACTIVATION = axis('architecture.activation', 'sigmoid linear tanh relu leakyRelu elu selu swish');
const SHORT = '#v1&A=sigmoid&A.train.epochs=5&B=relu&B.base=A&B.architecture.activation=relu';

/** Of these maps one goes with each case of the gallery. */
export async function maps(): Promise<Readonly<Record<string, Maps>>> {
  const whole = await mapOf(SHORT, DEPTH, ACTIVATION);
  const states: readonly MapTile['state'][] = ['done', 'running', 'waiting', 'asking', 'failed', 'done'];
  const growing = whole.map((run) => ({
    ...run,
    value: {
      ...run.value,
      tiles: run.value.tiles.map((tile, index): MapTile => {
        const state = states[index % states.length] ?? 'done';
        if (state === 'done') return tile;
        return { ...tile, state, ...(index % 4 === 1 ? { old: true } : { curves: [] }) };
      }),
    },
  }));
  return {
    opening: whole,
    growing,
    single: await mapOf('#v1&A=one&A.train.epochs=3', axis('train.seed', '7'), axis('dataset.noise', '0.1')),
    hard: await mapOf(
      '#v1&A=a&A.architecture.units=4,4&A.architecture.activation=linear&A.optimizer.name=sgd&A.train.epochs=3',
      axis('architecture.hiddenLayers', '1 2 3'),
      axis('optimizer.learningRate', '0.001 0.1 1e+30'),
      'accuracy',
    ),
    deep: await mapOf(
      '#v1&A=a&A.train.epochs=1&A.architecture.activation=relu',
      axis('architecture.hiddenLayers', counted(20)),
      axis('architecture.units', counted(20)),
    ),
    odd: await mapOf(
      '#v1&A=a&A.architecture.kernelInitializer=zeros&A.train.epochs=2',
      axis('architecture.hiddenLayers', '0 1 50'),
      axis('optimizer.nesterov', 'false true'),
    ),
    many: await mapOf(
      '#v1&A=a&A.train.epochs=30',
      axis('dataset.generator', 'moons circles blobs xor spirals'),
      axis('optimizer.name', 'adam sgd rmsprop'),
      'testAccuracy',
    ),
  };
}
