/** A binary heap: the first item by a given order, push and pop in O(log n). */
export interface Heap<T> {
  push(item: T): void;
  /** Takes the first item out; undefined when there is none. */
  pop(): T | undefined;
}

/** @param before Whether `a` comes out before `b`. */
export function heap<T>(before: (a: T, b: T) => boolean): Heap<T> {
  const items: T[] = [];
  return {
    push(item) {
      let k = items.length;
      while (k > 0) {
        const parent = (k - 1) >> 1;
        if (!before(item, items[parent])) break;
        items[k] = items[parent];
        k = parent;
      }
      items[k] = item;
    },
    pop() {
      const first = items[0];
      const item = items.pop();
      if (item === undefined || !items.length) return first;
      let k = 0;
      for (let child = 1; child < items.length; child = 2 * k + 1) {
        if (child + 1 < items.length && before(items[child + 1], items[child])) child++;
        if (!before(items[child], item)) break;
        items[k] = items[child];
        k = child;
      }
      items[k] = item;
      return first;
    },
  };
}
