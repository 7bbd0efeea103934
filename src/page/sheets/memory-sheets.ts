// One open sheet in memory, for a page that keeps nothing: an embedded sheet.
// Invariant: nothing is stored, and no other sheet is reachable. Knows neither addresses nor storage.

import { commit, type History, redo, startHistory, undo } from '../../core/sheet/history';
import type { Sheet } from '../../core/sheet/sheet';
import type { OpenSheets } from '../../ui/session/open-sheets';

/** The open sheet; `show` puts another sheet in its place. */
export interface MemorySheets extends OpenSheets {
  show(sheet: Sheet): void;
}

/** Opens a sheet in memory. Actions on other sheets reject. */
export function memorySheets(sheet: Sheet): MemorySheets {
  const listeners = new Set<() => void>();
  let history = startHistory(sheet);
  let opened = 1;
  let steps = 0;
  const become = (next: History): void => {
    history = next;
    for (const listener of listeners) listener();
  };
  const none = async (): Promise<never> => {
    throw new Error('an embedded sheet is alone');
  };
  return {
    show(other) {
      opened++;
      become(startHistory(other));
    },
    // An id, because a sheet without one is that of a first visit.
    state: () => ({ id: 'embedded', history, saving: { state: 'unwritten' }, linked: false, opened }),
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
    heads: none,
    unreadable: none,
    discard: none,
  };
}
