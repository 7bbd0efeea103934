// The network figure: units as nodes, weights as coloured lines, and the summary with its parameter counts.
// Invariant: all runs share one colour scale, from the largest |weight| among them. Biases are counted, not drawn.
// Takes any layers: the initial weights of an architecture as well as trained ones.

import type { Figure, Shown } from '../draw/figure';
import { count, formatNumber, formatSigned, listed } from '../draw/format';
import { follow, reportRun } from '../draw/frame-following';
import { headlinesOf } from '../draw/headline';
import type { Mark } from '../draw/mark';
import {
  type Group,
  groupRuns,
  HEADER,
  header,
  idsOf,
  MAX_PANELS,
  panelGrid,
  restNote,
  sameNumbers,
} from '../draw/panels';
import { html, label, nothing, root, svg } from '../draw/svg';
import { allParameters, type Layer, layerText, type Network, parametersOf, summary } from './network-summary';

const sameNetwork = (a: Network, b: Network): boolean =>
  a.layers.length === b.layers.length &&
  a.layers.every((layer, index) => {
    const other = b.layers[index];
    return (
      other?.activation === layer.activation &&
      !other.batchNorm === !layer.batchNorm &&
      !other.residual === !layer.residual &&
      sameNumbers(layer.kernel.data, other.kernel.data)
    );
  });

const groupsOf = (runs: readonly Shown<Network>[]): Group<Network>[] => groupRuns(runs, sameNetwork);

const MOST_UNITS = 12;
const MOST_COLUMNS = 9;
const LEVELS = 8;
const BODY = 150;

interface Column {
  readonly units: number;
  readonly x: number;
  /**
   * Index of the layer with these outputs; −1 is the input, undefined stands for layers that are left out.
   */
  readonly layer?: number;
}

/** Input, hidden layers and output from left to right; of many layers the first and the last ones. */
function columnsOf({ layers }: Network, width: number): Column[] {
  const inputs = layers[0]?.kernel.shape[0] ?? 0;
  const all = [{ units: inputs, layer: -1 }, ...layers.map(({ units }, layer) => ({ units, layer }))];
  const shown =
    all.length > MOST_COLUMNS ? [...all.slice(0, 4), { units: 0 }, ...all.slice(-(MOST_COLUMNS - 5))] : all;
  return shown.map((column, index) => ({
    ...column,
    x: 8 + (index / Math.max(1, shown.length - 1)) * (width - 16),
  }));
}

const drawnUnits = (units: number): number => Math.min(units, MOST_UNITS);

function unitY(units: number, unit: number): number {
  const step = Math.min(26, BODY / drawnUnits(units));
  return BODY / 2 + (unit - (drawnUnits(units) - 1) / 2) * step;
}

/** The weights between two neighbouring columns, one path for each sign and level of size. */
function weightLines(layer: Layer, from: Column, to: Column, largest: number): Mark[] {
  const paths = new Map<string, string>();
  const [inputs, units] = layer.kernel.shape;
  for (let i = 0; i < drawnUnits(inputs); i++) {
    for (let j = 0; j < drawnUnits(units); j++) {
      const weight = layer.kernel.data[i * units + j] ?? 0;
      const level = Math.min(LEVELS, Math.round((Math.abs(weight) / largest) * LEVELS));
      if (level === 0) continue;
      const name = `${weight < 0 ? 'negative' : 'positive'} ${level}`;
      const d = `M${from.x.toFixed(1)} ${unitY(inputs, i).toFixed(1)}L${to.x.toFixed(1)} ${unitY(units, j).toFixed(1)}`;
      paths.set(name, (paths.get(name) ?? '') + d);
    }
  }
  return [...paths].map(([name, d]) => {
    const [sign = '', level = ''] = name.split(' ');
    const share = Number(level) / LEVELS;
    return svg('path', {
      d,
      class: `weight ${sign}`,
      'stroke-opacity': (0.12 + 0.78 * share).toFixed(2),
      'stroke-width': (0.6 + 1.2 * share).toFixed(2),
    });
  });
}

/** A residual connection as an arc above the units of two neighbouring columns. */
function skipLine(from: Column, to: Column): Mark {
  const y = unitY(to.units, 0) - 6;
  return svg('path', {
    d: `M${from.x.toFixed(1)} ${y.toFixed(1)}C${from.x.toFixed(1)} ${(y - 10).toFixed(1)} ${to.x.toFixed(1)} ${(y - 10).toFixed(1)} ${to.x.toFixed(1)} ${y.toFixed(1)}`,
    class: 'skip',
  });
}

function diagram(network: Network, width: number, largest: number): Mark {
  const columns = columnsOf(network, width);
  const group = svg('g', {});
  columns.forEach((column, index) => {
    const before = columns[index - 1];
    const layer = column.layer === undefined ? undefined : network.layers[column.layer];
    if (!layer || before?.layer === undefined) return;
    group.append(...weightLines(layer, before, column, largest));
    if (layer.residual) group.append(skipLine(before, column));
  });
  let named = Number.NEGATIVE_INFINITY;
  for (const { units, x, layer } of columns) {
    if (layer === undefined) {
      group.append(label('…', x, BODY / 2 + 4, { 'text-anchor': 'middle' }));
      continue;
    }
    for (let unit = 0; unit < drawnUnits(units); unit++) {
      group.append(
        svg('circle', { cx: x.toFixed(1), cy: unitY(units, unit).toFixed(1), r: 3.2, class: 'unit' }),
      );
    }
    // Numbers of close columns would overlap; the number of the column before is enough.
    const last = layer === network.layers.length - 1;
    if (x - named < 22 && layer >= 0 && !last) continue;
    named = x;
    const more = units > MOST_UNITS ? '+' : '';
    group.append(
      label(`${drawnUnits(units)}${more}`, x, BODY + 16, { 'text-anchor': 'middle', class: 'quiet' }),
    );
  }
  return group;
}

/** Key to the diverging scale, with the largest weight at its ends. */
function weightKey(largest: number, width: number): Mark {
  const group = svg('g', { class: 'key' });
  if (largest === 0) {
    group.append(label('No lines: every weight is 0.', 0, 12));
    return group;
  }
  const half = Math.min(70, width / 5);
  const x = 52;
  for (let level = LEVELS; level >= 1; level--) {
    for (const [sign, side] of [
      ['negative', -1],
      ['positive', 1],
    ] as const) {
      const edge = x + half + side * ((level - 0.5) / LEVELS) * half;
      group.append(
        svg('path', {
          d: `M${edge - half / LEVELS / 2} 8h${half / LEVELS}`,
          class: `weight ${sign}`,
          'stroke-width': 6,
          'stroke-opacity': 0.12 + (0.78 * level) / LEVELS,
        }),
      );
    }
  }
  group.append(label(formatSigned(-largest, 3), x - 6, 12, { 'text-anchor': 'end' }));
  group.append(label(`${formatSigned(largest, 3)}  weight`, x + 2 * half + 6, 12));
  return group;
}

const shape = (value: Network): string => `${allParameters(value)} ${value.layers.length}`;

export const networkFigure: Figure<Network> = {
  name: 'network',
  title(runs) {
    const shapes = groupRuns(runs, (a, b) => shape(a) === shape(b));
    if (shapes.length === 0) return 'No network to show';
    const parts = shapes.slice(0, 4).map(({ runs: own, value }, index) => {
      const [parameters, layers] = [allParameters(value), value.layers.length];
      const whose = `${listed(idsOf(own))} ${own.length > 1 ? 'have' : 'has'}`;
      return index === 0
        ? `${whose} ${count(parameters, 'parameter')} in ${count(layers, 'layer')}`
        : `${listed(idsOf(own))} ${formatNumber(parameters)} in ${layers}`;
    });
    if (shapes.length > parts.length) parts.push(`${shapes.length - parts.length} more differ`);
    const twins = groupsOf(runs).length === 1 && runs.length > 1 ? ', with the same weights' : '';
    return parts.join('; ') + twins;
  },
  headlines(runs) {
    const shapes = groupRuns(runs, (a, b) => shape(a) === shape(b));
    const [first] = shapes;
    if (!first) return ['No network to show'];
    const size = ({ value }: Group<Network>): string =>
      `${count(allParameters(value), 'parameter')} in ${count(value.layers.length, 'layer')}`;
    if (shapes.length === 1) {
      const [only] = idsOf(runs);
      const twins = groupsOf(runs).length === 1 ? ', with the same weights' : '';
      return runs.length === 1
        ? [`${only} has ${size(first)}`, size(first), count(allParameters(first.value), 'parameter')]
        : [
            `${runs.length} runs have ${size(first)}${twins}`,
            `${runs.length} runs have ${size(first)}`,
            size(first),
          ];
    }
    const sorted = shapes.toSorted((a, b) => allParameters(b.value) - allParameters(a.value));
    const whose = ({ runs: own }: Group<Network>): string => own[0]?.id ?? '';
    return headlinesOf(
      sorted,
      { first: 'most', text: (group) => formatNumber(allParameters(group.value)) },
      (named, tail) =>
        `${named.map((group) => `${size(group)} in ${whose(group)}`).join(', ')}${tail.replace('runs', 'shapes')}`,
      (named, tail) => {
        const parts = named.map((group) => `${formatNumber(allParameters(group.value))} in ${whose(group)}`);
        return `Parameters: ${parts.join(', ')}${tail.replace('runs', 'shapes')}`;
      },
    );
  },
  describe(runs) {
    if (runs.length === 0) return 'There is no network yet.';
    const parts = groupsOf(runs).map(({ runs: own, value }) => {
      const layers = value.layers.map(
        (_, index) => `${layerText(value, index)}${index === value.layers.length - 1 ? ' output' : ''}`,
      );
      return `${listed(idsOf(own))}: ${value.layers[0]?.kernel.shape[0] ?? 0} inputs, then ${layers.join(', ')}; ${count(allParameters(value), 'parameter')}.`;
    });
    return `Diagram of units and weights, from the inputs at the left to the output at the right, and a table of layers. ${parts.join(' ')}`;
  },
  table: (runs) => [
    ['runs', 'layer', 'inputs', 'units', 'activation', 'parameters', 'batch norm', 'adds its inputs'],
    ...groupsOf(runs).flatMap(({ runs: own, value }) =>
      value.layers.map((layer, index) => [
        idsOf(own).join(' '),
        index + 1,
        layer.kernel.shape[0],
        layer.units,
        index === value.layers.length - 1 ? 'sigmoid' : layer.activation,
        parametersOf(layer),
        layer.batchNorm ? 'yes' : 'no',
        layer.residual ? 'yes' : 'no',
      ]),
    ),
  ],
  draw(runs, frame) {
    const all = groupsOf(runs);
    const groups = all.slice(0, MAX_PANELS);
    if (groups.length === 0) return nothing('No network to show yet.');
    let largest = 0;
    for (const { value } of groups) {
      for (const { kernel } of value.layers)
        for (const weight of kernel.data) largest = Math.max(largest, Math.abs(weight));
    }
    const grid = panelGrid(groups.length, frame.width, 100, 340, () => HEADER + BODY + 22);
    const wide = groups.some(({ value }) => value.layers.some(({ units }) => units > MOST_UNITS));
    const skips = groups.some(({ value }) => value.layers.some(({ residual }) => residual));
    const notes = [
      skips ? 'Arcs: the layer adds its inputs to its outputs.' : '',
      wide ? `12+: only the first 12 units are drawn.` : '',
      restNote(all.length),
    ].filter(Boolean);
    const drawing = root(frame.width, grid.height + 26 + notes.length * 16);
    groups.forEach(({ runs: own, value }, index) => {
      const { x, y } = grid.place(index);
      const panel = svg('g', { transform: `translate(${x} ${y})`, 'data-runs': idsOf(own).join(' ') });
      const field = diagram(value, grid.width, largest || 1);
      field.setAttribute('transform', `translate(0 ${HEADER})`);
      panel.append(header(own, grid.width), field);
      const [run] = own;
      if (run && own.length === 1) reportRun(panel, run.id, frame);
      drawing.append(panel);
    });
    const key = weightKey(largest, frame.width);
    key.setAttribute('transform', `translate(0 ${grid.height + 6})`);
    drawing.append(key);
    notes.forEach((note, index) => {
      drawing.append(label(note, 0, grid.height + 38 + index * 16));
    });
    const table = html(
      'div',
      { class: 'figure-scroll', tabindex: 0, role: 'region', 'aria-label': 'Summary of layers' },
      summary(groups),
    );
    return follow(html('div', {}, drawing, table), frame, () => {});
  },
};
