// Decides whether awaited results take long enough to be marked as stale: results within a blink replace the old ones without a
// mark.
// Invariant: a mark stays until all results of a later change arrive within a blink, so that nothing flickers.

import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js';
import type { Scheduler } from '../../core/compute/scheduler';
import type { Key } from '../../core/plan/key';
import type { Node } from '../../core/plan/node';
import type { RunId } from '../../core/sheet/sheet';

const BLINK_MS = 150;

/** Whether `what` has been true for longer than BLINK_MS. */
function lasting(what: Accessor<boolean>): Accessor<boolean> {
  const [isLasting, setLasting] = createSignal(false);
  createEffect(() => {
    setLasting(false);
    if (!what()) return;
    const timer = setTimeout(() => setLasting(true), BLINK_MS);
    onCleanup(() => clearTimeout(timer));
  });
  return isLasting;
}

/** Runs, each with the node that its value belongs to. */
type Sources = readonly { readonly id: RunId; readonly value: { readonly node: Node | undefined } }[];

/** Whether a run in `made` has had another node than in `sources` for longer than BLINK_MS. */
export const lateBeside = (made: Accessor<Sources>, sources: Accessor<Sources>): Accessor<boolean> =>
  lasting(
    createMemo(() => {
      const before = new Map(made().map(({ id, value }) => [id, value.node?.key]));
      return sources().some(({ id, value }) => before.has(id) && before.get(id) !== value.node?.key);
    }),
  );

/**
 * Whether results of these nodes were awaited for longer than BLINK_MS; true until the results of a later
 * change arrive in time.
 */
export function createStaleness(scheduler: Scheduler, nodes: Accessor<readonly Node[]>): Accessor<boolean> {
  const [stale, setStale] = createSignal(false);
  let awaited = new Set<Key>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const inTime = (): void => {
    if (timer !== undefined) setStale(false);
    clearTimeout(timer);
    timer = undefined;
  };
  createEffect(
    on(nodes, (next) => {
      awaited = new Set(next.map(({ key }) => key).filter((key) => !scheduler.state(key).outcome));
      clearTimeout(timer);
      timer = setTimeout(() => {
        timer = undefined;
        setStale(awaited.size > 0);
      }, BLINK_MS);
      if (awaited.size === 0) inTime();
    }),
  );
  const stop = scheduler.subscribe((event) => {
    if (event.type !== 'finished' && event.type !== 'failed') return;
    if (awaited.delete(event.node.key) && awaited.size === 0) inTime();
  });
  onCleanup(() => {
    stop();
    clearTimeout(timer);
  });
  return stale;
}
