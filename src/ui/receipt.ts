// The receipt of an edit: which cells were computed again and in which runs, how many came from the cache, how long.
// Invariant: it is said only once everything that the sheet demands is there; it counts keys, not cells that share one.

import { type Accessor, createEffect, createSignal, on, onCleanup, untrack } from 'solid-js';
import type { Key } from '../core/key';
import type { Registry } from '../core/kind';
import type { Node } from '../core/node';
import type { Plan } from '../core/plan';
import type { Scheduler, Wanted } from '../core/scheduler';

/** The runs that show this key, and its kind. */
interface Place {
  readonly kind: string;
  readonly runs: Set<string>;
}

function placesOf(plan: Plan): Map<Key, Place> {
  const places = new Map<Key, Place>();
  const add = (run: string, node: Node): void => {
    const place = places.get(node.key) ?? { kind: node.kind.name, runs: new Set() };
    place.runs.add(run);
    places.set(node.key, place);
  };
  for (const { run, seeds, member } of plan.runs.values()) {
    for (let index = 0; index < seeds.count; index++) {
      for (const { node } of member(index).values()) if (node) add(run.id, node);
    }
  }
  return places;
}

const problemsIn = (plan: Plan): number =>
  [...plan.runs.values()].flatMap(({ cells }) => [...cells.values()]).filter(({ problem }) => problem).length;

const duration = (ms: number): string =>
  ms < 1_000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1_000).toFixed(1)} s`;

const listed = (names: readonly string[]): string =>
  names.length > 6 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');

/** The receipt in words: "recomputed train, diff of C · 14 cells from the cache · 6 ms". */
export function receiptText(
  registry: Registry,
  places: ReadonlyMap<Key, Place>,
  ran: ReadonlySet<Key>,
  ms: number,
  blocked = 0,
): string {
  const groups = new Map<string, string[]>();
  for (const { name } of registry.kinds) {
    const runs = new Set(
      [...places].flatMap(([key, place]) => (place.kind === name && ran.has(key) ? [...place.runs] : [])),
    );
    if (runs.size === 0) continue;
    const where = listed([...runs].sort((a, b) => a.length - b.length || (a < b ? -1 : 1)));
    groups.set(where, [...(groups.get(where) ?? []), name]);
  }
  const cached = [...places.keys()].filter((key) => !ran.has(key)).length;
  const what = [...groups].map(([runs, kinds]) => `${kinds.join(', ')} of ${runs}`).join('; ');
  const parts = [what ? `recomputed ${what}` : 'nothing to recompute'];
  if (cached > 0) parts.push(`${cached} ${cached === 1 ? 'cell' : 'cells'} from the cache`);
  if (blocked > 0) parts.push(`${blocked} ${blocked === 1 ? 'cell' : 'cells'} blocked`);
  if (what) parts.push(duration(ms));
  return parts.join(' · ');
}

export interface Receipt {
  /** The receipt of the last edit, undefined while it is being computed. */
  readonly text: Accessor<string | undefined>;
  /** Forgets what ran ahead of an edit that was not made after all. */
  forget(): void;
}

/**
 * Follows the plan and the scheduler. What ran for a hand that moved, before its edit was made, counts as run for it;
 * `wants` says what is waited for, which is less than the plan where members were told to stop.
 */
export function watchReceipt(
  registry: Registry,
  scheduler: Scheduler,
  plan: Accessor<Plan>,
  wants: Accessor<readonly Wanted[]>,
): Receipt {
  const [text, setText] = createSignal<string>();
  let places = new Map<Key, Place>();
  let ran = new Set<Key>();
  let ahead = new Set<Key>();
  let since = performance.now();
  let last = since;

  let pending = new Set<Key>();
  let blocked = 0;

  const conclude = (): void => {
    if (pending.size === 0) setText(receiptText(registry, places, ran, last - since, blocked));
  };
  const expect = (): void => {
    pending = new Set(
      untrack(wants)
        .map(({ node }) => node.key)
        .filter((key) => !scheduler.state(key).outcome),
    );
    // What is shared with the sheet before may be there already, so that no event comes any more.
    queueMicrotask(conclude);
  };

  createEffect(
    on(plan, (planned) => {
      const before = places;
      places = placesOf(planned);
      blocked = problemsIn(planned);
      ran = new Set([...ahead].filter((key) => places.has(key) && !before.has(key)));
      ahead = new Set();
      since = performance.now();
      last = since;
      setText(undefined);
      expect();
    }),
  );
  createEffect(on(wants, expect, { defer: true }));
  onCleanup(
    scheduler.subscribe((event) => {
      if (event.type === 'store-failed') return;
      const { key } = event.node;
      if (event.type === 'started') (places.has(key) ? ran : ahead).add(key);
      if (!places.has(key) || (event.type !== 'finished' && event.type !== 'failed')) return;
      pending.delete(key);
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
