// The panels that heat maps and lines by layer share: one per run, over one axis of epochs, each with a readout; the layer under
// the pointer is named in all panels at once.
// Invariant: one layer and one epoch at a time, the same in every panel: the output layer matches the output layer, however
// deep the networks are. Knows nothing of how layers are drawn.

import type { Trained } from '../curves/curve-text';
import type { Frame, Shown } from '../draw/figure';
import { formatNumber } from '../draw/format';
import { reportEpoch } from '../draw/frame-following';
import type { Mark } from '../draw/mark';
import { MAX_PANELS } from '../draw/panels';
import { markPoint, placedBy } from '../draw/placing';
import { type FlowName, type Layered, type LayerReading, layerAt, layeredOf } from './layers';

type Run = Shown<Trained>;

/** Quantity and words of a figure by layer, for every form of drawing. */
export interface LayerMeasure {
  readonly name: FlowName;
  /** How several epochs are combined into one column. */
  readonly summary: 'mean' | 'rms';
  /** A layer's name in a sentence (`words`), and beside its row or line (`short`). */
  layer(layer: number, layers: number): { readonly words: string; readonly short: string };
  /** Text of one value. */
  format(value: number): string;
  /**
   * Forms of a panel's readout at an epoch without a layer under the pointer, longest first; the first that
   * fits is shown.
   */
  readout(run: Run, epoch: number): readonly string[];
  /** Whether there is a calculation behind each value. */
  readonly isCalculated?: boolean;
  /** Placeholder text for runs without such a layer or without a finished epoch. */
  nothing(runs: readonly Run[]): string;
}

/** One panel: a run and its values by layer. */
export interface Panel {
  readonly run: Run;
  readonly layered: Layered;
}

/**
 * Panels of the runs that have values, MAX_PANELS at most; `known` is the number of such runs, `epochs` and
 * `layers` are the largest of all panels.
 */
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

/** The first text that fits into `room` pixels, else the last. */
export const fitting = (texts: readonly string[], room: number): string =>
  texts.find((text) => text.length * 6.4 <= room) ?? texts.at(-1) ?? '';

const rangeOf = ({ format }: LayerMeasure, { range }: LayerReading): string =>
  range ? ` (${format(range[0])}–${format(range[1])})` : '';

/** The layer under the pointer: a hidden layer by its index from 0, or the output layer. */
export type Pointed = number | 'output';

/** A layer of a panel as other panels can find it. */
const pointedAt = ({ name }: LayerMeasure, { layered }: Panel, layer: number): Pointed =>
  name === 'gradientRms' && layer === layered.layers - 1 ? 'output' : layer;

/** The index of the pointed layer in a panel; undefined if the panel's network has no such layer. */
export function ownLayer(
  { name }: LayerMeasure,
  { layered: { layers } }: Panel,
  pointed: Pointed,
): number | undefined {
  const hidden = name === 'gradientRms' ? layers - 1 : layers;
  if (pointed === 'output') return layers - 1;
  return pointed < hidden ? pointed : undefined;
}

/**
 * Forms of a panel's readout, longest first: the value of the pointed layer, or the measure's own readout.
 */
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

/**
 * Makes a drawing follow the layer under the pointer, which `layerOf` finds; `move` shows an epoch and a
 * layer in every panel. Returns the function that shows another epoch.
 */
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
  placedBy(drawing, frame.width, (x, y) => {
    const [found, at] = [layerOf({ x, y }), epochAt(x)];
    return found && at !== undefined ? [found.panel.run.id, at, found.layer + 1] : undefined;
  });
  reportEpoch(drawing, frame, epochAt, undefined, (place) => {
    const found = place && layerOf(place);
    if (measure.isCalculated) markPoint(drawing, found !== undefined);
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

/**
 * Number of members with values, as in "n 20"; empty for a run without members. The text alternative counts
 * lost members.
 */
export const countOf = ({ members }: Run): string => (members ? `n ${formatNumber(members.there)}` : '');
