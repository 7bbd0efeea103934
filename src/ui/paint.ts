// Drawing just before a frame is painted: every figure at most once a frame, with the newest that was asked for.
// Invariant: what does not fit into the frame's share of time is drawn in the next one, in the order of asking, so that
// neither a key press waits for all figures nor a figure for ever.

const waiting = new Map<object, () => void>();
let due = false;

/** What drawing may take of a frame before the rest is put off. */
const SHARE_MS = 8;

function drawAll(): void {
  due = false;
  const start = performance.now();
  try {
    for (const [owner, draw] of waiting) {
      waiting.delete(owner);
      draw();
      if (performance.now() - start > SHARE_MS) break;
    }
  } finally {
    if (waiting.size > 0) schedule();
  }
}

function schedule(): void {
  if (due) return;
  due = true;
  requestAnimationFrame(drawAll);
}

/** Draws before the next frame; an earlier request of the same owner that still waits is dropped. */
export function paint(owner: object, draw: () => void): void {
  waiting.set(owner, draw);
  schedule();
}

/** Takes back what an owner asked for. */
export function cancelPaint(owner: object): void {
  waiting.delete(owner);
}
