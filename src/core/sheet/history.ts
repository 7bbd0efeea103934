// Undo and redo over immutable sheets: a past, a present and a future; each step has a name and an id.
// Invariants: undoing every step gives back the first sheet itself; a step keeps its place, counted since the sheet was made,
// for as long as the step exists. Knows nothing of screens, addresses or storage.

import type { Sheet } from './sheet';

/** The most steps that undo can take back. */
export const MAX_STEPS = 500;

/** One edit: in the past with the sheet before the edit, in the future with the sheet after the edit. */
export interface Step {
  /** Unique among all steps, whichever tab made them. */
  readonly id: string;
  readonly label: string;
  readonly sheet: Sheet;
}

/** The present sheet with the steps that undo and redo can take, the oldest first. */
export interface History {
  /** Place of the oldest step in `past`: the number of forgotten steps before it. */
  readonly first: number;
  readonly past: readonly Step[];
  readonly present: Sheet;
  readonly future: readonly Step[];
}

/** A history without steps. */
export const startHistory = (present: Sheet): History => ({ first: 0, past: [], present, future: [] });

/**
 * Adds a step and drops the future. Returns the same history if the sheet is unchanged;
 * forgets steps beyond `MAX_STEPS`.
 */
export function commit(history: History, sheet: Sheet, label: string, id: string): History {
  if (sheet === history.present) return history;
  const past = [...history.past, { id, label, sheet: history.present }];
  return forget({ ...history, past, present: sheet, future: [] }, past.length - MAX_STEPS);
}

/** Drops the oldest `steps` steps of the past, or the whole past if it has fewer. */
export function forget(history: History, steps: number): History {
  const forgotten = Math.min(steps, history.past.length);
  if (forgotten <= 0) return history;
  return { ...history, first: history.first + forgotten, past: history.past.slice(forgotten) };
}

/** Takes the last step back. Returns the same history if the past is empty. */
export function undo(history: History): History {
  const last = history.past.at(-1);
  if (!last) return history;
  return {
    ...history,
    past: history.past.slice(0, -1),
    present: last.sheet,
    future: [{ ...last, sheet: history.present }, ...history.future],
  };
}

/** Takes the next step again. Returns the same history if the future is empty. */
export function redo(history: History): History {
  const [next, ...rest] = history.future;
  if (!next) return history;
  return {
    ...history,
    past: [...history.past, { ...next, sheet: history.present }],
    present: next.sheet,
    future: rest,
  };
}

/** All steps in order: the past, then the future. */
export const stepsOf = ({ past, future }: History): readonly Step[] => [...past, ...future];

/** The sheets between the steps of `stepsOf`, in order: one more than there are steps. */
export const statesOf = ({ past, present, future }: History): readonly Sheet[] => [
  ...past.map(({ sheet }) => sheet),
  present,
  ...future.map(({ sheet }) => sheet),
];

/** The sheet right after the step with this id; undefined if the history has no such step. */
export function sheetAfter(history: History, id: string): Sheet | undefined {
  const index = stepsOf(history).findIndex((step) => step.id === id);
  return index < 0 ? undefined : statesOf(history)[index + 1];
}
