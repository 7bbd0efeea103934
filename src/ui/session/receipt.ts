// The receipt of an edit: the recomputed cells and their runs, the number of cells from the cache, the duration.
// Invariant: the receipt appears only once every result that the sheet demands is present; a receipt counts keys, not cells
// that share one.

import { type Accessor, createEffect, createSignal, on, onCleanup, untrack } from 'solid-js';
import type { NodeDemand, Scheduler } from '../../core/compute/scheduler';
import type { Registry } from '../../core/kinds/kind';
import { late, withPart } from '../../core/late-loading';
import type { Key } from '../../core/plan/key';
import type { Node } from '../../core/plan/node';
import type { Plan, RunPlan } from '../../core/plan/plan';
import type { Place } from './receipt-text';

/** The nodes of all members of a run. */
function* nodesOf({ seeds, member }: RunPlan): Generator<Node> {
  for (let index = 0; index < seeds.count; index++)
    for (const { node } of member(index).values()) if (node) yield node;
}

function addPlaces(places: Map<Key, Place>, run: RunPlan): void {
  const { id } = run.run;
  for (const { key, kind } of nodesOf(run)) {
    const place = places.get(key);
    if (place) place.runs.add(id);
    else places.set(key, { kind: kind.name, runs: new Set([id]) });
  }
}

function removePlaces(places: Map<Key, Place>, run: RunPlan): void {
  for (const { key } of nodesOf(run)) {
    const runs = places.get(key)?.runs;
    if (runs?.delete(run.run.id) && runs.size === 0) places.delete(key);
  }
}

/** Whether two plans of one sheet differ in nothing but the number of members of their runs. */
const samePlans = (a: Plan, b: Plan): boolean =>
  [...a.runs].every(([id, { settings }]) => b.runs.get(id)?.settings === settings);

const problemsIn = (plan: Plan): number =>
  [...plan.runs.values()].flatMap(({ cells }) => [...cells.values()]).filter(({ problem }) => problem).length;

const loadReceiptText = late(() => import('./receipt-text'));

/** Milliseconds before asking cells are counted, since many may ask at once. */
const ASKING_MS = 100;

interface Receipt {
  /**
   * The receipt of the last edit, or the text about asking cells; undefined while the edit is being computed.
   */
  readonly text: Accessor<string | undefined>;
  /** Forgets the computations of a drag that ended without an edit. */
  forget(): void;
}

/**
 * Follows the plan and the scheduler. Computations of a drag (while `moves`) count for the edit that ends the
 * drag. The receipt waits for the `demanded` cells alone: the plan may have more, such as paused members.
 */
export function watchReceipt(
  registry: Registry,
  scheduler: Scheduler,
  plan: Accessor<Plan>,
  demanded: Accessor<readonly NodeDemand[]>,
  moves: () => boolean,
): Receipt {
  const [text, setText] = createSignal<string>();
  const places = new Map<Key, Place>();
  /** Number of sheets followed so far. */
  let edition = 0;
  let ran = new Set<Key>();
  let ahead = new Set<Key>();
  let since = performance.now();
  let last = since;

  let pending = new Set<Key>();
  let blocked = 0;
  let failed = new Set<Key>();
  /** Whether a pending cell asks for a permission. */
  let asked = false;
  let askTimer: ReturnType<typeof setTimeout> | undefined;

  const conclude = (): void => {
    if (pending.size > 0) return;
    const without = [...failed].filter((key) => !ran.has(key)).length;
    const [ms, notThere] = [last - since, blocked + without];
    const concluded = edition;
    // The texts load late: by then, another edit may be current.
    loadReceiptText().then(
      ({ receiptText }) => {
        if (edition === concluded && pending.size === 0)
          setText(receiptText(registry, places, ran, ms, notThere, failed));
      },
      () => {},
    );
  };
  /** Shows the text about asking cells if no pending cell can proceed without a permission. */
  const lookForAsking = (): void => {
    askTimer = undefined;
    const states = [...pending].map((key) => scheduler.state(key));
    const asking = states.filter(({ activity }) => activity === 'asking').length;
    asked = asking > 0;
    const waits = states.every(({ activity, waitsFor }) => activity === 'asking' || waitsFor !== undefined);
    if (pending.size === 0) return;
    const looked = edition;
    if (!asked || !waits) setText(undefined);
    else
      withPart(loadReceiptText, ({ askingText }) => {
        if (asked && edition === looked && pending.size > 0) setText(askingText(asking));
      });
  };
  const lookSoon = (): void => {
    askTimer ??= setTimeout(lookForAsking, ASKING_MS);
  };
  const expect = (): void => {
    pending = new Set(
      untrack(demanded)
        .map(({ node }) => node.key)
        .filter((key) => !scheduler.state(key).outcome),
    );
    failed = new Set([...failed].filter((key) => places.has(key)));
    // Cells shared with the previous sheet may have ended already, and then send no event.
    queueMicrotask(conclude);
    lookSoon();
  };

  let placed: ReadonlySet<RunPlan> = new Set();
  createEffect(
    on(plan, (planned, previous: Plan | undefined) => {
      const next = new Set(planned.runs.values());
      blocked = problemsIn(planned);
      if (planned.sheet === previous?.sheet && samePlans(planned, previous)) {
        // The same sheet with more members, not an edit: the counts continue.
        for (const run of next) if (!placed.has(run)) addPlaces(places, run);
        placed = next;
        expect();
        return;
      }
      edition++;
      const fresh = [...ahead].filter((key) => !places.has(key));
      // An edit of a large sheet changes few runs: the places of the others stay.
      for (const run of placed) if (!next.has(run)) removePlaces(places, run);
      for (const run of next) if (!placed.has(run)) addPlaces(places, run);
      placed = next;
      ran = new Set(fresh.filter((key) => places.has(key)));
      ahead = new Set();
      since = performance.now();
      last = since;
      setText(undefined);
      expect();
    }),
  );
  createEffect(on(demanded, expect, { defer: true }));
  onCleanup(() => clearTimeout(askTimer));
  onCleanup(
    scheduler.subscribe((event) => {
      if (event.type === 'store-failed') return;
      const { key } = event.node;
      if (event.type === 'started' && places.has(key)) ran.add(key);
      else if (event.type === 'started' && moves()) ahead.add(key);
      if (asked || event.type === 'asking') lookSoon();
      if (!places.has(key) || (event.type !== 'finished' && event.type !== 'failed')) return;
      pending.delete(key);
      if (event.type === 'failed') failed.add(key);
      else failed.delete(key);
      last = performance.now();
      conclude();
    }),
  );
  return {
    text,
    forget: () => {
      ahead = new Set();
    },
  };
}
