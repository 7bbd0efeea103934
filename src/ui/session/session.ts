// The session of one person's work: the sheet with its history, the plan, the demands, the selection, the receipt.
// Invariant: the sheet on the screen is the open sheet of the `OpenSheets` port, and changes by the port's edits alone.
// Knows neither elements nor storage: addresses and the storage of sheets come in from outside.

import { batch, createEffect, createMemo, createSignal, on, onCleanup, untrack } from 'solid-js';
import type { Scheduler } from '../../core/compute/scheduler';
import type { Registry } from '../../core/kinds/kind';
import type { Key } from '../../core/plan/key';
import type { Language } from '../../core/plan/language';
import { createPlanner, firstRunsByKey, type Plan } from '../../core/plan/plan';
import { type RunId, type Sheet, SheetError } from '../../core/sheet/sheet';
import { createConsent } from './consent';
import { lastingDemands, passingDemands, shownRuns } from './demands';
import { createLive } from './live';
import { createMembers } from './members';
import type { OpenSheets, TypedTexts } from './open-sheets';
import { openingCell } from './opening-cell';
import { createPreview, type PreviewWork } from './preview';
import { watchReceipt } from './receipt';
import { createStaleness } from './staleness';

/** What the session works with outside of itself. */
interface SessionPorts {
  /** The sheet as its one address, by which sheets are compared. */
  write(sheet: Sheet): string;
  /** The sheets of the person's, and the one that is open. */
  readonly sheets: OpenSheets;
  readonly typed?: TypedTexts;
  /** Remembers that a cell may cost what it costs. */
  remember?(key: Key): void;
  /** A planner that already knows the sheet, where that was planned before. */
  readonly planner?: (sheet: Sheet) => Plan;
  /** The language of formulas once it is loaded, which reading it in a computation waits for. */
  language?(): Language | undefined;
}

/** A cell of the grid: `row` is a row's id, `member` is set in the columns of a run's members. */
export interface Active {
  readonly run: RunId;
  readonly row: string;
  readonly member?: number;
}

/** What is selected besides the active cell: all up to another corner, whole columns or rows of that where it says so. */
interface Span {
  readonly corner?: Active;
  readonly columns?: boolean;
  readonly rows?: boolean;
}

const NO_SPAN: Span = {};

const same = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a === b || (a.length === b.length && a.every((item, index) => item === b[index]));

/** Whether nothing was planned anew: a language that arrives where there is no formula is no news. */
const samePlan = (a: Plan | undefined, b: Plan | undefined): boolean =>
  a !== undefined && a.sheet === b?.sheet && [...a.runs].every(([id, run]) => b.runs.get(id) === run);

/** Plans and estimates of a sheet that is not there yet. */
export interface Forecast {
  plan(sheet: Sheet): Plan;
  readonly scheduler: Pick<Scheduler, 'cached' | 'estimate'>;
}

export type Session = ReturnType<typeof createSession>;

/** A session over one scheduler; must be made inside a Solid root. */
export function createSession(registry: Registry, scheduler: Scheduler, ports: SessionPorts) {
  const { sheets } = ports;
  const [open, setOpen] = createSignal(sheets.state());
  const [notice, setNotice] = createSignal<string>();
  const [done, setDone] = createSignal<string>();
  const live = createLive(scheduler);
  const language = (): Language | undefined => ports.language?.();
  const planner = ports.planner ?? createPlanner(registry, language);
  const forecast: Forecast = { plan: planner, scheduler };

  onCleanup(
    sheets.subscribe((news) =>
      batch(() => {
        const next = sheets.state();
        // What was done was done to another sheet.
        if (next.id !== untrack(open).id) setDone(undefined);
        setOpen(next);
        if (news !== undefined) setNotice(news);
      }),
    ),
  );
  const history = createMemo(() => open().history);
  const sheet = createMemo(() => history().present);
  const preview = createPreview(scheduler, passing);
  /** The plan of the sheet that is to be kept, and that of what is shown, which a moving hand may be ahead with. */
  const lasting = createMemo(() => planner(sheet()), undefined, { equals: samePlan });
  const plan = createMemo(() => planner(preview.sheet() ?? sheet()), undefined, { equals: samePlan });
  const firstRuns = createMemo(() => firstRunsByKey(plan()));
  const address = createMemo(() => ports.write(sheet()));

  const [active, setActive] = createSignal<Active>(openingCell(open()));
  const [span, setSpan] = createSignal<Span>(NO_SPAN);
  const [inspected, setInspected] = createSignal('train');

  const ids = createMemo<readonly RunId[]>(() => sheet().runs.map(({ id }) => id), [], { equals: same });
  const activeRun = createMemo(() => active().run);
  const cornerRun = createMemo(() => span().corner?.run ?? activeRun());
  /** The runs between the two corners of the selection, in the sheet's order. */
  const selected = createMemo<readonly RunId[]>(
    () => {
      if (span().rows) return ids();
      const ends = [ids().indexOf(activeRun()), ids().indexOf(cornerRun())];
      return ids().slice(Math.max(0, Math.min(...ends)), Math.max(...ends) + 1);
    },
    [],
    { equals: same },
  );
  const shown = createMemo<readonly RunId[]>(() => shownRuns(ids(), selected(), activeRun()), [], {
    equals: same,
  });
  /** Runs whose later members were told to stop. */
  const [paused, setPaused] = createSignal<ReadonlySet<RunId>>(new Set());
  /** Costly cells that were told to stop. */
  const [stopped, setStopped] = createSignal<ReadonlySet<Key>>(new Set());
  /** What was allowed to cost what it costs. */
  const [allowed, setAllowed] = createSignal<ReadonlySet<Key>>(new Set());
  const isThere = (key: Key): boolean => scheduler.state(key).outcome !== undefined;
  const consent = createConsent(scheduler, lasting, shown);
  // What was allowed for one sheet is not allowed for another.
  createEffect(
    on(
      createMemo(() => open().opened),
      consent.forget,
      { defer: true },
    ),
  );
  const demanded = createMemo(() =>
    lastingDemands(
      consent.started(),
      activeRun(),
      { paused: paused(), stopped: stopped(), allowed: allowed() },
      isThere,
    ),
  );

  function passing(moved: Sheet) {
    return passingDemands(registry, planner(moved), shown(), active().run, inspected());
  }

  const demandSet = scheduler.demandSet();
  createEffect(() => demandSet.show(demanded()));
  const seen = createMemo(() => {
    const moved = preview.sheet();
    return (moved ? passing(moved) : demanded().filter(({ urgency }) => urgency !== 'bulk')).map(
      ({ node }) => node,
    );
  });
  createEffect(() => {
    const kept = untrack(demanded).map(({ node }) => node);
    live.retain(new Set([...kept, ...seen()].map(({ key }) => key)));
  });
  const members = createMembers(scheduler, consent.opened);
  const stale = createStaleness(scheduler, seen);
  const receipt = watchReceipt(registry, scheduler, consent.opened, demanded, preview.isBusy);

  // A sheet that takes the place of another opens where it would open on a page of its own.
  createEffect(
    on(
      createMemo(() => open().opened),
      (_, __, before: string | undefined) => {
        if (before !== undefined && before !== address()) {
          setSpan(NO_SPAN);
          setActive(openingCell(open()));
        }
        return address();
      },
    ),
  );
  createEffect(
    on(sheet, (present) => {
      const runs = new Set(present.runs.map(({ id }) => id));
      if (!runs.has(active().run)) setActive({ ...active(), run: present.runs.at(-1)?.id ?? 'A' });
      if (!runs.has(cornerRun())) setSpan(NO_SPAN);
    }),
  );

  /** Edits the sheet; an edit that cannot be made is said and changes nothing. */
  function edit(label: string, make: (sheet: Sheet) => Sheet): void {
    try {
      setNotice(undefined);
      setDone(undefined);
      sheets.edit(label, make);
    } catch (error) {
      if (!(error instanceof SheetError)) throw error;
      setNotice(error.message);
    }
  }

  return {
    registry,
    language,
    live,
    sheet,
    plan,
    /** The first run that has a key; others share its cell. */
    firstRunOf: (key: Key): RunId | undefined => firstRuns().get(key),
    address,
    /** Whether what is on the screen takes so long that its figures should look old. */
    stale,
    /** The runs that figures show side by side. */
    shown,
    members,
    /** How much of the sheet may be computed, and what a person is asked about the rest. */
    consent,
    paused,
    /** Stops the members of a run after the first, or goes on with them. */
    pause: (run: RunId, stop: boolean) =>
      setPaused((before) => new Set(stop ? [...before, run] : [...before].filter((other) => other !== run))),
    stopped,
    /** Whether a cell was allowed to start although it is costly. */
    isAllowed: (key: Key): boolean => allowed().has(key),
    /** Stops a cell and all that needs it, or goes on with it from where it was. */
    stop: (key: Key, stop: boolean) =>
      setStopped((before) => new Set(stop ? [...before, key] : [...before].filter((other) => other !== key))),
    /** Lets a cell that asked first start, whatever it costs; for a run's own cell that goes for its members' as well. */
    allow(key: Key) {
      ports.remember?.(key);
      setAllowed((before) => new Set(before).add(key));
      scheduler.allow(key);
    },
    /** Takes over what was allowed before this page was opened. */
    allowAgain: (keys: readonly Key[]) => setAllowed((before) => new Set([...before, ...keys])),
    receipt: receipt.text,
    notice,
    /** What the last undo or redo did, in words. */
    done,
    /** Says in the receipt line what was done; the next edit takes its place. */
    report: (text: string) => void setDone(text),
    /** Of sheets that are not there yet: their plans, and what of them would have to be computed. */
    forecast,
    /** Says something to the person, once; undefined takes it back. */
    say: setNotice,
    active,
    span,
    inspected,
    inspect: setInspected,
    /**
     * Makes a cell the active one and selects it alone; a press that may become a drag is `quiet`: figures stay until it
     * is known what it was.
     */
    activate(next: Active, { quiet = false } = {}) {
      batch(() => {
        setSpan(NO_SPAN);
        const kind = next.row.split('.')[0] ?? '';
        if (!quiet && registry.get(kind) && kind !== active().row.split('.')[0]) setInspected(kind);
        setActive(next);
      });
    },
    /** Selects more than the active cell, which stays where it is. */
    select: (next: Span) => setSpan(next),
    selected,
    /** Shows a sheet while a hand moves: computed for the moment, not kept, no step of the history. */
    preview: preview.request,
    /** Has something that is no cell made ready for what a moving hand shows; returns the way to end that. */
    workBeside: (work: (plan: Plan, outcomes: Parameters<PreviewWork>[1]) => Promise<unknown>) =>
      preview.workBeside((moved, outcomes) => work(planner(moved), outcomes)),
    /** Whether a hand moves. */
    isMoving: () => preview.sheet() !== undefined,
    /** Ends a move: with an edit that is one step, or back to the sheet as it was. */
    endPreview(label?: string, make?: (sheet: Sheet) => Sheet) {
      preview.end(() => {
        if (label !== undefined && make) edit(label, make);
        else receipt.forget();
      });
    },
    edit,
    undoLabel: () => history().past.at(-1)?.label,
    redoLabel: () => history().future[0]?.label,
    undo() {
      const label = history().past.at(-1)?.label;
      sheets.undo();
      if (label) setDone(`undid: ${label}`);
    },
    redo() {
      const label = history().future[0]?.label;
      sheets.redo();
      if (label) setDone(`redid: ${label}`);
    },
    /** The sheets of the person's, and what can be done with them. */
    sheets,
    /** The sheet that is open, and how far it is on disk. */
    open,
    typed: ports.typed,
    /** By what a reload knows the sheet again. */
    typedKey: () => open().id ?? untrack(address),
    /** The sheet as its one address. */
    addressOf: ports.write,
    /** Whether the sheet on the screen came by an address and lies beside the person's own. */
    isLinked: () => open().linked,
  };
}
