// The panels that heat maps and lines by layer share: one a run, over one axis of epochs, each with a readout; the layer under
// the pointer is named in all panels at once.
// Invariant: one layer and one epoch at a time, the same in every panel: the output layer matches the output layer, however
// deep the networks are. Knows nothing of how layers are drawn.

import type { Trained } from '../curves/curve-text';
import type { Frame, Shown } from '../draw/figure';
import { reportEpoch } from '../draw/follow';
import { formatNumber } from '../draw/format';
import type { Mark } from '../draw/mark';
import { MAX_PANELS } from '../draw/panels';
import { type FlowName, type Layered, type LayerReading, layerAt, layeredOf } from './layers';

type Run = Shown<Trained>;

/** What figures by layer show of each run, however it is drawn. */
export interface LayerMeasure {
  readonly name: FlowName;
  /** What a column of several epochs shows. */
  readonly summary: 'mean' | 'rms';
  /** A layer's name in a sentence, and beside its row or line. */
  layer(layer: number, layers: number): { readonly words: string; readonly short: string };
  /** One value as it is read. */
  format(value: number): string;
  /** What a panel says of the chosen epoch where no layer is pointed at: the longest that fits is shown. */
  readout(run: Run, epoch: number): readonly string[];
  /** What stands where no run has a layer of this sort, or no epoch yet. */
  nothing(runs: readonly Run[]): string;
}

/** A run's panel. */
export interface Panel {
  readonly run: Run;
  readonly layered: Layered;
}

/** The runs that have something to draw, as many as there are panels. */
export function panelsOf(
  { name }: LayerMeasure,
  all: readonly Run[],
): {
  readonly panels: readonly Panel[];
  readonly known: number;
  readonly epochs: number;
  readonly layers: number;
} {
  const known = all.filter(({ value }) => value[name].data.length > 0);
  const panels = known.slice(0, MAX_PANELS).map((run) => ({ run, layered: layeredOf(run, name) }));
  return {
    panels,
    known: known.length,
    epochs: Math.max(1, ...panels.map(({ layered }) => layered.epochs)),
    layers: Math.max(1, ...panels.map(({ layered }) => layered.layers)),
  };
}

/** The first of these texts that fits into so many pixels, else the last. */
export const fitting = (texts: readonly string[], room: number): string =>
  texts.find((text) => text.length * 6.4 <= room) ?? texts.at(-1) ?? '';

const rangeOf = ({ format }: LayerMeasure, { range }: LayerReading): string =>
  range ? ` (${format(range[0])}–${format(range[1])})` : '';

/** The layer under the pointer: a hidden one by its place, counted from 0, or the output layer. */
export type Pointed = number | 'output';

/** A panel's own layer as it is pointed at. */
const pointedAt = ({ name }: LayerMeasure, { layered }: Panel, layer: number): Pointed =>
  name === 'gradientRms' && layer === layered.layers - 1 ? 'output' : layer;

/** The layer of a panel that is the one pointed at, perhaps in another panel; undefined where it has none such. */
export function ownLayer(
  { name }: LayerMeasure,
  { layered: { layers } }: Panel,
  pointed: Pointed,
): number | undefined {
  const hidden = name === 'gradientRms' ? layers - 1 : layers;
  if (pointed === 'output') return layers - 1;
  return pointed < hidden ? pointed : undefined;
}

/** What a panel says: of the layer that is pointed at its value, else what the measure has to say. */
export function readoutOf(
  measure: LayerMeasure,
  panel: Panel,
  chosen: number,
  pointed: Pointed | undefined,
): readonly string[] {
  const { run, layered } = panel;
  const epoch = Math.max(1, Math.min(chosen, layered.epochs));
  if (pointed === undefined) return measure.readout(run, epoch);
  const own = ownLayer(measure, panel, pointed);
  if (own === undefined) return [`no layer ${Number(pointed) + 1}`, '–'];
  const { words, short } = measure.layer(own, layered.layers);
  const reading = layerAt(layered, epoch, own);
  const value = measure.format(reading.value);
  return [
    `${words}, epoch ${epoch} · ${value}${rangeOf(measure, reading)}`,
    `${words}, epoch ${epoch} · ${value}`,
    `${words} · ${value}`,
    `${short} · ${value}`,
    value,
  ];
}

/** Follows the epoch and the layer under the pointer, which `layerOf` finds in a panel; `move` shows both in every panel. */
export function followLayers(
  drawing: Mark,
  frame: Frame,
  measure: LayerMeasure,
  epochAt: (x: number) => number | undefined,
  layerOf: (place: {
    readonly x: number;
    readonly y: number;
  }) => { readonly panel: Panel; readonly layer: number } | undefined,
  move: (epoch: number, layer: Pointed | undefined) => void,
): (epoch: number) => void {
  let [epoch, pointed]: [number, Pointed | undefined] = [frame.epoch, undefined];
  reportEpoch(drawing, frame, epochAt, undefined, (place) => {
    const found = place && layerOf(place);
    const next = found && pointedAt(measure, found.panel, found.layer);
    if (next === pointed) return;
    pointed = next;
    move(epoch, pointed);
  });
  return (chosen) => {
    epoch = chosen;
    move(epoch, pointed);
  };
}

/** "n 20" of a run with members; how many are lost is told in words. */
export const countOf = ({ members }: Run): string => (members ? `n ${formatNumber(members.there)}` : '');
