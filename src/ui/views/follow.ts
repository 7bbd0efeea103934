// Moving a drawing's cursor and emphasis without drawing it again: a drawing remembers how to follow its frame.
// Invariant: what `follow` changes depends on the frame's epoch and marked run alone, never on values.

import type { RunId } from '../../core/sheet';
import type { Frame } from '../figure';

const followers = new WeakMap<Element, { readonly width: number; apply(frame: Frame): void }>();

/** Applies the frame now, and again whenever `followFrame` is asked to; returns the element. */
export function follow<E extends Element>(element: E, frame: Frame, apply: (frame: Frame) => void): E {
  const all = (next: Frame): void => {
    emphasize(element, next.marked);
    apply(next);
  };
  followers.set(element, { width: frame.width, apply: all });
  all(frame);
  return element;
}

/**
 * Moves a drawing to another epoch or marked run in well under a millisecond; false where it must be drawn again, as
 * its width is another or it was not drawn by a figure of this folder. New values need a new drawing too.
 */
export function followFrame(drawing: Element, frame: Frame): boolean {
  const follower = followers.get(drawing);
  if (follower?.width !== frame.width) return false;
  follower.apply(frame);
  return true;
}

/** Dims what belongs to other runs than the marked one: elements name theirs in `data-runs`, separated by spaces. */
function emphasize(element: Element, marked: RunId | undefined): void {
  for (const part of element.querySelectorAll('[data-runs]')) {
    const runs = part.getAttribute('data-runs')?.split(' ') ?? [];
    const dimmed = marked !== undefined && !runs.includes(marked);
    part.classList.toggle('dimmed', dimmed);
    part.classList.toggle('marked', marked !== undefined && !dimmed);
  }
}

/** Reports the run whose part of the drawing the pointer is on. */
export function reportRun(element: Element, run: RunId, frame: Frame): void {
  if (!frame.onRun) return;
  element.addEventListener('pointerenter', () => frame.onRun?.(run));
  element.addEventListener('pointerleave', () => frame.onRun?.(undefined));
}

/** Reports the epoch under the pointer; `epochAt` turns a pixel of the element's own width into one. */
export function reportEpoch(
  element: SVGSVGElement,
  width: number,
  frame: Frame,
  epochAt: (pixel: number) => number | undefined,
): void {
  if (!frame.onEpoch) return;
  let last: number | undefined;
  const report = (epoch: number | undefined): void => {
    if (epoch === last) return;
    last = epoch;
    frame.onEpoch?.(epoch);
  };
  element.addEventListener('pointermove', (event) => {
    const box = element.getBoundingClientRect();
    report(epochAt(((event.clientX - box.left) / box.width) * width));
  });
  element.addEventListener('pointerleave', () => report(undefined));
}
