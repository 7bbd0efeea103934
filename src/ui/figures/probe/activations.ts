// The activations figure, by layer: the place of z on the activation's curve and slope, and the resulting outputs, at the
// weights of one epoch.
// Invariants: one axis of z for all layers and runs, and one of f(z) for each activation; for many layers the curve is drawn
// once, with a ridge below it for each layer. Nothing here is sampled: the histograms hold every probed row.

import { fitting } from '../by-layer/layer-panels';
import type { Figure, Frame } from '../draw/figure';
import { follow } from '../draw/frame-following';
import type { Mark } from '../draw/mark';
import { HEADER, MAX_PANELS, panelGrid, restNote } from '../draw/panels';
import { html, label, root, svg } from '../draw/svg';
import { bodyHeight, endOf, LEFT, panel, type Scene } from './activation-panels';
import { reachOf } from './activation-parts';
import {
  type ActivationsView,
  describe,
  headlines,
  knownOf,
  note,
  type Runs,
  table,
  title,
} from './activation-text';
import { insteadOf, troublesOf } from './probed-network';

export type { ActivationsView } from './activation-text';

const AXIS = 18;
/** Networks with more layers are drawn as ridges. */
const MANY = 6;

const KEYS = [
  'solid: f(z), dashed: its slope f′(z), grey: f′ below a tenth of its largest; areas: z below, f(z) beside it, by share of outputs',
  'solid: f, dashed: f′, grey: f′ below 1/10 of its largest; areas: z, and f(z) at the side',
  'solid f, dashed f′, grey: saturated; areas: z and f(z)',
] as const;

function draw(runs: Runs, frame: Frame): Mark {
  const known = knownOf(runs);
  const shown = known.slice(0, MAX_PANELS);
  const troubles = troublesOf(runs);
  if (shown.length === 0) return insteadOf(troubles, 'The activations appear here when there is a network.');
  const isRidged = shown.some(({ activity }) => activity.layers.length > MANY);
  const heights = shown.map((one) => HEADER + bodyHeight(one, isRidged) + AXIS);
  const grid = panelGrid(shown.length, frame.width, 164, 420, (_, index) => heights[index] ?? 0);
  const reach = reachOf(shown.flatMap(({ activity }) => activity.layers.map(({ z }) => z)));
  const sized = { reach, width: grid.width, isRidged, x: () => 0 };
  const span = endOf(sized) - LEFT;
  const scene: Scene = { ...sized, x: (z) => LEFT + ((z + reach) / (2 * reach)) * span };
  const rest = restNote(known.length);
  const foot = grid.height + 20;
  const drawing = root(
    frame.width,
    foot + (rest ? HEADER : 4),
    ...shown.map((one, index) => {
      const { x, y } = grid.place(index);
      return svg('g', { transform: `translate(${x} ${y})` }, panel(one, scene, frame));
    }),
    label(fitting(KEYS, frame.width * 1.1), 0, foot - 4, { class: 'quiet' }),
    ...(rest ? [label(rest, 0, foot + 14)] : []),
  );
  return follow(html('div', {}, drawing, ...troubles), frame, () => {});
}

export const activationsFigure: Figure<ActivationsView> = {
  name: 'activations',
  subject: 'Activations by layer',
  title,
  headlines,
  describe,
  table,
  note,
  draw,
};
