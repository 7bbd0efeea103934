// Draws figures just before a frame is painted, step by step: every figure at most once per frame, with the newest requested
// drawing.
// Invariant: a drawing that does not fit into the frame's share of time waits for the next frame; figures in view come first,
// then the order of requests, so that no key press waits for all figures. A drawing that has begun ends before the figure is
// drawn again.

/** Steps of a drawing; a frame may be painted between any two steps. */
type Steps = Iterator<void>;

/** The requester of drawings, and whether its figure is in view. */
interface Owner {
  isSeen(): boolean;
}

const waiting = new Map<Owner, () => Steps>();
const begun = new Map<Owner, Steps>();
let due = false;

/** Time in ms of a frame after which no further drawing begins, so that the browser has time to paint. */
const SHARE_MS = 8;

/**
 * Time in ms of a frame for finishing a drawing in progress: most figures finish in one frame, and only large
 * ones are interrupted.
 */
const END_MS = 12;

/**
 * The steps to take now: of the drawing in progress, else of the oldest request in view, else of the oldest
 * request.
 */
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

/**
 * Requests a drawing before the next frame, in the place of the owner's earlier request that has not begun.
 */
export function paint(owner: Owner, draw: () => Steps): void {
  waiting.set(owner, draw);
  schedule();
}

/** Finishes the owner's drawing in progress at once, for callers that need the whole drawing. */
export function finishPaint(owner: Owner): void {
  const steps = begun.get(owner);
  begun.delete(owner);
  while (steps && !steps.next().done);
}

/** Cancels all requests and the drawing in progress of an owner. */
export function cancelPaint(owner: Owner): void {
  waiting.delete(owner);
  begun.delete(owner);
}
