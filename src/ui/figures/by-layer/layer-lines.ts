// Draws layers by epochs as lines, one panel per run, all on one value axis: from the first layer, strong, to the last, faint, in
// the run's colour, named at their ends; for a run with seeds, medians within their bands.
// Invariant: a name and a strength identify a line, never colour alone; of many layers the figure draws an even choice, first
// and last included, and gives the number of drawn layers.

import type { Trained } from '../curves/curve-text';
import { axisBelow, axisLeft, type Chart, chartOf, linePath } from '../draw/axes';
import type { Frame, Shown } from '../draw/figure';
import { fitText } from '../draw/format';
import { follow, reportRun } from '../draw/frame-following';
import type { Mark } from '../draw/mark';
import { HEADER, header, PANEL_GAP, panelGrid, restNote } from '../draw/panels';
import { label, nothing, root, svg } from '../draw/svg';
import { epochTicks, spread, thin } from '../draw/ticks';
import {
  countOf,
  fitting,
  followLayers,
  type LayerMeasure,
  ownLayer,
  type Panel,
  type Pointed,
  panelsOf,
  readoutOf,
} from './layer-panels';
import { type Layered, layerAt } from './layers';

/** The value axis of lines by layer. */
interface LineAxis {
  readonly type: 'log' | 'linear';
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  text(value: number): string;
  /** Measure and unit in words. */
  readonly legend: string;
}

const LEFT = 40;
const RIGHT = 26;
const READOUT = 20;
const BOTTOM = 20;

/** Largest number of lines in a panel: more cannot be told apart. */
const MOST_LINES = 12;
/**
 * Largest number of bands in a panel: more hide each other, so only the first and the last layer then have
 * bands.
 */
const MOST_BANDS = 4;

/** Indices of the drawn layers, evenly chosen, the first and the last included. */
export function chosenLayers(layers: number, most = MOST_LINES): number[] {
  const count = Math.min(layers, most);
  const step = count > 1 ? (layers - 1) / (count - 1) : 0;
  return Array.from({ length: count }, (_, index) => Math.round(index * step));
}

/** One layer's values, one per row. */
function columnOf({ rows, layers }: Layered, values: Float64Array, layer: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => values[row * layers + layer] ?? Number.NaN);
}

/** Points [epoch, value] of a layer, without NaN. */
const pointsOf = (layered: Layered, values: Float64Array, layer: number, width: number): [number, number][] =>
  thin(columnOf(layered, values, layer), width)
    .filter(([, value]) => !Number.isNaN(value))
    .map(([row, value]) => [layered.epochOf(row - 1), value]);

/** Width and opacity of a layer's line, decreasing from the first layer to the last. */
function strength(layer: number, layers: number): { readonly width: string; readonly opacity: string } {
  const share = layers > 1 ? layer / (layers - 1) : 0;
  return { width: (2.4 - 1.2 * share).toFixed(2), opacity: (1 - 0.5 * share).toFixed(2) };
}

function bandOf(layered: Layered, layer: number, { x, y }: Chart, color: string): Mark[] {
  const { low, high } = layered;
  if (!low || !high) return [];
  const edge = (values: Float64Array): string[] =>
    Array.from(columnOf(layered, values, layer), (value, row) =>
      Number.isNaN(value) ? '' : `${x(layered.epochOf(row)).toFixed(1)} ${y(value).toFixed(1)}`,
    ).filter(Boolean);
  const d = [...edge(high), ...edge(low).reverse()].join('L');
  return d ? [svg('path', { d: `M${d}Z`, fill: color, 'fill-opacity': 0.14, class: 'band' })] : [];
}

/** Names at the ends of the lines: of every drawn layer, or of as many as fit. */
function endNames(measure: LayerMeasure, layered: Layered, drawn: readonly number[], chart: Chart): Mark[] {
  const { layers, epochs } = layered;
  const { top, bottom } = chart.inner;
  const named = chosenLayers(drawn.length, Math.max(2, Math.floor((bottom - top) / 12)))
    .flatMap((index) => drawn[index] ?? [])
    .filter((layer) => !Number.isNaN(layerAt(layered, epochs, layer).value));
  const ends = named.map((layer) => chart.y(layerAt(layered, epochs, layer).value));
  const places = spread(ends, 11, top + 3, bottom);
  return named.map((layer, index) =>
    label(
      measure.layer(layer, layers).short,
      Number((chart.x(epochs) + 5).toFixed(1)),
      Math.round((places?.[index] ?? ends[index] ?? top) + 3.5),
      { class: 'label end' },
    ),
  );
}

/** The marks of a run's panel, at the origin, and the function that moves its cursor. */
function panelMarks(measure: LayerMeasure, panel: Panel, chart: Chart, epochs: number, axis: LineAxis) {
  const { run, layered } = panel;
  const { layers, middle } = layered;
  const drawn = chosenLayers(layers);
  const ends = chosenLayers(layers, 2);
  const lines = drawn.map((layer) => {
    const { width, opacity } = strength(layer, layers);
    return svg('path', {
      d: linePath(pointsOf(layered, middle, layer, chart.width), chart),
      class: 'layer-line',
      stroke: run.color,
      'stroke-width': width,
      'stroke-opacity': opacity,
    });
  });
  const bands = (layers > MOST_BANDS ? ends : drawn).flatMap((layer) =>
    bandOf(layered, layer, chart, run.color),
  );
  const rule = svg('line', { y1: chart.inner.top, y2: chart.inner.bottom, class: 'cursor' });
  // Two dots: for the first and the last layer, or one for the layer under the pointer.
  const dots = [0, 1].map(() => svg('circle', { r: 3, fill: run.color }));
  const readout = label('', LEFT, 12);
  const room = chart.width - LEFT;
  const at = epochTicks(epochs, chart.inner.right - chart.inner.left);
  const element = svg(
    'g',
    {},
    axisLeft(chart, { at: axis.ticks, text: axis.text, lines: 'grid' }),
    axisBelow(chart, { at, text: String, lines: 'none' }),
    ...bands,
    ...lines,
    ...endNames(measure, layered, drawn, chart),
    rule,
    ...dots,
    readout,
  );
  const move = (chosen: number, pointed: Pointed | undefined): void => {
    const layer = pointed === undefined ? undefined : ownLayer(measure, panel, pointed);
    const epoch = Math.max(1, Math.min(chosen, layered.epochs));
    const across = chart.x(epoch).toFixed(1);
    rule.setAttribute('x1', across);
    rule.setAttribute('x2', across);
    const shown = pointed === undefined ? ends : layer === undefined ? [] : [layer];
    dots.forEach((dot, index) => {
      const value = layerAt(layered, epoch, shown[index] ?? -1).value;
      const isThere = (shown[index] ?? layers) < layers && !Number.isNaN(value);
      dot.setAttribute('visibility', isThere ? 'visible' : 'hidden');
      dot.setAttribute('cx', across);
      dot.setAttribute('cy', (isThere ? chart.y(value) : 0).toFixed(1));
    });
    lines.forEach((line, index) => {
      line.setAttribute('class', `layer-line${drawn[index] === layer ? ' pointed' : ''}`);
    });
    readout.replaceChildren(fitting(readoutOf(measure, panel, chosen, pointed), room));
  };
  return { element, move };
}

/**
 * The drawn layer whose line is nearest to a height at an epoch, within 20 pixels; undefined if there is
 * none.
 */
function nearestLayer({ layered }: Panel, { y }: Chart, epoch: number, up: number): number | undefined {
  let [best, distance]: [number | undefined, number] = [undefined, 20];
  for (const layer of chosenLayers(layered.layers)) {
    const off = Math.abs(y(layerAt(layered, Math.min(epoch, layered.epochs), layer).value) - up);
    if (off < distance) [best, distance] = [layer, off];
  }
  return best;
}

/** Draws one panel per run; the epochs of the longest run span the width. */
export function drawLayerLines(
  measure: LayerMeasure,
  axis: LineAxis,
  all: readonly Shown<Trained>[],
  frame: Frame,
): Mark {
  const { panels, known, epochs } = panelsOf(measure, all);
  if (panels.length === 0) return nothing(measure.nothing(all));
  const heightOf = (width: number): number => HEADER + Math.round(Math.min(Math.max(width * 0.6, 130), 220));
  const grid = panelGrid(panels.length, frame.width, 140, 560, heightOf);
  const chart = chartOf({
    width: grid.width,
    height: grid.panelHeight - HEADER,
    margin: [READOUT, RIGHT, BOTTOM, LEFT],
    x: { type: 'linear', domain: [1, Math.max(2, epochs)] },
    y: axis,
  });
  const cut = panels.filter(({ layered }) => layered.layers > MOST_LINES);
  const deepest = Math.max(0, ...cut.map(({ layered }) => layered.layers));
  const notes = [
    fitText(axis.legend, frame.width, 5.8),
    deepest > 0 ? `${MOST_LINES} of ${deepest} layers drawn, evenly sampled; the heat map shows all.` : '',
    restNote(known),
  ].filter(Boolean);
  const drawing = root(frame.width, grid.height + 8 + 16 * notes.length);
  const moves = panels.map((panel, index) => {
    const { run } = panel;
    const { x, y } = grid.place(index);
    const { element, move } = panelMarks(measure, panel, chart, epochs, axis);
    element.setAttribute('transform', `translate(0 ${HEADER})`);
    const group = svg('g', { transform: `translate(${x} ${y})`, 'data-runs': run.id });
    group.append(header([run], grid.width, countOf(run)), element);
    reportRun(group, run.id, frame);
    drawing.append(group);
    return move;
  });
  notes.forEach((note, index) => {
    drawing.append(label(note, 0, grid.height + 16 + 16 * index, { class: 'quiet' }));
  });
  const epochAt = (pixel: number): number | undefined => {
    const across = pixel % (grid.width + PANEL_GAP);
    if (across < chart.inner.left - 4 || across > chart.inner.right + 4) return undefined;
    return Math.round(Math.min(Math.max(chart.invertX(across), 1), epochs));
  };
  const move = followLayers(
    drawing,
    frame,
    measure,
    epochAt,
    ({ x, y }) => {
      const panel = panels[grid.at(x, y) ?? -1];
      const epoch = epochAt(x);
      if (!panel || epoch === undefined) return undefined;
      const layer = nearestLayer(panel, chart, epoch, (y % (grid.panelHeight + PANEL_GAP)) - HEADER);
      return layer === undefined ? undefined : { panel, layer };
    },
    (epoch, layer) => {
      for (const show of moves) show(epoch, layer);
    },
  );
  return follow(drawing, frame, ({ epoch }) => move(epoch));
}

/**
 * The values that set the extent of the value axis: percentiles, or the values themselves for runs without
 * members.
 */
export const extentLists = (measure: LayerMeasure, all: readonly Shown<Trained>[]): Float64Array[] =>
  panelsOf(measure, all).panels.flatMap(({ layered: { middle, low, high } }) =>
    low && high ? [low, high] : [middle],
  );
