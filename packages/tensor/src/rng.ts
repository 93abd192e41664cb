/**
 * Seeded random numbers, the same on every platform.
 *
 * Generator: xoshiro128** (Blackman & Vigna 2018, "Scrambled linear pseudorandom number generators"),
 * 128 bits of state, period 2¹²⁸ − 1, built from 32-bit integer operations only. A seed is spread over the
 * state by splitmix32. Everything derived from it uses integer operations and + − × ÷ √, which IEEE 754
 * fixes to the bit; `Math.log` and friends are not, so `normal` brings its own logarithm.
 */
import { ConfigError } from './errors';

/** The four 32-bit words of the generator, as unsigned integers: JSON holds them exactly. */
export type RngState = readonly [number, number, number, number];

const rotateLeft = (x: number, k: number): number => (x << k) | (x >>> (32 - k));

/** splitmix32: a stream of well-mixed 32-bit words from any 32-bit seed. */
function splitmix32(seed: number): () => number {
  let s = seed | 0;
  return () => {
    s = (s + 0x9e3779b9) | 0;
    let z = s;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}

/** ln x for 0 < x < 1: x = m·2ᵉ with m in [√½, √2), ln m = 2·artanh s = 2(s + s³/3 + s⁵/5 + …), s = (m−1)/(m+1). */
function portableLog(x: number): number {
  let m = x;
  let e = 0;
  while (m < Math.SQRT1_2) {
    m *= 2;
    e--;
  }
  const s = (m - 1) / (m + 1);
  let series = 0;
  for (let n = 23; n >= 1; n -= 2) series = series * s * s + 1 / n;
  return 2 * s * series + e * 0.6931471805599453;
}

/**
 * A seeded generator with a serialisable state.
 *
 * @example
 * ```ts
 * import { Rng } from '@rnnlab/tensor';
 *
 * const rng = new Rng(42);
 * const saved = rng.state;
 * const a = rng.uniform();
 * rng.state = saved;
 * console.log(a === rng.uniform()); // true
 * ```
 */
export class Rng {
  #state = new Uint32Array(4);

  /**
   * @param seed An integer from 0 to 2³² − 1.
   * @throws {@link ConfigError} for anything else.
   */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
      throw new ConfigError(`Rng: seed is ${seed}, expected an integer from 0 to 4294967295.`);
    }
    const next = splitmix32(seed);
    this.#state = Uint32Array.from({ length: 4 }, next);
  }

  /** A copy of the state; assign it to continue from there. */
  get state(): RngState {
    return Array.from(this.#state) as unknown as RngState;
  }

  /** @throws {@link ConfigError} when it is not four unsigned 32-bit integers, not all zero. */
  set state(state: RngState) {
    const valid =
      Array.isArray(state) &&
      state.length === 4 &&
      state.every((word) => Number.isInteger(word) && word >= 0 && word <= 0xffffffff) &&
      state.some((word) => word !== 0);
    if (!valid) {
      throw new ConfigError(
        `Rng.state is ${JSON.stringify(state)}, expected four unsigned 32-bit integers, not all zero.`,
      );
    }
    this.#state = Uint32Array.from(state);
  }

  /** A generator that continues from a saved state. */
  static fromState(state: RngState): Rng {
    const rng = new Rng(0);
    rng.state = state;
    return rng;
  }

  /** The next 32 random bits as an unsigned integer. */
  uint32(): number {
    const s = this.#state;
    const result = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotateLeft(s[3], 11);
    return result;
  }

  /** A number in [low, high), uniform, with 53 random bits. */
  uniform(low = 0, high = 1): number {
    const unit = ((this.uint32() >>> 5) * 0x4000000 + (this.uint32() >>> 6)) / 0x20000000000000;
    return low + (high - low) * unit;
  }

  /** A normally distributed number (Marsaglia & Bray 1964, the polar method; the second value is dropped to keep the state small). */
  normal(mean = 0, standardDeviation = 1): number {
    for (;;) {
      const u = this.uniform(-1, 1);
      const v = this.uniform(-1, 1);
      const s = u * u + v * v;
      if (s > 0 && s < 1) return mean + standardDeviation * u * Math.sqrt((-2 * portableLog(s)) / s);
    }
  }

  /**
   * An integer in [0, bound), without bias: draws in the incomplete last block of 2³² are rejected.
   *
   * @throws {@link ConfigError} unless `bound` is an integer from 1 to 2³².
   */
  int(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > 0x100000000) {
      throw new ConfigError(`Rng.int: bound is ${bound}, expected an integer from 1 to 4294967296.`);
    }
    const complete = 0x100000000 - (0x100000000 % bound);
    for (;;) {
      const draw = this.uint32();
      if (draw < complete) return draw % bound;
    }
  }

  /** Shuffles in place (Fisher & Yates, Durstenfeld's form). Returns its argument. */
  shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      [items[i], items[j]] = [items[j], items[i]] as [never, never];
    }
    return items;
  }

  /** A new generator whose stream does not overlap this one's in practice: its 128 bits of state are drawn from this one and mixed. */
  split(): Rng {
    const words = Array.from({ length: 4 }, () => splitmix32(this.uint32())());
    return words.some((word) => word !== 0) ? Rng.fromState(words as unknown as RngState) : this.split();
  }
}
