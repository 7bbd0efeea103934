// A receipt in words. Loaded once there is a receipt to write.
// Invariant: a receipt counts keys, not cells that share one. Knows neither plan nor scheduler.

import type { Registry } from '../../core/kinds/kind';
import type { Key } from '../../core/plan/key';
import { shortened } from '../../core/text-formatting';

/** The kind of a key, and the ids of the runs with this key. */
export interface Place {
  readonly kind: string;
  readonly runs: Set<string>;
}

const duration = (ms: number): string =>
  ms < 1_000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1_000).toFixed(1)} s`;

/**
 * The receipt in words: "recomputed train, diff of C · 14 cells from the cache · 6 ms". `ran` holds the
 * computed keys, `ms` the duration of the edit. `blocked` cells have no value; `failed` keys do not count as
 * cached.
 */
export function receiptText(
  registry: Registry,
  places: ReadonlyMap<Key, Place>,
  ran: ReadonlySet<Key>,
  ms: number,
  blocked = 0,
  failed: ReadonlySet<Key> = new Set(),
): string {
  const groups = new Map<string, string[]>();
  for (const { name } of registry.kinds) {
    const runs = new Set(
      [...places].flatMap(([key, place]) => (place.kind === name && ran.has(key) ? [...place.runs] : [])),
    );
    if (runs.size === 0) continue;
    const ids = [...runs].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
    const where = shortened(ids, 6, 5);
    groups.set(where, [...(groups.get(where) ?? []), name]);
  }
  const cached = [...places.keys()].filter((key) => !ran.has(key) && !failed.has(key)).length;
  const what = [...groups].map(([runs, kinds]) => `${kinds.join(', ')} of ${runs}`).join('; ');
  const parts = [what ? `recomputed ${what}` : 'nothing to recompute'];
  if (cached > 0) parts.push(`${cached} ${cached === 1 ? 'cell' : 'cells'} from the cache`);
  if (blocked > 0) parts.push(`${blocked} ${blocked === 1 ? 'cell' : 'cells'} blocked`);
  if (what) parts.push(duration(ms));
  return parts.join(' · ');
}

/** A receipt without what was not computed and without the duration, as a screen reader speaks it. */
export const briefReceipt = (receipt: string): string =>
  receipt
    .split(' · ')
    .filter((part) => !/ from the cache$|^[\d.]+ m?s$/.test(part))
    .join(', ');

/**
 * Text of the receipt line while every missing cell waits for a permission; `asking` counts the cells that
 * ask.
 */
export const askingText = (asking: number): string =>
  asking === 1 ? 'one cell waits for you to compute it' : `${asking} cells wait for you to compute them`;
