// Saturation by layer and epoch: the share of a hidden layer's outputs that pass hardly any gradient back.
// Invariant: one linear colour scale from 0 to 1 for all runs. The output layer is no hidden layer and has no row.

import type { train } from '../../cells/train';
import type { ValueOf } from '../../core/kind';
import type { Figure, Shown } from '../figure';
import { formatShare, listed } from './format';
import { drawHeatMap, flowAt } from './heat-map';

type Trained = ValueOf<typeof train>;
type Runs = readonly Shown<Trained>[];

const started = (runs: Runs): Runs => runs.filter(({ value }) => value.saturated.data.length > 0);

/** The mean over the hidden layers at an epoch. */
function meanAt({ saturated }: Trained, epoch: number): number {
  let sum = 0;
  for (let layer = 0; layer < saturated.shape[1]; layer++) sum += flowAt(saturated, epoch, layer);
  return sum / saturated.shape[1];
}

const lastEpoch = ({ saturated }: Trained): number => saturated.shape[0];

export const saturationFigure: Figure<Trained> = {
  name: 'saturation',
  title(all) {
    const runs = started(all);
    if (runs.length === 0) return 'No hidden layer’s saturation is known yet';
    const sorted = [...runs].sort(
      (a, b) => meanAt(b.value, lastEpoch(b.value)) - meanAt(a.value, lastEpoch(a.value)),
    );
    const shown = sorted.length > 4 ? [sorted[0], sorted.at(-1)].flatMap((run) => run ?? []) : sorted;
    const parts = shown.map(({ id, value }) => `${formatShare(meanAt(value, lastEpoch(value)))} in ${id}`);
    return `Saturated at the end, of all hidden outputs: ${listed(parts)}`;
  },
  describe(all) {
    const runs = started(all);
    if (runs.length === 0) return 'No hidden layer’s saturation is known yet.';
    const parts = runs.map(({ id, name, value }) => {
      const epoch = lastEpoch(value);
      const layers = Array.from({ length: value.saturated.shape[1] }, (_, layer) =>
        formatShare(flowAt(value.saturated, epoch, layer)),
      );
      return `${id} (${name}), epoch ${epoch}, from the first hidden layer on: ${layers.join(', ')}.`;
    });
    return `Heat maps, one a run: hidden layers down, epochs across, colour for the share of outputs whose slope is below a tenth of the activation’s largest; for relu, the inactive ones. ${parts.join(' ')}`;
  },
  table: (all) => [
    ['run', 'epoch', 'hidden layer', 'saturated'],
    ...started(all).flatMap(({ id, value: { saturated } }) =>
      Array.from(saturated.data, (value, index) => [
        id,
        Math.floor(index / saturated.shape[1]) + 1,
        (index % saturated.shape[1]) + 1,
        value,
      ]),
    ),
  ],
  draw: (runs, frame) =>
    drawHeatMap<Trained>(
      {
        flow: ({ saturated }) => saturated,
        summary: 'mean',
        scale: '',
        share: (value) => (value >= 0 ? value : undefined),
        row: (layer) => String(layer + 1),
        readout: (value, epoch) => ({ words: 'mean', figure: formatShare(meanAt(value, epoch)) }),
        legend: 'saturated share of a layer’s outputs',
        ticks: [0, 0.25, 0.5, 0.75, 1].map((share) => [share, formatShare(share)] as const),
      },
      runs,
      frame,
    ),
};
