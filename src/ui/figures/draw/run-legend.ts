// The legend of run colours that stand for values: one patch per run, by value, and the values below.
// Invariant: drawn only where the colours of all runs stand for values of one param.

import type { Shown } from './figure';
import type { Mark } from './mark';
import { label, svg } from './svg';

/** Width in pixels of all patches together, and the height of a patch. */
const LENGTH = 160;
const PATCH = 8;
/** Height in pixels of the legend with the space above it. */
const HEIGHT = 32;
/** Approximate width in pixels of a character of the figures' type. */
const CHARACTER = 6.2;

/** Appends the legend below a drawing of these runs, which becomes taller; does nothing if it needs none. */
export function addRunLegend(drawing: Mark, runs: readonly Shown<unknown>[]): void {
  const shaded = runs.flatMap(({ id, color, shade }) => (shade ? [{ id, color, shade }] : []));
  const [first] = shaded;
  if (!first || shaded.length < runs.length) return;
  const [width, top] = ['width', 'height'].map((side) => Number(drawing.attributes.get(side)));
  if (width === undefined || top === undefined) return;
  shaded.sort((a, b) => a.shade.value - b.shade.value);
  const step = LENGTH / shaded.length;
  const left = first.shade.param.length * CHARACTER + 8;
  const group = svg('g', { transform: `translate(0 ${top + 8})` }, label(first.shade.param, 0, PATCH + 1));
  let end = Number.NEGATIVE_INFINITY;
  shaded.forEach(({ id, color, shade: { text } }, index) => {
    const x = left + index * step;
    const half = (text.length * CHARACTER) / 2;
    const middle = x + step / 2;
    const patch = svg('rect', { x, width: step, height: PATCH, fill: color });
    const isRoom = middle - half > end + 4;
    if (isRoom) end = middle + half;
    const value = isRoom
      ? [label(text, middle, PATCH + 13, { class: 'quiet', 'text-anchor': 'middle' })]
      : [];
    group.append(svg('g', { 'data-runs': id }, patch, ...value));
  });
  drawing.append(group);
  drawing.setAttribute('height', String(top + HEIGHT));
  drawing.setAttribute('viewBox', `0 0 ${width} ${top + HEIGHT}`);
}
