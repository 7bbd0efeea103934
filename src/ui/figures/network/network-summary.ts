// Summarizes networks as a table: layers, their units and activations, and their numbers of parameters.
// Invariant: the counts equal those of Keras' summary: a kernel's entries, biases, and for batch normalization gamma, beta and
// the two moving statistics; training does not change the moving statistics.

import type { architecture } from '../../../cells/architecture';
import type { ValueOf } from '../../../core/kinds/kind';
import { formatNumber, listed } from '../draw/format';
import type { Mark } from '../draw/mark';
import { type Group, idsOf } from '../draw/panels';
import { html } from '../draw/svg';

/** The layers of a network, trained or not. */
export type Network = Pick<ValueOf<typeof architecture>, 'layers'>;
/** One layer of a network. */
export type Layer = Network['layers'][number];

/** Number of parameters of a layer, including moving statistics, which are not trained. */
export const parametersOf = ({ kernel, bias, batchNorm }: Layer): number =>
  kernel.data.length + bias.length * (batchNorm ? 5 : 1);

/** Number of moving statistics of a network, which no optimizer changes. */
const untrained = ({ layers }: Network): number =>
  layers.reduce((sum, { batchNorm, units }) => sum + (batchNorm ? 2 * units : 0), 0);

/** A layer in words: "10 relu, batch norm, adds its inputs". */
export const layerText = ({ layers }: Network, index: number): string => {
  const { units, activation, batchNorm, residual } = layers[index] as Layer;
  if (index === layers.length - 1) return `${units} sigmoid`;
  return `${units} ${activation}${batchNorm ? ', batch norm' : ''}${residual ? ', adds its inputs' : ''}`;
};

/** Number of parameters of a network. */
export const allParameters = ({ layers }: Network): number =>
  layers.reduce((sum, layer) => sum + parametersOf(layer), 0);

/**
 * Table in the form of Keras' summary: a row per layer, two columns per network, parameters at the right. Of
 * more than twelve layers it has the first and the last five.
 */
export function summary(groups: readonly Group<Network>[]): Mark {
  const rows = Math.max(...groups.map(({ value }) => value.layers.length));
  const name = (index: number): string => `layer ${index + 1}`;
  const cell = ({ value }: Group<Network>, index: number): Mark[] => {
    const layer = value.layers[index];
    if (!layer) return [html('td', {}, '–'), html('td', { class: 'number' }, '')];
    return [
      html('td', {}, layerText(value, index)),
      html('td', { class: 'number' }, formatNumber(parametersOf(layer))),
    ];
  };
  const shown =
    rows > 12
      ? [...Array(5).keys(), -1, ...Array.from({ length: 5 }, (_, i) => rows - 5 + i)]
      : [...Array(rows).keys()];
  const head = html('tr', {}, html('th', { scope: 'col' }, 'layer'));
  for (const { runs } of groups) {
    head.append(
      html('th', { scope: 'col' }, listed(idsOf(runs))),
      html('th', { scope: 'col', class: 'number' }, 'params'),
    );
  }
  const body = shown.map((index) =>
    index < 0
      ? html('tr', {}, html('td', { colspan: 1 + 2 * groups.length }, `… ${rows - 10} more layers`))
      : html(
          'tr',
          {},
          html('th', { scope: 'row' }, name(index)),
          ...groups.flatMap((group) => cell(group, index)),
        ),
  );
  const foot = html('tr', {}, html('th', { scope: 'row' }, 'all'));
  for (const { value } of groups) {
    foot.append(html('td'), html('td', { class: 'number' }, formatNumber(allParameters(value))));
  }
  const moving = html('tr', {}, html('th', { scope: 'row' }, 'not trained'));
  for (const { value } of groups) {
    moving.append(html('td', {}, untrained(value) > 0 ? 'moving means and variances' : ''));
    moving.append(html('td', { class: 'number' }, formatNumber(untrained(value))));
  }
  const hasUntrained = groups.some(({ value }) => untrained(value) > 0);
  return html(
    'table',
    { class: 'figure-table' },
    html('thead', {}, head),
    html('tbody', {}, ...body),
    html('tfoot', {}, foot, ...(hasUntrained ? [moving] : [])),
  );
}
