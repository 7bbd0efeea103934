// Draws a scatter of trainings with Observable Plot, its legend, and rings around the pointed and the
// chosen trainings.
// Invariant: a change of points, colours or width replaces the drawing; pointing and choosing only move
// the rings. Plot's own two style sheets stay in the drawing: the content security policy lists their
// hashes.

import * as Plot from '@observablehq/plot';
import { fitText } from '../../figures/draw/format';
import { RUN_COLORS } from '../../text/palette';
import { READABLE } from '../../text/viridis';
import { type Axis, type Band, bandWord, type Quantity, ticksOf } from './scatter-axis';
import type { Point, Scatter } from './scatter-model';
import { CHARACTER, type Place, placesAcross, ticksAcross } from './scatter-places';

/** The namespace of SVG elements. */
export const SVG = 'http://www.w3.org/2000/svg';
const NARROW = 600;
const TOP = 32;
const RIGHT = 20;
const LEGEND_ROW = 20;
const RAMP_WIDTH = 200;
const RADIUS = 3;
/** Approximate number of ticks on the vertical axis. */
const ROOM_UP = 6;
/** Above this number of points, the points overlap and are drawn with transparency. */
const FEW = 150;
/** Longest word below an axis, in characters; longer words are cut. */
const LONGEST = 16;
const SYMBOLS = ['circle', 'triangle', 'square', 'diamond', 'star', 'wye'] as const;

/** A drawing on the page; its element is `svg`, its legend is among `elements`. */
export interface Drawing {
  readonly elements: readonly Element[];
  readonly rings: SVGGElement;
  readonly svg: Element;
  /** Places of the drawn points in px, in the order of `Scatter.drawn`. */
  readonly places: readonly Place[];
}

/** The name of an axis, with a note on a logarithmic scale. */
const nameOf = ({ label }: Quantity, { type }: { readonly type: string }): string =>
  type === 'log' ? `${label} (logarithmic)` : label;

const isNarrowBand = (band: Band, width: number): boolean =>
  band.domain.some((word) => Math.min(word.length, LONGEST) * CHARACTER > width / band.domain.length - 8);

/** The legend of words: points with their names in a row, wrapped to the width. */
function wordLegend(scale: Band, hasNone: boolean, width: number, fills: readonly string[]): Element {
  const items = [...scale.domain, ...(hasNone ? ['none'] : [])];
  let [x, y] = [RADIUS + 2, LEGEND_ROW / 2];
  const places = items.map((word, index) => {
    const text = fitText(word, 24 * CHARACTER, CHARACTER);
    const length = 12 + text.length * CHARACTER + 16;
    if (x > RADIUS + 2 && x + length > width) [x, y] = [RADIUS + 2, y + LEGEND_ROW];
    const item = { x, y, text, index, none: index >= scale.domain.length };
    x += length;
    return item;
  });
  type Item = (typeof places)[number];
  const own = places.filter(({ none }) => !none);
  return Plot.plot({
    width,
    height: y + LEGEND_ROW / 2,
    margin: 0,
    x: { type: 'identity', axis: null },
    y: { type: 'identity', axis: null },
    symbol: { type: 'identity' },
    marks: [
      Plot.dot(own, {
        x: 'x',
        y: 'y',
        r: RADIUS + 1,
        symbol: ({ index }: Item) => SYMBOLS[index % SYMBOLS.length] ?? 'circle',
        fill: ({ index }: Item) => fills[index] ?? 'currentColor',
      }),
      Plot.dot(
        places.filter(({ none }) => none),
        { x: 'x', y: 'y', r: RADIUS, stroke: 'var(--ink-3)' },
      ),
      Plot.text(places, { x: 'x', y: 'y', dx: 10, textAnchor: 'start', text: 'text' }),
    ],
  });
}

/**
 * The vertical ticks, and the margins in px for ticks and names; `isTilted` if the words below the axis have
 * no horizontal room.
 */
function layoutOf({ y, across, up }: Scatter, width: number) {
  const upTicks = ticksOf(up, ROOM_UP);
  const longest = Math.max(...upTicks.map((tick) => y.tick(tick).length));
  const left = Math.ceil(longest * CHARACTER) + 16;
  const isTilted = across.type === 'band' && isNarrowBand(across, width - left - RIGHT);
  const words = across.type === 'band' ? across.domain.map(({ length }) => Math.min(length, LONGEST)) : [];
  const bottom = isTilted ? 36 + Math.ceil(Math.max(...words) * CHARACTER * 0.71) : 44;
  return { upTicks, left, bottom, isTilted, inner: width - left - RIGHT };
}

function axisMarks(
  { x, y, across, up }: Scatter,
  { upTicks, left, bottom, isTilted, inner }: ReturnType<typeof layoutOf>,
): Plot.Markish[] {
  const grid = { stroke: 'currentColor', strokeOpacity: 0.12 };
  const common = { label: null, tickSize: 4, stroke: 'none', fill: 'var(--ink-3)' };
  const acrossTicks = across.type === 'band' ? [] : ticksAcross(across, x, inner);
  const tilt = isTilted ? { tickRotate: -45, textAnchor: 'end' as const } : {};
  const acrossAxis =
    across.type === 'band'
      ? [
          Plot.axisX(across.domain, {
            ...common,
            ...tilt,
            tickSize: 0,
            text: (word: string) => fitText(word, LONGEST * CHARACTER, CHARACTER),
          }),
        ]
      : [Plot.gridX(acrossTicks, grid), Plot.axisX(acrossTicks, { ...common, text: x.tick })];
  const name = { fill: 'currentColor', frameAnchor: 'top-left', textAnchor: 'start' } as const;
  return [
    Plot.gridY(upTicks, grid),
    // A text accessor, because Plot leaves out some labels of a logarithmic axis that has a tick format.
    Plot.axisY(upTicks, { ...common, text: y.tick }),
    ...acrossAxis,
    Plot.text([nameOf(y, up)], { ...name, dx: -left, dy: 12 - TOP, lineAnchor: 'middle' }),
    Plot.text([nameOf(x, across)], {
      fill: 'currentColor',
      frameAnchor: 'bottom-right',
      textAnchor: 'end',
      lineAnchor: 'bottom',
      dy: bottom - 4,
    }),
  ];
}

/** Dots at these places, which are in px already; `lefts` are in the order of `drawn`. */
function dotMarks(
  { drawn, shade, color }: Scatter,
  lefts: readonly number[],
  fills: readonly string[],
): Plot.Markish[] {
  const leftOf = new Map(drawn.map((point, index) => [point, lefts[index] ?? 0]));
  const x = { value: (point: Point) => leftOf.get(point) ?? 0, scale: null };
  const at = { x, y: 'y', r: RADIUS };
  const indexOf = ({ color: value }: Point): number =>
    shade?.type === 'band' && value !== undefined ? shade.domain.indexOf(bandWord(shade, value)) : 0;
  const hollow = color ? drawn.filter((point) => point.color === undefined) : [];
  const filled = color ? drawn.filter((point) => point.color !== undefined) : drawn;
  const fill =
    shade === undefined
      ? { fill: 'var(--accent)' }
      : shade.type !== 'band'
        ? { fill: 'color' }
        : {
            fill: (point: Point) => fills[indexOf(point)],
            symbol: (point: Point) => SYMBOLS[indexOf(point)],
          };
  const look = filled.length > FEW ? { fillOpacity: 0.6 } : { stroke: 'var(--page)', strokeWidth: 0.5 };
  return [
    Plot.dot(hollow, { ...at, stroke: 'var(--ink-3)', strokeWidth: 1 }),
    Plot.dot(filled, { ...at, ...fill, ...look, sort: null }),
  ];
}

/** Plot's colour scale: viridis for numbers; undefined for words, which have fixed colours. */
function colorScale(shade: Axis | undefined, isDark: boolean): Plot.ScaleOptions | undefined {
  if (!shade || shade.type === 'band') return undefined;
  return {
    type: shade.type,
    domain: shade.domain,
    scheme: 'viridis',
    range: READABLE[isDark ? 'dark' : 'light'],
  };
}

/** The legend of the colours: shapes with their words, or Plot's own ramp for numbers. */
function legendOf(
  { color, shade, without }: Scatter,
  svg: Plot.Plot,
  width: number,
  fills: readonly string[],
): readonly Element[] {
  if (!color || !shade) return [];
  if (shade.type === 'band') return [wordLegend(shade, without.color > 0, width, fills)];
  const ramp = svg.legend('color', {
    label: nameOf(color, shade),
    width: RAMP_WIDTH,
    ticks: [...ticksOf(shade, 4)],
    tickFormat: color.tick,
  });
  return ramp ? [ramp] : [];
}

/** Draws a scatter of this width in pixels; undefined without a point. */
export function drawScatter(scatter: Scatter, width: number, isDark: boolean): Drawing | undefined {
  const { across, up, shade, drawn } = scatter;
  if (drawn.length === 0) return undefined;
  const layout = layoutOf(scatter, width);
  const { left, bottom, inner } = layout;
  const x: Plot.ScaleOptions = {
    range: [left, width - RIGHT],
    ...(across.type === 'band'
      ? { type: 'point', domain: across.domain, padding: 0.5 }
      : { type: across.type, domain: across.domain }),
  };
  const pixel = Plot.scale({ x });
  const lefts = placesAcross(drawn, across, (value) => Number(pixel.apply(value)), inner);
  const scale = colorScale(shade, isDark);
  const fills =
    shade?.type === 'band'
      ? shade.domain.map((_, index) =>
          shade.others > 0 && index === shade.domain.length - 1
            ? 'var(--ink-3)'
            : (RUN_COLORS[index] ?? 'var(--ink-3)'),
        )
      : [];
  const svg = Plot.plot({
    width,
    height: (width < NARROW ? 260 : 320) + bottom,
    marginTop: TOP,
    marginRight: RIGHT,
    marginBottom: bottom,
    marginLeft: left,
    x,
    y: { type: up.type, domain: up.domain },
    ...(scale && { color: scale }),
    marks: [...axisMarks(scatter, layout), ...dotMarks(scatter, lefts, fills)],
  });
  const toY = svg.scale('y');
  if (!toY) return undefined;
  const places = drawn.map((point, at): Place => [lefts[at] ?? 0, Number(toY.apply(point.y))]);
  const rings = document.createElementNS(SVG, 'g');
  svg.append(rings);
  const elements = [...legendOf(scatter, svg, width, fills), svg];
  // The figure has its own text alternative. Plot's labels for the parts say "dot", and a group without a
  // role must not have a label.
  for (const element of elements) {
    element.setAttribute('aria-hidden', 'true');
    for (const part of element.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label');
  }
  return { svg, elements, rings, places };
}
