// The composition root of the page: the only file that wires everything.
// Invariant: the sheet on the screen is there before anything is computed; storage that fails is said and costs no result.

import { createRoot, createSignal } from 'solid-js';
import { render } from 'solid-js/web';
import { registry } from './cells';
import type { Language } from './core/formula';
import { createScheduler, type Scheduler } from './core/scheduler';
import { isFormula } from './core/settings';
import type { Sheet } from './core/sheet';
import { memoryStore, tiered } from './core/store';
import { parseAddress, writeAddress } from './platform/address';
import { storageReason } from './platform/idb';
import { idbStore } from './platform/idb-store';
import { lateEngine } from './platform/late-engine';
import { type Arrival, createNavigation } from './platform/navigation';
import { ownSheet } from './platform/own-sheet';
import { App, type LibraryPort } from './ui/app';
import { createSession, type Session } from './ui/session';
import type { Standing } from './ui/top-bar';

const OPENING = '#v1';

function openingSheet(): Sheet {
  const parsed = parseAddress(OPENING, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.sheet;
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

/** What costs more than this asks first: two seconds, 256 MB. */
const ASK = { ms: 2_000, bytes: 256 * 2 ** 20 };

/** Storage that is slower than this is not waited for; what it yields later is taken if nothing was edited meanwhile. */
const PATIENCE_MS = 300;

/** What a promise yields within the patience that there is; `late` where it has not come by then. */
const soon = <T,>(promise: Promise<T>): Promise<T | 'late'> =>
  Promise.race([promise, new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), PATIENCE_MS))]);

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
  const store = tiered(memoryStore(), idbStore({ onTrouble: setTrouble }));
  // Some browsers do not say how many cores there are.
  const size = navigator.hardwareConcurrency || 2;
  const loading = import('./platform/worker-engine').then(({ spawnWorker, workerEngine }) =>
    workerEngine({ spawn: spawnWorker, size }),
  );
  const engine = lateEngine(loading, size);
  // Not in the task that evaluates this module: starting a worker takes its time.
  setTimeout(() => engine.warm());
  const scheduler = createScheduler({ store, engine, ask: ASK });
  const kept = ownSheet();
  // Of use only once a cell asks.
  const allowances = import('./platform/allowances').then(({ openAllowances }) => openAllowances());
  const [library, setLibrary] = createSignal<LibraryPort>(NO_LIBRARY);
  const libraryLoading = import('./library-port').then(({ openLibraryPort }) => {
    const port = openLibraryPort(registry, (message) => setTrouble((before) => before ?? message));
    setLibrary(port);
    return port;
  });
  const [standing, setStanding] = createSignal<Standing>({ saved: 'saved', offline: false });
  const stand = (change: Partial<Standing>): void => void setStanding((before) => ({ ...before, ...change }));

  // The language of formulas comes after the first paint, unless there is a formula to be read before it.
  const [language, setLanguage] = createSignal<Language>();
  const speak = async (): Promise<void> => {
    const { createLanguage } = await import('./core/formula-language');
    setLanguage(createLanguage(registry));
  };

  const loadingOwn = kept.load().catch(() => undefined);
  // Sheets by revision: going back restores a sheet itself, texts that are not valid included.
  const written = new Map<number, Sheet>();
  let revision = 0;
  function keep(sheet: Sheet): void {
    revision = Math.max(Date.now(), revision + 1);
    written.set(revision, sheet);
    stand({ saved: 'saving' });
    const at = revision;
    // Not before it is known what was there: a slow disk must not lose the sheet that it holds.
    const saved = loadingOwn.then(() => kept.save({ sheet, revision: at }));
    saved.then(
      () => stand({ saved: 'saved' }),
      (error: unknown) => {
        stand({ saved: 'not saved' });
        setTrouble(
          `The sheet cannot be saved here (${storageReason(error)}). It is in the address, and lasts as long as this page.`,
        );
      },
    );
  }

  const first = await soon(loadingOwn);
  const stored = first === 'late' ? undefined : first;
  const write = (sheet: Sheet): string => writeAddress(sheet, registry);
  let session: Session | undefined;
  const navigation = createNavigation(arrive);

  /** The sheet that an address holds, or what is to be said where it is refused. */
  function read({ address, revision: at }: Arrival): Sheet | string | undefined {
    if (address === '' || address === '#') return undefined;
    const known = at === undefined ? undefined : written.get(at);
    if (known) return known;
    const parsed = parseAddress(address, registry);
    return parsed.ok ? parsed.sheet : parsed.message.charAt(0).toUpperCase() + parsed.message.slice(1);
  }

  function arrive(arrival: Arrival): void {
    const arrived = read(arrival);
    if (typeof arrived === 'string') session?.say(arrived);
    else if (arrived) session?.open(arrived, arrival.revision !== undefined);
    else session?.backToOwn();
  }

  const arrival = navigation.current();
  const arrived = read(arrival);
  const inAddress = typeof arrived === 'object' ? arrived : undefined;
  // An address that this page wrote for the own sheet counts where it is newer than what could be saved, as after the
  // page was killed; a tab that was left behind by another does not bring its older sheet back.
  const newer = arrival.revision !== undefined && arrival.revision > (stored?.revision ?? -1);
  const mine = (newer ? inAddress : undefined) ?? stored?.sheet ?? openingSheet();
  const linked =
    inAddress && arrival.revision === undefined && write(inAddress) !== write(mine) ? inAddress : undefined;
  if (stored && mine === stored.sheet) {
    revision = stored.revision;
    written.set(revision, mine);
  } else if (first !== 'late') keep(mine);

  if ([mine, linked].some((sheet) => sheet && hasFormulas(sheet))) await speak();
  const opened = createRoot(() =>
    createSession(
      registry,
      scheduler,
      { own: mine, ...(linked && { linked }) },
      {
        write,
        keep,
        language,
        navigate: (sheet, isOwn, step) => navigation.write(write(sheet), isOwn ? revision : undefined, step),
        remember(key) {
          const { estimate } = scheduler.state(key);
          // What needs much memory asks again: it may be what the page died of.
          if (estimate && estimate.bytes <= ASK.bytes)
            allowances.then((held) => held.add(key)).catch(() => {});
        },
      },
    ),
  );
  session = opened;
  allowances.then((held) => held.load()).then(opened.allowAgain, () => {});
  if (!linked) navigation.write(write(mine), revision, false);
  if (typeof arrived === 'string' && arrival.revision === undefined) opened.say(arrived);
  scheduler.subscribe((event) => {
    // What was computed for the moment only, as while dragging, is noted once somebody wants it for longer.
    const lasting = event.type === 'finished' && event.result.from === 'computed' && !event.transient;
    if (!(lasting || event.type === 'kept') || event.node.kind.name !== 'train') return;
    const plan = session?.plan();
    if (plan)
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
        probabilities={(layers, points, signal) => engine.probabilities(layers, points, signal)}
        probe={engine.probe}
        check={async (cells, signal, progress) => {
          const { checkTraining } = await import('./platform/check');
          return checkTraining(scheduler, engine, cells, signal, progress);
        }}
        library={library()}
        standing={standing()}
        trouble={trouble()}
        dismissTrouble={() => setTrouble(undefined)}
        link={() => ({
          url: `${location.origin}${location.pathname}${opened.address()}`,
          readable: parseAddress(opened.address(), registry).ok,
        })}
      />
    ),
    root,
  );

  if (first === 'late') {
    void loadingOwn.then((late) => {
      if (late) session?.adopt(late.sheet);
      else keep(mine);
    });
  }

  if (!language()) void speak();

  // While the page is being edited, a service worker would go on serving what was there before.
  if (import.meta.env.PROD) {
    await quiet(scheduler);
    const { registerOffline } = await import('./platform/offline');
    void registerOffline({
      onReady: () => stand({ offline: true }),
      onUpdate: (update) => stand({ update }),
    });
  }
}

const root = document.getElementById('app');
// In a task of its own: evaluating the modules is long enough without it.
if (root) setTimeout(() => void start(root));
