// Draws a run's activations as a panel: a plot for each layer, or for many layers the curves once and a ridge for each layer.
// Invariant: layers run from the first at the top to the output; every panel of a drawing has the scene's one axis of z.

import type { Shape } from '../../../nn/probe/probe';
import { fitting } from '../by-layer/layer-panels';
import type { Frame } from '../draw/figure';
import { formatNumber, formatShare } from '../draw/format';
import { reportRun } from '../draw/frame-following';
import type { Mark } from '../draw/mark';
import { HEADER, header } from '../draw/panels';
import { label, svg } from '../draw/svg';
import { tickText } from '../draw/ticks';
import { areaPath, curvePath, valueRange } from './activation-parts';
import { type ActivationLayer, hiddenOf, type Known } from './activation-text';

/** Left end of the z axis, in pixels. */
export const LEFT = 32;
/** Width of the histogram of f(z) beside the curve or the ridge, and the gap before it, in pixels. */
const SIDE = 44;
const GAP = 8;
/** Width of the saturated share behind the ridges, in pixels. */
const SHARE = 40;
/** Heights in pixels: of a layer's words, its plot and the gap, and of a ridge. */
const PLOT = { words: 18, height: 56, gap: 8 } as const;
const PLOT_ROW = PLOT.words + PLOT.height + PLOT.gap;
const RIDGE = 15;
/** Number of curves above the ridges, of the activations that occur in most hidden layers. */
const HEADS = 2;

/** Axis and layout that all panels of a drawing share. */
export interface Scene {
  readonly reach: number;
  readonly width: number;
  readonly isRidged: boolean;
  /** The pixel of a value of z. */
  x(z: number): number;
}

/** Right end of the z axis, in pixels. */
export const endOf = ({ width, isRidged }: Scene): number => width - SIDE - GAP - (isRidged ? SHARE : 0);

/** Background of the intervals of z in which an activation is saturated, `height` pixels high. */
const ground = ({ saturated }: Shape, { reach, x }: Scene, top: number, height: number): Mark => {
  const d = saturated
    .filter(([from, to]) => from < reach && to > -reach)
    .map(
      ([from, to]) =>
        `M${x(Math.max(from, -reach)).toFixed(1)} ${top}H${x(Math.min(to, reach)).toFixed(1)}V${top + height}H${x(Math.max(from, -reach)).toFixed(1)}Z`,
    )
    .join('');
  return svg('path', { d: d || 'M0 0', class: 'saturated-ground' });
};

/** An activation's curve and slope, with the two ends of its value axis. */
function curves(shape: Shape, scene: Scene, top: number): { marks: Mark[]; y(value: number): number } {
  const [low, high] = valueRange(shape, scene.reach);
  const bottom = top + PLOT.height;
  const y = (value: number): number => bottom - ((value - low) / (high - low)) * PLOT.height;
  const place = { x: scene.x, y };
  const ends = [low, high].map((value) =>
    label(tickText(value), LEFT - 5, Number((y(value) + (value === low ? 0 : 8)).toFixed(1)), {
      'text-anchor': 'end',
      class: 'quiet',
    }),
  );
  return {
    y,
    marks: [
      svg('path', {
        d: `M${LEFT} ${y(0).toFixed(1)}H${endOf(scene)}M${scene.x(0).toFixed(1)} ${top}V${bottom}`,
        class: 'grid',
      }),
      svg('path', { d: curvePath(shape.slope, scene.reach, place, true), class: 'activation-slope' }),
      svg('path', { d: curvePath(shape.value, scene.reach, place), class: 'activation-curve' }),
      ...ends,
    ],
  };
}

const sharesOf = ({ saturated, dead }: ActivationLayer): string[] => {
  const share = `${formatShare(saturated)} saturated`;
  const count = dead.length > 0 ? `, ${formatNumber(dead.length)} dead` : '';
  return [`${share}${count}`, `${formatShare(saturated)} sat.${count}`];
};

/**
 * A layer in full: its words, the histogram of z below curve and slope, and the histogram of f(z) beside
 * them.
 */
function plot({ run, activity }: Known, index: number, scene: Scene): Mark {
  const layer = activity.layers[index];
  const shape = layer && activity.shapes[layer.activation];
  if (!layer || !shape) return svg('g');
  const isOutput = index === activity.layers.length - 1;
  const top = index * PLOT_ROW + PLOT.words;
  const bottom = top + PLOT.height;
  const { marks, y } = curves(shape, scene, top);
  const side = endOf(scene) + GAP;
  const z = areaPath(layer.z, scene.x, PLOT.height * 0.8, (along, up) => [along, bottom - up]);
  const output = areaPath(layer.output, y, SIDE - 4, (along, up) => [side + up, along]);
  const names = [
    `${isOutput ? 'output' : `layer ${index + 1}`} · ${layer.activation}`,
    `${isOutput ? 'out' : index + 1} · ${layer.activation}`,
  ];
  const shares = isOutput ? [''] : sharesOf(layer);
  const share = fitting(shares, scene.width - 6.4 * (names[1]?.length ?? 0) - 8);
  const name = fitting(names, scene.width - 6.4 * share.length - 8);
  return svg(
    'g',
    {},
    label(name, 0, top - 6),
    label(share, scene.width, top - 6, { 'text-anchor': 'end', class: 'quiet' }),
    ground(shape, scene, top, PLOT.height),
    svg('path', { d: z, fill: run.color, class: 'activation-area' }),
    svg('path', { d: output, fill: run.color, class: 'activation-area' }),
    svg('path', { d: `M${side} ${top}V${bottom}`, class: 'grid' }),
    ...marks,
  );
}

/** A layer of a deep network: histograms of z and f(z) as ridges, and the saturated share. */
function ridge({ run, activity }: Known, index: number, scene: Scene, from: number): Mark {
  const layer = activity.layers[index];
  const shape = layer && activity.shapes[layer.activation];
  if (!layer || !shape) return svg('g');
  const isOutput = index === activity.layers.length - 1;
  const top = from + index * RIDGE;
  const base = top + RIDGE - 1;
  const side = endOf(scene) + GAP;
  const [low, high] = valueRange(shape, scene.reach);
  const across = (value: number): number => side + ((value - low) / (high - low)) * SIDE;
  const up = (along: number, by: number): readonly [number, number] => [along, base - by];
  return svg(
    'g',
    {},
    svg('path', {
      d: areaPath(layer.z, scene.x, RIDGE - 3, up) + areaPath(layer.output, across, RIDGE - 3, up),
      fill: run.color,
    }),
    ...(isOutput || index % 2 === 0
      ? [label(isOutput ? 'out' : String(index + 1), LEFT - 5, base - 2, { 'text-anchor': 'end' })]
      : []),
    ...(isOutput
      ? []
      : [
          label(formatShare(layer.saturated), scene.width, base - 2, {
            'text-anchor': 'end',
            class: 'quiet',
          }),
        ]),
  );
}

/**
 * Stretches of equal neighbouring names. One background per stretch keeps twelve networks of fifty layers
 * quick to draw.
 */
function stretches(names: readonly string[]): { name: string; start: number; count: number }[] {
  const found: { name: string; start: number; count: number }[] = [];
  names.forEach((name, start) => {
    const last = found.at(-1);
    if (last?.name === name) last.count++;
    else found.push({ name, start, count: 1 });
  });
  return found;
}

/** The activations of the hidden layers, or of the output if there are none, by decreasing frequency. */
function headsOf({ activity }: Known): string[] {
  const hidden = hiddenOf(activity);
  const counts = new Map<string, number>();
  for (const { activation } of hidden.length > 0 ? hidden : activity.layers)
    counts.set(activation, (counts.get(activation) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, HEADS)
    .map(([name]) => name);
}

/** Height in pixels of a run's panel between header and axis. */
export const bodyHeight = (known: Known, isRidged: boolean): number =>
  isRidged
    ? headsOf(known).length * PLOT_ROW + HEADER + known.activity.layers.length * RIDGE
    : known.activity.layers.length * PLOT_ROW;

/** The curves above the ridges, and the ridges. */
function ridges(known: Known, scene: Scene): Mark[] {
  const { shapes, layers } = known.activity;
  const heads = headsOf(known).map((name, index) => {
    const shape = shapes[name];
    const top = index * PLOT_ROW + PLOT.words;
    if (!shape) return svg('g');
    return svg(
      'g',
      {},
      label(name, 0, top - 6),
      ground(shape, scene, top, PLOT.height),
      ...curves(shape, scene, top).marks,
    );
  });
  const from = heads.length * PLOT_ROW + HEADER;
  const names = svg(
    'g',
    {},
    label('z', (LEFT + endOf(scene)) / 2, from - 5, { 'text-anchor': 'middle', class: 'quiet' }),
    label('f(z)', endOf(scene) + GAP + SIDE / 2, from - 5, { 'text-anchor': 'middle', class: 'quiet' }),
    label('satur.', scene.width, from - 5, { 'text-anchor': 'end', class: 'quiet' }),
  );
  const grounds = stretches(layers.map(({ activation }) => activation)).flatMap(({ name, start, count }) => {
    const shape = shapes[name];
    return shape ? [ground(shape, scene, from + start * RIDGE, count * RIDGE)] : [];
  });
  return [...heads, names, ...grounds, ...layers.map((_, index) => ridge(known, index, scene, from))];
}

/** A run's panel: its header, its layers from the first down, and the z axis. */
export function panel(known: Known, scene: Scene, frame: Frame): Mark {
  const { run, activity } = known;
  const { reach, isRidged, x } = scene;
  const height = bodyHeight(known, isRidged);
  const isNarrow = endOf(scene) - LEFT < 110;
  const ticks = isNarrow ? [-reach, 0, reach] : [-reach, -reach / 2, 0, reach / 2, reach];
  const body = svg(
    'g',
    { transform: `translate(0 ${HEADER})` },
    ...(isRidged ? ridges(known, scene) : activity.layers.map((_, index) => plot(known, index, scene))),
    ...ticks.map((tick) =>
      label(tickText(tick), Number(x(tick).toFixed(1)), height + (isRidged ? 13 : 6), {
        'text-anchor': 'middle',
        class: 'quiet',
      }),
    ),
    ...(isRidged
      ? []
      : [
          label('z', 10, height + 6, { class: 'quiet' }),
          label('f(z)', scene.width, height + 6, { 'text-anchor': 'end', class: 'quiet' }),
        ]),
  );
  const mark = svg('g', { 'data-runs': run.id }, header([run], scene.width), body);
  reportRun(mark, run.id, frame);
  return mark;
}
