// Draws layers by epochs as colour, one panel per run, all on one colour scale with its legend above; marks the chosen epoch in
// every panel, and names the layer under the pointer.
// Invariant: a panel has at most one column per pixel; a column of several epochs shows their `summary`.
// Knows neither the measure nor where a person chooses an epoch.

import { RAMP_COLORS } from '../../text/viridis';
import type { Trained } from '../curves/curve-text';
import { canvasMarks } from '../draw/canvas-layer';
import { type RampTicks, rampBeside, rampLegend, rampStep } from '../draw/color-ramp';
import type { Frame, Shown } from '../draw/figure';
import { fitText } from '../draw/format';
import { follow, reportRun } from '../draw/frame-following';
import type { Mark } from '../draw/mark';
import { HEADER, header, PANEL_GAP, panelGrid, restNote } from '../draw/panels';
import { label, nothing, root, svg } from '../draw/svg';
import { epochTicks } from '../draw/ticks';
import {
  countOf,
  fitting,
  followLayers,
  type LayerMeasure,
  ownLayer,
  type Pointed,
  panelsOf,
  readoutOf,
} from './layer-panels';
import type { Layered } from './layers';

/** Colour scale and legend of a heat map. */
interface HeatMap {
  /** Identifies the colour scale: scales with equal texts have equal shares. */
  readonly scale: string;
  /** Position of a value on the colour scale, 0 to 1; undefined leaves the cell blank. */
  share(value: number): number | undefined;
  /** Forms of the legend, longest first, with measure and unit; the first that fits is used. */
  readonly legend: readonly string[];
  readonly ticks: RampTicks;
}

const LEFT = 30;
const AXIS = 20;
const READOUT = 18;

/** One layer's values in `columns` columns, each the mean or the root mean square of its epochs. */
function columnsOf(
  { rows, layers, middle }: Layered,
  layer: number,
  columns: number,
  summary: 'mean' | 'rms',
): Float64Array {
  const values = new Float64Array(columns);
  for (let column = 0; column < columns; column++) {
    const from = Math.floor((column * rows) / columns);
    const to = Math.floor(((column + 1) * rows) / columns);
    let sum = 0;
    for (let row = from; row < to; row++) {
      const value = middle[row * layers + layer] ?? Number.NaN;
      sum += summary === 'rms' ? value * value : value;
    }
    const mean = sum / (to - from);
    values[column] = summary === 'rms' ? Math.sqrt(mean) : mean;
  }
  return values;
}

/**
 * Paints the cells, neighbours of one colour in one rectangle. `width` is the width in pixels of all the
 * run's epochs.
 */
function paintCells(
  context: CanvasRenderingContext2D,
  map: HeatMap,
  layered: Layered,
  summary: LayerMeasure['summary'],
  width: number,
  rowHeight: number,
): void {
  const { rows, layers } = layered;
  const columns = Math.max(1, Math.min(rows, Math.floor(width)));
  for (let layer = 0; layer < layers; layer++) {
    const values = columnsOf(layered, layer, columns, summary);
    const stepAt = (column: number): number | undefined => {
      const share = map.share(values[column] as number);
      return share === undefined ? undefined : rampStep(share);
    };
    let [start, step] = [0, stepAt(0)];
    for (let column = 1; column <= columns; column++) {
      const next = column < columns ? stepAt(column) : -1;
      if (next === step) continue;
      if (step !== undefined) {
        // Rounded to whole pixels, so that no seams or mixed colours appear between two cells.
        const [from, to] = [Math.round((start * width) / columns), Math.round((column * width) / columns)];
        context.fillStyle = RAMP_COLORS[step] ?? '';
        context.fillRect(from, layer * rowHeight, to - from, rowHeight - 1);
      }
      [start, step] = [column, next];
    }
  }
}

/** Names beside the rows: of every row, or of as many rows as fit. */
function rowLabels(measure: LayerMeasure, layers: number, rowHeight: number): Mark[] {
  const every = Math.ceil(12 / rowHeight);
  return Array.from({ length: layers }, (_, layer) => layer)
    .filter((layer) => layer % every === 0 || layer === layers - 1)
    .filter((layer) => layer === layers - 1 || layers - 1 - layer >= every)
    .map((layer) =>
      label(measure.layer(layer, layers).short, LEFT - 6, (layer + 0.5) * rowHeight + 3.5, {
        'text-anchor': 'end',
      }),
    );
}

/** The longest form of the legend that fits, with the directions of layers and epochs if there is room. */
function legendOf({ legend }: HeatMap, width: number): string {
  const all = [...legend.map((words) => `${words}; layers down, epochs across`), ...legend];
  const fits = all.find((words) => fitText(words, width, 5.5) === words);
  return fits ?? fitText(all.at(-1) ?? '', width, 5.5);
}

/** Draws the legend, and one panel per run below; the epochs of the longest run span the width. */
export function drawHeatMap(
  measure: LayerMeasure,
  map: HeatMap,
  all: readonly Shown<Trained>[],
  frame: Frame,
): Mark {
  const { panels, known, epochs, layers } = panelsOf(measure, all);
  if (panels.length === 0) return nothing(measure.nothing(all));
  const rowHeight = Math.max(3, Math.min(14, Math.floor(220 / layers)));
  const grid = panelGrid(
    panels.length,
    frame.width,
    96,
    560,
    () => HEADER + READOUT + layers * rowHeight + AXIS,
  );
  const top = HEADER + READOUT;
  const inner = grid.width - LEFT - 2;
  const xOf = (epoch: number): number => LEFT + ((epoch - 0.5) / epochs) * inner;
  const note = restNote(known);
  const ramp = rampBeside(frame.width);
  const drawing = root(frame.width, ramp.height + grid.height + (note ? HEADER : 0));
  /** The place of a panel, below the legend. */
  const placeOf = (index: number): { x: number; y: number } => {
    const { x, y } = grid.place(index);
    return { x, y: ramp.height + y };
  };
  const parts = panels.map(({ run, layered }, index) => {
    const { x, y } = placeOf(index);
    const width = (layered.epochs / epochs) * inner;
    return {
      runs: [run.id],
      x: x + LEFT,
      y: y + top,
      width,
      height: layered.layers * rowHeight,
      of: [layered],
      paint: (context: CanvasRenderingContext2D) =>
        paintCells(context, map, layered, measure.summary, width, rowHeight),
    };
  });
  drawing.append(...canvasMarks(frame.width, ramp.height + grid.height, parts, [map.scale], frame));
  const moves = panels.map((panel, index) => {
    const { run, layered } = panel;
    const { x, y } = placeOf(index);
    const body = layered.layers * rowHeight;
    const group = svg('g', { transform: `translate(${x} ${y})`, 'data-runs': run.id });
    const names = rowLabels(measure, layered.layers, rowHeight);
    group.append(
      header([run], grid.width, countOf(run)),
      svg('g', { transform: `translate(0 ${top})` }, ...names),
    );
    for (const epoch of epochTicks(epochs, inner)) {
      const last = epoch > 0.9 * epochs && epoch > 1;
      const place = last ? LEFT + inner : epoch === 1 ? LEFT : xOf(epoch);
      const anchor = last ? 'end' : epoch === 1 ? 'start' : 'middle';
      group.append(label(String(epoch), place, top + body + 13, { 'text-anchor': anchor, class: 'quiet' }));
    }
    const readout = label('', LEFT, HEADER + 10);
    const mark = svg('rect', { y: top - 3, height: body + 5, class: 'epoch-mark' });
    const row = svg('path', { class: 'layer-mark' });
    group.append(mark, row, readout);
    reportRun(group, run.id, frame);
    drawing.append(group);
    return (chosen: number, pointed: Pointed | undefined): void => {
      const epoch = Math.max(1, Math.min(chosen, layered.epochs));
      const thick = Math.max(3, inner / epochs);
      mark.setAttribute('x', (xOf(epoch) - thick / 2).toFixed(2));
      mark.setAttribute('width', thick.toFixed(2));
      const layer = pointed === undefined ? undefined : ownLayer(measure, panel, pointed);
      // A tick at the start of the row, beside its name.
      row.setAttribute(
        'd',
        layer === undefined ? 'M0 0' : `M${LEFT - 3} ${top + layer * rowHeight}v${rowHeight - 1}`,
      );
      readout.replaceChildren(fitting(readoutOf(measure, panel, chosen, pointed), inner + 8));
    };
  });
  drawing.append(rampLegend(legendOf(map, ramp.words), ramp, map.ticks));
  if (note) drawing.append(label(note, 0, ramp.height + grid.height + 14));
  const within = (pixel: number): number => (pixel % (grid.width + PANEL_GAP)) - LEFT;
  const move = followLayers(
    drawing,
    frame,
    measure,
    (pixel) => {
      const across = within(pixel);
      if (across < 0 || across > inner) return undefined;
      return Math.min(epochs, Math.floor((across / inner) * epochs) + 1);
    },
    ({ x, y }) => {
      const down = y - ramp.height;
      const panel = panels[grid.at(x, down) ?? -1];
      const layer = Math.floor(((down % (grid.panelHeight + PANEL_GAP)) - top) / rowHeight);
      const isWithin = within(x) >= 0 && within(x) <= inner;
      return panel && isWithin && layer >= 0 && layer < panel.layered.layers ? { panel, layer } : undefined;
    },
    (epoch, layer) => {
      for (const show of moves) show(epoch, layer);
    },
  );
  return follow(drawing, frame, ({ epoch }) => move(epoch));
}
