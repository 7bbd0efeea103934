// The inputs and outputs of a network's activations in words and numbers: ranges, saturated shares, dead units by name.
// Invariant: only hidden layers are called saturated or dead; z is the input of the activation, after batch normalization if
// there is one. Knows no drawing.

import type { LayerProbe, Probe, Shape } from '../../../nn/probe/probe';
import type { Shown, Table } from '../draw/figure';
import { count, formatShare, formatSigned, lastEpochOf, listed } from '../draw/format';
import { headlinesOf } from '../draw/headline';
import { memberAlone, membersInBrief, membersText, memberText } from '../draw/member-text';
import { sampleText, whenAll, whenText } from './ledger-text';
import { type Probed, troubleHeadlines, troubleTitle } from './probed-network';

/** Values of one layer that the figure needs; see LayerProbe. */
export type ActivationLayer = Pick<LayerProbe, 'units' | 'z' | 'output' | 'saturated' | 'dead'> & {
  readonly activation: string;
};

/** A probed network, the output layer last, with the shapes of its activations by name. */
export interface Activity extends Pick<Probe, 'rows' | 'of'> {
  readonly layers: readonly ActivationLayer[];
  readonly shapes: Readonly<Record<string, Shape | undefined>>;
}

/** A run's value for the figure. */
export type ActivationsView = Probed<Activity>;

export type Runs = readonly Shown<ActivationsView>[];

/** A run whose network was probed. */
export interface Known {
  readonly run: Shown<ActivationsView>;
  readonly activity: Activity;
}

/** The runs whose networks were probed. */
export const knownOf = (runs: Runs): Known[] =>
  runs.flatMap((run) => (run.value.ledger ? [{ run, activity: run.value.ledger }] : []));

/** The layers before the output layer. */
export const hiddenOf = ({ layers }: Activity): readonly ActivationLayer[] => layers.slice(0, -1);

/** Saturated share of the outputs of all hidden layers. */
function saturatedShare(activity: Activity): number {
  const hidden = hiddenOf(activity);
  const units = hidden.reduce((sum, layer) => sum + layer.units, 0);
  return hidden.reduce((sum, { saturated, units: own }) => sum + saturated * own, 0) / units;
}

/** The dead units of a layer: "unit 4 of layer 2", "all 10 units of layer 2". */
function deadText({ units, dead }: ActivationLayer, layer: number): string {
  const where = `of layer ${layer + 1}`;
  if (dead.length === units) return units === 1 ? `the only unit ${where}` : `all ${units} units ${where}`;
  return `unit${dead.length > 1 ? 's' : ''} ${listed(dead.map((unit) => String(unit + 1)))} ${where}`;
}

const deadTexts = (activity: Activity): string[] =>
  hiddenOf(activity).flatMap((layer, index) => (layer.dead.length > 0 ? [deadText(layer, index)] : []));

const deadUnits = (activity: Activity): number =>
  hiddenOf(activity).reduce((sum, { dead }) => sum + dead.length, 0);

/** Verb for the units of `deadTexts`. */
const areDead = (activity: Activity): string => (deadUnits(activity) === 1 ? 'is dead' : 'are dead');

/** States the finding of the figure: saturated shares and dead units. */
export function title(runs: Runs): string {
  const known = knownOf(runs);
  if (known.length === 0) return troubleTitle(runs, 'activations') ?? 'No activations yet';
  const deep = known
    .filter(({ activity }) => activity.layers.length > 1)
    .map(({ run, activity }) => ({ run, activity, share: saturatedShare(activity) }))
    .sort((a, b) => b.share - a.share);
  if (deep.length === 0) return 'Without a hidden layer, there is only the output';
  const named = deep.length > 4 ? [deep[0], deep.at(-1)].flatMap((one) => one ?? []) : deep;
  const some = named.length < deep.length ? `, of ${deep.length} runs` : '';
  const shares = listed(named.map(({ run, share }) => `${formatShare(share)} in ${run.id}`)) + some;
  const dead = deep.filter(({ activity }) => deadUnits(activity) > 0);
  const counts = dead.map(({ run, activity }) => {
    const [only, ...more] = deadTexts(activity);
    return more.length === 0
      ? `${only} in ${run.id} ${areDead(activity)}`
      : `${deadUnits(activity)} units in ${run.id} are dead`;
  });
  const when = whenAll(deep.map(({ run }) => run));
  return `${when}, saturated hidden outputs: ${shares}${counts.length > 0 ? `; ${listed(counts)}` : ''}${membersText(deep.map(({ run }) => run))}`;
}

/** Forms of the headline: saturated shares, with the number of dead units if there is room. */
export function headlines(runs: Runs): readonly string[] {
  const known = knownOf(runs);
  if (known.length === 0) return troubleHeadlines(runs, 'activations') ?? ['No activations yet'];
  const sorted = known
    .filter(({ activity }) => activity.layers.length > 1)
    .sort((a, b) => saturatedShare(b.activity) - saturatedShare(a.activity));
  if (sorted.length === 0) return ['Without a hidden layer, there is only the output', 'No hidden layer'];
  const shares = (named: readonly Known[], word: string): string => {
    const parts = named.map(
      ({ run, activity }, index) =>
        `${formatShare(saturatedShare(activity))}${index === 0 ? word : ''} in ${run.id}`,
    );
    return parts.join(', ');
  };
  const when = (named: readonly Known[]): string => whenText(lastEpochOf(named.map(({ run }) => run)).last);
  const members = (named: readonly Known[]): string => membersInBrief(named.map(({ run }) => run));
  return headlinesOf(
    sorted,
    { first: 'most', text: ({ activity }) => formatShare(saturatedShare(activity)) },
    (named, tail) => {
      const dead = named.reduce((sum, { activity }) => sum + deadUnits(activity), 0);
      const words = `${when(named)}, ${shares(named, ' saturated')}${tail}`;
      return dead === 0 ? '' : `${words}; ${count(dead, 'dead unit')}${members(named)}`;
    },
    (named, tail) => `${when(named)}, ${shares(named, ' saturated')}${tail}${members(named)}`,
    (named, tail) => `${shares(named, ' saturated')}${tail}${members(named)}`,
    (named, tail) => {
      const end = memberAlone(named.map(({ run }) => run));
      return end === undefined || tail ? '' : `${shares(named, ' saturated')}${end}`;
    },
  );
}

/** Hidden layers in words: "layer 2", "layers 2, 3 and 4", "all 50 hidden layers". */
function layersText(places: readonly number[], { layers }: Activity): string {
  const hidden = layers.length - 1;
  if (places.length > 2 && places.length === hidden) return `all ${hidden} hidden layers`;
  return `layer${places.length > 1 ? 's' : ''} ${listed(places.map((place) => String(place + 1)))}`;
}

/** Indices, from 0, of the hidden layers for which `holds` is true. */
const placesWhere = (activity: Activity, holds: (layer: ActivationLayer) => boolean): number[] =>
  hiddenOf(activity).flatMap((layer, place) => (holds(layer) ? [place] : []));

/** Unusual properties of one run, one sentence each. */
function oddities({ run: { id }, activity }: Known): string[] {
  if (activity.layers.length === 1) return [`${id} has no hidden layer: only its output is drawn.`];
  const sentences: string[] = [];
  const dead = deadTexts(activity);
  if (dead.length > 0) sentences.push(`Dead in ${id}: ${listed(dead)}.`);
  const still = placesWhere(activity, ({ z }) => z.min === z.max);
  if (still.length > 0)
    sentences.push(
      `In ${layersText(still, activity)} of ${id}, z is the same for every row and unit, and has no distribution.`,
    );
  const beyond = placesWhere(activity, ({ z }) => z.min < z.low || z.max > z.high);
  if (beyond.length > 0) {
    const far = beyond.flatMap((place) => {
      const z = activity.layers[place]?.z;
      return z ? [z.min, z.max] : [];
    });
    const furthest = far.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
    sentences.push(
      `In ${layersText(beyond, activity)} of ${id}, z reaches ${formatSigned(furthest, 3)}: values beyond ±8 are counted at the edge.`,
    );
  }
  return sentences;
}

/**
 * Dead units by name, and unusual distributions; undefined if there are none. At most six sentences and a
 * count of the rest.
 */
export const note = (runs: Runs): string | undefined => {
  const known = knownOf(runs);
  const sentences = known.flatMap(oddities);
  const more = sentences.length - 6;
  const texts = [
    ...sentences.slice(0, 6),
    ...(more > 0 ? [`The text and the table hold ${more} more.`] : []),
    ...(known.some(({ activity }) => deadUnits(activity) > 0)
      ? ['A dead unit is saturated for every training point.']
      : []),
  ];
  return texts.join(' ') || undefined;
};

/** One layer in the text alternative. */
function layerText(layer: ActivationLayer, index: number, layers: number): string {
  const { units, activation, z, output, saturated, dead } = layer;
  const isOutput = index === layers - 1;
  const name = isOutput ? 'the output' : `layer ${index + 1}`;
  const [low, mean, high, made] = [z.min, z.mean, z.max, output.mean].map((value) => formatSigned(value, 3));
  const own = isOutput
    ? ''
    : `, ${formatShare(saturated)} saturated${dead.length > 0 ? `, ${deadText(layer, index)} dead` : ''}`;
  return `${name} (${count(units, 'unit')}, ${activation}): z from ${low} to ${high}, mean ${mean}; f(z) mean ${made}${own}`;
}

/** The text alternative. */
export function describe(runs: Runs): string {
  if (runs.length === 0) return 'No activations yet.';
  const parts = runs.map((run) => {
    const { id, name, value } = run;
    const { epoch, ledger, trouble } = value;
    const who = `${id} (${name}${memberText(run)})`;
    if (!ledger) return `${who}: ${trouble ?? 'not known yet'}.`;
    const layers = ledger.layers.map((layer, index) => layerText(layer, index, ledger.layers.length));
    return `${who}, ${whenText(epoch).toLowerCase()}, ${sampleText(ledger)}: ${layers.join('. ')}.`;
  });
  if (runs.every(({ value }) => !value.ledger)) return parts.join(' ');
  return `By layer, one panel per run: the activation’s curve and slope over its input z, after batch normalisation if there is one; histograms of z below and of f(z) beside the curve; shaded where the slope is below a tenth of its largest. ${parts.join(' ')}`;
}

/** Rows of all bins that are not empty. */
export const table = (runs: Runs): Table => [
  ['run', 'epoch', 'layer', 'units', 'activation', 'saturated', 'dead units', 'of', 'from', 'to', 'outputs'],
  ...knownOf(runs).flatMap(({ run, activity }) =>
    activity.layers.flatMap((layer, index) =>
      (['z', 'output'] as const).flatMap((of) => {
        const { low, high, counts } = layer[of];
        const width = (high - low) / counts.length;
        const isOutput = index === activity.layers.length - 1;
        return Array.from(counts, (outputs, bin) => [
          run.id,
          run.value.epoch,
          index + 1,
          layer.units,
          layer.activation,
          isOutput ? '' : layer.saturated,
          layer.dead.map((unit) => unit + 1).join(' '),
          of === 'z' ? 'z' : 'f(z)',
          low + bin * width,
          low + (bin + 1) * width,
          outputs,
        ]).filter((row) => row.at(-1) !== 0);
      }),
    ),
  ),
];
