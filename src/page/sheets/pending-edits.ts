// The edits of one sheet that wait for storage, as functions on a history.
// Invariants: an edit that is already in a history is not made twice; an edit that cannot be made on another tab's version
// becomes a version of its own, or reports that it was dropped. Knows no storage.

import { commit, type History, redo, type Step, stepsOf, undo } from '../../core/sheet/history';
import type { Sheet } from '../../core/sheet/sheet';
import { sameSheet } from '../../core/sheet/sheet-patch';
import type { StoredSheet } from '../../platform/storage/sheets/sheets';

/** An edit; its id is the same in every tab and in the stored steps. */
export interface Edit {
  readonly id: string;
  readonly label: string;
  /** Makes the edit on a history; `on` is the stored sheet. Returns undefined if that is impossible. */
  apply(history: History, on: StoredSheet | undefined): History | undefined;
  /** Whether the history already contains the edit. */
  isIn(history: History): boolean;
  /** The message if the edit is dropped. An edit without a message becomes a version of its own instead. */
  readonly dropped?: string;
}

/** An edit that was made, with the sheet as the person saw it afterwards. */
export type Made = Edit & { readonly mine: Sheet };

/** Edits that wait for storage, as the tab's memory holds them. */
export interface Unwritten {
  readonly id: string;
  readonly kept: boolean;
  /** The revision that the edits were made on; 0 for a new sheet. */
  readonly base: number;
  /** The ids of the edits, and the label of the last one. */
  readonly edits: readonly string[];
  readonly label: string;
  /** The sheet after all edits. */
  readonly sheet: Sheet;
}

const ELSEWHERE = 'keep the version of another tab';

const has = (steps: readonly Step[], id: string): boolean => steps.some((step) => step.id === id);

/** An edit by a function on the sheet `seen`; throws the function's error on that sheet. */
export function functionEdit(id: string, label: string, seen: Sheet, make: (sheet: Sheet) => Sheet): Edit {
  const made = make(seen);
  return {
    ...{ id, label },
    apply(history) {
      if (history.present === seen) return commit(history, made, label, id);
      try {
        return commit(history, make(history.present), label, id);
      } catch {
        // The function may throw anything on another tab's version; the edit becomes a version of its own.
        return undefined;
      }
    },
    isIn: (history) => has(stepsOf(history), id),
  };
}

/** An edit that replaces the sheet `seen` by another. */
export const replacement = (id: string, label: string, seen: Sheet, sheet: Sheet): Edit => ({
  ...{ id, label },
  apply: (history) => (sameSheet(history.present, seen) ? commit(history, sheet, label, id) : undefined),
  isIn: (history) => has(stepsOf(history), id),
});

/** An edit that undoes the last step; undefined if there is none. */
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

/** An edit that redoes the step undone last; undefined if there is none. */
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

/** Turns an edit into a version of its own, one undo step back; the other tab's stays on the screen. */
function besideOther(edit: Made, newId: () => string): Made {
  // If the other version changes, the step to it gets a new id, so that a waiting undo of the old step does
  // not undo this one.
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

/**
 * Makes the waiting edits again on the revision that another tab stored; `news` is a sentence about the last
 * edit that could not be made.
 */
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

/** The edit that stands for a closed tab's unwritten edits; it applies only to their own revision. */
export function takenUp({ edits, label, sheet, base }: Unwritten, newId: () => string): Made {
  const id = edits.at(-1) ?? newId();
  // The closed page's last write may have completed without the page's knowledge.
  const isMine = (on: StoredSheet | undefined): boolean =>
    (on?.revision ?? 0) === base ||
    (on?.revision === base + 1 && on.by.length > 0 && on.by.every((by) => edits.includes(by)));
  return {
    ...{ id, label, mine: sheet },
    apply: (history, on) => (isMine(on) ? commit(history, sheet, label, id) : undefined),
    isIn: (history) => has(stepsOf(history), id) || sameSheet(history.present, sheet),
  };
}
