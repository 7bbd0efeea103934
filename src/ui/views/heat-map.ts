// Layers by epochs as colour, one panel a run, all on one colour scale; the chosen epoch is marked in every panel.
// Invariant: what is drawn is at most one column a pixel; columns of several epochs hold what `summary` makes of them.
// Deliberately knows neither what is measured nor where an epoch is chosen.

import type { train } from '../../cells/train';
import type { ValueOf } from '../../core/kind';
import type { Frame, Shown } from '../figure';
import { follow, reportEpoch, reportRun } from './follow';
import { fitText } from './format';
import type { Mark } from './mark';
import { painted } from './painted';
import { HEADER, header, MAX_PANELS, panelGrid, restNote } from './panels';
import { RAMP_HEIGHT, type RampTicks, rampColors, rampLegend, rampStep } from './ramp';
import { epochTicks } from './series';
import { label, nothing, root, svg } from './svg';

/** [epochs][layers], row by row. */
export type Flow = ValueOf<typeof train>['gradientRms'];

/** What a heat map shows of each run. */
export interface HeatMap<V> {
  flow(value: V): Flow;
  /** What a column of several epochs shows. */
  readonly summary: 'mean' | 'rms';
  /** What the colour scale depends on, as a text: equal ones share equally. */
  readonly scale: string;
  /** Where a value stands on the colour scale, 0 to 1; undefined leaves it blank. */
  share(value: number): number | undefined;
  /** A layer's name beside its row. */
  row(layer: number, layers: number): string;
  /** What a panel says of the chosen epoch: a figure, and words before it where there is room. */
  readout(value: V, epoch: number): { readonly words: string; readonly figure: string };
  /** The legend: what is measured, in which unit. */
  readonly legend: string;
  readonly ticks: RampTicks;
}

const LEFT = 30;
const AXIS = 20;
const READOUT = 18;

/** The value of a layer at an epoch, counted from 1. */
export const flowAt = ({ shape, data }: Flow, epoch: number, layer: number): number =>
  data[(epoch - 1) * shape[1] + layer] ?? Number.NaN;

/** One layer's values over so many columns. */
function columnsOf(flow: Flow, layer: number, columns: number, summary: 'mean' | 'rms'): Float64Array {
  const [epochs] = flow.shape;
  const values = new Float64Array(columns);
  for (let column = 0; column < columns; column++) {
    const from = Math.floor((column * epochs) / columns);
    const to = Math.floor(((column + 1) * epochs) / columns);
    let sum = 0;
    for (let epoch = from + 1; epoch <= to; epoch++) {
      const value = flowAt(flow, epoch, layer);
      sum += summary === 'rms' ? value * value : value;
    }
    const mean = sum / (to - from);
    values[column] = summary === 'rms' ? Math.sqrt(mean) : mean;
  }
  return values;
}

/** Paints the cells, neighbours of one colour at once: `width` is that of all the run's epochs. */
function paintCells<V>(
  context: CanvasRenderingContext2D,
  map: HeatMap<V>,
  flow: Flow,
  width: number,
  rowHeight: number,
): void {
  const [epochs, layers] = flow.shape;
  const columns = Math.max(1, Math.min(epochs, Math.floor(width)));
  const colors = rampColors();
  for (let layer = 0; layer < layers; layer++) {
    const values = columnsOf(flow, layer, columns, map.summary);
    const stepAt = (column: number): number | undefined => {
      const share = map.share(values[column] as number);
      return share === undefined ? undefined : rampStep(share);
    };
    let [start, step] = [0, stepAt(0)];
    for (let column = 1; column <= columns; column++) {
      const next = column < columns ? stepAt(column) : -1;
      if (next === step) continue;
      if (step !== undefined) {
        // On whole pixels, so that neither seams nor mixed colours are seen between two cells.
        const [from, to] = [Math.round((start * width) / columns), Math.round((column * width) / columns)];
        context.fillStyle = colors[step] ?? '';
        context.fillRect(from, layer * rowHeight, to - from, rowHeight - 1);
      }
      [start, step] = [column, next];
    }
  }
}

/** Names beside the rows, every row or as many as fit. */
function rowLabels<V>(map: HeatMap<V>, layers: number, rowHeight: number): Mark[] {
  const every = Math.ceil(12 / rowHeight);
  return Array.from({ length: layers }, (_, layer) => layer)
    .filter((layer) => layer % every === 0 || layer === layers - 1)
    .filter((layer) => layer === layers - 1 || layers - 1 - layer >= every)
    .map((layer) =>
      label(map.row(layer, layers), LEFT - 6, (layer + 0.5) * rowHeight + 3.5, { 'text-anchor': 'end' }),
    );
}

/** Draws a panel a run, the epochs of the longest one across, and the legend below. */
export function drawHeatMap<V>(map: HeatMap<V>, all: readonly Shown<V>[], frame: Frame): Mark {
  const known = all.filter(({ value }) => map.flow(value).data.length > 0);
  const runs = known.slice(0, MAX_PANELS);
  if (runs.length === 0) return nothing('Layer by layer, this grows as soon as the first epoch is trained.');
  const epochs = Math.max(...runs.map(({ value }) => map.flow(value).shape[0]));
  const layers = Math.max(...runs.map(({ value }) => map.flow(value).shape[1]));
  const rowHeight = Math.max(3, Math.min(18, Math.floor(220 / layers)));
  const grid = panelGrid(
    runs.length,
    frame.width,
    96,
    560,
    () => HEADER + READOUT + layers * rowHeight + AXIS,
  );
  const inner = grid.width - LEFT - 2;
  const xOf = (epoch: number): number => LEFT + ((epoch - 0.5) / epochs) * inner;
  const note = restNote(known.length);
  const drawing = root(frame.width, grid.height + 14 + RAMP_HEIGHT + (note ? HEADER : 0));
  const parts = runs.map(({ id, value }, index) => {
    const { x, y } = grid.place(index);
    const flow = map.flow(value);
    const width = (flow.shape[0] / epochs) * inner;
    return {
      runs: [id],
      x: x + LEFT,
      y: y + HEADER + READOUT,
      width,
      height: flow.shape[1] * rowHeight,
      of: [flow],
      paint: (context: CanvasRenderingContext2D) => paintCells(context, map, flow, width, rowHeight),
    };
  });
  drawing.append(...painted(frame.width, grid.height, parts, [map.scale], frame));
  const moves = runs.map((run, index) => {
    const { x, y } = grid.place(index);
    const flow = map.flow(run.value);
    const top = HEADER + READOUT;
    const body = flow.shape[1] * rowHeight;
    const panel = svg('g', { transform: `translate(${x} ${y})`, 'data-runs': run.id });
    const names = svg('g', { transform: `translate(0 ${top})` }, ...rowLabels(map, flow.shape[1], rowHeight));
    panel.append(header([run], grid.width), names);
    for (const epoch of epochTicks(epochs, inner)) {
      const last = epoch > 0.9 * epochs && epoch > 1;
      const place = last ? LEFT + inner : epoch === 1 ? LEFT : xOf(epoch);
      const anchor = last ? 'end' : epoch === 1 ? 'start' : 'middle';
      panel.append(label(String(epoch), place, top + body + 13, { 'text-anchor': anchor, class: 'quiet' }));
    }
    const readout = label('', LEFT, HEADER + 10);
    const mark = svg('rect', { y: top - 3, height: body + 5, class: 'epoch-mark' });
    panel.append(mark, readout);
    reportRun(panel, run.id, frame);
    drawing.append(panel);
    return (chosen: number): void => {
      const epoch = Math.max(1, Math.min(chosen, flow.shape[0]));
      const thick = Math.max(3, inner / epochs);
      mark.setAttribute('x', (xOf(epoch) - thick / 2).toFixed(2));
      mark.setAttribute('width', thick.toFixed(2));
      const { words, figure } = map.readout(run.value, epoch);
      const whole = `${words} ${figure}`;
      readout.replaceChildren(whole.length * 5.8 <= inner + 8 ? whole : figure);
    };
  });
  const legend = rampLegend(fitText(map.legend, frame.width, 5.5), Math.min(280, frame.width - 8), map.ticks);
  legend.setAttribute('transform', `translate(0 ${grid.height + 8})`);
  drawing.append(legend);
  if (note) drawing.append(label(note, 0, grid.height + RAMP_HEIGHT + 24));
  reportEpoch(drawing, frame, (pixel) => {
    const within = (pixel % (grid.width + 12)) - LEFT;
    if (within < 0 || within > inner) return undefined;
    return Math.min(epochs, Math.floor((within / inner) * epochs) + 1);
  });
  return follow(drawing, frame, ({ epoch }) => {
    for (const move of moves) move(epoch);
  });
}
