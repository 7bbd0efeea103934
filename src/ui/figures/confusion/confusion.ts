// The confusion figure, as matrices: for each run, the training and the test points by true and predicted class, with recall
// beside the rows, precision and F1 below the columns.
// Invariant: a cell's shade is its share of its row, the same in every panel.

import { late } from '../../../core/late-loading';
import { fitting } from '../by-layer/layer-panels';
import type { Figure, Frame } from '../draw/figure';
import { count, fitText, formatNumber } from '../draw/format';
import { follow, reportRun } from '../draw/frame-following';
import type { Mark } from '../draw/mark';
import { HEADER, header, idsOf, MAX_PANELS, panelGrid, restNote } from '../draw/panels';
import { placed } from '../draw/placing';
import { label, nothing, root, svg } from '../draw/svg';
import {
  CLASSES,
  type ConfusionView,
  countOf,
  describeMatrix,
  matrixHeadlines,
  matrixNote,
  matrixTable,
  matrixTitle,
  PART_WORDS,
  PARTS,
  type Part,
  pointsOf,
  type Run,
  supportOf,
} from './confusion-text';

/** Width in pixels of the row's words at the left and of its recall at the right. */
const [LEFT, RIGHT] = [38, 34];
const CELL = { width: 56, height: 24 } as const;
/** Height in pixels of the part's name and the names of the columns. */
const TOP = 34;
/** Height in pixels of a line of scores below the cells. */
const LINE = 15;
const HEIGHT = TOP + CLASSES.length * CELL.height + 2 * LINE + 6;
/** Opacity of a cell that holds its whole row: low enough for the contrast of the numbers. */
const SHADE = { right: 0.2, wrong: 0.45 } as const;

const KEYS = [
  'rows: true class, columns: predicted class; shade: share of the row; colour: wrong',
  'rows: true class, columns: predicted; colour: wrong',
  'down: true, across: predicted',
];

/** A score with two decimals; the table has all digits. */
const brief = (score: number | undefined): string => formatNumber(score ?? Number.NaN, 2);

const centred = (text: string, x: number, y: number, kind = 'quiet'): Mark =>
  label(text, x, y, { 'text-anchor': 'middle', class: kind });
const ended = (text: string, x: number, y: number): Mark =>
  label(text, x, y, { 'text-anchor': 'end', class: 'quiet' });

/** The matrix of one part of a run with its scores, in a block `width` pixels wide. */
function block({ id, value }: Run, part: Part, width: number): Mark[] {
  const [confusion, name] = [value[part], PART_WORDS[part]];
  const { precision, recall, f1 } = confusion.byClass;
  const cell = Math.min(CELL.width, Math.floor((width - LEFT - RIGHT) / CLASSES.length));
  const middle = (own: number): number => LEFT + (own + 0.5) * cell;
  const right = LEFT + CLASSES.length * cell;
  const foot = TOP + CLASSES.length * CELL.height;
  return [
    label(fitText(`${count(pointsOf(confusion), `${name} point`)}`, width), 0, 12),
    ended('recall', right + RIGHT - 2, TOP - 6),
    ended('prec.', LEFT - 5, foot + LINE),
    ended('F1', LEFT - 5, foot + 2 * LINE),
    ...CLASSES.flatMap((own) => {
      const y = TOP + own * CELL.height;
      const marks = [
        centred(`as ${own}`, middle(own), TOP - 6),
        ended(`true ${own}`, LEFT - 5, y + 16),
        ended(brief(recall[own]), right + RIGHT - 2, y + 16),
        centred(brief(precision[own]), middle(own), foot + LINE),
        centred(brief(f1[own]), middle(own), foot + 2 * LINE, 'label'),
        ...CLASSES.flatMap((predicted) => {
          const points = countOf(confusion, own, predicted);
          const kind = own === predicted ? 'right' : 'wrong';
          const share = points / Math.max(1, supportOf(confusion, own));
          const place = { x: LEFT + predicted * cell, y, width: cell, height: CELL.height };
          return [
            svg('rect', {
              ...place,
              class: `confusion-${kind}`,
              'fill-opacity': (SHADE[kind] * share).toFixed(3),
            }),
            centred(String(points), middle(predicted), y + 16, own === predicted ? 'strong' : 'label'),
          ];
        }),
      ];
      return placed(svg('g', {}, ...marks), [id, name, own]);
    }),
  ];
}

function panel(run: Run, width: number, frame: Frame): Mark {
  const half = Math.floor(width / 2);
  const drawn = svg(
    'g',
    { 'data-runs': idsOf([run]).join(' ') },
    header([run], width - 4),
    ...PARTS.map((part, index) =>
      svg('g', { transform: `translate(${index * half} ${HEADER})` }, ...block(run, part, half - 4)),
    ),
  );
  reportRun(drawn, run.id, frame);
  return drawn;
}

export const confusionFigure: Figure<ConfusionView> = {
  name: 'confusion',
  subject: 'Confusion matrix',
  title: matrixTitle,
  headlines: matrixHeadlines,
  note: matrixNote,
  describe: describeMatrix,
  table: matrixTable,
  draw(all, frame) {
    const runs = all.slice(0, MAX_PANELS);
    if (runs.length === 0) return nothing('The confusion matrix appears here after the first epoch.');
    const grid = panelGrid(runs.length, frame.width, 264, 420, () => HEADER + HEIGHT);
    const rest = restNote(all.length);
    const drawing = root(frame.width, grid.height + HEADER + (rest ? HEADER : 0));
    runs.forEach((run, index) => {
      const { x, y } = grid.place(index);
      drawing.append(svg('g', { transform: `translate(${x} ${y})` }, panel(run, grid.width, frame)));
    });
    drawing.append(label(fitting(KEYS, frame.width), 0, grid.height + 14, { class: 'quiet' }));
    if (rest) drawing.append(label(fitText(rest, frame.width), 0, grid.height + HEADER + 14));
    return follow(drawing, frame, () => {});
  },
  calculation: late(() => import('./confusion-calculation')),
};
