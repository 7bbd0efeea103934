// The gradient figure, by layer and epoch: shows where and when the gradient vanishes on its way back through the network.
// Invariant: one logarithmic scale for all runs, of colour or of height. The figure shows the mini-batch gradient, never the
// step; for a run with seeds, the medians over its members.

import { late } from '../../../core/late-loading';
import { rounded } from '../../../core/text-formatting';
import { colorDomain } from '../../text/viridis';
import { medianInBrief, medianText, type Trained } from '../curves/curve-text';
import type { Figure, Form, Frame, Shown } from '../draw/figure';
import { earlier, formatNumber, formatRatio, formatTimes, listed } from '../draw/format';
import { headlinesOf } from '../draw/headline';
import type { Mark } from '../draw/mark';
import { logExtent, logTicks, tickText } from '../draw/ticks';
import { drawHeatMap } from './heat-map';
import { drawLayerLines, extentLists } from './layer-lines';
import type { LayerMeasure } from './layer-panels';
import { layeredOf, layerTable, ratioAt, ratioText } from './layers';

type Run = Shown<Trained>;
type Runs = readonly Run[];

const started = (runs: Runs): Runs => runs.filter(({ value }) => value.gradientRms.data.length > 0);

const factor = (run: Run): number => {
  const { first, last } = ratioAt(run, 1);
  return first / last;
};

/** Whether the ratio of the first layer's gradient to the last's exists in epoch 1. */
function hasRatio(run: Run): boolean {
  const { first, last } = ratioAt(run, 1);
  return first !== 0 || last !== 0;
}

/** A ratio in text, also for two gradients that are 0. */
const writtenRatio = (first: number, last: number): string =>
  first === 0 && last === 0 ? 'no ratio' : formatRatio(first, last);

function clauseOf(run: Run, leading: boolean): string {
  const { first, last } = ratioAt(run, 1);
  const times = formatTimes(first, last);
  return leading
    ? `${run.id}’s first layer has ${times} the gradient of its last`
    : `${run.id}’s ${times.replace(/ (of|as)$/, '')}`;
}

const WAITING = 'The gradient by layer appears here after the first epoch.';

const calculation = late(() => import('./gradient-calculation'));

const measure: LayerMeasure = {
  isCalculated: true,
  name: 'gradientRms',
  summary: 'rms',
  layer: (layer, layers) =>
    layer === layers - 1
      ? { words: 'output', short: 'out' }
      : { words: `layer ${layer + 1}`, short: String(layer + 1) },
  format: (value) => tickText(rounded(value, 2)),
  readout(run, epoch) {
    // The epoch is part of the text, since the title gives the ratio of epoch 1 and the ratio changes as the
    // network learns.
    const { first, last, range, of } = ratioAt(run, epoch);
    const ratio = writtenRatio(first, last);
    const some = of === undefined ? '' : `, of ${of}`;
    const whole =
      range && !Number.isNaN(range[0]) ? [`epoch ${epoch} · ${ratio} (${ratioText(range)}${some})`] : [];
    return [...whole, `epoch ${epoch} · ${ratio}`, ratio];
  },
  nothing: () => WAITING,
};

const LEGEND = '|∂L/∂W|, root mean square by layer, log scale';
const SHORT = 'RMS |∂L/∂W|, log scale';

/** Whether some gradients are exactly 0, which the legend then explains. */
const hasZeros = (runs: Runs): boolean =>
  runs.some((run) => layeredOf(run, 'gradientRms').middle.includes(0));

function drawHeat(runs: Runs, frame: Frame): Mark {
  const known = started(runs);
  const values = known.map((run) => layeredOf(run, 'gradientRms').middle);
  const isBlank = values.every((middle) => !middle.some((value) => value > 0));
  const [low, high] = colorDomain(...logExtent(values));
  const span = Math.log(high / low);
  const share = (value: number): number => Math.log(value / low) / span;
  const map = {
    scale: `${low} ${high}`,
    share: (value: number) => (value > 0 ? Math.max(0, share(value)) : undefined),
    legend: [LEGEND, SHORT].map((words) => words + (hasZeros(known) ? '; blank is 0' : '')),
    ticks: isBlank ? [] : logTicks(low, high, 4).map((tick) => [share(tick), tickText(tick)] as const),
  };
  return drawHeatMap(measure, map, runs, frame);
}

function drawLines(runs: Runs, frame: Frame): Mark {
  const [low, high] = logExtent(extentLists(measure, runs));
  const domain = [low / 1.15, high * 1.15] as const;
  const axis = {
    type: 'log',
    domain,
    ticks: logTicks(...domain, 5),
    text: tickText,
    legend: `${LEGEND}, by epoch${hasZeros(started(runs)) ? '; 0 lies on the axis' : ''}`,
  } as const;
  return drawLayerLines(measure, axis, runs, frame);
}

/** Names runs whose gradients are all 0, to explain a panel without colours; undefined if there are none. */
function note(all: Runs): string | undefined {
  const still = started(all).filter((run) =>
    layeredOf(run, 'gradientRms').middle.every((value) => value === 0),
  );
  if (still.length === 0) return undefined;
  return `In ${listed(still.map(({ id }) => id))} the gradient of every layer is 0 in every epoch.`;
}

function title(all: Runs): string {
  const known = started(all);
  if (known.length === 0) return 'No gradient values yet';
  const deep = known.filter(({ value }) => value.gradientRms.shape[1] > 1);
  if (deep.length === 0) return 'With one layer, the gradient cannot vanish';
  const unreached = deep.filter((run) => !hasRatio(run)).map(({ id }) => `${id}’s`);
  const [first, ...rest] = deep.filter(hasRatio).sort((a, b) => factor(a) - factor(b));
  if (!first) return `In epoch 1, no gradient reaches ${listed(unreached)} first or last layer`;
  const others = rest.length > 3 ? [rest[0], rest.at(-1)].flatMap((run) => run ?? []) : rest;
  const parts = [
    clauseOf(first, true),
    listed(others.map((run) => clauseOf(run, false))) +
      (others.length < rest.length ? `, of ${rest.length + 1} runs` : ''),
    unreached.length > 0 ? `none reaches ${listed(unreached)} first or last layer` : '',
  ];
  return `In epoch 1, ${parts.filter(Boolean).join('; ')}${medianText(known, (run) => ratioAt(run, 1).of)}`;
}

function headlines(all: Runs): readonly string[] {
  const known = started(all);
  if (known.length === 0) return ['No gradient values yet'];
  const deep = known.filter(({ value }) => value.gradientRms.shape[1] > 1);
  if (deep.length === 0) return ['With one layer, the gradient cannot vanish', 'One layer: nothing vanishes'];
  const sorted = deep.filter(hasRatio).sort((a, b) => factor(a) - factor(b));
  if (sorted.length === 0)
    return headlinesOf(deep, { first: 'one', text: () => '' }, (named, tail) => {
      const whose = listed(named.map(({ id }) => `${id}’s`));
      return `No gradient in ${whose} first or last layer, epoch 1${tail}`;
    }).concat('No gradient in epoch 1');
  const ratio = (run: Run): string => {
    const { first, last } = ratioAt(run, 1);
    return formatRatio(first, last);
  };
  const end = (named: Runs, tail: string): string =>
    `${tail}${medianText(named, (run) => ratioAt(run, 1).of)}`;
  const after = (lead: string) => (named: Runs, tail: string) =>
    `${lead} ${named.map((run) => `${ratio(run)} in ${run.id}`).join(', ')}${end(named, tail)}`;
  return headlinesOf(
    sorted,
    { first: 'least', text: ratio },
    after('In epoch 1, gradient first : last is'),
    after('In epoch 1, first : last is'),
    after('Epoch 1, first : last'),
    ([run, ...more], tail) =>
      run && more.length === 0 && !tail ? `${run.id} ${ratio(run)} in epoch 1${end([run], '')}` : '',
    (named, tail) => medianInBrief(named, tail, ratio, (run) => ratioAt(run, 1).of),
  );
}

function describe(all: Runs, form: string): string {
  const runs = started(all);
  if (runs.length === 0) return 'No gradient values yet.';
  const parts = runs.map((run) => {
    const { id, name, value, members } = run;
    const [epochs, layers] = value.gradientRms.shape;
    const layered = layeredOf(run, 'gradientRms');
    const size = (epoch: number, layer: number): string =>
      formatNumber(layered.middle[(epoch === 1 ? 0 : layered.rows - 1) * layers + layer] ?? Number.NaN);
    const at = (epoch: number): string => {
      const { first, last, range, of } = ratioAt(run, epoch);
      const some = of === undefined ? '' : `, of the ${of} that have a ratio`;
      const within = range ? `, 5th to 95th percentile ${ratioText(range)}${some}` : '';
      return `${size(epoch, 0)} in the first and ${size(epoch, layers - 1)} in the last layer (${writtenRatio(first, last)}${within}) in epoch ${epoch}`;
    };
    const over = members ? `, medians of ${members.there} of ${members.of} members` : '';
    return `${id} (${name}${over}): ${at(1)}${epochs > 1 ? `, ${at(epochs)}` : ''}.`;
  });
  return `${form} ${parts.join(' ')}`;
}

/** The ratio of the first to the last layer's gradient at an epoch, by run, and both sizes. */
const byEpoch: NonNullable<Figure<Trained>['byEpoch']> = {
  epochs: (all) => Math.max(1, ...started(all).map(({ value }) => value.gradientRms.shape[0])),
  words(all, epoch) {
    const parts = started(all).map((run) => {
      const { first, last } = ratioAt(run, epoch);
      return `${run.id} ${writtenRatio(first, last)}${earlier(run.value.gradientRms.shape[0], epoch)}`;
    });
    return `Epoch ${epoch}, gradient of the first layer to that of the last: ${parts.join('; ') || 'none'}.`;
  },
};

const table = (all: Runs) => layerTable(started(all), 'gradientRms', 'layer');

const heat: Figure<Trained> = {
  name: 'gradient',
  title,
  headlines,
  describe: (runs) =>
    describe(
      runs,
      'Heat maps, one per run: layers down, epochs across, colour for the root mean square of the mini-batch gradient.',
    ),
  byEpoch,
  table,
  note,
  draw: drawHeat,
  calculation,
};

const lines: Figure<Trained> = {
  name: 'gradient-lines',
  title,
  headlines,
  describe: (runs) =>
    describe(
      runs,
      'Lines by epoch on a logarithmic axis, one panel per run, one line per layer: the root mean square of the mini-batch gradient.',
    ),
  byEpoch,
  table,
  note,
  draw: drawLines,
  calculation,
};

const FORMS: readonly Form<Trained>[] = [
  { word: 'heat map', figure: heat },
  { word: 'lines', figure: lines },
];

export const gradientFigure: Figure<Trained> = { ...heat, forms: { label: 'Drawn as', of: () => FORMS } };
