// The tabs of the inspector, one per question, and their memory over a reload.
// Invariant: only a press on a tab, or an action that names a figure, opens a tab; the active cell merely marks its tab.

import { createEffect, createMemo, For, on, Show } from 'solid-js';
import { tabOf } from '../../core/kinds/tabs';
import type { SessionCursor } from '../session/cursor';
import type { SessionDocument } from '../session/document';
import { tabsOf } from '../workspace/tab-list';

/** Restores the tab that was open over this sheet before a reload, and remembers the open tab. */
export function keepTab(session: SessionDocument & SessionCursor): void {
  const key = createMemo(session.typedKey);
  session.typed?.loadForms(key()).then(
    (forms) => {
      const left = forms.find(({ form }) => form === 'tab');
      if (left && tabsOf(session.registry).includes(tabOf(session.registry, left.about)))
        session.inspect(left.about);
    },
    () => {},
  );
  createEffect(
    on([session.inspected, key], ([about, of]) => session.typed?.saveForm(of, 'tab', { about, texts: [] }), {
      defer: true,
    }),
  );
}

export function FigureTabs(props: { session: SessionDocument & SessionCursor }) {
  const { session } = props;
  const { registry } = session;
  const cellTab = createMemo(() => {
    const [kind = ''] = session.active().row.split('.');
    return registry.get(kind) && tabOf(registry, kind);
  });
  return (
    <nav aria-label="Figures">
      <For each={tabsOf(registry)}>
        {(tab) => (
          <button
            type="button"
            aria-pressed={session.inspected() === tab}
            aria-describedby={cellTab() === tab ? 'tab-of-cell' : undefined}
            onClick={() => session.inspect(tab)}
          >
            {tab}
            <Show when={cellTab() === tab}>
              <span class="tab-dot" aria-hidden="true" />
            </Show>
          </button>
        )}
      </For>
      <span id="tab-of-cell" hidden>
        The active cell is about this.
      </span>
    </nav>
  );
}
