// The composition root of the page: the only file that wires everything.
// Invariant: the sheet on the screen is there before anything is computed; storage that fails is said and costs no result.

import { createRoot, createSignal } from 'solid-js';
import { render } from 'solid-js/web';
import { registry } from './cells';
import type { Ask } from './cells/questions';
import { createScheduler, type Scheduler } from './core/compute/scheduler';
import { memoryStore, tiered } from './core/compute/store';
import { late, withPart } from './core/late';
import { macrotask } from './core/macrotask';
import type { Language } from './core/plan/language';
import { isFormula } from './core/plan/param-values';
import { createPlanner } from './core/plan/plan';
import type { Sheet } from './core/sheet/sheet';
import { watchLostParts } from './page/serving/lost-parts';
import { parseNotice } from './page/sheets/notice';
import { startSheet } from './page/sheets/start-sheet';
import { tabMemory } from './page/sheets/tab-memory';
import { createWorkbook } from './page/sheets/workbook';
import { writeAddress } from './platform/page/address-writing';
import { createNavigation } from './platform/page/navigation';
import { storageReason } from './platform/storage/idb';
import { openNotices } from './platform/storage/notices';
import { lateStore } from './platform/storage/results/late-store';
import { openSheets } from './platform/storage/sheets/sheets';
import { lateEngine } from './platform/workers/late-engine';
import type { SheetFiles } from './ui/session/open-sheets';
import { createSession } from './ui/session/session';
import { App, type LibraryPort } from './ui/shell/app';
import type { PageStatus } from './ui/shell/top-bar';

/** An id that no other has, in any tab or browser: 80 random bits. */
const newId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );

/** What a function makes of a sheet, made once for each sheet. */
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

/** The library until it is loaded, after the first paint. */
const NO_LIBRARY: LibraryPort = {
  entries: () => [],
  removed: () => undefined,
  onUpdate: () => {},
  onRemove: () => {},
  onUndoRemove: () => {},
  toSheet: (sheet) => sheet,
};

/** Whether anything in the sheet has to be read as a formula. */
const hasFormulas = (sheet: Sheet): boolean =>
  sheet.rows.length > 0 || sheet.runs.some(({ overrides }) => [...overrides.values()].some(isFormula));

/** Reads addresses; loaded at once where there is one, since the sheet is in it. */
const reading = late(() => import('./platform/page/address'));

/** What comes beside or after the first paint. */
const parts = {
  disk: late(() => import('./platform/storage/results/idb-store')),
  engine: late(() => import('./platform/workers/worker-engine')),
  locks: late(() => import('./platform/storage/locks')),
  allowances: late(() => import('./platform/storage/allowances')),
  library: late(() => import('./page/ports/library-port')),
  language: late(() => import('./core/formulas/create-language')),
  sheetList: late(() => import('./platform/storage/sheets/sheet-list')),
  gradualPlan: late(() => import('./core/plan/gradual-plan')),
  questions: late(() => import('./cells/questions')),
  sheetWriting: late(() => import('./platform/storage/sheets/sheet-writing')),
  others: late(() => import('./page/ports/late-parts')),
  serving: late(() => import('./page/serving/serving')),
};

/** What costs more than this asks first: two seconds, 256 MB. */
const ASK = { ms: 2_000, bytes: 256 * 2 ** 20 };

/** So many runs are planned in one task; more are planned some at a time before the sheet is shown. */
const MANY_RUNS = 64;

/** What is kept for offline use is fetched once nothing was computed for so long, or at last after so long. */
const QUIET = { rest: 500, most: 10_000 };

/** Resolves once the scheduler rests: what is on its way to the screen is not to share the machine with what can wait. */
async function quiet(scheduler: Scheduler): Promise<void> {
  const start = performance.now();
  let last = start;
  const stop = scheduler.subscribe(() => {
    last = performance.now();
  });
  let rest = QUIET.rest;
  while (rest > 0) {
    await new Promise((resolve) => setTimeout(resolve, rest));
    rest = Math.min(last + QUIET.rest, start + QUIET.most) - performance.now();
  }
  stop();
}

async function start(root: HTMLElement): Promise<void> {
  const [trouble, setTrouble] = createSignal<string>();
  const disk = lateStore(parts.disk().then(({ idbStore }) => idbStore({ onTrouble: setTrouble })));
  const results = tiered(memoryStore(), disk);
  // Some browsers do not say how many cores there are.
  const size = navigator.hardwareConcurrency || 2;
  const loading = parts
    .engine()
    .then(({ spawnWorker, workerEngine }) => workerEngine({ spawn: spawnWorker, size }));
  const engine = lateEngine(loading, size);
  const ask: Ask = async (name, input, terms) =>
    (await parts.questions()).askBy(await loading)(name, input, terms);
  // Not in the task that evaluates this module: starting a worker takes its time.
  setTimeout(() => engine.warm());
  const turns = parts.locks().then(({ pageTurns }) => pageTurns());
  const scheduler = createScheduler({ store: results, engine, ask: ASK, turns });
  // Of use only once a cell asks.
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

  // The language of formulas comes after the first paint, unless there is a formula to be read before it.
  const [language, setLanguage] = createSignal<Language>();
  const speak = async (): Promise<void> => {
    const { createLanguage } = await parts.language();
    setLanguage(createLanguage(registry));
  };

  const planner = createPlanner(registry, language);
  /** Has what a sheet is read with, and plans a large one some runs at a time. */
  async function prepare(sheet: Sheet): Promise<void> {
    if (!language() && hasFormulas(sheet)) await speak();
    if (sheet.runs.length <= MANY_RUNS) return;
    const { planGradually } = await parts.gradualPlan();
    await planGradually(planner, undefined, sheet, () => macrotask().then(() => true));
  }

  const parse = async (address: string) => (await reading()).parseAddress(address, registry);
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
    // A sheet that cannot be prepared, as offline at the first visit, is planned once it is shown.
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
        // What needs much memory asks again: it may be what the page died of.
        if (estimate && estimate.bytes <= ASK.bytes) allowances.then((held) => held.add(key)).catch(() => {});
      },
    }),
  );
  allowances.then((held) => held.load()).then(opened.allowAgain, () => {});
  scheduler.subscribe((event) => {
    // What was computed for the moment only, as while dragging, is noted once somebody wants it for longer.
    const lasting = event.type === 'finished' && event.result.from === 'computed' && !event.transient;
    if (!(lasting || event.type === 'kept') || event.node.kind.name !== 'train') return;
    const plan = opened.consent.opened();
    void libraryLoading.then(
      (port) => port.note(plan, event.node.key, event.result.value),
      () => {},
    );
  });
  // Planning and demanding are one task, drawing the page is the next: neither is to keep the other from the screen.
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
        link={async () => ({
          url: `${location.origin}${location.pathname}${opened.address()}`,
          readable: (await parse(opened.address())).ok,
        })}
      />
    ),
    root,
  );

  if (!language()) void speak();
  // While the server answers, so that an edit is saved although it goes away.
  withPart(parts.sheetWriting, () => {});

  await quiet(scheduler);
  // Files and the view on storage; a page that cannot load them now, as offline, works without them.
  Promise.all([libraryLoading, parts.others()])
    .then(([port, { openLateParts }]) => {
      const used = { registry, workbook, store, usage: disk.usage, library: port };
      setFiles(openLateParts({ ...used, say: setTrouble }));
    })
    .catch(() => {});

  // While the page is being edited, a service worker would go on serving what was there before.
  if (import.meta.env.PROD) {
    withPart(parts.serving, ({ openServing }) =>
      openServing({
        onReady: () => stand({ offline: true }),
        onUpdate: (update) => stand({ update }),
        onTrouble: setTrouble,
      }),
    );
  }
}

const root = document.getElementById('app');
// In a task of its own: evaluating the modules is long enough without it.
if (root) {
  watchLostParts(root);
  setTimeout(() => void start(root));
}
