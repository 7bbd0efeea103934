// One open sheet in memory, as sessions without a page around them work with it.
// Invariant: the same history as the page's; nothing is stored, and there are no other sheets.

import { commit, type History, redo, startHistory, undo } from '../../../src/core/sheet/history';
import type { Sheet } from '../../../src/core/sheet/sheet';
import type { OpenSheets } from '../../../src/ui/session/open-sheets';

/** The sheets of a person who has this one. */
export function oneSheet(sheet: Sheet): OpenSheets {
  const listeners = new Set<() => void>();
  let history = startHistory(sheet);
  let steps = 0;
  const become = (next: History): void => {
    history = next;
    for (const listener of listeners) listener();
  };
  const none = async (): Promise<void> => {
    throw new Error('there is one sheet only');
  };
  return {
    state: () => ({ id: 'one', history, saving: { state: 'saved' }, linked: false, opened: 1 }),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    edit: (label, make) => become(commit(history, make(history.present), label, String(++steps))),
    undo: () => become(undo(history)),
    redo: () => become(redo(history)),
    open: none,
    add: none,
    duplicate: none,
    rename: none,
    remove: none,
    restore: none,
    keepCopy: none,
    backToOwn: none,
    heads: async () => [],
    unreadable: async () => [],
    discard: none,
  };
}
