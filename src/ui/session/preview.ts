// Previews the sheet during a drag: shows one value after the other, and demands the results of each value.
//
//   request ─▶ (one a frame) ─▶ transient demands ─▶ all done, or TOGETHER_MS past ─▶ show the sheet ─▶ all done ─▶ the newest
//
// Invariants: the last request is always shown; a newer value replaces a value with pending results only after
// PATIENCE_MS, so that the figures keep moving; quick results are shown with the number, in one frame; no result
// of a preview is kept. Knows no params and no gestures.

import { type Accessor, batch, createSignal } from 'solid-js';
import type { Demand, NodeDemand, Outcome, Scheduler } from '../../core/compute/scheduler';
import type { Key } from '../../core/plan/key';
import type { Sheet } from '../../core/sheet/sheet';

/** Milliseconds after which a newer value takes the place of an unfinished one. */
const PATIENCE_MS = 1_000;

/** Duration of a frame in ms: a step that takes longer needs no wait for the next frame. */
const FRAME_MS = 1_000 / 60;

/**
 * Milliseconds for which the number waits for its results: drawing the number alone would delay the results.
 */
const TOGETHER_MS = 50;

/**
 * Prepares drawings that are not cells for a previewed sheet, from the pending outcomes of its demanded
 * cells.
 */
export type PreviewWork = (sheet: Sheet, outcomes: ReadonlyMap<Key, Promise<Outcome>>) => Promise<unknown>;

/** The sheet that a drag shows, and the requests of the drag. */
export interface Preview {
  /** The sheet that is shown in place of the real one; undefined outside a drag. */
  readonly sheet: Accessor<Sheet | undefined>;
  /** Whether the results of a previewed sheet are being computed. */
  isBusy(): boolean;
  /** Requests the preview of a sheet; replaces a request that has not begun. */
  request(sheet: Sheet): void;
  /** Calls `work` for each previewed sheet; returns the function that ends this. */
  workBeside(work: PreviewWork): () => void;
  /**
   * Ends the preview: applies `change` to the real sheet and shows it, in one batch. Computations that the
   * real sheet demands too continue.
   */
  end(change?: () => void): void;
}

/** A preview over a scheduler; `wanted` returns the demands for a previewed sheet. */
export function createPreview(
  scheduler: Scheduler,
  wanted: (sheet: Sheet) => readonly NodeDemand[],
): Preview {
  const [sheet, setSheet] = createSignal<Sheet>();
  let next: Sheet | undefined;
  let busy = false;
  let held: readonly Demand[] = [];
  let wake: (() => void) | undefined;
  /** Number of ended previews: a value that is ready after the end of its drag must not be shown. */
  let ended = 0;
  const works = new Set<PreviewWork>();

  function hold(demands: readonly Demand[]): void {
    const before = held;
    held = demands;
    void Promise.allSettled(demands.map(({ placed }) => placed)).then(() => {
      for (const demand of before) demand.release();
    });
  }

  /**
   * Resolves when every outcome is known, when a cell asks for permission, when the preview ends, or, if a
   * newer sheet is requested, at the next multiple of PATIENCE_MS.
   */
  function settled(demands: readonly Demand[], demanded: readonly NodeDemand[]): Promise<void> {
    return new Promise((resolve) => {
      const keys = new Set(demanded.map(({ node }) => node.key));
      const finish = (): void => {
        clearInterval(timer);
        stop();
        wake = undefined;
        resolve();
      };
      const stop = scheduler.subscribe((event) => {
        if (event.type === 'asking' && keys.has(event.node.key)) finish();
      });
      const timer = setInterval(() => next && finish(), PATIENCE_MS);
      wake = finish;
      void Promise.allSettled(demands.map(({ outcome }) => outcome)).then(finish);
    });
  }

  async function work(): Promise<void> {
    busy = true;
    while (next) {
      const present = next;
      const move = ended;
      next = undefined;
      const start = performance.now();
      const demanded = wanted(present);
      const demands = demanded.map(({ node, ...terms }) => scheduler.demand(node, terms));
      hold(demands);
      const all = settled(demands, demanded);
      const outcomes = new Map(
        demanded.flatMap(({ node }, index) => (demands[index] ? [[node.key, demands[index].outcome]] : [])),
      );
      const beside = [...works].map((work) => work(present, outcomes));
      const blink = new Promise((resolve) => setTimeout(resolve, TOGETHER_MS));
      await Promise.race([blink, Promise.allSettled([all, ...beside])]);
      if (move === ended) setSheet(present);
      await all;
      // Only after a quick step: a frame that shows nothing new delays the computation.
      if (next && performance.now() - start < FRAME_MS)
        await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    busy = false;
  }

  return {
    sheet,
    isBusy: () => busy,
    request(requested) {
      next = requested;
      if (!busy) void work();
    },
    workBeside(work) {
      works.add(work);
      return () => works.delete(work);
    },
    end(change) {
      next = undefined;
      ended++;
      batch(() => {
        change?.();
        setSheet(undefined);
      });
      // Released after the real sheet has placed its demands: shared computations continue.
      hold([]);
      wake?.();
    },
  };
}
