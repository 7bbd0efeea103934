// A page that shows the library with made-up lineages, held in memory; "?count=1000" says how many.
// Invariant: what the library asks for is done at once and told to the tests as the page's `data-asked`.

import { createSignal, Show } from 'solid-js';
import { render } from 'solid-js/web';
import { registry } from '../../../src/cells';
import { LibraryView } from '../../../src/ui/library/library-view';
import type { Lineage } from '../../../src/ui/library/lineages/library-model';
import { openStorage, type StoragePort, type StorageState } from '../../../src/ui/storage/storage-panel';
import { hostileLineages, madeUpLineages } from '../support/library-lineages';
import '../../../src/ui/dom/tokens.css';

const NOW = Date.UTC(2026, 5, 1, 12);
const parameters = new URLSearchParams(location.search);
const count = Number(parameters.get('count') ?? 3);
const [lineages, setLineages] = createSignal<readonly Lineage[]>(
  parameters.has('hostile') ? hostileLineages(registry.kinds) : madeUpLineages(registry.kinds, count, NOW),
);
const [unreadable, setUnreadable] = createSignal(parameters.has('unreadable') ? 3 : 0);
const [removed, setRemoved] = createSignal<readonly Lineage[]>([]);
const [open, setOpen] = createSignal(false);

const MB = 2 ** 20;
const [state, setState] = createSignal<StorageState>({
  results: { count: 230, bytes: 90 * MB },
  checkpoints: { count: 41, bytes: 38 * MB },
  library: { count, bytes: 2 * MB },
  sheets: { count: 3, bytes: 100 * 2 ** 10 },
  budget: 512 * MB,
  free: 45 * MB,
  needed: 83 * MB,
  full: parameters.has('full'),
  offers: [{ what: 'sheet', name: 'Vanishing gradients', bytes: 40 * MB }],
  persistence: 'no',
  used: 140 * MB,
  quota: 2_000 * MB,
});
const change = (changes: Partial<StorageState>): void =>
  void setState((before) => ({ ...before, ...changes }));
const storage: StoragePort = {
  state,
  trouble: () => undefined,
  bounds: { least: MB, most: 2 ** 40 },
  measure: async () => {},
  free: async () => change({ free: 0, results: { count: 140, bytes: 45 * MB } }),
  setBudget: async (budget) => change({ budget }),
  keep: async () => change({ persistence: 'yes' }),
  unreadable: { count: () => ({ all: 0, newer: 0 }), text: async () => '', remove: async () => {} },
};

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
        unreadable={{
          count: () => ({ all: unreadable(), newer: Math.min(1, unreadable()) }),
          text: async () => '[]\n',
          remove: async () => void setUnreadable(1),
        }}
        onStorage={(button) => openStorage(button, storage)}
        onClose={() => setOpen(false)}
      />
    </Show>
  );
}

const app = document.getElementById('app');
if (app) render(() => <Page />, app);
