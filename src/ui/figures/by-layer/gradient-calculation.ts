// The calculation behind a point of the gradient by layer: the root mean square of the gradient's entries over the steps of an
// epoch, and the ratio of the first layer's to the last's.
// Invariant: every step counts once, listed or among the others.

import { MOST_LISTED, of, product, quotient, root, sumOfAll } from '../calculation/steps';
import type { Trained } from '../curves/curve-text';
import { calculationOf, runAndEpoch } from '../curves/epoch-parts';
import type {
  Calculation,
  CalculationPart,
  CalculationSources,
  EpochSource,
  Place,
} from '../draw/calculation';
import type { Shown } from '../draw/figure';
import { count, formatRatio } from '../draw/format';
import { flowAt } from './layers';

const nameOf = (layer: number, layers: number): string =>
  layer === layers - 1 ? 'output layer' : `layer ${layer + 1}`;

/** A layer's root mean square, from the sums of squares of the steps. */
function rmsPart(
  { terms }: EpochSource,
  { value }: Shown<Trained>,
  epoch: number,
  layer: number,
): CalculationPart {
  const [steps, layers] = terms.squares.shape;
  const [inputs = 0, units = 0] = value.layers[layer]?.kernel.shape ?? [];
  const n = terms.rows.length;
  const sums = Array.from(
    { length: steps },
    (_, step) => terms.squares.data[step * layers + layer] ?? Number.NaN,
  );
  const total = sumOfAll(sums, (many) => count(many, 'step'));
  const entries = product(
    'number of squares',
    { value: inputs, name: inputs === 1 ? 'input' : 'inputs' },
    { value: units, name: units === 1 ? 'unit' : 'units' },
    { value: steps, name: steps === 1 ? 'step' : 'steps' },
  );
  const mean = quotient('mean square', of(total.whole), of(entries));
  const name = nameOf(layer, layers);
  return {
    head: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    words: `The kernel is ${inputs} × ${units}. Each step has a gradient of its own mini-batch, before any clipping; its entries are squared and added.`,
    table: [
      ['step', 'points', 'sum of squares'],
      ...sums
        .slice(0, MOST_LISTED)
        .map((sum, step) => [step + 1, Math.min(terms.batchSize, n - step * terms.batchSize), sum]),
    ],
    steps: [...total.steps, entries, mean, root('root mean square', of(mean))],
    shown: flowAt(value.gradientRms, epoch, layer),
  };
}

/** The ratio as the figure writes it, from the larger of the two numbers. */
function ratioPart({ value }: Shown<Trained>, epoch: number): CalculationPart[] {
  const layers = value.gradientRms.shape[1];
  const [first, last] = [flowAt(value.gradientRms, epoch, 0), flowAt(value.gradientRms, epoch, layers - 1)];
  if (layers < 2 || first === 0 || last === 0) return [];
  const ends = [
    { value: first, name: 'layer 1' },
    { value: last, name: 'output layer' },
  ] as const;
  const [large, small] = first < last ? [ends[1], ends[0]] : ends;
  return [
    {
      head: 'First : last',
      words: `The figure writes ${formatRatio(first, last)}.`,
      steps: [quotient('the larger by the smaller', large, small)],
      shown: large.value / small.value,
    },
  ];
}

/** The calculation of a run's gradient at an epoch: of the layer of the place, else of the first and the last one. */
export async function calculate(
  runs: readonly Shown<Trained>[],
  place: Place,
  sources: CalculationSources,
): Promise<Calculation> {
  const { run, epoch } = runAndEpoch(runs, place);
  const source = await sources.epochTerms(run.id, epoch);
  const layers = run.value.gradientRms.shape[1];
  const [, , chosen] = place;
  const own = typeof chosen === 'number' && chosen >= 1 && chosen <= layers ? [chosen - 1] : [0, layers - 1];
  return calculationOf(run, `Gradient of ${run.id} by layer at epoch ${epoch}`, [
    ...[...new Set(own)].map((layer) => rmsPart(source, run, epoch, layer)),
    ...ratioPart(run, epoch),
  ]);
}
