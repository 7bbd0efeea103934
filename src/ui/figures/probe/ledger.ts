// The ledger figure of the chain rule: from the loss back, layer by layer, the remaining signal, the factors that took the
// rest, and the resulting gradient of the kernel.
// Invariant: one logarithmic scale for all runs; formulas are text, with the numbers of the drawing.

import { late } from '../../../core/late-loading';
import { fitting } from '../by-layer/layer-panels';
import type { Figure, Frame, Shown } from '../draw/figure';
import { fitText } from '../draw/format';
import { follow, reportRun } from '../draw/frame-following';
import type { Mark } from '../draw/mark';
import { HEADER, header, MAX_PANELS, panelGrid, restNote } from '../draw/panels';
import { placed } from '../draw/placing';
import { html, label, root, svg } from '../draw/svg';
import { logExtent, logTicks, tickText } from '../draw/ticks';
import {
  describe,
  formulas,
  has,
  headlines,
  type Known,
  knownOf,
  type LedgerView,
  magnitude,
  type Runs,
  ruleText,
  sampleText,
  shorterSteps,
  signalText,
  stepText,
  table,
  title,
} from './ledger-text';
import { insteadOf, troublesOf } from './probed-network';

export type { LedgerView } from './ledger-text';

const LEFT = 28;
/** Width in pixels of the numbers behind the bars. */
const RIGHT = 50;
/** Keys to the drawing in words; the first that fits is used. */
const keysOf = (signal: string): readonly string[] => [
  `bar: signal ${signal}, diamond: gradient ∂L/∂W of the kernel; root mean squares, log scale`,
  `bar: ${signal}, diamond: ∂L/∂W; RMS, log scale`,
];
const BAR = 9;
const AXIS = 18;
/**
 * Height in pixels of a layer's row: with its step in words above the bar, or without words for many layers.
 */
const ROW = { full: 32, short: 13 } as const;
const MANY = 12;
/**
 * Largest range of the axis in decades: fifty sigmoid layers take 33, small weights 70, and the last step
 * matters as much as the first.
 */
const MOST_DECADES = 200;

const rowOf = (layers: number): number => (layers > MANY ? ROW.short : ROW.full);

interface Axis {
  readonly low: number;
  readonly high: number;
  x(value: number): number;
}

/** The longest form of a step that fits into `room` pixels; else the shortest form, cut. */
function fitStep(step: string, room: number): string {
  const texts = shorterSteps(step);
  return texts.find((text) => fitText(text, room) === text) ?? fitText(texts.at(-1) ?? '', room);
}

/** The bars of one run, from the output at the top to the first layer. */
function bars({ run, ledger }: Known, axis: Axis, width: number, row: number): Mark[] {
  const { layers } = ledger;
  const full = row === ROW.full;
  const every = full ? 1 : 2;
  return layers
    .map(({ delta, gradient }, index) => {
      const place = layers.length - 1 - index;
      const top = place * row + (full ? row - BAR - 4 : 2);
      const isOutput = index === layers.length - 1;
      const end = Math.max(LEFT + 1, axis.x(delta));
      const across = axis.x(gradient).toFixed(1);
      const words = stepText(ledger, index);
      const [middle, reach] = [top + BAR / 2, full ? 4.5 : 3];
      const bar = svg(
        'g',
        {},
        ...(isOutput || place % every === 0
          ? [label(isOutput ? 'out' : String(index + 1), LEFT - 6, top + 8, { 'text-anchor': 'end' })]
          : []),
        svg('rect', {
          x: LEFT,
          y: top,
          width: delta > 0 ? (end - LEFT).toFixed(1) : 0,
          height: BAR,
          fill: run.color,
        }),
        label(
          magnitude(delta, 3),
          Number((Math.max(end, gradient > 0 ? Number(across) + reach : 0) + 5).toFixed(1)),
          top + 8,
        ),
        ...(gradient > 0
          ? [
              svg('path', {
                d: `M${across} ${middle - reach}l${reach} ${reach}l${-reach} ${reach}l${-reach} ${-reach}z`,
                class: 'ledger-gradient',
              }),
            ]
          : []),
        ...(full ? [label(fitStep(words, width - LEFT), LEFT, place * row + 14, { class: 'quiet' })] : []),
      );
      return placed(bar, [run.id, run.value.epoch, index + 1]);
    })
    .reverse();
}

function panel(known: Known, axis: Axis, ticks: readonly number[], width: number, frame: Frame): Mark {
  const { layers } = known.ledger;
  const row = rowOf(layers.length);
  const height = layers.length * row;
  const lines = ticks.map((tick) => `M${axis.x(tick).toFixed(1)} 0V${height + 2}`).join('') || 'M0 0';
  const body = svg(
    'g',
    { transform: `translate(0 ${HEADER})` },
    svg('path', { d: lines, class: 'grid' }),
    ...ticks.map((tick) =>
      label(tickText(tick), Number(axis.x(tick).toFixed(1)), height + 13, {
        'text-anchor': 'middle',
        class: 'quiet',
      }),
    ),
    ...bars(known, axis, width, row),
  );
  const mark = svg('g', { 'data-runs': known.run.id }, header([known.run], width), body);
  reportRun(mark, known.run.id, frame);
  return mark;
}

/** The formulas of a run, in a closed disclosure element. */
const numbers = ({ run, ledger }: Known): Mark =>
  html(
    'details',
    { class: 'ledger-numbers' },
    html('summary', {}, `${run.id}: each step as a formula, ${sampleText(ledger)}`),
    html('p', {}, ruleText(ledger)),
    html(
      'ol',
      {},
      ...formulas(ledger).map(({ signal, gradient }) =>
        html('li', {}, html('span', {}, signal), html('span', {}, gradient)),
      ),
    ),
  );

function drawLedger(runs: Runs, frame: Frame): Mark {
  const known = knownOf(runs);
  const shown = known.slice(0, MAX_PANELS);
  const troubles = troublesOf(runs);
  if (shown.length === 0) return insteadOf(troubles, 'The signal appears here when there is a training.');
  // Four factors need more width than two.
  const isLong = shown.some(({ ledger }) => has(ledger, 'skip') && has(ledger, 'batchNorm'));
  const grid = panelGrid(shown.length, frame.width, isLong ? 260 : 196, 420, (_, index) => {
    const layers = shown[index]?.ledger.layers.length ?? 0;
    return HEADER + layers * rowOf(layers) + AXIS;
  });
  const [low, high] = logExtent(
    shown.map(({ ledger }) => ledger.layers.flatMap(({ delta, gradient }) => [delta, gradient])),
    MOST_DECADES,
  );
  // Bars on a logarithmic scale need a lower end: just below the least value.
  const from = low / (high / low) ** 0.06 / 1.2;
  const span = grid.width - LEFT - RIGHT;
  const axis: Axis = {
    low: from,
    high,
    x: (value) => LEFT + (Math.log(Math.max(value, from) / from) / Math.log(high / from)) * span,
  };
  const ticks = logTicks(from, high, Math.max(2, Math.floor(span / 44)));
  const note = restNote(known.length);
  const foot = grid.height + 20;
  const key = fitting(keysOf(signalText(shown.map(({ ledger }) => ledger))), frame.width);
  const drawing = root(
    frame.width,
    foot + (note ? HEADER : 4),
    ...shown.map((one, index) => {
      const { x, y } = grid.place(index);
      return svg('g', { transform: `translate(${x} ${y})` }, panel(one, axis, ticks, grid.width, frame));
    }),
    label(key, 0, foot - 4, { class: 'quiet' }),
    ...(note ? [label(note, 0, foot + 14)] : []),
  );
  return follow(html('div', {}, drawing, ...troubles, ...shown.map(numbers)), frame, () => {});
}

export const ledgerFigure: Figure<LedgerView> = {
  name: 'ledger',
  subject: 'Chain rule, layer by layer',
  title,
  headlines,
  describe,
  table,
  draw: (runs: readonly Shown<LedgerView>[], frame) => drawLedger(runs, frame),
  calculation: late(() => import('./ledger-calculation')),
};
