// Previews the sheet during a drag: shows one value after the other, and demands the results of each value.
//
//   request ─▶ (one a frame) ─▶ demand it for the moment ─▶ all there, or not within a blink ─▶ show it ─▶ all there ─▶ the newest
//
// Invariants: the last request is always shown; a value whose results are on the way is not given up for a newer one unless it
// takes long, so that the figures keep moving; quick results are shown with the number, in one frame; nothing of a preview is
// kept. Knows no params and no gestures.

import { type Accessor, batch, createSignal } from 'solid-js';
import type { Demand, NodeDemand, Outcome, Scheduler } from '../../core/compute/scheduler';
import type { Key } from '../../core/plan/key';
import type { Sheet } from '../../core/sheet/sheet';

/** After this long a newer value is worth more than the end of this one. */
const PATIENCE_MS = 1_000;

/** What takes longer than this is no more often than once a frame by itself. */
const FRAME_MS = 1_000 / 60;

/** So long a number waits for its results, since every frame that is drawn holds them up. */
const TOGETHER_MS = 50;

/** Makes what is drawn of a sheet but is no cell, from the outcomes that are on the way. */
export type PreviewWork = (sheet: Sheet, outcomes: ReadonlyMap<Key, Promise<Outcome>>) => Promise<unknown>;

export interface Preview {
  /** The sheet that is shown in the place of the real one; undefined while no hand moves. */
  readonly sheet: Accessor<Sheet | undefined>;
  /** Whether something is being computed for a hand that moves. */
  isBusy(): boolean;
  /** Requests a sheet; what was requested before and is not begun is skipped. */
  request(sheet: Sheet): void;
  /** Has work done beside each value; returns the way to end that. */
  workBeside(work: PreviewWork): () => void;
  /** Ends it: the real sheet is shown again, which `change` may have replaced, and takes over what they share. */
  end(change?: () => void): void;
}

/** A preview; `wanted` says what of a sheet is to be computed while it moves. */
export function createPreview(
  scheduler: Scheduler,
  wanted: (sheet: Sheet) => readonly NodeDemand[],
): Preview {
  const [sheet, setSheet] = createSignal<Sheet>();
  let next: Sheet | undefined;
  let busy = false;
  let held: readonly Demand[] = [];
  let wake: (() => void) | undefined;
  /** How many moves were ended. */
  let ended = 0;
  const works = new Set<PreviewWork>();

  function hold(demands: readonly Demand[]): void {
    const before = held;
    held = demands;
    void Promise.allSettled(demands.map(({ placed }) => placed)).then(() => {
      for (const demand of before) demand.release();
    });
  }

  /** Resolves when all is there or asks to be allowed, or when it takes long and something newer is requested. */
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
      // Not asked for ahead: a frame that shows nothing new holds up what is being computed.
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
      // After the real sheet has demanded what it needs: what both need goes on.
      hold([]);
      wake?.();
    },
  };
}
