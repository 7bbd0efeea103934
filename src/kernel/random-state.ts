// Permutations as numpy's legacy RandomState draws them: MT19937, masked rejection, Fisher and Yates from the
// end.
// Invariant: the stream equals the stream of nn/random/random-state.ts, word for word, so each can continue
// where the other stopped.
// Source: M. Matsumoto and T. Nishimura, Mersenne Twister (1998); numpy/random/mtrand.pyx.

const N: i32 = 624;
const M: i32 = 397;
/** Bytes of the state, without its position. */
export const STATE_BYTES: usize = 4 * 624;

/** Address of the 624 words of the state. */
let words: usize = 0;
/** Address of the same words, tempered. */
let drawable: usize = 0;
let position: i32 = N;

/**
 * Sets the address of the state, which the host writes, and the address of the tempered words, of the same
 * size.
 */
export function placeState(address: usize, room: usize): void {
  words = address;
  drawable = room;
}

/** Continues from the present words, of which `next` are used. */
export function setPosition(next: i32): void {
  position = next;
  temper();
}

/** Returns the number of used words, 0 … 624. */
export function getPosition(): i32 {
  return position;
}

/** Four words of the next state, from the words at k, the words at k + 1 and the middle words. */
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

/** Replaces word `here` by the next state's, from the words of the given indices. */
// @ts-ignore: decorator
@inline
function twistOne(here: i32, next: i32, middle: i32): void {
  const y = (load<u32>(word(here)) & 0x80000000) | (load<u32>(word(next)) & 0x7fffffff);
  store<u32>(word(here), load<u32>(word(middle)) ^ (y >> 1) ^ (y & 1 ? 0x9908b0df : 0));
}

/**
 * Replaces four words from index `here` on by the next state's. The middle words must not be among these
 * four.
 */
// @ts-ignore: decorator
@inline
function twistFour(here: i32, middle: i32): void {
  v128.store(word(here), twist(v128.load(word(here)), v128.load(word(here + 1)), v128.load(word(middle))));
}

/**
 * Replaces the 624 words by the next 624. The middle word is an old word for the first 227 words, and a new
 * word for the others.
 */
function regenerate(): void {
  let k = 0;
  for (; k + 4 <= N - M; k += 4) twistFour(k, k + M);
  for (; k < N - M; k++) twistOne(k, k + 1, k + M);
  for (; k + 4 < N; k += 4) twistFour(k, k + M - N);
  for (; k < N - 1; k++) twistOne(k, k + 1, k + M - N);
  twistOne(N - 1, 0, M - 1);
  temper();
}

/** Tempers all 624 words at once, as MT19937 prescribes, for later draws. */
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
 * Overwrites `order` with `permutation(count)`, uint32. A draw above the index to fill is rejected: the
 * element is swapped with itself, and the index stays. This replaces a branch, which would be mispredicted
 * every third time.
 */
export function permute(order: usize, count: i32): void {
  for (let i = 0; i < count; i++) store<u32>(order + (<usize>i << 2), i);
  // A local copy: in memory, each draw would wait for the draw before.
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
