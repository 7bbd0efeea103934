// The map as it is drawn, to the mark: a snapshot of a whole one and of one on its way, from trainings by the real cells.

import { beforeAll, describe, expect, test } from 'vitest';
import type { Shown } from '../../../src/ui/figures/draw/figure';
import { mapFigure, mapPlace } from '../../../src/ui/figures/map/map';
import type { MapTile, MapView } from '../../../src/ui/figures/map/map-values';
import { mapOf } from '../../browser/gallery/gallery-maps';
import { textOf } from './drawing-text';

let whole: readonly Shown<MapView>[] = [];
beforeAll(async () => {
  whole = await mapOf(
    '#v1&A=a&A.train.epochs=2&B=b&B.base=A&B.architecture.activation=relu',
    { path: 'architecture.hiddenLayers', texts: ['0', '1', '3', '6'] },
    { path: 'architecture.activation', texts: ['sigmoid', 'relu'] },
  );
});

const drawn = (runs: readonly Shown<MapView>[], width: number): string =>
  textOf(mapFigure.draw(runs, { width, epoch: 1 }));

/** The same map with tiles changed. */
const changed = (change: (tile: MapTile, index: number) => MapTile): readonly Shown<MapView>[] =>
  whole.map((run) => ({ ...run, value: { ...run.value, tiles: run.value.tiles.map(change) } }));

describe('the drawing of a map', () => {
  test('has a colour and a number a tile, a line where the ratio falls below 1 : 100, and the runs of the sheet framed', () => {
    expect(drawn(whole, 560)).toMatchSnapshot();
  });

  test('notes that without a hidden layer there is nothing to vanish on', () => {
    expect(mapFigure.note?.(whole)).toBe(
      'Without a hidden layer, the first layer is the last, and the ratio is 1\u00a0:\u00a01.',
    );
  });

  test('tells by signs what is waiting, running, diverged, not valid, without gradient or of before', () => {
    const states: readonly MapTile['state'][] = [
      'waiting',
      'asking',
      'running',
      'diverged',
      'failed',
      'invalid',
    ];
    const runs = changed((tile, index) => {
      const state = states[index];
      if (state) return { ...tile, state, ...(state === 'running' ? { old: true } : { curves: [] }) };
      return { ...tile, curves: index === 6 ? [] : tile.curves };
    });
    const text = drawn(runs, 560);
    for (const sign of ['○', '?', '✕', '⊘', '–', '∅'])
      expect(text.match(new RegExp(`"tile-text" text-anchor="middle">\\${sign}`, 'g'))).toHaveLength(1);
    expect(text).toMatch(/>1:4.7 ◔/);
    expect(text).toMatch(/class="tile on-\w+ old"/);
    expect(text).toContain('>○ waiting   ? asks first   ◔ running   ✕ diverged   ⊘ failed   – not valid');
  });

  test('leaves all numbers out where few fit, and keeps the colours', () => {
    const narrow = drawn(whole, 80);
    expect(narrow).not.toMatch(/>1:\d/);
    expect(narrow.match(/class="tile-ground"/g)).toHaveLength(8);
    expect(mapPlace(whole[0]?.value as MapView, 80).upright).toBe(true);
  });
});
