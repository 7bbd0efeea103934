// The progress of a sheet's results: the demanded, allowed, stopped and previewed cells, and the state of each result.
// Invariant: the demands follow from the plan and the person's decisions alone. Knows neither elements nor storage.

import { type Accessor, createEffect, createMemo, createSignal, on, untrack } from 'solid-js';
import type { NodeDemand, Scheduler } from '../../core/compute/scheduler';
import type { Key } from '../../core/plan/key';
import type { Plan } from '../../core/plan/plan';
import type { RunId, Sheet } from '../../core/sheet/sheet';
import { type Consent, createConsent } from './consent';
import type { SessionCursor } from './cursor';
import { lastingDemands } from './demands';
import { type SessionDocument, samePlan } from './document';
import { createLive, type Live } from './live-states';
import { createMembers, type Members } from './members';
import type { Preview, PreviewWork } from './preview';
import { watchReceipt } from './receipt';
import { createStaleness } from './staleness';

/** Plans and cost estimates of sheets that are not on the screen. */
export interface Forecast {
  plan(sheet: Sheet): Plan;
  readonly scheduler: Pick<Scheduler, 'cached' | 'estimate'>;
}

/** State of the results, and the person's decisions about computing them. */
export interface SessionProgress {
  /** Outcomes and activity by key. */
  readonly live: Live;
  /** The members of runs with seeds, and their states. */
  readonly members: Members;
  /** The part of the sheet that may be computed, and the question to the person about the rest. */
  readonly consent: Consent;
  /** Runs whose members after the first are paused. */
  readonly paused: Accessor<ReadonlySet<RunId>>;
  /** Pauses the members of a run after the first, or resumes them. */
  pause(run: RunId, stop: boolean): void;
  /** Keys of the cells that the person stopped. */
  readonly stopped: Accessor<ReadonlySet<Key>>;
  /** Stops a cell and its dependents, or resumes them. */
  stop(key: Key, stop: boolean): void;
  /** Whether the person allowed this cell to start in spite of its cost. */
  isAllowed(key: Key): boolean;
  /**
   * Allows a cell that asked first to start, at any cost. For a run's own cell, this covers the same cell of
   * all members.
   */
  allow(key: Key): void;
  /** Restores the permissions from before the page was loaded. */
  allowAgain(keys: readonly Key[]): void;
  /** Whether visible results are awaited for so long that their figures should look old. */
  readonly stale: Accessor<boolean>;
  /** Receipt of the last edit in words; undefined while the edit is being computed. */
  readonly receipt: Accessor<string | undefined>;
  /** Plans and cost estimates of sheets that are not on the screen. */
  readonly forecast: Forecast;
  /** Shows a sheet during a drag: its results are transient, and the history gets no step. */
  preview(sheet: Sheet): void;
  /**
   * Ends a drag: with an edit as one undo step if both arguments are given, else with the unchanged sheet.
   */
  endPreview(label?: string, make?: (sheet: Sheet) => Sheet): void;
  /** Whether a drag previews a sheet. */
  isMoving(): boolean;
  /**
   * Calls `work` for each sheet that a drag previews, to prepare drawings that are not cells; returns the
   * function that ends this.
   */
  workBeside(work: (plan: Plan, outcomes: Parameters<PreviewWork>[1]) => Promise<unknown>): () => void;
}

/** Dependencies of the progress within the session. */
interface ProgressParts {
  readonly document: Pick<SessionDocument, 'registry' | 'sheet' | 'planOf' | 'open' | 'edit'>;
  readonly cursor: Pick<SessionCursor, 'active' | 'shown'>;
  readonly preview: Preview;
  /** The demands for a sheet that a drag previews. */
  passing(moved: Sheet): readonly NodeDemand[];
  /** Stores the permission for a costly cell. */
  remember?(key: Key): void;
}

/** A copy of the set, with the item if `isIn`, else without it. */
const changed = <T>(before: ReadonlySet<T>, item: T, isIn: boolean): ReadonlySet<T> =>
  new Set(isIn ? [...before, item] : [...before].filter((other) => other !== item));

/** Demands the cells of the document's sheet from now on; must be made inside a Solid root. */
export function createProgress(
  scheduler: Scheduler,
  { document, cursor, preview, passing, remember }: ProgressParts,
): SessionProgress {
  const live = createLive(scheduler);
  const [paused, setPaused] = createSignal<ReadonlySet<RunId>>(new Set());
  const [stopped, setStopped] = createSignal<ReadonlySet<Key>>(new Set());
  const [allowed, setAllowed] = createSignal<ReadonlySet<Key>>(new Set());

  /** The plan of the document's sheet, without the preview of a drag. */
  const lasting = createMemo(() => document.planOf(document.sheet()), undefined, { equals: samePlan });
  const consent = createConsent(scheduler, lasting, cursor.shown);
  // A consent to one sheet does not cover another sheet.
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
    forecast: { plan: document.planOf, scheduler },
    preview: preview.request,
    endPreview(label, make) {
      preview.end(() => {
        if (label !== undefined && make) document.edit(label, make);
        else receipt.forget();
      });
    },
    isMoving: () => preview.sheet() !== undefined,
    workBeside: (work) => preview.workBeside((moved, outcomes) => work(document.planOf(moved), outcomes)),
  };
}
