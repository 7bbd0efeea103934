// The calculation behind a bar of the ledger: the signal as the product of the factors on its way back from the loss, and the
// gradient of the layer's kernel.
// Invariant: factors and signals are those of the probe; a step without a product says so.

import { given, product, type TermLike } from '../calculation/steps';
import type { Calculation, CalculationPart, Place } from '../draw/calculation';
import type { Shown } from '../draw/figure';
import { memberText } from '../draw/member-text';
import { has, knownOf, type Ledger, type LedgerView, ruleText, sampleText, whenText } from './ledger-text';

const nameOf = (layer: number, layers: number): string =>
  layer === layers - 1 ? 'the output' : `layer ${layer + 1}`;

/** The factors of the step from the next layer to a layer, in the order in which the signal meets them. */
function factorsOf(ledger: Ledger, layer: number): TermLike[] {
  const passage = ledger.layers[layer]?.passage;
  if (!passage) return [];
  const { weights, skip, slope, batchNorm } = passage;
  return [
    { value: weights, name: 'weights' },
    ...(has(ledger, 'skip') ? [{ value: skip, name: 'residual' }] : []),
    { value: slope, name: 'f′' },
    ...(has(ledger, 'batchNorm') ? [{ value: batchNorm, name: 'batch norm' }] : []),
  ];
}

/** The steps from the output to a layer, each the product of the signal before and its factors. */
function wayPart(ledger: Ledger, layer: number): CalculationPart {
  const { layers } = ledger;
  const last = layers.length - 1;
  const head = `Signal of ${nameOf(layer, layers.length)}`;
  const begin = layers[last]?.delta ?? Number.NaN;
  const way = Array.from({ length: last - layer }, (_, step) => last - 1 - step);
  const isLost = way.some((at) => layers[at]?.passage?.skip === Number.POSITIVE_INFINITY);
  if (isLost) {
    return { head, words: 'A residual connection alone carries the signal, so it is no product.', steps: [] };
  }
  if (way.length === 0)
    return {
      head,
      words: 'The signal begins here, at the loss.',
      steps: [given('root mean square of p − y over the rows', begin)],
      shown: begin,
    };
  const steps: ReturnType<typeof product>[] = [];
  for (const at of way) {
    const before = steps.at(-1);
    const from = { value: before?.value ?? begin, name: `δ of ${nameOf(at + 1, layers.length)}` };
    steps.push(product(`δ of ${nameOf(at, layers.length)}`, from, ...factorsOf(ledger, at)));
  }
  return { head, words: ruleText(ledger), steps, shown: layers[layer]?.delta ?? Number.NaN };
}

function kernelPart({ layers }: Ledger, layer: number): CalculationPart[] {
  const own = layers[layer];
  if (!own) return [];
  const name = nameOf(layer, layers.length);
  return [
    {
      head: 'Gradient of the kernel',
      words:
        'Agreement is the share of the signal that is left when the rows are averaged: rows that pull in opposite directions cancel.',
      steps: [
        product(
          `∂L/∂W of ${name}`,
          { value: own.delta, name: `δ of ${name}` },
          { value: own.input, name: 'input' },
          { value: own.agreement, name: 'agreement' },
        ),
      ],
      shown: own.gradient,
    },
  ];
}

/** The calculation of a run's signal at a layer, by default the first. */
export function calculate(runs: readonly Shown<LedgerView>[], [id, , place]: Place): Calculation {
  const all = knownOf(runs);
  const known = all.find(({ run }) => run.id === id) ?? (id === undefined ? all[0] : undefined);
  if (!known) {
    const trouble = runs.find((run) => run.id === id)?.value.trouble;
    throw new Error(trouble ?? 'the chain rule is not computed yet');
  }
  const { run, ledger } = known;
  const layer = Math.max(0, Math.min(Number(place ?? 1), ledger.layers.length) - 1);
  return {
    title: `Signal of ${run.id} at ${nameOf(layer, ledger.layers.length)}, ${whenText(run.value.epoch).toLowerCase()}`,
    words: `Root mean squares ${sampleText(ledger)}${memberText(run)}.`,
    parts: [wayPart(ledger, layer), ...kernelPart(ledger, layer)],
  };
}
