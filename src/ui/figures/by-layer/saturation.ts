// The saturation figure, by layer and epoch: the share of a hidden layer's outputs that pass hardly any gradient back.
// Invariant: one linear scale from 0 to 1 for all runs. The output layer is no hidden layer and has no row.

import { medianText, type Trained } from '../curves/curve-text';
import type { Figure, Form, Shown } from '../draw/figure';
import { earlier, formatShare, listed } from '../draw/format';
import { headlinesOf } from '../draw/headline';
import { drawHeatMap } from './heat-map';
import { drawLayerLines } from './layer-lines';
import type { LayerMeasure } from './layer-panels';
import { layerAt, layeredOf, layerTable } from './layers';

type Run = Shown<Trained>;
type Runs = readonly Run[];

const started = (runs: Runs): Runs => runs.filter(({ value }) => value.saturated.data.length > 0);

/** Mean over the hidden layers at an epoch; for a run with members, the mean of the medians. */
function meanAt(run: Run, epoch: number): number {
  const layered = layeredOf(run, 'saturated');
  let sum = 0;
  for (let layer = 0; layer < layered.layers; layer++) sum += layerAt(layered, epoch, layer).value;
  return sum / layered.layers;
}

const lastEpoch = ({ value }: Run): number => value.saturated.shape[0];

/** Why there is nothing to show: no epoch, or no hidden layer. */
function nothing(all: Runs): string {
  const flat = all.filter(({ value }) => value.loss.length > 0);
  return flat.length > 0
    ? `No hidden layer in ${listed(flat.map(({ id }) => id))}: nothing can saturate`
    : 'No saturation values yet';
}

const measure: LayerMeasure = {
  name: 'saturated',
  summary: 'mean',
  layer: (layer) => ({ words: `layer ${layer + 1}`, short: String(layer + 1) }),
  format: formatShare,
  readout: (run, epoch) => {
    const mean = formatShare(meanAt(run, epoch));
    return [`epoch ${epoch} · mean ${mean}`, `mean ${mean}`, mean];
  },
  nothing: (all) => `${nothing(all)}.`,
};

/** Names the runs without hidden layers, which have no panel; undefined if all or none are such. */
function note(all: Runs): string | undefined {
  const flat = all.filter(({ value }) => value.loss.length > 0 && value.saturated.shape[1] === 0);
  if (flat.length === 0 || flat.length === all.length) return undefined;
  return `No hidden layer in ${listed(flat.map(({ id }) => id))}: nothing can saturate.`;
}

function title(all: Runs): string {
  const runs = started(all);
  if (runs.length === 0) return nothing(all);
  const sorted = [...runs].sort((a, b) => meanAt(b, lastEpoch(b)) - meanAt(a, lastEpoch(a)));
  const shown = sorted.length > 4 ? [sorted[0], sorted.at(-1)].flatMap((run) => run ?? []) : sorted;
  const parts = shown.map((run) => `${formatShare(meanAt(run, lastEpoch(run)))} in ${run.id}`);
  return `Saturated hidden outputs at the end: ${listed(parts)}${medianText(runs)}`;
}

function headlines(all: Runs): readonly string[] {
  const runs = started(all);
  if (runs.length === 0) {
    const flat = all.filter(({ value }) => value.loss.length > 0);
    return [nothing(all), flat.length > 0 ? 'No hidden layer to saturate' : nothing(all)];
  }
  const sorted = [...runs].sort((a, b) => meanAt(b, lastEpoch(b)) - meanAt(a, lastEpoch(a)));
  const share = (run: Run): string => formatShare(meanAt(run, lastEpoch(run)));
  return headlinesOf(
    sorted,
    { first: 'most', text: share },
    (named, tail) =>
      `Saturated outputs at the end: ${named.map((run) => `${share(run)} in ${run.id}`).join(', ')}${tail}${medianText(named)}`,
    (named, tail) => {
      const parts = named.map((run, index) => `${share(run)}${index === 0 ? ' saturated' : ''} in ${run.id}`);
      return `${parts.join(', ')}${tail}${medianText(named)}`;
    },
    (named, tail) =>
      tail ? '' : `${named.map((run) => `${run.id} ${share(run)}`).join(', ')}${medianText(named)}`,
  );
}

/** Joins three or more equal neighbours into one item: "100 % in 42 layers". */
function inStreaks(items: readonly string[]): string[] {
  const streaks: { item: string; length: number }[] = [];
  for (const item of items) {
    const last = streaks.at(-1);
    if (last?.item === item) last.length++;
    else streaks.push({ item, length: 1 });
  }
  return streaks.flatMap(({ item, length }) =>
    length > 2 ? [`${item} in ${length} layers`] : Array.from({ length }, () => item),
  );
}

function describe(all: Runs, form: string): string {
  const runs = started(all);
  if (runs.length === 0) return `${nothing(all)}.`;
  const parts = runs.map((run) => {
    const { id, name, members } = run;
    const epoch = lastEpoch(run);
    const layered = layeredOf(run, 'saturated');
    const shares = Array.from({ length: layered.layers }, (_, layer) => {
      const { value, range } = layerAt(layered, epoch, layer);
      return `${formatShare(value)}${range ? ` (${range.map(formatShare).join(' to ')})` : ''}`;
    });
    const over = members
      ? `, medians of ${members.there} of ${members.of} members with 5th to 95th percentile`
      : '';
    return `${id} (${name}${over}), epoch ${epoch}, from the first hidden layer on: ${inStreaks(shares).join(', ')}.`;
  });
  return `${form} the share of outputs whose slope is below a tenth of the activation’s largest; for relu, the inactive ones. ${parts.join(' ')}`;
}

/** The saturated shares of all hidden layers at an epoch, by run. */
const byEpoch: NonNullable<Figure<Trained>['byEpoch']> = {
  epochs: (all) => Math.max(1, ...started(all).map(lastEpoch)),
  words(all, epoch) {
    const parts = started(all).map((run) => {
      const layered = layeredOf(run, 'saturated');
      const own = Math.min(epoch, lastEpoch(run));
      const shares = Array.from({ length: layered.layers }, (_, layer) =>
        formatShare(layerAt(layered, own, layer).value),
      );
      return `${run.id} ${inStreaks(shares).join(', ')}${earlier(lastEpoch(run), epoch)}`;
    });
    return `Epoch ${epoch}, saturated share from the first hidden layer on: ${parts.join('; ') || 'none'}.`;
  },
};

const TICKS = [0, 0.25, 0.5, 0.75, 1];
const LEGEND = 'saturated share of a layer’s outputs';
const table = (all: Runs) => layerTable(started(all), 'saturated', 'hidden layer');

const heat: Figure<Trained> = {
  name: 'saturation',
  title,
  headlines,
  describe: (runs) => describe(runs, 'Heat maps, one per run: hidden layers down, epochs across, colour for'),
  byEpoch,
  table,
  note,
  draw: (runs, frame) =>
    drawHeatMap(
      measure,
      {
        scale: '',
        share: (value) => (value >= 0 ? value : undefined),
        legend: [LEGEND],
        ticks: TICKS.map((share) => [share, formatShare(share)] as const),
      },
      runs,
      frame,
    ),
};

const lines: Figure<Trained> = {
  name: 'saturation-lines',
  title,
  headlines,
  describe: (runs) => describe(runs, 'Lines by epoch, one panel per run, one line per hidden layer:'),
  byEpoch,
  table,
  note,
  draw: (runs, frame) =>
    drawLayerLines(
      measure,
      {
        type: 'linear',
        domain: [0, 1.004],
        ticks: TICKS,
        text: formatShare,
        legend: `${LEGEND}, by epoch`,
      },
      runs,
      frame,
    ),
};

const FORMS: readonly Form<Trained>[] = [
  { word: 'heat map', figure: heat },
  { word: 'lines', figure: lines },
];

export const saturationFigure: Figure<Trained> = { ...heat, forms: { label: 'Drawn as', of: () => FORMS } };
