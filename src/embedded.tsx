// The composition root of an embedded sheet: connects the parts of the page, without storage, service worker or address bar.
// Invariant: reads the fragment and writes nothing, neither to the browser nor to the server, so that it works where storage is
// denied, partitioned or throws. Makes no decisions.

import { createRoot, createSignal } from 'solid-js';
import { render } from 'solid-js/web';
import { registry } from './cells';
import { type Ask, askBy } from './cells/questions';
import { createScheduler } from './core/compute/scheduler';
import { memoryStore } from './core/compute/store';
import { createLanguage } from './core/formulas/formula-language';
import { macrotask } from './core/macrotask';
import { planGradually } from './core/plan/gradual-plan';
import { createPlanner } from './core/plan/plan';
import type { Sheet } from './core/sheet/sheet';
import { memorySheets } from './page/sheets/memory-sheets';
import { startSheet } from './page/sheets/start-sheet';
import { parseAddress, writeAddress } from './platform/page/address';
import { spawnWorker, workerEngine } from './platform/workers/worker-engine';
import { createSession } from './ui/session/session';
import { EmbeddedSheet } from './ui/shell/embedded-sheet';

/** As on the whole page: the limits beyond which a computation needs the person's consent. */
const ASK = { ms: 2_000, bytes: 256 * 2 ** 20 };

/** Whether an address is of a lesson, whose steps and questions need the whole page. */
const isLesson = (address: string): boolean => address.startsWith('#lesson');

/** The sheet of an address, or a sentence that says why there is none; without an address, the sheet of a first visit. */
function read(address: string): { readonly sheet: Sheet; readonly refused?: string } {
  if (address.length < 2) return { sheet: startSheet() };
  if (isLesson(address))
    return {
      sheet: { runs: [], rows: [] },
      refused: 'This address holds a lesson. “Open in Gradsheet” shows its steps.',
    };
  const parsed = parseAddress(address, registry);
  return parsed.ok
    ? parsed
    : { sheet: { runs: [], rows: [] }, refused: `This address holds no sheet: ${parsed.message}.` };
}

/** Shows the sheet of the page's address in an element. */
export async function startEmbedded(root: HTMLElement): Promise<void> {
  const engine = workerEngine({ spawn: spawnWorker });
  const ask: Ask = askBy(engine);
  engine.warm();
  const scheduler = createScheduler({ store: memoryStore(), engine, ask: ASK });
  const language = createLanguage(registry);
  const planner = createPlanner(registry, () => language);
  const prepare = (sheet: Sheet) =>
    planGradually(planner, undefined, sheet, () => macrotask().then(() => true));
  let address = location.hash;
  const first = read(address);
  await prepare(first.sheet);
  const sheets = memorySheets(first.sheet);
  const session = createRoot(() =>
    createSession(registry, scheduler, {
      write: (sheet) => writeAddress(sheet, registry),
      planner,
      sheets,
      language: () => language,
    }),
  );
  /** The address of the frame where it holds no sheet: a tab of its own says more about it, or shows the lesson. */
  const [refused, setRefused] = createSignal<string>();
  const say = (sentence: string | undefined): void => {
    setRefused(sentence && address);
    session.say(sentence);
  };
  say(first.refused);
  // A course page may send another sheet to the same frame, also while this one is prepared.
  async function follow(): Promise<void> {
    const asked = location.hash;
    if (asked === address) return;
    const next = read(asked);
    await prepare(next.sheet);
    if (asked !== location.hash) return;
    address = asked;
    sheets.show(next.sheet);
    say(next.refused);
  }
  addEventListener('hashchange', () => void follow());
  void follow();
  render(
    () => (
      <EmbeddedSheet
        session={session}
        scheduler={scheduler}
        ask={ask}
        ownTab={() => new URL(location.pathname + (refused() ?? session.address()), location.href).href}
      />
    ),
    root,
  );
}
