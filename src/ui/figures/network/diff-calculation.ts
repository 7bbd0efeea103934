// The calculation behind an entry of the diff: the weight after minus the weight before, the two figures made of it, and the size
// of the change over the whole kernel.
// Invariant: each part ends with the number that the matrix shows.

import { added, difference, given, of, product, quotient, root, size } from '../calculation/steps';
import type { Calculation, CalculationPart, Place } from '../draw/calculation';
import type { Shown } from '../draw/figure';
import { memberRemark } from '../draw/member-text';
import type { DiffView } from './diff-text';
import { rmsOf } from './matrix';

type LayerDiff = DiffView['diff']['layers'][number];

/** The parts of one entry. */
function entryParts(layer: LayerDiff, at: number, rate: number): CalculationPart[] {
  const [before = Number.NaN, after = Number.NaN] = [layer.before.data[at], layer.after.data[at]];
  const [start, end] = [
    { value: before, name: 'W₀' },
    { value: after, name: 'W₁' },
  ];
  const back = difference('W₀ − W₁', start, end);
  const hundred = product('times 100', 100, of(back));
  const share = quotient('divided by W₀', of(hundred), start);
  const percent = layer.percentChange.data[at] ?? Number.NaN;
  return [
    {
      head: 'Update',
      words: 'W₀ is the weight before training, W₁ the weight after it.',
      steps: [difference('W₁ − W₀', end, start)],
      shown: layer.update.data[at] ?? Number.NaN,
    },
    {
      head: 'Notebook’s figure',
      steps: [back, quotient('divided by the learning rate', of(back), { value: rate, name: 'rate' })],
      shown: layer.perLearningRate.data[at] ?? Number.NaN,
    },
    Number.isNaN(percent)
      ? { head: 'Change in percent', words: 'W₀ is 0 or below the floor, so there is no percent.', steps: [] }
      : {
          head: 'Change in percent',
          steps: [back, hundred, share, size('without its sign', of(share))],
          shown: percent,
        },
  ];
}

/** The root mean square of the update, as the title and the text of the figure have it. */
function sizePart({ update }: LayerDiff): CalculationPart {
  const all = given('sum of the squares of all updates', added(update.data.map((value) => value * value)));
  const entries = product(
    'number of weights',
    { value: update.shape[0], name: 'inputs' },
    { value: update.shape[1], name: 'units' },
  );
  const mean = quotient('mean square', of(all), of(entries));
  return {
    head: 'Size of the whole kernel’s update',
    steps: [all, entries, mean, root('root mean square', of(mean))],
    shown: rmsOf(update),
  };
}

/** The calculation of one weight of a run: by default the first weight of the first layer. */
export function calculate(runs: readonly Shown<DiffView>[], [id, ...place]: Place): Calculation {
  const run = runs.find((one) => one.id === id) ?? runs[0];
  const [number, input, unit] = [0, 1, 2].map((index) => Number(place[index] ?? 1));
  const layer = run?.value.diff.layers[(number ?? 1) - 1];
  if (!run || !layer) throw new Error('the change of the weights is not computed yet');
  const at = ((input ?? 1) - 1) * layer.update.shape[1] + ((unit ?? 1) - 1);
  const [before, after] = [layer.gradientBefore.data[at], layer.gradientAfter.data[at]];
  const member = memberRemark(run);
  return {
    title: `Weight of ${run.id} in layer ${number}, from input ${input} to unit ${unit}`,
    ...(member && { words: `This is ${member}.` }),
    parts: [
      ...entryParts(layer, at, run.value.optimizer.learningRate),
      {
        head: 'True gradient',
        words: 'The mean over the training points of input × δ, by the weights before and after training.',
        table: [
          ['∂L/∂W before', '∂L/∂W after'],
          [before ?? Number.NaN, after ?? Number.NaN],
        ],
        steps: [],
      },
      sizePart(layer),
    ],
  };
}
