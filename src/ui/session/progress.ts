// The progress of a sheet's results: what is demanded, allowed, stopped and previewed, and how far each result is.
// Invariant: the scheduler is demanded what the plan and the person's decisions say, and nothing else. Knows neither elements
// nor storage.

import { type Accessor, createEffect, createMemo, createSignal, on, untrack } from 'solid-js';
import type { NodeDemand, Scheduler } from '../../core/compute/scheduler';
import type { Key } from '../../core/plan/key';
import type { Plan } from '../../core/plan/plan';
import type { RunId, Sheet } from '../../core/sheet/sheet';
import { type Consent, createConsent } from './consent';
import type { SessionCursor } from './cursor';
import { lastingDemands } from './demands';
import { type Planner, type SessionDocument, samePlan } from './document';
import { createLive, type Live } from './live';
import { createMembers, type Members } from './members';
import type { Preview, PreviewWork } from './preview';
import { watchReceipt } from './receipt';
import { createStaleness } from './staleness';

/** Plans and estimates of a sheet that is not on the screen. */
export interface Forecast {
  plan(sheet: Sheet): Plan;
  readonly scheduler: Pick<Scheduler, 'cached' | 'estimate'>;
}

/** How far the results are, and what a person decides about them. */
export interface SessionProgress {
  /** Outcomes and activity, key by key. */
  readonly live: Live;
  /** The members of runs with seeds, and their states. */
  readonly members: Members;
  /** How much of the sheet may be computed, and what a person is asked about the rest. */
  readonly consent: Consent;
  /** Runs whose later members were told to stop. */
  readonly paused: Accessor<ReadonlySet<RunId>>;
  /** Stops the members of a run after the first, or goes on with them. */
  pause(run: RunId, stop: boolean): void;
  /** Costly cells that were told to stop. */
  readonly stopped: Accessor<ReadonlySet<Key>>;
  /** Stops a cell and all that needs it, or goes on with it from where it was. */
  stop(key: Key, stop: boolean): void;
  /** Whether a cell was allowed to start although it is costly. */
  isAllowed(key: Key): boolean;
  /** Lets a cell that asked first start, whatever it costs; for a run's own cell that goes for its members' as well. */
  allow(key: Key): void;
  /** Takes over what was allowed before this page was opened. */
  allowAgain(keys: readonly Key[]): void;
  /** Whether what is on the screen takes so long that its figures should look old. */
  readonly stale: Accessor<boolean>;
  /** What the last edit recomputed, in words; undefined while it is being computed. */
  readonly receipt: Accessor<string | undefined>;
  /** Plans and estimates of sheets that are not on the screen. */
  readonly forecast: Forecast;
  /** Shows a sheet while a hand moves: computed for the moment, not kept, no step of the history. */
  preview(sheet: Sheet): void;
  /** Ends a move: with an edit that is one step, or back to the sheet as it was. */
  endPreview(label?: string, make?: (sheet: Sheet) => Sheet): void;
  /** Whether a hand moves. */
  isMoving(): boolean;
  /** Has something that is no cell made ready for what a moving hand shows; returns the way to end that. */
  workBeside(work: (plan: Plan, outcomes: Parameters<PreviewWork>[1]) => Promise<unknown>): () => void;
}

/** What the progress follows, and what a hand that moves wants meanwhile. */
interface ProgressParts {
  readonly document: Pick<SessionDocument, 'registry' | 'sheet' | 'open' | 'edit'>;
  readonly cursor: Pick<SessionCursor, 'active' | 'shown'>;
  readonly planner: Planner;
  readonly preview: Preview;
  /** What is wanted of a sheet while a hand moves. */
  passing(moved: Sheet): readonly NodeDemand[];
  /** Remembers that a cell may cost what it costs. */
  remember?(key: Key): void;
}

/** A set with an item, or without it. */
const changed = <T>(before: ReadonlySet<T>, item: T, isIn: boolean): ReadonlySet<T> =>
  new Set(isIn ? [...before, item] : [...before].filter((other) => other !== item));

/** Demands what the document needs, from now on; must be made inside a Solid root. */
export function createProgress(
  scheduler: Scheduler,
  { document, cursor, planner, preview, passing, remember }: ProgressParts,
): SessionProgress {
  const live = createLive(scheduler);
  const [paused, setPaused] = createSignal<ReadonlySet<RunId>>(new Set());
  const [stopped, setStopped] = createSignal<ReadonlySet<Key>>(new Set());
  const [allowed, setAllowed] = createSignal<ReadonlySet<Key>>(new Set());

  /** The plan of the sheet that is to be kept, however a hand moves. */
  const lasting = createMemo(() => planner(document.sheet()), undefined, { equals: samePlan });
  const consent = createConsent(scheduler, lasting, cursor.shown);
  // What was allowed for one sheet is not allowed for another.
  createEffect(
    on(
      createMemo(() => document.open().opened),
      consent.forget,
      { defer: true },
    ),
  );
  const activeRun = createMemo(() => cursor.active().run);
  const isThere = (key: Key): boolean => scheduler.state(key).outcome !== undefined;
  const demanded = createMemo(() =>
    lastingDemands(
      consent.started(),
      activeRun(),
      { paused: paused(), stopped: stopped(), allowed: allowed() },
      isThere,
    ),
  );
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
  const receipt = watchReceipt(document.registry, scheduler, consent.opened, demanded, preview.isBusy);

  return {
    live,
    members,
    consent,
    paused,
    pause: (run, stop) => void setPaused((before) => changed(before, run, stop)),
    stopped,
    stop: (key, stop) => void setStopped((before) => changed(before, key, stop)),
    isAllowed: (key) => allowed().has(key),
    allow(key) {
      remember?.(key);
      setAllowed((before) => changed(before, key, true));
      scheduler.allow(key);
    },
    allowAgain: (keys) => void setAllowed((before) => new Set([...before, ...keys])),
    stale,
    receipt: receipt.text,
    forecast: { plan: planner, scheduler },
    preview: preview.request,
    endPreview(label, make) {
      preview.end(() => {
        if (label !== undefined && make) document.edit(label, make);
        else receipt.forget();
      });
    },
    isMoving: () => preview.sheet() !== undefined,
    workBeside: (work) => preview.workBeside((moved, outcomes) => work(planner(moved), outcomes)),
  };
}
