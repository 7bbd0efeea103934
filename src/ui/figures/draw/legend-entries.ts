// Legend entries: the parts of drawings that stand for one run each, such as the head of a panel or the name at the end of a
// curve.
// Invariant: an element stands for the run of the mark that it shows now, however often the drawing is patched.

import type { RunId } from '../../../core/sheet/sheet';
import { type Mark, markOf } from './mark';

const runs = new WeakMap<Mark, RunId>();

/** Makes a mark stand for a run; returns the mark. */
export function legendEntry(run: RunId, mark: Mark): Mark {
  runs.set(mark, run);
  return mark;
}

/** The run of the legend entry that the target of an event is part of; undefined if it is part of none. */
export function legendRun(target: EventTarget | null): RunId | undefined {
  for (let part = target instanceof Element ? target : null; part; part = part.parentElement) {
    const mark = markOf(part);
    const run = mark && runs.get(mark);
    if (run !== undefined) return run;
  }
  return undefined;
}
