// The words of a map: its title, its text alternative, its table, and the words of each tile.
// Invariant: a sentence about some tiles counts present tiles only, and gives the number of missing tiles too.

import { ENDED, RUNNING, STUCK, WAITING } from '../../text/status';
import type { Shown, Table } from '../draw/figure';
import { formatRatio, formatTimes, listed } from '../draw/format';
import { sideValueText } from './map-value-text';
import {
  epochOf,
  figureOf,
  figuresOf,
  type MapMeasure,
  type MapTile,
  type MapView,
  valuesOf,
} from './map-values';
import { VANISHED, vanishingText } from './map-vanishing';

type Runs = readonly Shown<MapView>[];

/** Names of the measures in sentences. */
export const MEASURES: Readonly<Record<MapMeasure, string>> = {
  ratio: 'first : last',
  testAccuracy: 'test accuracy',
  accuracy: 'accuracy',
};

/** Text of a value: a ratio as "1 : 125", an accuracy with three decimals. */
export const valueText = (value: number, measure: MapMeasure): string =>
  measure !== 'ratio'
    ? value.toFixed(3)
    : value === Number.POSITIVE_INFINITY
      ? '1\u00a0:\u00a00'
      : formatRatio(value, 1);

/** Row and column of a tile. */
const placeOf = ({ columns }: MapView, index: number): [row: number, column: number] => [
  Math.floor(index / columns.values.length),
  index % columns.values.length,
];

/** A tile within a sentence: "4 hidden layers with sigmoid". */
function sideValuesText(view: MapView, index: number): string {
  const [row, column] = placeOf(view, index);
  return `${sideValueText(view.rows, row)} with ${sideValueText(view.columns, column)}`;
}

/** The epoch of the values, if all tiles have the same; else the last epoch. */
export function whenText({ tiles, measure, epoch }: MapView): string {
  const epochs = new Set(tiles.filter(({ curves }) => curves.length > 0).map((tile) => epochOf(tile, epoch)));
  const [only] = epochs;
  const word = measure === 'ratio' ? 'in' : 'after';
  return epochs.size === 1 ? `${word} epoch ${only}` : `${word} the last epoch`;
}

/** Number of members whose medians the tiles show; empty if runs have one member. */
export function medianText({ tiles, measure, epoch }: MapView): string {
  const counts = tiles.map((tile) => valuesOf(tile, measure, epoch).length).filter((count) => count > 0);
  const [least, most] = [Math.min(...counts), Math.max(0, ...counts)];
  const of = Math.max(0, ...tiles.map((tile) => tile.of));
  if (of < 2) return '';
  if (most < of) return ` (medians of up to ${most} of ${of} members)`;
  return ` (medians of ${least < of ? `${least} to ${of}` : of} members)`;
}

/** Indices of the least and of the greatest value, without NaN; −1 if there is none. */
export function extremes(values: readonly number[]): { least: number; greatest: number } {
  let [least, greatest] = [-1, -1];
  for (const [place, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    if (least < 0 || value < (values[least] ?? Number.NaN)) least = place;
    if (greatest < 0 || value > (values[greatest] ?? Number.NaN)) greatest = place;
  }
  return { least, greatest };
}

export const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

export function titleOf(view: MapView): string {
  const values = figuresOf(view);
  const { least, greatest } = extremes(values);
  const { measure } = view;
  const [low = Number.NaN, high = Number.NaN] = [values[least], values[greatest]];
  if (least < 0) {
    const lost = view.tiles.filter(({ state }) => state === 'diverged').length;
    if (lost > 0 && lost === view.tiles.length) return 'Every training of this map diverges';
    return view.tiles.every(({ state }) => state === 'invalid')
      ? 'No tile of this map is a valid run'
      : 'No tile of this map is computed yet';
  }
  const when = whenText(view);
  /** A tile within a sentence, and the number of other tiles with the same value. */
  const at = (place: number): string => {
    const more = values.filter((value) => value === values[place]).length - 1;
    return `${sideValuesText(view, place)}${more > 0 ? ` (and ${more} more)` : ''}`;
  };
  const end = medianText(view);
  if (measure !== 'ratio') {
    const name = capital(MEASURES[measure]);
    if (low === high) return `${name} ${when} is ${valueText(low, measure)} everywhere${end}`;
    return `${name} ${when} is highest, ${valueText(high, measure)}, at ${at(greatest)}, and lowest, ${valueText(low, measure)}, at ${at(least)}${end}`;
  }
  const vanishing = vanishingText(view, values);
  if (vanishing) return `${capital(when)}, ${vanishing}${end}`;
  const lead = 'the first layer’s gradient';
  const [from, to] = [low, high].map((value) => `${formatTimes(value, 1)} the last’s`);
  if (low === high) return `${capital(when)}, ${lead} is ${from} everywhere${end}`;
  const range = `${from} at ${sideValuesText(view, least)} to ${to} at ${sideValuesText(view, greatest)}`;
  const claim = low < VANISHED ? `${lead} ranges` : `${lead} is nowhere below 1/100 of the last’s: it ranges`;
  return `${capital(when)}, ${claim} from ${range}${end}`;
}

/** States where the gradient vanishes, or the range of the measure. */
export const mapTitle = ([run]: Runs): string => (run ? titleOf(run.value) : 'There is no map yet');

/** How a state of a tile is drawn and said. */
interface StateText {
  readonly words: string;
  /** Drawn in the tile, but in one that is done. */
  readonly sign?: string;
  /** What the key of the signs says where the words are too long. */
  readonly brief?: string;
}

/** All states of tiles; the signs are those of the sheet, with one more for what asks and one for what has no training. */
export const STATES: Readonly<Record<MapTile['state'], StateText>> = {
  waiting: { words: 'waiting', sign: WAITING },
  asking: { words: 'waits for confirmation', sign: '?', brief: 'asks first' },
  running: { words: 'running', sign: RUNNING },
  done: { words: 'done' },
  diverged: { words: 'diverged', sign: ENDED },
  failed: { words: 'failed', sign: STUCK },
  invalid: { words: 'not valid', sign: '–' },
};

/** A tile in words: its two params, its value, its state, and the runs of the sheet that it equals. */
export function tileDescription(view: MapView, index: number): string {
  const tile = view.tiles[index];
  if (!tile) return '';
  const { rows, columns, measure, epoch } = view;
  const [row, column] = placeOf(view, index);
  const names = `${rows.name} ${rows.values[row]}, ${columns.name} ${columns.values[column]}`;
  const value = figureOf(tile, measure, epoch);
  const count = valuesOf(tile, measure, epoch).length;
  const over = tile.of > 1 ? `, median of ${count} of ${tile.of} members` : '';
  const figure = Number.isNaN(value)
    ? tile.state === 'done'
      ? `${MEASURES[measure]} has no value: no gradient reaches either layer`
      : ''
    : `${MEASURES[measure]} ${valueText(value, measure)} in epoch ${epochOf(tile, epoch)}${over}`;
  const state =
    tile.state === 'done' ? '' : `${tile.old ? 'from before the edit, ' : ''}${STATES[tile.state].words}`;
  const held =
    tile.runs.length > 0 ? `${tile.runs.length > 1 ? 'runs' : 'run'} ${listed(tile.runs)} of the sheet` : '';
  return [names, figure, [state, tile.message].filter(Boolean).join(': '), held].filter(Boolean).join('; ');
}

/**
 * Text alternative: the sides, the number of tiles by state, and the tiles with the least and the greatest
 * value.
 */
export function describeMap([run]: Runs): string {
  if (!run) return 'There is no map yet.';
  const { value: view } = run;
  const { rows, columns, tiles, measure } = view;
  const counts = Object.entries(STATES).flatMap(([state, { words }]) => {
    const count = tiles.filter((tile) => tile.state === state).length;
    return count > 0 ? [`${count} ${words}`] : [];
  });
  const { least, greatest } = extremes(figuresOf(view));
  const ends = [least, greatest]
    .filter((place, index, all) => place >= 0 && all.indexOf(place) === index)
    .map((place) => `${tileDescription(view, place)}.`);
  return [
    `A grid of ${tiles.length} tiles, runs based on ${run.id}: ${rows.name} down (${rows.values.join(', ')}), ${columns.name} across (${columns.values.join(', ')}); colour and number for ${MEASURES[measure]}.`,
    `${counts.join(', ')}.`,
    ...(ends.length > 0 ? [`From least to greatest: ${ends.join(' ')}`] : []),
  ].join(' ');
}

/** Rows by tile, with all measures. */
export function mapTable([run]: Runs): Table {
  if (!run) return [['state']];
  const { value: view } = run;
  const { rows, columns, epoch } = view;
  const measures = Object.keys(MEASURES) as MapMeasure[];
  return [
    [
      rows.path,
      columns.path,
      'runs',
      'state',
      'members',
      'of',
      'epoch',
      'firstToLast',
      'testAccuracy',
      'accuracy',
    ],
    ...view.tiles.map((tile, index) => {
      const [row, column] = placeOf(view, index);
      const values = measures.map((measure) => figureOf(tile, measure, epoch));
      const at = epochOf(tile, epoch);
      return [
        rows.values[row] ?? '',
        columns.values[column] ?? '',
        tile.runs.join(' '),
        tile.old ? 'old' : tile.state,
        tile.curves.length,
        tile.of,
        Number.isNaN(at) ? '' : at,
        ...values.map((value) => (Number.isNaN(value) ? '' : value)),
      ];
    }),
  ];
}

/**
 * Note on invalid, diverged or undefined tiles, and on runs without hidden layers; undefined if there are
 * none.
 */
export function mapNote([run]: Runs): string | undefined {
  if (!run) return undefined;
  const { tiles, measure, rows, columns } = run.value;
  const figures = figuresOf(run.value);
  const notes: string[] = [];
  const invalid = tiles.filter(({ state }) => state === 'invalid');
  if (invalid[0]?.message)
    notes.push(
      `${invalid.length} of ${tiles.length} tiles are not valid runs and are left out (${invalid[0].message}).${invalid[0].isListLength ? ' A single value would fit every depth.' : ''}`,
    );
  const diverged = tiles.filter(({ state }) => state === 'diverged').length;
  if (diverged > 0)
    notes.push(
      `${diverged} of ${tiles.length} ${tiles.some(({ of }) => of > 1) ? 'tiles diverged with all their members' : 'trainings diverged'}: their loss is not a number.`,
    );
  const dead = tiles.filter(({ state }, place) => state === 'done' && Number.isNaN(figures[place])).length;
  if (dead > 0 && measure === 'ratio')
    notes.push(
      `${dead} of ${tiles.length} tiles have no ratio: no gradient reaches their first or last layer.`,
    );
  const flat = [rows, columns].some(
    ({ path, values }) => path === 'architecture.hiddenLayers' && values.includes('0'),
  );
  if (flat && measure === 'ratio')
    notes.push('Without a hidden layer, the first layer is the last, and the ratio is 1\u00a0:\u00a01.');
  return notes.join(' ') || undefined;
}
