// The boundary figure: the line where a network's probability is 1/2, over the shaded field and the points.
// Invariant: the count of points on the wrong side reads the field as drawn, so that picture and number agree.
// Does not compute the network: the grid is part of the value.

import { fitting } from '../by-layer/layer-panels';
import type { Chart } from '../draw/axes';
import type { Painter } from '../draw/canvas';
import { canvasMarks } from '../draw/canvas-layer';
import type { Figure, Shown } from '../draw/figure';
import { count, epochInBrief, epochText, fitText, formatShare, listed } from '../draw/format';
import { follow, reportRun } from '../draw/frame-following';
import { headlinesOf } from '../draw/headline';
import { membersInBrief, membersText, memberText } from '../draw/member-text';
import { HEADER, header, idsOf, MAX_PANELS, panelGrid, restNote } from '../draw/panels';
import { extents, paintPoints, pointKey, sampleNote } from '../draw/points';
import { below, scatterChart, scatterHeight, withinAxes } from '../draw/scatter';
import { label, nothing, root, svg } from '../draw/svg';
import { type ProbabilityGrid, paintHalfLine, paintShades, probabilityAt } from './field';
import type { SplitView } from './split';

/** A run's value for the figure. */
export interface BoundaryView extends SplitView {
  readonly grid: ProbabilityGrid;
  /** The epoch of the field, and the last epoch of the training. */
  readonly epoch: number;
  readonly epochs: number;
}

/** The given indices whose points are on the wrong side of the boundary. */
function misplaced({ dataset, grid }: BoundaryView, indices: Uint32Array): Uint32Array {
  return indices.filter((index) => {
    const probability = probabilityAt(
      grid,
      dataset.x.data[2 * index] ?? Number.NaN,
      dataset.x.data[2 * index + 1] ?? Number.NaN,
    );
    return probability > 0.5 !== (dataset.y[index] === 1);
  });
}

interface Wrong {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
  /** The predicted class, if it is the same in the whole plane. */
  readonly everywhere?: 0 | 1;
  /** The class of the training points, if they all have one class. */
  readonly only?: 0 | 1;
}

/** The class of all values, if they have one class. */
function oneOf(values: ArrayLike<number>, isOne: (value: number) => boolean): 0 | 1 | undefined {
  let [zeros, ones] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    if (isOne(values[i] ?? Number.NaN)) ones++;
    else zeros++;
  }
  return ones > 0 && zeros > 0 ? undefined : ones > 0 ? 1 : 0;
}

const known = new WeakMap<BoundaryView, Wrong>();

/** Computed once per view, since title, words and drawing all need it. */
function wrongOf(view: BoundaryView): Wrong {
  let wrong = known.get(view);
  if (!wrong) {
    const everywhere = oneOf(view.grid.probabilities, (probability) => probability > 0.5);
    const only = oneOf(view.split.train, (index) => view.dataset.y[index] === 1);
    wrong = {
      train: misplaced(view, view.split.train),
      test: misplaced(view, view.split.test),
      ...(everywhere !== undefined && { everywhere }),
      ...(only !== undefined && { only }),
    };
    known.set(view, wrong);
  }
  return wrong;
}

const ready = (runs: readonly Shown<BoundaryView>[]): readonly Shown<BoundaryView>[] =>
  runs.filter(({ value }) => value.grid.probabilities.length > 0);

const total = ({ split }: BoundaryView): number => split.train.length + split.test.length;

/** Paints field, line and points of one run, within its panel's axes. */
const paintPanel = (
  ...[context, tone, scale, run, chart]: [...Parameters<Painter>, Shown<BoundaryView>, Chart]
): void => {
  const { grid, dataset, split } = run.value;
  paintShades(context, tone('--figure-class-1'), grid, chart, scale);
  paintHalfLine(context, tone(run.color), grid, chart);
  const wrong = wrongOf(run.value);
  for (const part of ['train', 'test'] as const) {
    const style = part === 'train' ? 'filled' : 'hollow';
    const astray = new Set(wrong[part]);
    const right = split[part].filter((index) => !astray.has(index));
    paintPoints(context, tone, dataset, right, chart, style, dataset.y.length);
    paintPoints(context, tone, dataset, wrong[part], chart, `${style} wrong`, dataset.y.length);
  }
};

/** Forms of the header's count of points on the wrong side, longest first; the first that fits is used. */
function headerTexts({ split }: BoundaryView, { train, test }: Wrong): string[] {
  return [
    `wrong: ${train.length} of ${split.train.length} train, ${test.length} of ${split.test.length} test`,
    `wrong: ${train.length} train, ${test.length} test`,
    `wrong: ${train.length} + ${test.length} test`,
    `${train.length + test.length} wrong`,
  ];
}

/** Sentence on data of one class or a field without boundary; empty if neither applies. */
function oddity({ id, value }: Shown<BoundaryView>): string[] {
  const { everywhere, only } = wrongOf(value);
  if (only !== undefined) return [`All training points of ${id} are of class ${only}.`];
  if (everywhere !== undefined)
    return [`${id} predicts class ${everywhere} in the whole plane: there is no boundary.`];
  return [];
}

export const boundaryFigure: Figure<BoundaryView> = {
  name: 'boundary',
  subject: 'Decision boundary',
  title(all) {
    const known = ready(all);
    const runs = known.map((run) => {
      const { train, test } = wrongOf(run.value);
      return { id: run.id, wrong: train.length + test.length, of: total(run.value) };
    });
    const [first] = runs;
    if (!first) return 'No boundary yet';
    const sorted = runs.sort((a, b) => b.wrong - a.wrong);
    const shown = sorted.length > 4 ? [sorted[0], sorted.at(-1)].flatMap((run) => run ?? []) : sorted;
    const parts = shown.map(({ id, wrong, of }, index) =>
      index === 0
        ? `${id} has ${wrong} of ${of} points on the wrong side`
        : `${id} ${wrong}${of === sorted[0]?.of ? '' : ` of ${of}`}`,
    );
    const [lead = '', ...rest] = parts;
    return `${epochText(known)}${lead}${rest.length > 0 ? `, ${listed(rest)}` : ''}${membersText(known)}`;
  },
  headlines(all) {
    const known = ready(all);
    if (known.length === 0) return ['No boundary yet'];
    const wrong = ({ value }: Shown<BoundaryView>): number =>
      wrongOf(value).train.length + wrongOf(value).test.length;
    const sorted = [...known].sort((a, b) => wrong(b) - wrong(a));
    const words =
      (lead: (run: Shown<BoundaryView>) => string) =>
      (named: readonly Shown<BoundaryView>[], tail: string) => {
        const parts = named.map((run, index) => (index === 0 ? lead(run) : `${run.id} ${wrong(run)}`));
        return `${epochInBrief(named)}${parts.join(', ')}${tail}${membersInBrief(named)}`;
      };
    const isEqual = new Set(known.map(({ value }) => total(value))).size === 1;
    return headlinesOf(
      sorted,
      { first: 'most', text: (run) => String(wrong(run)) },
      ...(isEqual
        ? [words((run) => `${run.id} has ${wrong(run)} of ${total(run.value)} points on the wrong side`)]
        : []),
      words((run) => `${run.id} has ${count(wrong(run), 'point')} on the wrong side`),
      words((run) => `${run.id} ${wrong(run)} wrong`),
    );
  },
  note: (all) => ready(all).flatMap(oddity).slice(0, 3).join(' ') || undefined,
  describe(all) {
    const runs = ready(all);
    if (runs.length === 0) return 'No boundary yet.';
    const parts = runs.map((run) => {
      const { id, name, value } = run;
      const { train, test } = wrongOf(value);
      return `${id} (${name}${memberText(run)}): ${train.length} of ${value.split.train.length} training points and ${test.length} of ${value.split.test.length} test points (${formatShare(test.length / value.split.test.length)}) are on the wrong side.`;
    });
    const at = epochText(runs);
    return `${at ? `${at}the` : 'The'} plane, shaded by the network’s probability of class 1 in tenths, with the line where it is one half, and the points: filled for training, hollow for test, ringed on the wrong side. ${parts.join(' ')}`;
  },
  table: (all) => [
    ['run', 'x0', 'x1', 'probability of class 1'],
    ...ready(all).flatMap(({ id, value: { grid } }) => {
      const [x0, x1, y0, y1] = grid.extent;
      return Array.from(grid.probabilities, (probability, index) => [
        id,
        x0 + (((index % grid.columns) + 0.5) / grid.columns) * (x1 - x0),
        y0 + ((Math.floor(index / grid.columns) + 0.5) / grid.rows) * (y1 - y0),
        probability,
      ]);
    }),
  ],
  draw(all, frame) {
    const known = ready(all);
    const runs = known.slice(0, MAX_PANELS);
    if (runs.length === 0) return nothing('The boundary appears here after the first epoch.');
    const extent = extents(runs.map(({ value }) => value.dataset));
    const heightOf = (width: number): number => HEADER + scatterHeight(width, extent.x, extent.y);
    const grid = panelGrid(runs.length, frame.width, 150, 420, heightOf);
    const most = Math.max(...runs.map(({ value }) => value.dataset.y.length));
    const note = [sampleNote(most), restNote(known.length)].filter(Boolean).join(' ');
    const drawing = root(frame.width, grid.height + HEADER + (note ? HEADER : 0));
    const chart = scatterChart(grid.width, heightOf(grid.width) - HEADER, extent);
    const parts = runs.map((run, index) =>
      withinAxes([run.id], grid.place(index), chart, [run.value, run.color], (context, tone, scale) =>
        paintPanel(context, tone, scale, run, chart),
      ),
    );
    drawing.append(...canvasMarks(frame.width, grid.height, parts, [extent], frame));
    const room = grid.width - 32 - 6 * Math.max(...runs.map(({ name }) => Math.min(name.length, 9)));
    // One form for all panels, so that they can be compared.
    const form = Math.max(
      ...runs.map(({ value }) => {
        const texts = headerTexts(value, wrongOf(value));
        return texts.indexOf(fitting(texts, room));
      }),
    );
    runs.forEach((run, index) => {
      const { x, y } = grid.place(index);
      const wrong = wrongOf(run.value);
      const panel = svg('g', { transform: `translate(${x} ${y})`, 'data-runs': idsOf([run]).join(' ') });
      const text = headerTexts(run.value, wrong)[form] ?? '';
      panel.append(header([run], grid.width - 4, text), below(chart));
      reportRun(panel, run.id, frame);
      drawing.append(panel);
    });
    const key = pointKey(true, true);
    key.setAttribute('transform', `translate(0 ${grid.height + 2})`);
    drawing.append(key);
    if (note) drawing.append(label(fitText(note, frame.width), 0, grid.height + HEADER + 14));
    return follow(drawing, frame, () => {});
  },
};
