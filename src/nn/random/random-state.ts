// Random numbers: numpy's legacy RandomState for integer seeds, word for word and bit for bit. Only a normal number may differ
// from numpy's in its last bits before the cast to float32, because numpy uses the logarithm of its C library.
// Invariant: the same seed and the same calls give the same bits forever, in every engine; a restored snapshot continues
// exactly where it was taken. Does not know the use of the numbers.
import { log } from './elementary';

/**
 * A position in a random stream, as plain data that can be cloned; the fields are those of numpy's
 * `get_state()`.
 */
export interface RandomStateSnapshot {
  /** MT19937's 624 words. */
  readonly key: Uint32Array;
  /** Number of words that are used, 0 … 624. */
  readonly pos: number;
  /** Whether `gauss` is the next `standardNormal()`. */
  readonly hasGauss: boolean;
  readonly gauss: number;
}

const WORDS = 624;
const SHIFT = 397;
const MAX_UINT32 = 0xffffffff;

/** A pseudo-random stream equal to numpy's `RandomState(seed)`, with numpy's methods in camelCase. */
export class RandomState {
  readonly #key = new Uint32Array(WORDS);
  #pos = WORDS;
  #hasGauss = false;
  #gauss = 0;

  /**
   * Seeds MT19937 by `init_genrand` (Matsumoto and Nishimura, 2002), as numpy does for an integer.
   * Throws RangeError unless the seed is an integer from 0 to 2^32 − 1.
   */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed > MAX_UINT32) {
      throw new RangeError(`a seed must be an integer from 0 to ${MAX_UINT32}, not ${seed}`);
    }
    let word = seed >>> 0;
    this.#key[0] = word;
    for (let i = 1; i < WORDS; i++) {
      word = (Math.imul(word ^ (word >>> 30), 1812433253) + i) >>> 0;
      this.#key[i] = word;
    }
  }

  /**
   * Returns a stream that continues from a snapshot, which is copied. Throws RangeError if a field of the
   * snapshot is out of range.
   */
  static fromState(snapshot: RandomStateSnapshot): RandomState {
    const { key, pos, hasGauss, gauss } = snapshot;
    if (key.length !== WORDS) throw new RangeError(`a random state has ${WORDS} words, not ${key.length}`);
    if (!Number.isInteger(pos) || pos < 0 || pos > WORDS) {
      throw new RangeError(`the position in a random state is an integer from 0 to ${WORDS}, not ${pos}`);
    }
    if (!Number.isFinite(gauss)) throw new RangeError(`the cached normal number is finite, not ${gauss}`);
    const state = new RandomState(0);
    state.#key.set(key);
    state.#pos = pos;
    state.#hasGauss = hasGauss;
    state.#gauss = gauss;
    return state;
  }

  /** Returns the present position, as a copy that later draws do not change. */
  getState(): RandomStateSnapshot {
    return {
      key: this.#key.slice(),
      pos: this.#pos,
      hasGauss: this.#hasGauss,
      gauss: this.#gauss,
    };
  }

  /** Draws the next number of [0, 1), a multiple of 2^-53, from two words. */
  randomSample(): number {
    const high = this.#next() >>> 5;
    return (high * 67108864 + (this.#next() >>> 6)) / 9007199254740992;
  }

  /**
   * Draws the next number of [low, high): low + (high − low)·randomSample(). Throws RangeError if high − low
   * overflows.
   */
  uniform(low: number, high: number): number {
    const range = high - low;
    if (!Number.isFinite(range)) throw new RangeError(`uniform needs a finite range, not ${low} to ${high}`);
    return low + range * this.randomSample();
  }

  /**
   * Draws the next integer of [0, max], both included, by masked rejection; max = 0 uses no word. Throws
   * RangeError unless max is an integer from 0 to 2^32 − 1.
   */
  interval(max: number): number {
    if (!Number.isInteger(max) || max < 0 || max > MAX_UINT32) {
      throw new RangeError(`an interval's end is an integer from 0 to ${MAX_UINT32}, not ${max}`);
    }
    return this.#masked(max);
  }

  /** Shuffles in place from the last element down (Fisher and Yates), in numpy's order of draws. */
  shuffle(array: Uint32Array): void {
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.#masked(i);
      const moved = array[i] as number;
      array[i] = array[j] as number;
      array[j] = moved;
    }
  }

  /**
   * Draws the integers 0 … n − 1 in random order. Throws RangeError unless n is an integer from 0 to 2^32 −
   * 1.
   */
  permutation(n: number): Uint32Array {
    if (!Number.isInteger(n) || n < 0 || n > MAX_UINT32) {
      throw new RangeError(`a permutation's length is an integer from 0 to ${MAX_UINT32}, not ${n}`);
    }
    const order = new Uint32Array(n);
    for (let i = 0; i < n; i++) order[i] = i;
    this.shuffle(order);
    return order;
  }

  /**
   * Draws the next standard normal number by Marsaglia's polar method, which yields two numbers at a time and
   * caches one.
   */
  standardNormal(): number {
    if (this.#hasGauss) {
      const cached = this.#gauss;
      this.#hasGauss = false;
      this.#gauss = 0;
      return cached;
    }
    let x: number;
    let y: number;
    let r2: number;
    do {
      x = 2 * this.randomSample() - 1;
      y = 2 * this.randomSample() - 1;
      r2 = x * x + y * y;
    } while (r2 >= 1 || r2 === 0);
    const f = Math.sqrt((-2 * log(r2)) / r2);
    this.#gauss = f * x;
    this.#hasGauss = true;
    return f * y;
  }

  /** Draws the next normal number, loc + scale·standardNormal(). Throws RangeError unless scale ≥ 0. */
  normal(loc: number, scale: number): number {
    if (!(scale >= 0)) throw new RangeError(`a standard deviation must not be negative: ${scale}`);
    return loc + scale * this.standardNormal();
  }

  #masked(max: number): number {
    if (max === 0) return 0;
    const mask = MAX_UINT32 >>> Math.clz32(max);
    let value: number;
    do value = (this.#next() & mask) >>> 0;
    while (value > max);
    return value;
  }

  /** Draws the next word, tempered as MT19937 prescribes. */
  #next(): number {
    if (this.#pos === WORDS) this.#refill();
    let word = this.#key[this.#pos++] as number;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  /** Replaces all 624 words at once by MT19937's recurrence. */
  #refill(): void {
    const key = this.#key;
    for (let i = 0; i < WORDS; i++) {
      const next = key[i + 1 === WORDS ? 0 : i + 1] as number;
      const mixed = ((key[i] as number) & 0x80000000) | (next & 0x7fffffff);
      const far = key[i + SHIFT < WORDS ? i + SHIFT : i + SHIFT - WORDS] as number;
      key[i] = far ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
    }
    this.#pos = 0;
  }
}
