// The split figure: the same scatter as the dataset figure's, training points filled, test points hollow.
// Invariant: every drawn point is in exactly one of the two parts. Knows no run colours except in the headers.

import { canvasMarks } from '../draw/canvas-layer';
import type { Figure, Shown } from '../draw/figure';
import { count, fitText, formatShare, listed } from '../draw/format';
import { follow, reportRun } from '../draw/frame-following';
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
import {
  countOnes,
  extents,
  type Parts,
  type Points,
  paintPoints,
  pointKey,
  sampleNote,
} from '../draw/points';
import { below, scatterChart, scatterHeight, withinAxes } from '../draw/scatter';
import { label, nothing, root, svg } from '../draw/svg';
import { samePoints } from './dataset';

/** The points, and the two parts as indices of the points. */
export interface SplitView {
  readonly dataset: Points;
  readonly split: Parts;
}

/** Whether two splits have the same points in the same parts, in the same order. */
const sameSplit = (a: SplitView, b: SplitView): boolean =>
  samePoints(a.dataset, b.dataset) &&
  sameNumbers(a.split.train, b.split.train) &&
  sameNumbers(a.split.test, b.split.test);

const groupsOf = (runs: readonly Shown<SplitView>[]): Group<SplitView>[] => groupRuns(runs, sameSplit);

const onesIn = ({ dataset }: SplitView, part: Uint32Array): number =>
  countOnes(Uint8Array.from(part, (index) => dataset.y[index] ?? 0));

const counts = ({ split }: SplitView): string =>
  `${count(split.train.length, 'training point')}, ${count(split.test.length, 'test point')}`;

const parts = ({ split }: SplitView): string => `${split.train.length} + ${split.test.length}`;

export const splitFigure: Figure<SplitView> = {
  name: 'split',
  title(runs) {
    const groups = groupsOf(runs);
    const [first] = groups;
    if (!first) return 'No split to show';
    if (groups.length === 1) {
      return counts(first.value) + (runs.length > 1 ? `, the same in ${listed(idsOf(runs))}` : '');
    }
    return `${groups.length} splits, train + test: ${listed(groups.map(({ runs: own, value }) => `${parts(value)} in ${listed(idsOf(own))}`))}`;
  },
  headlines(runs) {
    const groups = groupsOf(runs);
    const [first] = groups;
    if (!first) return ['No split to show'];
    const { train, test } = first.value.split;
    const own = [
      counts(first.value),
      `${train.length} training, ${test.length} test points`,
      `${parts(first.value)} points`,
    ];
    if (groups.length === 1)
      return runs.length > 1 ? [`${own[0]}, the same in ${runs.length} runs`, ...own] : own;
    return [
      `${groups.length} splits of the points in ${runs.length} runs`,
      `${groups.length} splits of the points`,
      `${groups.length} splits`,
    ];
  },
  describe(runs) {
    if (runs.length === 0) return 'There is no split yet.';
    const parts = groupsOf(runs).map(({ runs: own, value }) => {
      const { train, test } = value.split;
      return `${listed(idsOf(own))}: ${counts(value)} (${formatShare(test.length / (train.length + test.length))}); class 1 is ${formatShare(onesIn(value, train) / train.length)} of the training and ${formatShare(onesIn(value, test) / test.length)} of the test points.`;
    });
    return `Scatter of the points, filled for training, hollow for test; circles are class 0, triangles class 1. ${parts.join(' ')}`;
  },
  table: (runs) => [
    ['runs', 'part', 'point', 'x0', 'x1', 'class'],
    ...groupsOf(runs).flatMap(({ runs: own, value }) =>
      (['train', 'test'] as const).flatMap((part) =>
        Array.from(value.split[part], (index) => [
          idsOf(own).join(' '),
          part,
          index,
          value.dataset.x.data[2 * index] ?? '',
          value.dataset.x.data[2 * index + 1] ?? '',
          value.dataset.y[index] ?? '',
        ]),
      ),
    ),
  ],
  draw(runs, frame) {
    const groups = groupsOf(runs).slice(0, MAX_PANELS);
    if (groups.length === 0) return nothing('No split to show yet.');
    const extent = extents(groups.map(({ value }) => value.dataset));
    const heightOf = (width: number): number => HEADER + scatterHeight(width, extent.x, extent.y);
    const grid = panelGrid(groups.length, frame.width, 150, 420, heightOf);
    const most = Math.max(...groups.map(({ value }) => value.dataset.y.length));
    const note = [sampleNote(most), restNote(groupsOf(runs).length)].filter(Boolean).join(' ');
    const drawing = root(frame.width, grid.height + HEADER + (note ? HEADER : 0));
    const chart = scatterChart(grid.width, heightOf(grid.width) - HEADER, extent);
    const parts = groups.map(({ runs: own, value: { dataset, split } }, index) =>
      withinAxes(idsOf(own), grid.place(index), chart, [dataset, split], (context, tone) => {
        paintPoints(context, tone, dataset, split.train, chart, 'filled', dataset.y.length);
        paintPoints(context, tone, dataset, split.test, chart, 'hollow', dataset.y.length);
      }),
    );
    drawing.append(...canvasMarks(frame.width, grid.height, parts, [extent], frame));
    groups.forEach(({ runs: own, value: { split } }, index) => {
      const { x, y } = grid.place(index);
      const panel = svg('g', { transform: `translate(${x} ${y})`, 'data-runs': idsOf(own).join(' ') });
      panel.append(header(own, grid.width - 72), below(chart));
      const text = `${split.train.length} + ${split.test.length}`;
      panel.append(label(text, grid.width - 4, 12, { 'text-anchor': 'end' }));
      const [run] = own;
      if (run && own.length === 1) reportRun(panel, run.id, frame);
      drawing.append(panel);
    });
    const key = pointKey(true);
    key.setAttribute('transform', `translate(0 ${grid.height + 2})`);
    drawing.append(key);
    if (note) drawing.append(label(fitText(note, frame.width), 0, grid.height + HEADER + 14));
    return follow(drawing, frame, () => {});
  },
};
