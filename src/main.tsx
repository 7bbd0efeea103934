// The composition root of the page: the only file that wires everything.
// Invariant: the sheet on the screen is there before anything is computed; storage that fails is said and costs no result.

import { createSignal } from 'solid-js';
import { render } from 'solid-js/web';
import { registry } from './cells';
import type { Key } from './core/key';
import type { Cells, Plan } from './core/plan';
import { createScheduler } from './core/scheduler';
import { addRun, type Sheet, setOverride } from './core/sheet';
import { memoryStore, tiered } from './core/store';
import { parseAddress, writeAddress } from './platform/address';
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
  const refused = (what: string) => (error: unknown) =>
    say(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  const look = (): void => {
    library.list().then(setEntries, refused('The library cannot be read'));
  };
  library.subscribe(look);
  look();
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

/** The cells of the run, or member, that has this training, and the run's name. */
function cellsWith(plan: Plan, train: Key): { cells: Cells; name: string } | undefined {
  for (const { run, seeds, member } of plan.runs.values()) {
    for (let index = 0; index < seeds.count; index++) {
      const cells = member(index);
      if (cells.get('train')?.node?.key === train)
        return { cells, name: seeds.count > 1 ? `${run.name} ${index}` : run.name };
    }
  }
  return undefined;
}

async function start(root: HTMLElement): Promise<void> {
  let session: Session | undefined;
  const waiting: string[] = [];
  const say = (message: string): void => {
    if (session) session.say(message);
    else waiting.push(message);
  };

  const store = tiered(memoryStore(), idbStore({ onTrouble: say }));
  const engine = workerEngine({ spawn: spawnWorker });
  engine.warm();
  const scheduler = createScheduler({ store, engine });
  const kept = ownSheet();
  const library = libraryPort(say);
  const [standing, setStanding] = createSignal<Standing>({ saved: 'saved', offline: false });
  const stand = (change: Partial<Standing>): void => void setStanding((before) => ({ ...before, ...change }));

  function keep(sheet: Sheet): void {
    stand({ saved: 'saving' });
    kept.save(sheet).then(
      () => stand({ saved: 'saved' }),
      (error: unknown) => {
        stand({ saved: 'not saved' });
        say(`The sheet cannot be saved here: ${error instanceof Error ? error.message : String(error)}`);
      },
    );
  }

  const own = await kept.load().catch(() => undefined);
  const navigation = createNavigation(arrive);
  const write = (sheet: Sheet): string => writeAddress(sheet, registry);

  /** The sheet that an address holds; one that is refused is said and changes nothing. */
  function read({ address }: Arrival): Sheet | undefined {
    if (address === '' || address === '#') return undefined;
    const parsed = parseAddress(address, registry);
    if (parsed.ok) return parsed.sheet;
    const message = parsed.message;
    say(message.charAt(0).toUpperCase() + message.slice(1));
    return undefined;
  }

  function arrive(arrival: Arrival): void {
    const arrived = read(arrival);
    if (arrived) session?.open(arrived, arrival.mine);
    else if (arrival.address === '' || arrival.address === '#') session?.backToOwn();
  }

  const arrival = navigation.current();
  const arrived = read(arrival);
  // An address that this page wrote for the own sheet is newer than what could be saved before the page was gone.
  const mine = (arrival.mine ? arrived : undefined) ?? own ?? openingSheet();
  const linked = arrived && write(arrived) !== write(mine) ? arrived : undefined;
  if (!own || write(own) !== write(mine)) keep(mine);

  render(() => {
    const opened = createSession(
      registry,
      scheduler,
      { own: mine, ...(linked && { linked }) },
      {
        write,
        keep,
        navigate: (sheet, isOwn, step) => navigation.write(write(sheet), isOwn, step),
      },
    );
    session = opened;
    if (!linked) navigation.write(write(mine), true, false);
    for (const message of waiting) opened.say(message);
    return (
      <App
        session={opened}
        scheduler={scheduler}
        probabilities={(layers, points, signal) => engine.probabilities(layers, points, signal)}
        library={library}
        standing={standing()}
        link={() => `${location.origin}${location.pathname}${opened.address()}`}
      />
    );
  }, root);

  scheduler.subscribe((event) => {
    if (event.type !== 'finished' || event.result.from !== 'computed' || event.node.kind.name !== 'train')
      return;
    const found = session && cellsWith(session.plan(), event.node.key);
    const lineage = found && lineageOf(found.cells, event.result.value, Date.now(), found.name);
    if (lineage) library.note(lineage);
  });

  // While the page is being edited, a service worker would go on serving what was there before.
  if (import.meta.env.PROD) {
    void registerOffline({
      onReady: () => stand({ offline: true }),
      onUpdate: (update) => stand({ update }),
    });
  }
}

const root = document.getElementById('app');
if (root) void start(root);
