// Gradient by layer and epoch: where it vanishes on its way back through the network, and when.
// Invariant: one logarithmic colour scale for all runs. What is shown is the mini-batch gradient, never the step.

import type { train } from '../../cells/train';
import type { ValueOf } from '../../core/kind';
import type { Figure, Shown } from '../figure';
import { formatNumber, formatRatio, formatTimes, listed } from './format';
import { drawHeatMap, flowAt } from './heat-map';
import { logExtent, logTicks, tickText } from './series';

type Trained = ValueOf<typeof train>;
type Runs = readonly Shown<Trained>[];

const started = (runs: Runs): Runs => runs.filter(({ value }) => value.gradientRms.data.length > 0);

/** Of the first and the last layer's kernel at an epoch, root mean squares. */
export function ends({ gradientRms }: Trained, epoch: number): { first: number; last: number } {
  return {
    first: flowAt(gradientRms, epoch, 0),
    last: flowAt(gradientRms, epoch, gradientRms.shape[1] - 1),
  };
}

const factor = ({ value }: Shown<Trained>): number => {
  const { first, last } = ends(value, 1);
  return first / last;
};

function phrase({ id, value }: Shown<Trained>, leading: boolean): string {
  const { first, last } = ends(value, 1);
  const times = formatTimes(first, last);
  return leading
    ? `${id}’s first layer has ${times} the gradient of its last`
    : `${id}’s ${times.replace(/ (of|as)$/, '')}`;
}

export const gradientFigure: Figure<Trained> = {
  name: 'gradient',
  title(all) {
    const known = started(all);
    if (known.length === 0) return 'No gradient is known yet';
    const deep = known.filter(({ value }) => value.gradientRms.shape[1] > 1);
    const [first, ...rest] = deep.sort((a, b) => factor(a) - factor(b));
    if (!first) {
      return 'With one layer, there is nothing for the gradient to vanish on';
    }
    const others = rest.length > 3 ? [rest[0], rest.at(-1)].flatMap((run) => run ?? []) : rest;
    const tail = listed(others.map((run) => phrase(run, false)));
    return `In epoch 1, ${phrase(first, true)}${tail ? `; ${tail}` : ''}`;
  },
  describe(all) {
    const runs = started(all);
    if (runs.length === 0) return 'No gradient is known yet.';
    const parts = runs.map(({ id, name, value }) => {
      const epochs = value.gradientRms.shape[0];
      const at = (epoch: number): string => {
        const { first, last } = ends(value, epoch);
        return `${formatNumber(first)} in the first and ${formatNumber(last)} in the last layer (${formatRatio(first, last)}) in epoch ${epoch}`;
      };
      return `${id} (${name}): ${at(1)}${epochs > 1 ? `, ${at(epochs)}` : ''}.`;
    });
    return `Heat maps, one a run: layers down, epochs across, colour for the root mean square of the mini-batch gradient. ${parts.join(' ')}`;
  },
  table: (all) => [
    ['run', 'epoch', 'layer', 'gradientRms'],
    ...started(all).flatMap(({ id, value: { gradientRms } }) =>
      Array.from(gradientRms.data, (value, index) => [
        id,
        Math.floor(index / gradientRms.shape[1]) + 1,
        (index % gradientRms.shape[1]) + 1,
        value,
      ]),
    ),
  ],
  draw(runs, frame) {
    const [low, high] = logExtent(started(runs).map(({ value }) => value.gradientRms.data));
    const span = Math.log(high / low);
    const share = (value: number): number => Math.log(value / low) / span;
    const zeros = started(runs).some(({ value }) => value.gradientRms.data.includes(0));
    return drawHeatMap<Trained>(
      {
        flow: ({ gradientRms }) => gradientRms,
        summary: 'rms',
        scale: `${low} ${high}`,
        share: (value) => (value > 0 ? Math.max(0, share(value)) : undefined),
        row: (layer, layers) => (layer === layers - 1 ? 'out' : String(layer + 1)),
        readout(value, epoch) {
          const { first, last } = ends(value, epoch);
          // With its epoch: the title speaks of the first one, and the ratio changes as the network learns.
          const at = Math.min(epoch, value.gradientRms.shape[0]);
          return { words: `epoch ${at} ·`, figure: formatRatio(first, last) };
        },
        legend: `|∂L/∂W|, root mean square by layer, log scale${zeros ? '; blank is 0' : ''}`,
        ticks: logTicks(low, high, 5).map((tick) => [share(tick), tickText(tick)] as const),
      },
      runs,
      frame,
    );
  },
};
