// The composition root of the page: the only file that wires everything.
// Invariant: the sheet on the screen is there before anything is computed; storage that fails is said and costs no result.

import { createRoot, createSignal } from 'solid-js';
import { render } from 'solid-js/web';
import { registry } from './cells';
import type { Key } from './core/key';
import type { Cells, Plan } from './core/plan';
import { createScheduler } from './core/scheduler';
import { addRun, type Sheet, setOverride } from './core/sheet';
import { memoryStore, tiered } from './core/store';
import { parseAddress, writeAddress } from './platform/address';
import { storageReason } from './platform/idb';
import { idbStore } from './platform/idb-store';
import { openLibrary } from './platform/library';
import { type Lineage, lineageOf, overridesOf } from './platform/lineage';
import { type Arrival, createNavigation } from './platform/navigation';
import { registerOffline } from './platform/offline';
import { ownSheet } from './platform/own-sheet';
import { spawnWorker, workerEngine } from './platform/worker-engine';
import { App, type LibraryPort } from './ui/app';
import { createSession, type Session } from './ui/session';
import type { Standing } from './ui/top-bar';

const OPENING = '#v1';

function openingSheet(): Sheet {
  const parsed = parseAddress(OPENING, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.sheet;
}

/** The library as the page sees it: its entries as a signal, removals that can be undone. */
function libraryPort(say: (message: string) => void): LibraryPort & { note(lineage: Lineage): void } {
  const library = openLibrary();
  const [entries, setEntries] = createSignal<readonly Lineage[]>([]);
  const [removed, setRemoved] = createSignal<readonly Lineage[]>([]);
  const refused = (what: string) => (error: unknown) => say(`${what} (${storageReason(error)}).`);
  const look = (): void => {
    library.list().then(setEntries, refused('The library cannot be read'));
  };
  // A sweep finishes many trainings a second; one look for all of them is enough.
  let due: ReturnType<typeof setTimeout> | undefined;
  library.subscribe(() => {
    clearTimeout(due);
    due = setTimeout(look, 200);
  });
  due = setTimeout(look);
  return {
    entries,
    removed: () => removed().length || undefined,
    note: (lineage) => void library.put(lineage).catch(refused('A training cannot be noted in the library')),
    onUpdate: (key, change) =>
      void library.update(key, change).catch(refused('The library cannot be changed')),
    onRemove(keys) {
      setRemoved(entries().filter(({ key }) => keys.includes(key)));
      for (const key of keys) library.remove(key).catch(refused('The library cannot be changed'));
    },
    onUndoRemove() {
      for (const lineage of removed()) library.put(lineage).catch(refused('The library cannot be changed'));
      setRemoved([]);
    },
    toSheet: (sheet, lineages) =>
      lineages.reduce((grown, lineage) => {
        const added = addRun(grown, { name: lineage.name || 'from the library' });
        const id = added.runs.at(-1)?.id ?? '';
        return [...overridesOf(lineage, registry)].reduce(
          (s, [path, text]) => setOverride(s, id, path, text),
          added,
        );
      }, sheet),
  };
}

interface Holder {
  readonly cells: Cells;
  readonly name: string;
}

const holdersOf = new WeakMap<Plan, Map<Key, Holder>>();

/** The cells of the first run, or member, that has this training, and the run's name. */
function cellsWith(plan: Plan, train: Key): Holder | undefined {
  let holders = holdersOf.get(plan);
  if (!holders) {
    holders = new Map();
    for (const { run, seeds, member } of plan.runs.values()) {
      for (let index = 0; index < seeds.count; index++) {
        const cells = member(index);
        const key = cells.get('train')?.node?.key;
        const name = seeds.count > 1 ? `${run.name} ${index}` : run.name;
        if (key !== undefined && !holders.has(key)) holders.set(key, { cells, name });
      }
    }
    holdersOf.set(plan, holders);
  }
  return holders.get(train);
}

/** What costs more than this asks first: two seconds, 256 MB. */
const ASK = { ms: 2_000, bytes: 256 * 2 ** 20 };

/** Storage that is slower than this is not waited for; what it yields later is taken if nothing was edited meanwhile. */
const PATIENCE_MS = 300;

/** What a promise yields within the patience that there is; `late` where it has not come by then. */
const soon = <T,>(promise: Promise<T>): Promise<T | 'late'> =>
  Promise.race([promise, new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), PATIENCE_MS))]);

async function start(root: HTMLElement): Promise<void> {
  const [trouble, setTrouble] = createSignal<string>();
  const store = tiered(memoryStore(), idbStore({ onTrouble: setTrouble }));
  const engine = workerEngine({ spawn: spawnWorker });
  // Not in the task that evaluates this module: starting a worker takes its time.
  setTimeout(() => engine.warm());
  const scheduler = createScheduler({ store, engine, ask: ASK });
  const kept = ownSheet();
  // Of use only once a cell asks.
  const allowances = import('./platform/allowances').then(({ openAllowances }) => openAllowances());
  const library = libraryPort((message) => setTrouble((before) => before ?? message));
  const [standing, setStanding] = createSignal<Standing>({ saved: 'saved', offline: false });
  const stand = (change: Partial<Standing>): void => void setStanding((before) => ({ ...before, ...change }));

  const loading = kept.load().catch(() => undefined);
  // Sheets by revision: going back restores a sheet itself, texts that are not valid included.
  const written = new Map<number, Sheet>();
  let revision = 0;
  function keep(sheet: Sheet): void {
    revision = Math.max(Date.now(), revision + 1);
    written.set(revision, sheet);
    stand({ saved: 'saving' });
    const at = revision;
    // Not before it is known what was there: a slow disk must not lose the sheet that it holds.
    const saved = loading.then(() => kept.save({ sheet, revision: at }));
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

  const first = await soon(loading);
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

  const opened = createRoot(() =>
    createSession(
      registry,
      scheduler,
      { own: mine, ...(linked && { linked }) },
      {
        write,
        keep,
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
    const found = session && cellsWith(session.plan(), event.node.key);
    const lineage = found && lineageOf(found.cells, event.result.value, Date.now(), found.name);
    if (lineage) library.note(lineage);
  });
  // Planning and demanding are one task, drawing the page is the next: neither is to keep the other from the screen.
  await new Promise((resolve) => setTimeout(resolve));
  render(
    () => (
      <App
        session={opened}
        scheduler={scheduler}
        probabilities={(layers, points, signal) => engine.probabilities(layers, points, signal)}
        check={async (cells, signal, progress) => {
          const { checkTraining } = await import('./platform/check');
          return checkTraining(scheduler, engine, cells, signal, progress);
        }}
        library={library}
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
    void loading.then((late) => {
      if (late) session?.adopt(late.sheet);
      else keep(mine);
    });
  }

  // While the page is being edited, a service worker would go on serving what was there before.
  if (import.meta.env.PROD) {
    void registerOffline({
      onReady: () => stand({ offline: true }),
      onUpdate: (update) => stand({ update }),
    });
  }
}

const root = document.getElementById('app');
// In a task of its own: evaluating the modules is long enough without it.
if (root) setTimeout(() => void start(root));
