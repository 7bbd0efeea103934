// The map figure: two params crossed, one tile per run, coloured by the gradient ratio on a log scale or by the accuracy.
// Invariant: one colour scale for all tiles; a sign marks a tile without a figure, never colour alone, and a line separates the
// tiles below 1 : 100 from the others.

import { exponential, rounded, tenths } from '../../../core/text-formatting';
import { RAMP_COLORS, STEPS } from '../../text/viridis';
import { RAMP_LENGTH, type RampTicks, rampBelow, rampLegend, rampStep } from '../draw/color-ramp';
import type { Figure, Frame, Shown } from '../draw/figure';
import { fitText } from '../draw/format';
import { follow } from '../draw/frame-following';
import type { Mark } from '../draw/mark';
import { label, nothing, root, svg } from '../draw/svg';
import { evenTicks, logTicks } from '../draw/ticks';
import { mapHeadlines } from './map-headline';
import { describeMap, MEASURES, mapNote, mapTable, mapTitle, STATES } from './map-text';
import { figuresOf, type MapAxis, type MapMeasure, type MapTile, type MapView } from './map-values';
import { VANISHED } from './map-vanishing';
import './map.css';

/** Approximate width in pixels of a character of the figures' type. */
const CHARACTER = 6.2;
/** Approximate width in pixels of a character in a tile. */
const DIGIT = 5.6;
const GAP = 1;
/** Width in pixels at each end of the legend for the text of a tick at the end. */
const INSET = 10;
const KEY_LINE = 16;
/** Share of the colour scale up to which white text has more contrast than dark text. */
const DARK = 0.45;

/** Position of a map's tiles in its drawing, in pixels. */
export interface MapPlace {
  readonly left: number;
  readonly top: number;
  readonly cell: { readonly width: number; readonly height: number };
}

const longest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length));

/** The layout of a map at a width in pixels; `upright` column names are rotated. */
export function mapPlace(
  { rows, columns }: MapView,
  width: number,
): MapPlace & { readonly upright: boolean } {
  const wanted = Math.max(longest(rows.values), longest([rows.name])) * CHARACTER + 10;
  const left = Math.round(Math.min(wanted, width * 0.3));
  const across = columns.values.length;
  const cell = {
    width: Math.min(72, (width - left) / across),
    height: rows.values.length > 12 ? 18 : 24,
  };
  const upright = longest(columns.values) * CHARACTER > cell.width - 2;
  const head = upright ? Math.min(longest(columns.values) * CHARACTER + 6, 80) : 16;
  return { left, top: 18 + head, cell, upright };
}

/** A factor in at most four characters, or three if `short`. */
function shortFactor(factor: number, short: boolean): string {
  if (factor < 9.95) return tenths(factor);
  return factor < (short ? 999.5 : 9_999.5) ? factor.toFixed(0) : exponential(factor, 0);
}

/** The text of a value in a tile. */
function tileText(value: number, measure: MapMeasure, short = false): string {
  if (Number.isNaN(value)) return '';
  if (measure !== 'ratio') return value.toFixed(short ? 2 : 3);
  if (value === 0 || value === Number.POSITIVE_INFINITY) return value === 0 ? '0' : '1:0';
  return value < 1 ? `1:${shortFactor(1 / value, short)}` : `${shortFactor(value, short)}:1`;
}

/** Colour scale of a measure: the share of a value on it, and the legend's ticks and words. */
interface Scale {
  readonly share: (value: number) => number;
  readonly ticks: RampTicks;
  readonly words: string;
}

function scaleOf(values: readonly number[], measure: MapMeasure, width: number): Scale {
  const known = values.filter((value) => Number.isFinite(value) && (measure !== 'ratio' || value > 0));
  if (measure !== 'ratio') {
    const low = Math.min(0.5, ...known);
    const share = (value: number): number => (value - low) / (1 - low);
    const ticks = evenTicks(low, 1, RAMP_LENGTH / 60);
    return {
      share,
      ticks: ticks.map((tick) => [share(tick), String(rounded(tick, 3))] as const),
      words: `${MEASURES[measure]}: share of points`,
    };
  }
  // The scale always includes 1 : 1 and 1 : 100, so that dark means the same in every map.
  const [low, high] = [Math.min(VANISHED, ...known), Math.max(1, ...known)];
  const share = (value: number): number =>
    value === 0 ? 0 : Math.min(1, Math.log(value / low) / Math.log(high / low));
  const ticks = logTicks(low, high, RAMP_LENGTH / 60);
  return {
    share,
    ticks: ticks.map((tick) => [share(tick), tileText(tick, 'ratio').replace(':', '\u00a0:\u00a0')] as const),
    words: width < 350 ? 'first : last layer’s gradient (log)' : 'gradient, first : last layer, log scale',
  };
}

/** Sign of a finished training without a ratio: no gradient reaches either layer. */
const NO_FIGURE = '∅';
/** Share of the numbers that must fit for tiles to have numbers. */
const MOST_FIT = 0.9;

/** Names of the params and of their values along both sides. */
function sides(
  rows: MapAxis,
  columns: MapAxis,
  { left, top, cell, upright }: ReturnType<typeof mapPlace>,
): Mark[] {
  const width = cell.width * columns.values.length;
  const marks = [
    label(columns.name, left + width / 2, 11, { class: 'quiet', 'text-anchor': 'middle' }),
    label(fitText(rows.name, left - 8), left - 8, top - 6, { class: 'quiet', 'text-anchor': 'end' }),
  ];
  for (const [row, text] of rows.values.entries())
    marks.push(
      label(fitText(text, left - 8), left - 8, top + (row + 0.5) * cell.height + 4, { 'text-anchor': 'end' }),
    );
  for (const [column, text] of columns.values.entries()) {
    const x = left + (column + 0.5) * cell.width;
    marks.push(
      upright
        ? label(fitText(text, 80), x + 4, top - 6, { transform: `rotate(-90 ${x + 4} ${top - 6})` })
        : label(text, x, top - 6, { 'text-anchor': 'middle' }),
    );
  }
  return marks;
}

/** Path along the borders between tiles below 1 : 100 and their other neighbours. */
function parting(view: MapView, values: readonly number[], { left, top, cell }: MapPlace): string {
  const across = view.columns.values.length;
  const isBelow = (place: number): boolean | undefined => {
    const value = values[place];
    return value === undefined || Number.isNaN(value) ? undefined : value < VANISHED;
  };
  const parts = (a: number, b: number): boolean => {
    const [one, other] = [isBelow(a), isBelow(b)];
    return one !== undefined && other !== undefined && one !== other;
  };
  let d = '';
  for (const place of values.keys()) {
    const [row, column] = [Math.floor(place / across), place % across];
    const [x, y] = [left + column * cell.width, top + row * cell.height];
    if (column > 0 && parts(place - 1, place)) d += `M${x.toFixed(1)} ${y}v${cell.height}`;
    if (row > 0 && parts(place - across, place)) d += `M${x.toFixed(1)} ${y}h${cell.width.toFixed(1)}`;
  }
  return d;
}

function drawTiles(
  view: MapView,
  values: readonly number[],
  scale: Scale,
  { left, top, cell }: MapPlace,
): Mark {
  const group = svg('g', { class: 'numbers' });
  const across = view.columns.values.length;
  const [width, height] = [cell.width - GAP, cell.height - GAP];
  const fits = (text: string): boolean => text.length * DIGIT + 3 <= width;
  const known = values.filter((value) => !Number.isNaN(value));
  const isShort = !known.every((value) => fits(tileText(value, view.measure)));
  const text = (value: number): string => tileText(value, view.measure, isShort);
  const withNumbers = known.filter((value) => fits(text(value))).length >= known.length * MOST_FIT;
  for (const [place, tile] of view.tiles.entries()) {
    const value = values[place] ?? Number.NaN;
    const [x, y] = [left + (place % across) * cell.width, top + Math.floor(place / across) * cell.height];
    const isKnown = !Number.isNaN(value);
    const step = rampStep(scale.share(value));
    const tone = !isKnown ? 'blank' : step < STEPS * DARK ? 'on-dark' : 'on-light';
    const box = { x: x.toFixed(1), y, width: width.toFixed(1), height };
    const parts = [
      svg('rect', { ...box, ...(isKnown && { fill: RAMP_COLORS[step] ?? '' }), class: 'tile-ground' }),
    ];
    const sign = STATES[tile.state].sign;
    const written = isKnown
      ? `${text(value)}${tile.state === 'done' ? '' : ` ${sign}`}`
      : (sign ?? NO_FIGURE);
    const isWritten = fits(written) && (withNumbers || !isKnown);
    if (isWritten)
      parts.push(
        label(written, x + width / 2, y + height / 2 + 3.5, { class: 'tile-text', 'text-anchor': 'middle' }),
      );
    if (tile.runs.length > 0) {
      parts.push(
        svg('rect', {
          x: (x + 1.5).toFixed(1),
          y: y + 1.5,
          width: (width - 3).toFixed(1),
          height: height - 3,
          class: 'tile-run',
        }),
      );
      const name = tile.runs.length > 1 ? `${tile.runs[0]}+` : (tile.runs[0] ?? '');
      if ((written.length + 2 * name.length) * DIGIT + 12 <= width || !isWritten)
        parts.push(label(name, x + 5, y + 11, { class: 'tile-text tile-name' }));
    }
    group.append(svg('g', { class: `tile ${tone}${tile.old ? ' old' : ''}` }, ...parts));
  }
  return group;
}

/** Key to the signs that occur in the map. */
function signKey({ tiles }: MapView, values: readonly number[], y: number, width: number): Mark[] {
  const states = new Set(tiles.map(({ state }) => state));
  const items = Object.entries(STATES).flatMap(([state, { sign, words, brief = words }]) =>
    sign && states.has(state as MapTile['state']) ? [`${sign} ${brief}`] : [],
  );
  if (tiles.some(({ state }, place) => state === 'done' && Number.isNaN(values[place])))
    items.push(`${NO_FIGURE} no gradient`);
  if (tiles.some(({ old }) => old)) items.push('pale: before the edit');
  if (tiles.some(({ runs }) => runs.length > 0)) items.push('framed: a run of the sheet');
  const lines: string[] = [];
  for (const item of items) {
    const longer = [...lines.slice(-1), item].join('   ');
    if (lines.length > 0 && longer.length * CHARACTER <= width) lines[lines.length - 1] = longer;
    else lines.push(item);
  }
  return lines.map((line, index) => label(fitText(line, width), 0, y + index * KEY_LINE, { class: 'quiet' }));
}

function draw(runs: readonly Shown<MapView>[], frame: Frame): Mark {
  const [run] = runs;
  if (!run || run.value.tiles.length === 0) return nothing('The map appears when its values are valid.');
  const { value: view } = run;
  const place = mapPlace(view, frame.width);
  const values = figuresOf(view);
  const ramp = rampBelow(frame.width - 2 * INSET);
  const scale = scaleOf(values, view.measure, ramp.words);
  const bottom = place.top + place.cell.height * view.rows.values.length;
  const key = signKey(view, values, bottom + 18, frame.width);
  const legendTop = bottom + 14 + key.length * KEY_LINE;
  const line = view.measure === 'ratio' ? parting(view, values, place) : '';
  const words = `${scale.words}${line === '' ? '' : '; the line: 1\u00a0:\u00a0100'}`;
  const legend = rampLegend(words, ramp, scale.ticks);
  legend.setAttribute('transform', `translate(${INSET} ${legendTop})`);
  const drawing = root(
    frame.width,
    legendTop + ramp.height,
    ...sides(view.rows, view.columns, place),
    drawTiles(view, values, scale, place),
    svg('path', { d: line, class: 'parting-ground' }),
    svg('path', { d: line, class: 'parting' }),
    ...key,
    legend,
  );
  return follow(drawing, frame, () => {});
}

export const mapFigure: Figure<MapView> = {
  name: 'map',
  title: mapTitle,
  headlines: mapHeadlines,
  describe: describeMap,
  table: mapTable,
  note: mapNote,
  draw,
};
