// A page around the dialog of files: sheets in memory, the library in this browser's storage, real files.
// Invariant: nothing stands in for reading, writing or the library; "?trainings=9" puts so many made-up ones into it. Only
// with "&unkept" trainings are in memory, so that what storage costs is not measured.

import { createSignal, For, Show } from 'solid-js';
import { render } from 'solid-js/web';
import { registry } from '../../../src/cells';
import { type KeptSheet, openTransferPort } from '../../../src/page/ports/transfer-port';
import { parseAddress } from '../../../src/platform/page/address';
import { openLibrary } from '../../../src/platform/storage/library/library';
import type { Lineage } from '../../../src/platform/storage/library/lineage';
import { watchDrops } from '../../../src/ui/files/file-drop';
import { openTransfer } from '../../../src/ui/files/transfer-panel';
import { ACCEPTED } from '../../../src/ui/files/transfer-text';
import { LibraryView } from '../../../src/ui/library/library-view';
import { madeUpLineages } from '../support/library-lineages';
import '../../../src/ui/dom/tokens.css';
import '../../../src/ui/dom/page.css';

const NOW = Date.UTC(2026, 5, 1, 12);
const asked = new URLSearchParams(location.search);

function opening(): KeptSheet {
  const parsed = parseAddress(asked.get('sheet') ?? '#v1', registry);
  if (!parsed.ok) throw new Error(parsed.message);
  return { id: '1', title: 'Vanishing gradients', sheet: parsed.sheet };
}

const library = openLibrary();
const [lineages, setLineages] = createSignal<readonly Lineage[]>([]);
const [sheets, setSheets] = createSignal<readonly KeptSheet[]>([opening()]);
const [shown, setShown] = createSignal('1');
const [open, setOpen] = createSignal(false);
const look = async (): Promise<void> => void setLineages(await library.list());
library.subscribe(() => void look());

const port = openTransferPort(registry, {
  listSheets: async () => sheets(),
  async addSheet(sheet, title) {
    const id = String(sheets().length + 1);
    setSheets([...sheets(), { id, title, sheet }]);
    return id;
  },
  showSheet: setShown,
  showLesson: () => {},
  current: () => sheets().find(({ id }) => id === shown()) ?? opening(),
  lineages,
  putLineages: async (given) => {
    if (asked.has('unkept')) setLineages([...lineages(), ...given]);
    else await library.put(...given);
  },
});

/** Tasks over 50 ms since the page began, for the tests. */
const longTasks: number[] = [];
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) longTasks.push(duration);
}).observe({ type: 'longtask', buffered: true });
Object.assign(globalThis, { longTasks });

function Page() {
  return (
    <>
      <button type="button" onClick={({ currentTarget }) => openTransfer(currentTarget, port)}>
        Files
      </button>
      <button type="button" onClick={() => setOpen(!open())}>
        Library
      </button>
      <ol aria-label="Sheets">
        <For each={sheets()}>
          {({ id, title, sheet }) => (
            <li aria-current={shown() === id}>
              {title} · {sheet.runs.length} runs
            </li>
          )}
        </For>
      </ol>
      <p data-library={lineages().filter(({ imported }) => imported).length}>{lineages().length} trainings</p>
      <Show when={open()}>
        <LibraryView
          lineages={lineages()}
          kinds={registry.kinds}
          now={NOW}
          onAdd={() => {}}
          onUpdate={(key, change) => void library.update(key, change)}
          onRemove={(keys) => {
            for (const key of keys) void library.remove(key);
          }}
          onExport={(keys) => void port.exportTrainings(keys)}
          onUndoRemove={() => {}}
          onClose={() => setOpen(false)}
        />
      </Show>
    </>
  );
}

async function start(root: HTMLElement): Promise<void> {
  const made = madeUpLineages(registry.kinds, Number(asked.get('trainings') ?? 0), NOW);
  if (asked.has('unkept')) setLineages(made);
  else {
    await library.put(...made);
    await look();
  }
  watchDrops(`Drop to open ${ACCEPTED}`, (files) => openTransfer(undefined, port, files));
  render(() => <Page />, root);
}

const app = document.getElementById('app');
if (app) void start(app);
