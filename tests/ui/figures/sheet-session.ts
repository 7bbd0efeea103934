// One open sheet in memory, as sessions without a page around them work with it.
// Invariant: the same history as the page's; nothing is stored, and there are no other sheets.

import type { Sheet } from '../../../src/core/sheet/sheet';
import { memorySheets } from '../../../src/page/sheets/memory-sheets';
import type { OpenSheets } from '../../../src/ui/session/open-sheets';

/** The sheets of a person who has this one. */
export function oneSheet(sheet: Sheet): OpenSheets {
  const sheets = memorySheets(sheet);
  return {
    ...sheets,
    state: () => ({ ...sheets.state(), saving: { state: 'saved' } }),
    heads: async () => [],
    unreadable: async () => [],
  };
}
