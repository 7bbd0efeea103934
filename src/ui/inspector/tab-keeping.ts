// Keeps the open tab of figures over a reload of the page.
// Invariant: what was kept is hostile until it names a tab; a page without memory opens as if nothing was kept.

import { createEffect, createMemo, on } from 'solid-js';
import { tabOf } from '../../core/kinds/tabs';
import type { SessionCursor } from '../session/cursor';
import type { SessionDocument } from '../session/document';
import { tabsOf } from '../workspace/tab-list';

/**
 * Opens the tab that was open over this sheet before a reload, kept by its name or by that of a kind; keeps the
 * open tab from now on. Must be called inside a Solid root.
 */
export function keepTab(session: SessionDocument & SessionCursor): void {
  const key = createMemo(session.typedKey);
  session.typed?.loadForms(key()).then(
    (forms) => {
      const left = forms.find(({ form }) => form === 'tab')?.about ?? '';
      if (tabsOf(session.registry).includes(tabOf(session.registry, left))) session.inspect(left);
    },
    () => {},
  );
  createEffect(
    on([session.inspected, key], ([about, of]) => session.typed?.saveForm(of, 'tab', { about, texts: [] }), {
      defer: true,
    }),
  );
}
