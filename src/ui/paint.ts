// Drawing in turns: each figure is drawn in a task of its own, the newest request for each one only.
// Invariant: no two drawings share a task, so that a key press never waits for more than one.

const waiting = new Map<object, () => void>();
let running = false;

function next(): void {
  const [first] = waiting;
  if (!first) {
    running = false;
    return;
  }
  const [owner, draw] = first;
  waiting.delete(owner);
  try {
    draw();
  } finally {
    // A frame between two drawings lets what was drawn be seen.
    requestAnimationFrame(() => setTimeout(next));
  }
}

/** Draws when its turn comes; an earlier request of the same owner that still waits is dropped. */
export function paint(owner: object, draw: () => void): void {
  waiting.set(owner, draw);
  if (running) return;
  running = true;
  setTimeout(next);
}

/** Takes back what an owner asked for. */
export function cancelPaint(owner: object): void {
  waiting.delete(owner);
}
