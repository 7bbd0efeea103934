// Undo and redo over immutable sheets: a past, a present and a future, each step with what it did in words.
// Invariant: undoing every step gives back the first sheet itself. Knows nothing of screens or addresses.

import type { Sheet } from '../core/sheet';

/** A sheet, and what was done to get from it to the one after. */
export interface Step {
  readonly sheet: Sheet;
  readonly label: string;
}

export interface History {
  readonly past: readonly Step[];
  readonly present: Sheet;
  readonly future: readonly Step[];
}

const MAX_STEPS = 500;

/** A history that begins with this sheet. */
export const startHistory = (present: Sheet): History => ({ past: [], present, future: [] });

/** The history with one more step; an edit that changed nothing is none. */
export function commit(history: History, sheet: Sheet, label: string): History {
  if (sheet === history.present) return history;
  return {
    past: [...history.past.slice(-MAX_STEPS), { sheet: history.present, label }],
    present: sheet,
    future: [],
  };
}

/** The history one step back; the same where there is none. */
export function undo({ past, present, future }: History): History {
  const last = past.at(-1);
  if (!last) return { past, present, future };
  return {
    past: past.slice(0, -1),
    present: last.sheet,
    future: [{ sheet: present, label: last.label }, ...future],
  };
}

/** The history one step forward; the same where there is none. */
export function redo({ past, present, future }: History): History {
  const [next, ...rest] = future;
  if (!next) return { past, present, future };
  return { past: [...past, { sheet: present, label: next.label }], present: next.sheet, future: rest };
}
