// The sheet under a hand that moves: what is shown of it, and what is computed for it, one value after the other.
//
//   wish ─▶ (one a frame) ─▶ show it, demand it for the moment ─▶ all there ─▶ the newest wish
//
// Invariants: the last wish is always shown; a value whose results are on the way is not given up for a newer one unless
// it takes long, so that the figures keep moving; nothing of it is kept. Knows no params and no gestures.

import { type Accessor, batch, createSignal } from 'solid-js';
import type { Demand, Scheduler, Wanted } from '../core/scheduler';
import type { Sheet } from '../core/sheet';

/** After this long a newer value is worth more than the end of this one. */
const PATIENCE_MS = 1_000;

export interface Preview {
  /** The sheet that is shown in the place of the real one; undefined while no hand moves. */
  readonly sheet: Accessor<Sheet | undefined>;
  /** Wishes for a sheet; what was wished for before and is not begun is skipped. */
  wish(sheet: Sheet): void;
  /** Ends it: the real sheet is shown again, which `change` may have replaced, and takes over what they share. */
  end(change?: () => void): void;
}

/** A preview; `wanted` says what of a sheet is to be computed while it moves. */
export function createPreview(scheduler: Scheduler, wanted: (sheet: Sheet) => readonly Wanted[]): Preview {
  const [sheet, setSheet] = createSignal<Sheet>();
  let next: Sheet | undefined;
  let busy = false;
  let held: readonly Demand[] = [];
  let wake: (() => void) | undefined;

  function hold(demands: readonly Demand[]): void {
    const before = held;
    held = demands;
    void Promise.allSettled(demands.map(({ placed }) => placed)).then(() => {
      for (const demand of before) demand.release();
    });
  }

  /** Resolves when all is there or asks to be allowed, or when it takes long and something newer is wished for. */
  function settled(demands: readonly Demand[], wants: readonly Wanted[]): Promise<void> {
    return new Promise((resolve) => {
      const keys = new Set(wants.map(({ node }) => node.key));
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
      next = undefined;
      const frame = new Promise((resolve) => requestAnimationFrame(resolve));
      const wants = wanted(present);
      const demands = wants.map(({ node, ...terms }) => scheduler.demand(node, terms));
      hold(demands);
      setSheet(present);
      await settled(demands, wants);
      if (next) await frame;
    }
    busy = false;
  }

  return {
    sheet,
    wish(wished) {
      next = wished;
      if (!busy) void work();
    },
    end(change) {
      next = undefined;
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
