// The diff figure: the change of a chosen layer's weights by training, as matrices: the true gradient before and after, the
// update with the notebook's figure, and the percent change, each under its correct name.
// Invariant: one colour scale per column, centred on 0, shared by the runs; an entry without a value is a dash.

import { late } from '../../../core/late-loading';
import type { Place } from '../draw/calculation';
import { canvasMarks, type Part } from '../draw/canvas-layer';
import type { Figure, Form } from '../draw/figure';
import { follow, reportRun } from '../draw/frame-following';
import type { Mark } from '../draw/mark';
import { HEADER, header, MAX_PANELS } from '../draw/panels';
import { placedBy } from '../draw/placing';
import { label, nothing, root, svg } from '../draw/svg';
import {
  type Chosen,
  type DiffView,
  describe,
  headlines,
  note,
  type Runs,
  title,
  withLayer,
} from './diff-text';
import { drawMatrix, entryAt, KEY_HEIGHT, largestOf, matrixKey, matrixShape, paintMatrix } from './matrix';

export { type DiffView, disagreement } from './diff-text';

interface MatrixColumn {
  readonly name: 'gradientBefore' | 'gradientAfter' | 'update' | 'perLearningRate' | 'percentChange';
  readonly title: string;
  readonly detail: string;
  /** Columns with equal `scale` share a colour scale. */
  readonly scale: string;
}

const COLUMNS: readonly MatrixColumn[] = [
  { name: 'gradientBefore', title: 'true gradient', detail: '∂L/∂W before', scale: 'gradient' },
  { name: 'gradientAfter', title: 'true gradient', detail: '∂L/∂W after', scale: 'gradient' },
  { name: 'update', title: 'update', detail: 'W₁ − W₀', scale: 'update' },
  { name: 'perLearningRate', title: 'notebook’s figure', detail: '(W₀ − W₁) / rate', scale: 'rate' },
  { name: 'percentChange', title: 'change', detail: '% of |W₀|', scale: 'percent' },
];

const calculation = late(() => import('./diff-calculation'));

/** The figure of one layer. */
export function diffFigureOf(layer: Chosen): Figure<DiffView> {
  return {
    name: layer === 0 ? 'diff' : `diff-${layer === 'output' ? layer : `layer-${layer + 1}`}`,
    note: (runs) => note(runs, layer),
    title: (runs) => title(runs, layer),
    headlines: (runs) => headlines(runs, layer),
    describe: (runs) => describe(runs, layer),
    table: (runs) => [
      ['run', 'layer', 'input', 'unit', 'before', 'after', ...COLUMNS.map(({ name }) => name)],
      ...withLayer(runs, layer).flatMap(({ run, layer: own, place }) =>
        Array.from(own.before.data, (before, index) => [
          run.id,
          place + 1,
          Math.floor(index / own.before.shape[1]) + 1,
          (index % own.before.shape[1]) + 1,
          before,
          own.after.data[index] ?? '',
          ...COLUMNS.map(({ name }) => {
            const value = own[name].data[index] ?? Number.NaN;
            return Number.isNaN(value) ? '' : value;
          }),
        ]),
      ),
    ],
    draw(all, frame) {
      const known = withLayer(all, layer);
      const shown = known.slice(0, MAX_PANELS);
      if (shown.length === 0) return nothing('The change of the weights appears here when training ends.');
      const narrow = frame.width < 480;
      const across = narrow ? 3 : COLUMNS.length;
      const [left, gap] = [22, 10];
      const width = Math.floor((frame.width - left - gap * (across - 1)) / across);
      const largest = new Map<string, number>();
      for (const { layer: own } of shown) {
        for (const { name, scale } of COLUMNS) {
          largest.set(scale, Math.max(largest.get(scale) ?? 0, largestOf(own[name])));
        }
      }
      const [marks, parts]: [Mark[], Part[]] = [[], []];
      const finds: ((x: number, y: number) => Place | undefined)[] = [];
      let y = 0;
      for (const { run, layer: own, place } of shown) {
        const shape = matrixShape(own.update, width);
        const panel = svg('g', { transform: `translate(0 ${y})`, 'data-runs': run.id });
        panel.append(header([run], frame.width * 0.5));
        const head = 34 + (shape.hasNumbers ? 0 : KEY_HEIGHT);
        panel.append(label(shape.words, frame.width, 12, { 'text-anchor': 'end', class: 'quiet' }));
        COLUMNS.forEach((column, index) => {
          const x = left + (index % across) * (width + gap);
          const top = HEADER + Math.floor(index / across) * (shape.height + head + 10);
          const matrix = own[column.name];
          const most = largest.get(column.scale) ?? 0;
          panel.append(
            label(column.title, x, top + 14),
            label(column.detail, x, top + 27, { class: 'quiet' }),
          );
          if (!shape.hasNumbers && most > 0) {
            const key = matrixKey(most, Math.min(width, 120));
            panel.append(svg('g', { transform: `translate(${x} ${top + 31})` }, key));
          }
          const corner = { x, y: y + top + head };
          finds.push((across, down) => {
            const entry = entryAt(matrix, shape, across - corner.x, down - corner.y);
            return entry && [run.id, place + 1, entry.input + 1, entry.unit + 1];
          });
          if (shape.isPainted) {
            parts.push({
              runs: [run.id],
              ...corner,
              width: shape.columns * shape.cell.width,
              height: shape.height,
              of: [matrix, most],
              paint: paintMatrix(matrix, shape, most),
            });
          } else {
            const cells = drawMatrix(matrix, shape, most, index % across === 0);
            panel.append(svg('g', { transform: `translate(${x} ${top + head})`, class: 'point' }, cells));
          }
        });
        reportRun(panel, run.id, frame);
        marks.push(panel);
        y += HEADER + Math.ceil(COLUMNS.length / across) * (shape.height + head + 10) + 12;
      }
      if (known.length > shown.length) {
        marks.push(label(`${shown.length} of ${known.length} are drawn; the table lists all.`, 0, y + 4));
        y += 16;
      }
      const canvas = parts.length > 0 ? canvasMarks(frame.width, y, parts, [], frame) : [];
      const drawing = root(frame.width, y, ...canvas, ...marks);
      placedBy(drawing, frame.width, (across, down) => {
        for (const find of finds) {
          const place = find(across, down);
          if (place) return place;
        }
        return undefined;
      });
      return follow(drawing, frame, () => {});
    },
    calculation,
  };
}

const FIGURES = new Map<Chosen, Figure<DiffView>>();

/**
 * A figure for each hidden layer of the deepest run, and for the output layer; each figure is created once.
 */
function forms(runs: Runs): Form<DiffView>[] {
  const hidden = Math.max(0, ...runs.map(({ value }) => value.diff.layers.length - 1));
  const choices: Chosen[] = [...Array.from({ length: hidden }, (_, place) => place), 'output'];
  return choices.map((chosen) => {
    const figure = FIGURES.get(chosen) ?? diffFigureOf(chosen);
    FIGURES.set(chosen, figure);
    return { word: chosen === 'output' ? 'output' : `layer ${chosen + 1}`, figure };
  });
}

/** The first layer, where gradients vanish, with a choice of the other layers. */
export const diffFigure: Figure<DiffView> = {
  ...diffFigureOf(0),
  forms: { label: 'Layer', of: forms },
};
