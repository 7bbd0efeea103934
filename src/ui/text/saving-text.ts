// The state of saving in words, for the top bar and for Help.
// Invariant: every state has its own words. Pure.

import type { OpenSheet } from '../session/open-sheets';

/** What the words follow from. */
export type Saving = Pick<OpenSheet, 'id' | 'saving' | 'linked'>;

/** The state of saving, in words. */
export function savingText({ id, saving, linked }: Saving): string {
  switch (saving.state) {
    case 'saved':
      return linked ? 'edits saved here' : 'saved here';
    case 'saving':
      return 'saving …';
    case 'not saved':
      return `not saved, trying again: ${saving.reason}`;
    case 'unanswered':
      return 'storage has not answered yet: the stored sheet may differ from this one';
    case 'unwritten':
      if (linked) return 'in the address only';
      return id === undefined ? 'nothing to save yet' : 'not stored: the next edit stores it';
  }
}
