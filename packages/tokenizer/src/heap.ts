/** A binary heap: the first item by a given order in O(1), push and pop in O(log n). */
export class Heap<T> {
  readonly #items: T[] = [];
  readonly #before: (a: T, b: T) => boolean;

  /** @param before Whether `a` comes out before `b`. */
  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  push(item: T): void {
    const items = this.#items;
    let k = items.length;
    while (k > 0) {
      const parent = (k - 1) >> 1;
      if (!this.#before(item, items[parent])) break;
      items[k] = items[parent];
      k = parent;
    }
    items[k] = item;
  }

  /** Takes the first item out; undefined when there is none. */
  pop(): T | undefined {
    const items = this.#items;
    const first = items[0];
    const item = items.pop();
    if (item === undefined || !items.length) return first;
    let k = 0;
    for (let child = 1; child < items.length; child = 2 * k + 1) {
      if (child + 1 < items.length && this.#before(items[child + 1], items[child])) child++;
      if (!this.#before(items[child], item)) break;
      items[k] = items[child];
      k = child;
    }
    items[k] = item;
    return first;
  }
}
