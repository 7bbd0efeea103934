// Finds the point of a figure that a press on its drawing means.
// Invariant: an element means the point of the mark that it shows now, however often the drawing is patched. Knows no figure.

import type { Place } from './calculation';
import { type Mark, markOf } from './mark';

/** Finds a point from a position in pixels of the mark; undefined if there is none. */
type Find = (x: number, y: number) => Place | undefined;

const found = new WeakMap<Mark, { readonly width: number | undefined; readonly find: Find }>();

/** Makes a part of a drawing stand for a point; returns the part. */
export function placed(mark: Mark, place: Place): Mark {
  found.set(mark, { width: undefined, find: () => place });
  const own = mark.attributes.get('class');
  mark.setAttribute('class', own ? `${own} point` : 'point');
  return mark;
}

/** Lets a drawing that is `width` pixels wide find points by their position. */
export function placedBy(drawing: Mark, width: number, find: Find): void {
  found.set(drawing, { width, find });
}

/** Shows by the pointer whether there is a point below it. */
export const markPoint = (drawing: Mark, isPoint: boolean): void =>
  drawing.setAttribute('class', isPoint ? 'figure point' : 'figure');

/** The point that a press means; undefined if it means none. */
export function placeOf(event: MouseEvent): Place | undefined {
  let part = event.target instanceof Element ? event.target : null;
  for (; part; part = part.parentElement) {
    const mark = markOf(part);
    const known = mark && found.get(mark);
    if (!known) continue;
    const box = part.getBoundingClientRect();
    const scale = (known.width ?? box.width) / box.width;
    const place = known.find((event.clientX - box.left) * scale, (event.clientY - box.top) * scale);
    if (place) return place;
  }
  return undefined;
}
