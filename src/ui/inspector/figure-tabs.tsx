// The tabs of the inspector, one per question.
// Invariant: only a press on a tab, or an action that names a figure, opens a tab; the active cell merely marks its tab.

import { createMemo, For, Show } from 'solid-js';
import { tabOf } from '../../core/kinds/tabs';
import type { SessionCursor } from '../session/cursor';
import type { SessionDocument } from '../session/document';
import { tabMeaning } from '../text/mark-text';
import { tabsOf } from '../workspace/tab-list';

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
            title={tabMeaning(tab) ?? registry.get(tab)?.about}
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
