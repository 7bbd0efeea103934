// The edits of one sheet that wait for storage, as functions on a history.
// Invariants: an edit that is already in a history is not made twice; an edit that cannot be made on another tab's version
// becomes a version of its own, or reports that it was dropped. Knows no storage.

import { commit, type History, redo, type Step, stepsOf, undo } from '../../core/sheet/history';
import type { Sheet } from '../../core/sheet/sheet';
import { sameSheet } from '../../core/sheet/sheet-patch';
import type { StoredSheet } from '../../platform/storage/sheets/sheets';

/** One edit; ids are the same in every tab and in the stored steps. */
export interface Edit {
  readonly id: string;
  readonly label: string;
  /** Undefined where the edit cannot be made on that history; `on` is what is stored so far of it. */
  apply(history: History, on: StoredSheet | undefined): History | undefined;
  /** Whether the history shows that the edit was made. */
  isIn(history: History): boolean;
  /** What is said where the edit is dropped; one without it becomes a version of its own instead. */
  readonly dropped?: string;
}

/** An edit that was made, with the sheet as the person had it then. */
export type Made = Edit & { readonly mine: Sheet };

/** Edits that wait for storage, as a tab remembers them meanwhile. */
export interface Unwritten {
  readonly id: string;
  readonly kept: boolean;
  /** The revision on which the edits were made; 0 where the sheet was new. */
  readonly base: number;
  /** The ids of the edits, and the label of the last one. */
  readonly edits: readonly string[];
  readonly label: string;
  /** The sheet after all of them. */
  readonly sheet: Sheet;
}

const ELSEWHERE = 'keep the version of another tab';

const has = (steps: readonly Step[], id: string): boolean => steps.some((step) => step.id === id);

/** An edit by a function on the sheet `seen`; throws what the function throws on that sheet. */
export function functionEdit(id: string, label: string, seen: Sheet, make: (sheet: Sheet) => Sheet): Edit {
  const made = make(seen);
  return {
    ...{ id, label },
    apply(history) {
      if (history.present === seen) return commit(history, made, label, id);
      try {
        return commit(history, make(history.present), label, id);
      } catch {
        // Whatever it breaks on: the edit is not lost.
        return undefined;
      }
    },
    isIn: (history) => has(stepsOf(history), id),
  };
}

/** An edit that puts another sheet in the place of `seen`. */
export const replacement = (id: string, label: string, seen: Sheet, sheet: Sheet): Edit => ({
  ...{ id, label },
  apply: (history) => (sameSheet(history.present, seen) ? commit(history, sheet, label, id) : undefined),
  isIn: (history) => has(stepsOf(history), id),
});

/** Undoes the last step; undefined where there is none. */
export function undoing(id: string, { past }: History): Edit | undefined {
  const step = past.at(-1);
  return (
    step && {
      ...{ id, label: step.label },
      apply: (history) => (history.past.at(-1)?.id === step.id ? undo(history) : undefined),
      isIn: (history) => has(history.future, step.id),
      dropped: `Another tab changed this sheet: “${step.label}” was not undone.`,
    }
  );
}

/** Makes the step that was undone last once more; undefined where there is none. */
export function redoing(id: string, { future: [step] }: History): Edit | undefined {
  return (
    step && {
      ...{ id, label: step.label },
      apply: (history) => (history.future[0]?.id === step.id ? redo(history) : undefined),
      isIn: (history) => has(history.past, step.id),
      dropped: `Another tab changed this sheet: “${step.label}” was not redone.`,
    }
  );
}

/** An edit as a version of its own: the other tab's stays on the screen, mine is one step back. */
function besideOther(edit: Made, newId: () => string): Made {
  // Where the other version is another by now, the step to it is another too: an undo that waits does not mean that one.
  let other: { readonly sheet: Sheet; readonly step: string } | undefined;
  return {
    ...edit,
    apply(history) {
      const { present } = history;
      if (!other || !sameSheet(other.sheet, present)) other = { sheet: present, step: newId() };
      const mine = commit(history, { ...edit.mine }, edit.label, edit.id);
      return commit(mine, present, ELSEWHERE, other.step);
    },
  };
}

/** The waiting edits, made once more on what another tab stored; with what is said of those that could not be. */
export function madeAgain(
  waiting: readonly Made[],
  newest: StoredSheet,
  newId: () => string,
): { readonly history: History; readonly waiting: readonly Made[]; readonly news?: string } {
  let { history } = newest;
  let news: string | undefined;
  const again: Made[] = [];
  for (const edit of waiting) {
    if (newest.by.includes(edit.id) || edit.isIn(history)) continue;
    let made = edit;
    let next = edit.apply(history, newest);
    if (!next && edit.dropped !== undefined) {
      news = edit.dropped;
      continue;
    }
    if (!next) {
      made = besideOther(edit, newId);
      next = made.apply(history, newest) ?? history;
      news = `Another tab changed this sheet. “${edit.label}” does not fit the new version; undo shows your version.`;
    }
    history = next;
    again.push(made);
  }
  return { history, waiting: again, ...(news !== undefined && { news }) };
}

/** What a tab had not written when it was closed: made on the revision on which it was made, and nowhere else. */
export function takenUp({ edits, label, sheet, base }: Unwritten, newId: () => string): Made {
  const id = edits.at(-1) ?? newId();
  // The last write that the closed page began may have been complete without its knowledge.
  const isMine = (on: StoredSheet | undefined): boolean =>
    (on?.revision ?? 0) === base ||
    (on?.revision === base + 1 && on.by.length > 0 && on.by.every((by) => edits.includes(by)));
  return {
    ...{ id, label, mine: sheet },
    apply: (history, on) => (isMine(on) ? commit(history, sheet, label, id) : undefined),
    isIn: (history) => has(stepsOf(history), id) || sameSheet(history.present, sheet),
  };
}
