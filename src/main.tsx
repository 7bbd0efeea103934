// The composition root of the page: the only file that connects all parts.
// Invariant: the sheet is on the screen before any cell is computed; if storage fails, the page says so and
// loses no result.

import { bytesToHex } from '@noble/hashes/utils.js';
import { createRoot, createSignal } from 'solid-js';
import { render } from 'solid-js/web';
import { registry } from './cells';
import type { Ask } from './cells/questions';
import { createScheduler } from './core/compute/scheduler';
import { memoryStore, tiered } from './core/compute/store';
import { late, withPart } from './core/late-loading';
import { macrotask } from './core/macrotask';
import type { Language } from './core/plan/language';
import { isFormula } from './core/plan/param-values';
import { createPlanner } from './core/plan/plan';
import type { Sheet } from './core/sheet/sheet';
import { watchLostParts } from './page/serving/lost-parts';
import { parseNotice } from './page/sheets/sheet-notice';
import { startSheet } from './page/sheets/start-sheet';
import { tabMemory } from './page/sheets/tab-memory';
import { createWorkbook } from './page/sheets/workbook';
import { writeAddress } from './platform/page/address-writing';
import { isEmbedded } from './platform/page/framing';
import { createNavigation } from './platform/page/navigation';
import { storageReason } from './platform/storage/idb';
import { lateStore } from './platform/storage/results/late-store';
import { openSheets } from './platform/storage/sheets/sheets';
import { openNotices } from './platform/storage/tab-notices';
import { lateEngine } from './platform/workers/late-engine';
import type { SheetFiles } from './ui/session/open-sheets';
import { createSession } from './ui/session/session';
import { App, type LibraryPort } from './ui/shell/app';
import type { PageStatus } from './ui/shell/top-bar';

/** Returns a random id of 80 bits in hex, unique across tabs and browsers. */
const newId = (): string => bytesToHex(crypto.getRandomValues(new Uint8Array(10)));

/** Memoizes a function of a sheet, by the identity of the sheet. */
function rememberedBySheet<T extends string>(make: (sheet: Sheet) => T): (sheet: Sheet) => T {
  const known = new WeakMap<Sheet, T>();
  return (sheet) => {
    const before = known.get(sheet);
    if (before !== undefined) return before;
    const made = make(sheet);
    known.set(sheet, made);
    return made;
  };
}

/** An empty library, shown until the real library is loaded after the first paint. */
const NO_LIBRARY: LibraryPort = {
  entries: () => [],
  removed: () => undefined,
  onUpdate: () => {},
  onRemove: () => {},
  onUndoRemove: () => {},
  toSheet: (sheet) => sheet,
};

/** Whether the sheet has formulas: rows, or overrides that are formulas. */
const hasFormulas = (sheet: Sheet): boolean =>
  sheet.rows.length > 0 || sheet.runs.some(({ overrides }) => [...overrides.values()].some(isFormula));

/** Reads addresses; loaded before the first paint only if the page opens with an address. */
const reading = late(() => import('./page/sheets/address-reading'));

/** The parts that load in parallel with the first paint or after it. */
const parts = {
  disk: late(() => import('./platform/storage/results/idb-store')),
  engine: late(() => import('./platform/workers/worker-engine')),
  locks: late(() => import('./platform/storage/locks')),
  allowances: late(() => import('./platform/storage/allowances')),
  library: late(() => import('./page/ports/library-port')),
  language: late(() => import('./core/formulas/formula-language')),
  sheetList: late(() => import('./platform/storage/sheets/sheet-list')),
  gradualPlan: late(() => import('./core/plan/gradual-plan')),
  questions: late(() => import('./cells/questions')),
  sheetWriting: late(() => import('./platform/storage/sheets/sheet-writing')),
  others: late(() => import('./page/ports/late-parts')),
  serving: late(() => import('./page/serving/serving')),
  embedded: late(() => import('./embedded')),
};

/** The limits, in milliseconds and bytes, beyond which a computation needs the person's consent. */
const ASK = { ms: 2_000, bytes: 256 * 2 ** 20 };

/** The most runs that are planned in one task; a larger sheet is planned in slices before it is shown. */
const MANY_RUNS = 64;

async function start(root: HTMLElement): Promise<void> {
  const [trouble, setTrouble] = createSignal<string>();
  const disk = lateStore(parts.disk().then(({ idbStore }) => idbStore({ onTrouble: setTrouble })));
  const results = tiered(memoryStore(), disk);
  // Some browsers do not report the number of cores.
  const size = navigator.hardwareConcurrency || 2;
  const loading = parts
    .engine()
    .then(({ spawnWorker, workerEngine }) => workerEngine({ spawn: spawnWorker, size }));
  const engine = lateEngine(loading, size);
  const ask: Ask = async (name, input, terms) =>
    (await parts.questions()).askBy(await loading)(name, input, terms);
  // In a later task: starting a worker takes time, and the task that evaluates this module is long already.
  setTimeout(() => engine.warm());
  const sharedExecution = parts.locks().then(({ pagesSharedExecution }) => pagesSharedExecution());
  const scheduler = createScheduler({ store: results, engine, ask: ASK, sharedExecution });
  // Needed only when a costly cell asks for consent.
  const allowances = parts.allowances().then(({ openAllowances }) => openAllowances());
  const [library, setLibrary] = createSignal<LibraryPort>(NO_LIBRARY);
  const libraryLoading = parts.library().then(({ openLibraryPort }) => {
    const port = openLibraryPort(registry, (message) => setTrouble((before) => before ?? message));
    setLibrary(port);
    return port;
  });
  const [files, setFiles] = createSignal<SheetFiles>();
  const [pageStatus, setPageStatus] = createSignal<PageStatus>({ offline: false });
  const stand = (change: Partial<PageStatus>): void =>
    void setPageStatus((before) => ({ ...before, ...change }));

  // The language of formulas loads after the first paint, unless the first sheet has a formula.
  const [language, setLanguage] = createSignal<Language>();
  const speak = async (): Promise<void> => {
    const { createLanguage } = await parts.language();
    setLanguage(createLanguage(registry));
  };

  const planner = createPlanner(registry, language);
  /** Loads the language if the sheet has formulas, and plans a large sheet in slices. */
  async function prepare(sheet: Sheet): Promise<void> {
    if (!language() && hasFormulas(sheet)) await speak();
    if (sheet.runs.length <= MANY_RUNS) return;
    const { planGradually } = await parts.gradualPlan();
    await planGradually(planner, undefined, sheet, () => macrotask().then(() => true));
  }

  const parse = async (address: string) => (await reading()).readAddress(address, registry);
  const addressOf = rememberedBySheet((sheet) => writeAddress(sheet, registry));
  const store = openSheets(() => workbook.hear(undefined));
  const navigation = createNavigation((arrival) => void workbook.arrive(arrival));
  const notices = openNotices('gradsheet-sheet', (notice) => workbook.hear(parseNotice(notice)));
  const tab = tabMemory(() => sessionStorage);
  const workbook = createWorkbook({
    store,
    list: () => parts.sheetList().then(({ openSheetList }) => openSheetList(store)),
    tab,
    post: notices.post,
    parse,
    write: addressOf,
    navigation,
    start: startSheet(),
    // If the preparation fails, as offline at the first visit, the session plans the sheet when it is shown.
    prepare: (sheet) => prepare(sheet).catch(() => {}),
    now: Date.now,
    after(ms, then) {
      const timer = setTimeout(then, ms);
      return () => clearTimeout(timer);
    },
    newId,
    reasonOf: storageReason,
  });
  await workbook.begin();
  const first = workbook.state().history.present;
  await prepare(first);
  const opened = createRoot(() =>
    createSession(registry, scheduler, {
      write: addressOf,
      planner,
      sheets: workbook,
      language,
      typed: tab,
      remember(key) {
        const { estimate } = scheduler.state(key);
        // A computation beyond the memory limit asks again: it may have crashed the page.
        if (estimate && estimate.bytes <= ASK.bytes) allowances.then((held) => held.add(key)).catch(() => {});
      },
    }),
  );
  allowances.then((held) => held.load()).then(opened.allowAgain, () => {});
  scheduler.subscribe((event) => {
    // A result of a drag is transient; it enters the library once a lasting demand keeps it.
    const lasting = event.type === 'finished' && event.result.from === 'computed' && !event.transient;
    if (!(lasting || event.type === 'kept') || event.node.kind.name !== 'train') return;
    const plan = opened.consent.opened();
    void libraryLoading.then(
      (port) => port.note(plan, event.node.key, event.result.value),
      () => {},
    );
  });
  // Planning and demanding are one task and drawing is the next, so that neither delays the other.
  await new Promise((resolve) => setTimeout(resolve));
  render(
    () => (
      <App
        session={opened}
        scheduler={scheduler}
        ask={ask}
        library={library()}
        pageStatus={pageStatus()}
        trouble={trouble()}
        dismissTrouble={() => setTrouble(undefined)}
        files={files()}
        share={async () => (await parts.others()).shareSheet(opened.sheet(), registry, location.href)}
      />
    ),
    root,
  );

  if (!language()) void speak();
  // Loaded while the server answers, so that an edit is saved even if the server stops later.
  withPart(parts.sheetWriting, () => {});

  withPart(parts.serving, async ({ openServing, quiet }) => {
    await quiet(scheduler);
    // Files and the view on storage. If they do not load now, as offline, the page works without them.
    Promise.all([libraryLoading, parts.others()])
      .then(([port, { openLateParts }]) => {
        const used = { registry, workbook, store, usage: disk.usage, library: port };
        setFiles(openLateParts({ ...used, say: setTrouble }));
      })
      .catch(() => {});
    // In development, a service worker would serve outdated files.
    if (import.meta.env.PROD)
      void openServing({
        onReady: () => stand({ offline: true }),
        onUpdate: (update) => stand({ update }),
        onTrouble: setTrouble,
      });
  });
}

const root = document.getElementById('app');
// In a later task: evaluating the modules is a long task already.
if (root) {
  watchLostParts(root);
  if (isEmbedded(window)) withPart(parts.embedded, ({ startEmbedded }) => void startEmbedded(root));
  else setTimeout(() => void start(root));
}
