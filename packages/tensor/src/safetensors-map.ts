/**
 * A read-only Map over an object of a header: keys and values are decoded from its bytes when asked for.
 *
 * Beside the bytes and the table of keys it keeps nothing, and so stays small for a file of a million tensors.
 * Whoever asks for all of them at once (`new Map(map)`, `[...map]`) builds what he asked for.
 */
import { JsonReader, walkKeys } from './safetensors-json';
import type { KeyTable } from './safetensors-keys';

/** An object of a header that has been read and found valid. */
export interface HeaderObject {
  readonly keys: KeyTable;
  /** Where its brace stands. */
  readonly start: number;
  /** A key that is no entry of the map. */
  readonly hidden?: string;
}

export class HeaderMap<Value> implements ReadonlyMap<string, Value> {
  readonly #json: Uint8Array;
  readonly #object: HeaderObject | undefined;
  readonly #decode: (reader: JsonReader, key: number) => Value;

  /**
   * @param json The header, which nobody changes any more.
   * @param object Absent for an empty map.
   * @param decode Reads a value; `key` is the place of its key.
   */
  constructor(
    json: Uint8Array,
    object: HeaderObject | undefined,
    decode: (reader: JsonReader, key: number) => Value,
  ) {
    this.#json = json;
    this.#object = object;
    this.#decode = decode;
    // What `console.log` of Node, Deno and Bun shows. As a method its computed name would keep this class, and
    // the parser with it, in every bundle.
    Object.defineProperty(this, Symbol.for('nodejs.util.inspect.custom'), { value: () => new Map(this) });
  }

  get size(): number {
    if (!this.#object) return 0;
    const { keys, hidden } = this.#object;
    return keys.size - (hidden !== undefined && keys.find(this.#json, hidden) >= 0 ? 1 : 0);
  }

  get(name: string): Value | undefined {
    const key = this.#find(name);
    return key < 0 ? undefined : this.#read(key)[1];
  }

  has(name: string): boolean {
    return this.#find(name) >= 0;
  }

  *keys(): Generator<string, undefined> {
    for (const key of this.#places()) yield new JsonReader(this.#json, key).text();
    return undefined;
  }

  *values(): Generator<Value, undefined> {
    for (const [, value] of this) yield value;
    return undefined;
  }

  *entries(): Generator<[string, Value], undefined> {
    for (const key of this.#places()) yield this.#read(key);
    return undefined;
  }

  [Symbol.iterator](): Generator<[string, Value], undefined> {
    return this.entries();
  }

  forEach(
    callback: (value: Value, key: string, map: ReadonlyMap<string, Value>) => void,
    self?: unknown,
  ): void {
    for (const [name, value] of this) callback.call(self, value, name, this);
  }

  #find(name: string): number {
    if (!this.#object || name === this.#object.hidden) return -1;
    return this.#object.keys.find(this.#json, name);
  }

  *#places(): Generator<number, undefined> {
    if (!this.#object) return undefined;
    const { keys, start, hidden } = this.#object;
    const omitted = hidden === undefined ? -1 : keys.find(this.#json, hidden);
    for (const key of walkKeys(this.#json, start)) if (key !== omitted) yield key;
    return undefined;
  }

  #read(key: number): [string, Value] {
    const reader = new JsonReader(this.#json, key);
    const name = reader.text();
    reader.colon();
    return [name, this.#decode(reader, key)];
  }
}
