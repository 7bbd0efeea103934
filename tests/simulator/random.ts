// The random numbers of a schedule, from a seed that is printed.
// Invariant: one seed and one name give one sequence, on every machine; no clock and no Math.random enters.
// Does not know how the numbers are used.

/** A sequence of random choices. */
export interface Random {
  /** A whole number in [0, bound). */
  below(bound: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** One of the items; throws if there is none. */
  pick<T>(items: readonly T[]): T;
}

/** FNV-1a, 32 bits, over the UTF-16 code units. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  return sum >>> 0;
}

/** Returns the sequence of a seed and a name, by mulberry32; sequences of different names are unrelated. */
export function random(seed: number, name: string): Random {
  let state = hash(`${name} ${seed}`);
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound: number): number => Math.floor(next() * bound);
  return {
    below,
    chance: (probability) => next() < probability,
    pick(items) {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('nothing to choose from');
      return item;
    },
  };
}
