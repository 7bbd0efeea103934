// Computes the values of many cells of the screen from signals: as many at once as a task has room for, the rest in later
// tasks, in the order of the first requests, so that a value that reads another finds the other done.
// Invariant: in the end each value follows from the present signals, as a memo's would; until then the value is an earlier one,
// and the reader marks the value where that matters. Knows nothing of cells.

import { type Accessor, createReaction, createSignal, onCleanup, untrack } from 'solid-js';

/** So long is worked in a task, and rested between two: what computes and draws has the rest. */
const SLICE_MS = 8;
const REST_MS = 4;
/** What is made within a blink is not late. */
const BLINK_MS = 150;

interface Work {
  /** Its place in a round. */
  readonly serial: number;
  refresh(): void;
}

let serials = 0;
const waiting = new Set<Work>();
/** The rest of the present round; what is not waiting any more is passed over. */
let round: Work[] = [];
/** When the share of the present task ends, once something asked for it. */
let end: number | undefined;
let blink: ReturnType<typeof setTimeout> | undefined;
const [isLate, setLate] = createSignal(false);

/** Whether something has waited for its turn for longer than a blink. */
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

/** Does the work now where nothing waits and there is room, else when its turn comes. */
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

/** The newest value of `make`, which is made again when a signal that it read changes; `first` until it was made. */
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
