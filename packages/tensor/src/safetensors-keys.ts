/**
 * The keys of one JSON object: an open-addressing hash table of places in the header, 4 bytes a slot.
 *
 * Why not a Map or a Set: each of their entries, with its string, takes some hundred bytes, and a header can
 * hold a key in seven. Here a key costs at most 11 bytes (a table is at least 3/8 full after it grew, up to
 * 3/4), 22 with all the smaller tables it outgrew.
 *
 * The hash of a name with units c₁…cₙ is a polynomial over the integers modulo a prime,
 *   rⁿ⁺¹ + c₁·rⁿ + … + cₙ·r  (mod p),  p = 2²⁶ − 5,  r random in each process,
 * so that two given names meet with a probability of at most (n + 1)/p whoever chose them: a file cannot be
 * made to collide (Carter and Wegman, 1979).
 */
import { sameString, StringUnits } from './safetensors-string';

const prime = 2 ** 26 - 5;
let secret = 0;

function multiplier(): number {
  // Drawn when first needed: some hosts forbid randomness while a module loads.
  secret ||= 2 ** 16 + (crypto.getRandomValues(new Uint32Array(1))[0] % (prime - 2 ** 16));
  return secret;
}

/** Exact: products stay below 2⁵³. */
function multiplyAdd(a: number, b: number, c: number): number {
  const value = a * b + c;
  const rest = value - Math.floor(value / prime) * prime;
  return rest < 0 ? rest + prime : rest;
}

function hashString(bytes: Uint8Array, quote: number): number {
  const r = multiplier();
  const units = new StringUnits(bytes, quote);
  let hash = 1;
  for (let unit = units.next(); unit >= 0; unit = units.next()) hash = multiplyAdd(hash, r, unit);
  return multiplyAdd(hash, r, 0);
}

/** Keys by the position of their opening quote. `bytes` are always the same header, or a copy of it. */
export class KeyTable {
  /** Position + 1, or 0 where free; a power of two of them. */
  #slots = new Uint32Array(8);
  #size = 0;

  /** Keys in the table. */
  get size(): number {
    return this.#size;
  }

  /** Takes in the key at `quote`; false when an equal one is there already. */
  add(bytes: Uint8Array, quote: number): boolean {
    if ((this.#size + 1) * 4 > this.#slots.length * 3) this.#grow(bytes);
    const slot = this.#slotOf(bytes, bytes, quote);
    if (this.#slots[slot] !== 0) return false;
    this.#slots[slot] = quote + 1;
    this.#size++;
    return true;
  }

  /** Where the key equal to `name` stands, -1 when there is none. */
  find(bytes: Uint8Array, name: string): number {
    // A lone surrogate is escaped here and so equals no name of a file.
    return this.#slots[this.#slotOf(bytes, new TextEncoder().encode(JSON.stringify(name)), 0)] - 1;
  }

  /** The slot of the key that stands in `other`, or the free one where it would go. */
  #slotOf(bytes: Uint8Array, other: Uint8Array, quote: number): number {
    let slot = this.#first(other, quote);
    for (let at = this.#slots[slot]; at !== 0 && !sameString(bytes, at - 1, other, quote); ) {
      slot = (slot + 1) & (this.#slots.length - 1);
      at = this.#slots[slot];
    }
    return slot;
  }

  /** The slot where the search begins. Multiplying (Fibonacci hashing) spreads neighbours. */
  #first(bytes: Uint8Array, quote: number): number {
    return Math.imul(hashString(bytes, quote), 0x9e3779b1) >>> (Math.clz32(this.#slots.length) + 1);
  }

  #grow(bytes: Uint8Array): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(2 * old.length);
    for (const at of old) {
      if (at === 0) continue;
      let slot = this.#first(bytes, at - 1);
      while (this.#slots[slot] !== 0) slot = (slot + 1) & (this.#slots.length - 1);
      this.#slots[slot] = at;
    }
  }
}
