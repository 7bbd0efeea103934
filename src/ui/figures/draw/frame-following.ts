// Moves the cursor and the emphasis of a drawing without drawing again: a drawing remembers how to follow its frame.
// Invariant: the changes that `follow` makes depend on the frame's epoch and marked run alone, never on values.

import type { RunId } from '../../../core/sheet/sheet';
import type { Frame } from './figure';
import type { Mark } from './mark';

const followers = new WeakMap<Mark, { readonly width: number; apply(frame: Frame): void }>();

/**
 * Registers `apply` for a drawing and applies it to the present frame; `followFrame` applies it to later
 * frames. Marks with `data-runs` are emphasised without it. Returns the drawing.
 */
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
 * Moves a drawing to another epoch or marked run in well under a millisecond. Returns false if the drawing
 * has another width or was not registered by `follow`; it must then be drawn again. New values need a new
 * drawing too.
 */
export function followFrame(drawing: Mark, frame: Frame): boolean {
  const follower = followers.get(drawing);
  if (follower?.width !== frame.width) return false;
  follower.apply(frame);
  return true;
}

/**
 * Dims marks of runs other than the marked run; `data-runs` lists the runs of a mark, separated by spaces.
 */
function emphasize(part: Mark, marked: RunId | undefined): void {
  const runs = part.attributes.get('data-runs')?.split(' ') ?? [];
  const own = (part.attributes.get('class') ?? '').replace(/ ?\b(dimmed|marked)\b/, '');
  const state = marked === undefined ? '' : runs.includes(marked) ? 'marked' : 'dimmed';
  const classes = [own, state].filter(Boolean).join(' ');
  if (classes || part.attributes.has('class')) part.setAttribute('class', classes);
}

/** Reports the run of a part of the drawing while the pointer is on the part. */
export function reportRun(part: Mark, run: RunId, frame: Frame): void {
  if (!frame.onRun) return;
  part.on('pointerenter', () => frame.onRun?.(run));
  part.on('pointerleave', () => frame.onRun?.(undefined));
}

/** Position of the pointer in pixels of a drawing that is `width` pixels wide. */
function placeOf(event: PointerEvent, element: Element, width: number): { x: number; y: number } {
  const box = element.getBoundingClientRect();
  const scale = width / box.width;
  return { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale };
}

/**
 * Reports the epoch under the pointer, which `epochAt` finds from a pixel of the drawing, and with `runAt`
 * also the run. `onPlace` is called first, with the position of the pointer, or undefined when the pointer
 * leaves.
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
    // Report even without an earlier report: this drawing may have replaced one that reported.
    last = undefined;
    onPlace?.(undefined);
    onEpoch?.(undefined);
    if (runAt) onRun?.(undefined);
  });
}
