// Computes the values of many cells of the screen from signals: as many at once as a task has room for, the rest in later
// tasks, in the order of creation, so that a value that reads an earlier one finds it computed.
// Invariant: in the end each value follows from the present signals, as a memo's would; until then the value is an earlier one,
// and the reader marks the value where that matters. Knows nothing of cells. The slices are not those of `core/slices.ts`: all
// values share one queue, and the page rests between two slices.

import { type Accessor, createReaction, createSignal, onCleanup, untrack } from 'solid-js';

/**
 * Milliseconds of work per task, and of pause between two tasks; the pause leaves time for computing and
 * drawing.
 */
const SLICE_MS = 8;
const REST_MS = 4;
/** A queue that lasts longer than this is late, in ms. */
const BLINK_MS = 150;

interface Work {
  /** Order within a round, lowest first: the order of creation. */
  readonly serial: number;
  refresh(): void;
}

let serials = 0;
const waiting = new Set<Work>();
/** The rest of the current round, last item next; an item that is no longer in `waiting` is skipped. */
let round: Work[] = [];
/** End of the current task's slice on the clock of `performance.now()`; undefined while idle. */
let end: number | undefined;
let blink: ReturnType<typeof setTimeout> | undefined;
const [isLate, setLate] = createSignal(false);

/** Whether the queue has had work for longer than BLINK_MS. */
export { isLate };

function goOn(): void {
  end = performance.now() + SLICE_MS;
  try {
    while (waiting.size > 0 && performance.now() < end) {
      if (round.length === 0) round = [...waiting].sort((a, b) => b.serial - a.serial);
      const work = round.pop();
      if (work && waiting.delete(work)) work.refresh();
    }
  } finally {
    rest();
  }
}

function rest(): void {
  if (waiting.size > 0) {
    setTimeout(goOn, REST_MS);
    return;
  }
  end = undefined;
  clearTimeout(blink);
  blink = undefined;
  setLate(false);
}

/**
 * Does the work at once if nothing waits and the slice has time left; otherwise adds the work to the queue.
 */
function take(work: Work): void {
  if (end === undefined) {
    end = performance.now() + SLICE_MS;
    setTimeout(goOn);
  }
  if (waiting.size === 0 && performance.now() < end) {
    work.refresh();
    return;
  }
  waiting.add(work);
  blink ??= setTimeout(() => setLate(true), BLINK_MS);
}

/**
 * The latest value of `make`, which gets its previous value and is called again when a signal that it read
 * changes. The value is `first` before the first call.
 */
export function createGradual<T>(make: (before: T) => T, first: T): Accessor<T> {
  const [value, setValue] = createSignal(first);
  const track = createReaction(() => take(work));
  const work: Work = {
    serial: serials++,
    refresh() {
      let made = first;
      track(() => {
        made = make(untrack(value));
      });
      setValue(() => made);
    },
  };
  onCleanup(() => waiting.delete(work));
  take(work);
  return value;
}
