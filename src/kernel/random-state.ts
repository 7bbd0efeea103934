// Permutations as numpy's legacy RandomState draws them: MT19937, masked rejection, Fisher and Yates from the end.
// Invariant: the stream is the one of nn/random-state.ts, word for word, so either can go on where the other stopped.
// Source: M. Matsumoto and T. Nishimura, Mersenne Twister (1998); numpy/random/mtrand.pyx.

const N: i32 = 624;
const M: i32 = 397;
/** Bytes that the state takes, without its position. */
export const STATE_BYTES: usize = 4 * 624;

/** The 624 words of the state. */
let words: usize = 0;
/** The same, tempered. */
let drawable: usize = 0;
let position: i32 = N;

/** Says where the state lies, and room as large for its draws; the host writes the state there. */
export function placeState(address: usize, room: usize): void {
  words = address;
  drawable = room;
}

/** Goes on from the words that are there, of which `next` are used up. */
export function setPosition(next: i32): void {
  position = next;
  temper();
}

export function getPosition(): i32 {
  return position;
}

/** Four words of the next state, from those at k, k + 1 and the middle ones. */
// @ts-ignore: decorator
@inline
function twist(here: v128, next: v128, middle: v128): v128 {
  const y = v128.or(
    v128.and(here, i32x4.splat(0x80000000)),
    v128.and(next, i32x4.splat(0x7fffffff)),
  );
  const odd = i32x4.sub(i32x4.splat(0), v128.and(y, i32x4.splat(1)));
  return v128.xor(v128.xor(middle, i32x4.shr_u(y, 1)), v128.and(odd, i32x4.splat(0x9908b0df)));
}

// @ts-ignore: decorator
@inline
function word(index: i32): usize {
  return words + (<usize>index << 2);
}

/** One word of the next state, from the words of the indices given. */
// @ts-ignore: decorator
@inline
function twistOne(here: i32, next: i32, middle: i32): void {
  const y = (load<u32>(word(here)) & 0x80000000) | (load<u32>(word(next)) & 0x7fffffff);
  store<u32>(word(here), load<u32>(word(middle)) ^ (y >> 1) ^ (y & 1 ? 0x9908b0df : 0));
}

/** Four words of the next state, from index `here` on; the middle ones are not among them. */
// @ts-ignore: decorator
@inline
function twistFour(here: i32, middle: i32): void {
  v128.store(word(here), twist(v128.load(word(here)), v128.load(word(here + 1)), v128.load(word(middle))));
}

/** Makes the next 624 words in place: the middle word of the first 227 is an old one, that of the others new already. */
function regenerate(): void {
  let k = 0;
  for (; k + 4 <= N - M; k += 4) twistFour(k, k + M);
  for (; k < N - M; k++) twistOne(k, k + 1, k + M);
  for (; k + 4 < N; k += 4) twistFour(k, k + M - N);
  for (; k < N - 1; k++) twistOne(k, k + 1, k + M - N);
  twistOne(N - 1, 0, M - 1);
  temper();
}

/** Tempers all 624 words at once, as MT19937 prescribes, into the words that draws are taken from. */
function temper(): void {
  for (let k = 0; k < N; k += 4) {
    let y = v128.load(word(k));
    y = v128.xor(y, i32x4.shr_u(y, 11));
    y = v128.xor(y, v128.and(i32x4.shl(y, 7), i32x4.splat(0x9d2c5680)));
    y = v128.xor(y, v128.and(i32x4.shl(y, 15), i32x4.splat(0xefc60000)));
    v128.store(drawable + (<usize>k << 2), v128.xor(y, i32x4.shr_u(y, 18)));
  }
}

/**
 * Overwrites `order` with `permutation(count)`: uint32. A draw beyond the place that is next to be filled is rejected by
 * swapping that place with itself and staying there, since a branch would be mispredicted every third time.
 */
export function permute(order: usize, count: i32): void {
  for (let i = 0; i < count; i++) store<u32>(order + (<usize>i << 2), i);
  // Kept out of memory while it runs, where each draw would wait for the one before.
  let at = position;
  const from = drawable;
  let i: u32 = count - 1;
  while (i > 0) {
    const mask: u32 = 0xffffffff >>> clz(i);
    const least = (mask >>> 1) + 1;
    while (i >= least) {
      if (at == N) {
        regenerate();
        at = 0;
      }
      const drawn = load<u32>(from + (<usize>at << 2)) & mask;
      at++;
      const j = select<u32>(drawn, i, drawn <= i);
      const here = order + (<usize>i << 2);
      const there = order + (<usize>j << 2);
      const kept = load<u32>(here);
      store<u32>(here, load<u32>(there));
      store<u32>(there, kept);
      i -= drawn <= i ? 1 : 0;
    }
  }
  position = at;
}

/** Copies the state, without its position, to `address`. */
export function copyState(address: usize): void {
  memory.copy(address, words, STATE_BYTES);
}
