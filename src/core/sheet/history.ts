// Undo and redo over immutable sheets: a past, a present and a future; each step has a name and an id.
// Invariants: undoing every step gives back the first sheet itself; a step keeps its place, counted since the sheet was made,
// for as long as the step exists. Knows nothing of screens, addresses or storage.

import type { Sheet } from './sheet';

/** The most steps that undo goes back. */
export const MAX_STEPS = 500;

/** One edit: in the past with the sheet before the edit, in the future with the sheet after the edit. */
export interface Step {
  /** Unlike that of every other step, in whatever tab it was made. */
  readonly id: string;
  readonly label: string;
  readonly sheet: Sheet;
}

export interface History {
  /** The place of the oldest step of the past: so many steps came before it and are forgotten. */
  readonly first: number;
  readonly past: readonly Step[];
  readonly present: Sheet;
  readonly future: readonly Step[];
}

/** A history that begins with this sheet. */
export const startHistory = (present: Sheet): History => ({ first: 0, past: [], present, future: [] });

/** The history with one more step; the same history where the sheet is the same. */
export function commit(history: History, sheet: Sheet, label: string, id: string): History {
  if (sheet === history.present) return history;
  const past = [...history.past, { id, label, sheet: history.present }];
  return forget({ ...history, past, present: sheet, future: [] }, past.length - MAX_STEPS);
}

/** The history without its oldest steps, so many of them or all of its past. */
export function forget(history: History, steps: number): History {
  const forgotten = Math.min(steps, history.past.length);
  if (forgotten <= 0) return history;
  return { ...history, first: history.first + forgotten, past: history.past.slice(forgotten) };
}

/** The history one step back; the same where there is none. */
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

/** The history one step forward; the same where there is none. */
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

/** The steps in order of their places, past and future. */
export const stepsOf = ({ past, future }: History): readonly Step[] => [...past, ...future];

/** The sheet at each place from `first` on: before the first step, after the first, … after the last. */
export const statesOf = ({ past, present, future }: History): readonly Sheet[] => [
  ...past.map(({ sheet }) => sheet),
  present,
  ...future.map(({ sheet }) => sheet),
];

/** The sheet right after the step of that id; undefined where there is no such step. */
export function sheetAfter(history: History, id: string): Sheet | undefined {
  const index = stepsOf(history).findIndex((step) => step.id === id);
  return index < 0 ? undefined : statesOf(history)[index + 1];
}
