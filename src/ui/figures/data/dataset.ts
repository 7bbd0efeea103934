// The dataset figure: a scatter of the points, two classes by shape and tone, one panel for each different set.
// Invariant: all panels share one scale. Knows no run colours except in the headers.

import { canvasMarks } from '../draw/canvas-layer';
import type { Figure, Shown } from '../draw/figure';
import { count, fitText, formatSigned, listed } from '../draw/format';
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
  everyPoint,
  extents,
  type Points,
  paintPoints,
  pointKey,
  sampleNote,
} from '../draw/points';
import { below, scatterChart, scatterHeight, withinAxes } from '../draw/scatter';
import { label, nothing, root, svg } from '../draw/svg';

/** Whether two data sets hold the same points in the same order. */
export const samePoints = (a: Points, b: Points): boolean =>
  a === b || (sameNumbers(a.y, b.y) && sameNumbers(a.x.data, b.x.data));

const classes = ({ y }: Points): string => {
  const ones = countOnes(y);
  return 2 * ones === y.length
    ? `${ones} of each class`
    : `${y.length - ones} of class 0, ${ones} of class 1`;
};

const groupsOf = (runs: readonly Shown<Points>[]): Group<Points>[] => groupRuns(runs, samePoints);

/** Largest number of distinct places that the note mentions. */
const FEW = 8;

/** Number of distinct places of the points, if it is small and smaller than the number of points. */
function fewPlaces({ x, y }: Points): number | undefined {
  const places = new Set<string>();
  for (let i = 0; i < x.data.length && places.size <= FEW; i += 2)
    places.add(`${x.data[i]} ${x.data[i + 1]}`);
  return places.size <= FEW && places.size < y.length ? places.size : undefined;
}

/** Names of the coordinates that are equal in all points; undefined if there are none. */
const constantOf = ({ x }: Points): string | undefined =>
  ['x₀', 'x₁']
    .filter((_, axis) => x.data.every((value, index) => index % 2 !== axis || value === x.data[axis]))
    .join(' and ') || undefined;

/** Note on points that cover each other or share a coordinate; undefined if there are none. */
function note(runs: readonly Shown<Points>[]): string | undefined {
  const notes = groupsOf(runs).flatMap(({ runs: own, value }) => {
    const [whose, places, constant] = [listed(idsOf(own)), fewPlaces(value), constantOf(value)];
    return [
      ...(places ? [`The ${value.y.length} points of ${whose} lie in ${count(places, 'place')}.`] : []),
      ...(constant ? [`All points of ${whose} have the same ${constant}.`] : []),
    ];
  });
  return notes.join(' ') || undefined;
}

export const datasetFigure: Figure<Points> = {
  name: 'dataset',
  title(runs) {
    const groups = groupsOf(runs);
    const [first] = groups;
    if (!first) return 'No data set to show';
    if (groups.length === 1) {
      const whose = runs.length > 1 ? `${listed(idsOf(runs))} share` : `${idsOf(runs)[0]} has`;
      return `${whose} ${count(first.value.y.length, 'point')}, ${classes(first.value)}`;
    }
    const parts = groups.map(
      (group) => `${count(group.value.y.length, 'point')} in ${listed(idsOf(group.runs))}`,
    );
    return `${groups.length} data sets: ${listed(parts)}`;
  },
  headlines(runs) {
    const groups = groupsOf(runs);
    const [first] = groups;
    if (!first) return ['No data set to show'];
    const points = ({ value }: Group<Points>): string => count(value.y.length, 'point');
    if (groups.length === 1) {
      const whose = runs.length > 1 ? `${runs.length} runs share` : `${idsOf(runs)[0]} has`;
      return [
        `${whose} ${points(first)}, ${classes(first.value)}`,
        `${points(first)}, ${classes(first.value)}`,
        `${whose} ${points(first)}`,
        points(first),
      ];
    }
    const sizes = groups.map(({ value }) => value.y.length);
    const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
    const range = least === most ? `${least}` : `${least} to ${most}`;
    return [
      `${groups.length} data sets of ${range} points in ${runs.length} runs`,
      `${groups.length} data sets of ${range} points`,
      `${groups.length} data sets`,
    ];
  },
  describe(runs) {
    if (runs.length === 0) return 'There is no data set yet.';
    const { x, y } = extents(runs.map(({ value }) => value));
    const parts = groupsOf(runs).map(
      ({ runs: own, value }) =>
        `${listed(idsOf(own))}: ${count(value.y.length, 'point')}, ${classes(value)}.`,
    );
    const range = (of: readonly [number, number]): string =>
      `${formatSigned(of[0], 2)} to ${formatSigned(of[1], 2)}`;
    return `Scatter of points in the plane, x₀ ${range(x)}, x₁ ${range(y)}; circles are class 0, triangles class 1. ${parts.join(' ')}`;
  },
  note,
  table: (runs) => [
    ['runs', 'point', 'x0', 'x1', 'class'],
    ...groupsOf(runs).flatMap(({ runs: own, value }) =>
      Array.from(value.y, (kind, index) => [
        idsOf(own).join(' '),
        index,
        value.x.data[2 * index] ?? '',
        value.x.data[2 * index + 1] ?? '',
        kind,
      ]),
    ),
  ],
  draw(runs, frame) {
    const groups = groupsOf(runs).slice(0, MAX_PANELS);
    if (groups.length === 0) return nothing('No data set to show yet.');
    const extent = extents(groups.map(({ value }) => value));
    const heightOf = (width: number): number => HEADER + scatterHeight(width, extent.x, extent.y);
    const grid = panelGrid(groups.length, frame.width, 150, 420, heightOf);
    const most = Math.max(...groups.map(({ value }) => value.y.length));
    const note = [sampleNote(most), restNote(groupsOf(runs).length)].filter(Boolean).join(' ');
    const drawing = root(frame.width, grid.height + HEADER + (note ? HEADER : 0));
    const chart = scatterChart(grid.width, heightOf(grid.width) - HEADER, extent);
    const parts = groups.map(({ runs: own, value }, index) =>
      withinAxes(idsOf(own), grid.place(index), chart, [value], (context, tone) =>
        paintPoints(context, tone, value, everyPoint(value), chart, 'filled', value.y.length),
      ),
    );
    drawing.append(...canvasMarks(frame.width, grid.height, parts, [extent], frame));
    groups.forEach(({ runs: own }, index) => {
      const { x, y } = grid.place(index);
      const panel = svg('g', { transform: `translate(${x} ${y})`, 'data-runs': idsOf(own).join(' ') });
      panel.append(header(own, grid.width), below(chart));
      const [run] = own;
      if (run && own.length === 1) reportRun(panel, run.id, frame);
      drawing.append(panel);
    });
    const key = pointKey(false);
    key.setAttribute('transform', `translate(0 ${grid.height + 2})`);
    drawing.append(key);
    if (note) drawing.append(label(fitText(note, frame.width), 0, grid.height + HEADER + 14));
    return follow(drawing, frame, () => {});
  },
};
