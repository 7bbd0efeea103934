// Chooses the checkpoints of a trace that are worth their space (log-spaced places, the latest, the farthest), and the
// checkpoints that are worth a place on disk: they stand for more work than storing them costs.
// The budget of a trace: 24 checkpoints and 16 MB; the farthest stays even if it alone is larger, up to 64 MB.
// Invariant: the kept checkpoints fit the budget, whatever arrives in whatever order. Knows no store.

const MAX_CHECKPOINTS = 24;
const MAX_BYTES = 16 * 2 ** 20;
/** The largest state that is kept at all, in bytes. */
export const MAX_CHECKPOINT_BYTES = 64 * 2 ** 20;

/** The least work worth a place on disk: nobody notices when less is done again. */
const MIN_WORK_MS = 500;
/** A cautious rate of writing to disk: a checkpoint must stand for more work than its writing takes. */
const BYTES_PER_MS = 8_192;

/** Whether a checkpoint that saves `ms` of work and has `bytes` is worth a place on disk. */
export const isWorthDisk = (ms: number, bytes: number): boolean =>
  ms >= MIN_WORK_MS && ms * BYTES_PER_MS >= bytes;

/** Place (units of the extent) and size of a kept checkpoint. */
export interface Held {
  readonly at: number;
  readonly bytes: number;
}

/** Whether a place is one of 1, 2, 3, 4, 6, 8, 12, 16, 24, …: 2^k and 1.5·2^k. */
export function isLogSpaced(at: number): boolean {
  if (!Number.isInteger(at) || at < 1) return false;
  let odd = at;
  while (odd % 2 === 0) odd /= 2;
  return odd === 1 || odd === 3;
}

/**
 * The ratio of the neighbours' places. Dropping the checkpoint with the smallest ratio
 * keeps the rest evenly spaced in log.
 */
const gapWithout = (held: readonly Held[], index: number): number =>
  (held[index + 1]?.at ?? Number.POSITIVE_INFINITY) / Math.max(held[index - 1]?.at ?? 0.5, 0.5);

/**
 * Adds a checkpoint to those of a trace. Returns the kept ones in order of place and the dropped
 * ones, which may include `added`. A checkpoint off the log-spaced places stays only while it is
 * the latest added or the farthest.
 */
export function thin(before: readonly Held[], added: Held): { kept: Held[]; dropped: Held[] } {
  if (added.bytes > MAX_CHECKPOINT_BYTES) return { kept: [...before], dropped: [added] };
  const others = before.filter(({ at }) => at !== added.at);
  const farthest = Math.max(added.at, ...others.map(({ at }) => at));
  const all = [...others, added].sort((a, b) => a.at - b.at);
  const kept = all.filter((held) => held === added || held.at === farthest || isLogSpaced(held.at));
  const bytes = (): number => kept.reduce((sum, held) => sum + held.bytes, 0);
  while (kept.length > 1 && (kept.length > MAX_CHECKPOINTS || bytes() > MAX_BYTES)) {
    const settled = kept.slice(0, -1).filter((held) => held !== added);
    const gaps = settled.map((held) => gapWithout(kept, kept.indexOf(held)));
    kept.splice(kept.indexOf(settled[gaps.indexOf(Math.min(...gaps))] ?? added), 1);
  }
  return { kept, dropped: all.filter((held) => !kept.includes(held)) };
}
