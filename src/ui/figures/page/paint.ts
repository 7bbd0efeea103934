// Draws figures just before a frame is painted, step by step: every figure at most once a frame, with the newest requested
// drawing.
// Invariant: a drawing that does not fit into the frame's share of time waits for the next frame; figures in view come first,
// then the order of requests, so that no key press waits for all figures. A drawing that has begun ends before the figure is
// drawn again.

/** A drawing's steps, between any two of which a frame may be painted. */
type Steps = Iterator<void>;

/** Who draws, and whether anybody sees it. */
interface Owner {
  isSeen(): boolean;
}

const waiting = new Map<Owner, () => Steps>();
const begun = new Map<Owner, Steps>();
let due = false;

/** What drawing may take of a frame before nothing more is begun in it: the browser paints what was drawn besides. */
const SHARE_MS = 8;

/** What is begun may take so much of a frame: most figures are ended in it, and only large ones are put off in the middle. */
const END_MS = 12;

/** The steps to take now: of what was begun, else of what has waited longest in view, else of what has waited longest. */
function next(): [owner: Owner, steps: Steps] | undefined {
  for (const one of begun) return one;
  const owner = [...waiting.keys()].find((one) => one.isSeen()) ?? waiting.keys().next().value;
  const steps = owner && waiting.get(owner)?.();
  if (!owner || !steps) return undefined;
  waiting.delete(owner);
  begun.set(owner, steps);
  return [owner, steps];
}

function drawAll(): void {
  due = false;
  const start = performance.now();
  try {
    for (let one = next(); one; one = next()) {
      if (one[1].next().done) begun.delete(one[0]);
      if (performance.now() - start > (begun.size > 0 ? END_MS : SHARE_MS)) break;
    }
  } finally {
    if (waiting.size + begun.size > 0) schedule();
  }
}

function schedule(): void {
  if (due) return;
  due = true;
  requestAnimationFrame(drawAll);
}

/** Draws before the next frame; an earlier request of the same owner that still waits is dropped. */
export function paint(owner: Owner, draw: () => Steps): void {
  waiting.set(owner, draw);
  schedule();
}

/** Ends what was begun for an owner at once, for whoever needs it whole. */
export function finishPaint(owner: Owner): void {
  const steps = begun.get(owner);
  begun.delete(owner);
  while (steps && !steps.next().done);
}

/** Takes back what an owner asked for. */
export function cancelPaint(owner: Owner): void {
  waiting.delete(owner);
  begun.delete(owner);
}
