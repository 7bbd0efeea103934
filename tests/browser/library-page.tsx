// A page that shows the library with made-up lineages, held in memory; "?count=1000" says how many.
// Invariant: what the library asks for is done at once and told to the tests as the page's `data-asked`.

import { createSignal, Show } from 'solid-js';
import { render } from 'solid-js/web';
import { registry } from '../../src/cells';
import { LibraryView } from '../../src/ui/library/library-view';
import type { Lineage } from '../../src/ui/library/model';
import { madeUpLineages } from './library-lineages';

const NOW = Date.UTC(2026, 5, 1, 12);
const count = Number(new URLSearchParams(location.search).get('count') ?? 3);
const [lineages, setLineages] = createSignal<readonly Lineage[]>(madeUpLineages(registry.kinds, count, NOW));
const [removed, setRemoved] = createSignal<readonly Lineage[]>([]);
const [open, setOpen] = createSignal(false);

const tell = (asked: string): void => {
  document.documentElement.dataset['asked'] = asked;
};

function Page() {
  return (
    <Show
      when={open()}
      fallback={
        <button type="button" onClick={() => setOpen(true)}>
          Open the library
        </button>
      }
    >
      <LibraryView
        lineages={lineages()}
        kinds={registry.kinds}
        now={NOW}
        removed={removed().length}
        onAdd={(added) => tell(`add ${added.length}`)}
        onUpdate={(key, change) => {
          tell(`update ${JSON.stringify(change)}`);
          setLineages(lineages().map((one) => (one.key === key ? { ...one, ...change } : one)));
        }}
        onRemove={(keys) => {
          const gone = new Set(keys);
          setRemoved(lineages().filter(({ key }) => gone.has(key)));
          setLineages(lineages().filter(({ key }) => !gone.has(key)));
        }}
        onUndoRemove={() => {
          setLineages([...removed(), ...lineages()]);
          setRemoved([]);
        }}
        onClose={() => setOpen(false)}
      />
    </Show>
  );
}

const app = document.getElementById('app');
if (app) render(() => <Page />, app);
