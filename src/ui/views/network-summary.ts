// The summary of networks as a table: layers, their units and activations, and how many parameters they hold.
// Invariant: parameters are a kernel's entries and the biases, counted as Keras' summary counts them.

import type { architecture } from '../../cells/architecture';
import type { ValueOf } from '../../core/kind';
import { formatNumber, listed } from './format';
import type { Mark } from './mark';
import { type Group, idsOf } from './panels';
import { html } from './svg';

/** What is drawn of a network: any layers, trained or not. */
export type Network = Pick<ValueOf<typeof architecture>, 'layers'>;
export type Layer = Network['layers'][number];

/** A layer's parameters. */
export const parametersOf = (layer: Layer): number => layer.kernel.data.length + layer.bias.length;

/** A network's parameters. */
export const allParameters = ({ layers }: Network): number =>
  layers.reduce((sum, layer) => sum + parametersOf(layer), 0);

/** As Keras' summary: a row a layer, a column a network, parameters at the right. */
export function summary(groups: readonly Group<Network>[]): Mark {
  const rows = Math.max(...groups.map(({ value }) => value.layers.length));
  const name = (index: number): string => `layer ${index + 1}`;
  const cell = ({ value }: Group<Network>, index: number): Mark[] => {
    const layer = value.layers[index];
    if (!layer) return [html('td', {}, '–'), html('td', { class: 'number' }, '')];
    return [
      html('td', {}, `${layer.units} ${index === value.layers.length - 1 ? 'sigmoid' : layer.activation}`),
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
  return html(
    'table',
    { class: 'figure-table' },
    html('thead', {}, head),
    html('tbody', {}, ...body),
    html('tfoot', {}, foot),
  );
}
