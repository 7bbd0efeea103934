// Moves the cursor and the emphasis of a drawing without drawing again: a drawing remembers how to follow its frame.
// Invariant: the changes that `follow` makes depend on the frame's epoch and marked run alone, never on values.

import type { RunId } from '../../../core/sheet/sheet';
import type { Frame } from './figure';
import type { Mark } from './mark';

const followers = new WeakMap<Mark, { readonly width: number; apply(frame: Frame): void }>();

/** Applies the frame now, and again whenever `followFrame` is asked to; returns the drawing. */
export function follow(drawing: Mark, frame: Frame, apply: (frame: Frame) => void): Mark {
  const parts = [...drawing.all()].filter(({ attributes }) => attributes.has('data-runs'));
  const all = (next: Frame): void => {
    for (const part of parts) emphasize(part, next.marked);
    apply(next);
  };
  followers.set(drawing, { width: frame.width, apply: all });
  all(frame);
  return drawing;
}

/**
 * Moves a drawing to another epoch or marked run in well under a millisecond; false where it must be drawn again, as
 * its width is another or it was not drawn by a figure of this folder. New values need a new drawing too.
 */
export function followFrame(drawing: Mark, frame: Frame): boolean {
  const follower = followers.get(drawing);
  if (follower?.width !== frame.width) return false;
  follower.apply(frame);
  return true;
}

/** Dims what belongs to other runs than the marked one: marks name theirs in `data-runs`, separated by spaces. */
function emphasize(part: Mark, marked: RunId | undefined): void {
  const runs = part.attributes.get('data-runs')?.split(' ') ?? [];
  const own = (part.attributes.get('class') ?? '').replace(/ ?\b(dimmed|marked)\b/, '');
  const state = marked === undefined ? '' : runs.includes(marked) ? 'marked' : 'dimmed';
  const classes = [own, state].filter(Boolean).join(' ');
  if (classes || part.attributes.has('class')) part.setAttribute('class', classes);
}

/** Reports the run whose part of the drawing the pointer is on. */
export function reportRun(part: Mark, run: RunId, frame: Frame): void {
  if (!frame.onRun) return;
  part.on('pointerenter', () => frame.onRun?.(run));
  part.on('pointerleave', () => frame.onRun?.(undefined));
}

/** Where the pointer is, in pixels of a drawing of that width. */
function placeOf(event: PointerEvent, element: Element, width: number): { x: number; y: number } {
  const box = element.getBoundingClientRect();
  const scale = width / box.width;
  return { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale };
}

/**
 * Reports the epoch under the pointer, which `epochAt` finds at a pixel of the drawing, and, where `runAt` is given,
 * the run that it finds there. `onPlace` hears of the place itself first, for what a drawing says by itself.
 */
export function reportEpoch(
  drawing: Mark,
  frame: Frame,
  epochAt: (x: number) => number | undefined,
  runAt?: (x: number, y: number) => RunId | undefined,
  onPlace?: (place: { readonly x: number; readonly y: number } | undefined) => void,
): void {
  const { width, onEpoch, onRun } = frame;
  if (!onEpoch && !onRun) return;
  let last: number | undefined;
  const report = (epoch: number | undefined): void => {
    if (epoch === last) return;
    last = epoch;
    onEpoch?.(epoch);
  };
  drawing.on('pointermove', (event, element) => {
    const { x, y } = placeOf(event, element, width);
    onPlace?.({ x, y });
    report(epochAt(x));
    if (runAt) onRun?.(runAt(x, y));
  });
  drawing.on('pointerleave', () => {
    // Said even where nothing was reported: this drawing may have taken the place of one that had.
    last = undefined;
    onPlace?.(undefined);
    onEpoch?.(undefined);
    if (runAt) onRun?.(undefined);
  });
}
