/**
 * The check that tensors, sorted by offset, cover the data of a file exactly: no hole, no overlap, nothing
 * behind them. Most files list them in that order; then two numbers do. Otherwise begins and ends are sorted
 * in typed arrays, 20 bytes a tensor: sorting objects, or a comparator given to `sort`, takes several times as much.
 */
import { JsonReader, walkKeys } from './safetensors-json';
import { quoteString } from './safetensors-string';
import { readTensorInfo, refuse } from './safetensors-tensor-info';

/** Takes the tensors in the order of the header. */
export class Coverage {
  #covered = 0;
  #inOrder = true;
  #count = 0;

  add(begin: number, end: number): void {
    this.#count++;
    if (begin === this.#covered) this.#covered = end;
    else this.#inOrder = false;
  }

  /**
   * @param start Where the object of the tensors begins in `json`.
   * @param metadata Where the key stands in it that is no tensor, or -1.
   * @throws {@link CheckpointError} unless the tensors cover `dataLength` bytes exactly.
   */
  check(json: Uint8Array, start: number, metadata: number, dataLength: number): void {
    const covered = this.#inOrder ? this.#covered : checkSorted(json, start, metadata, this.#count);
    if (covered !== dataLength) {
      refuse(`the tensors cover ${covered} bytes, but ${dataLength} follow the header`);
    }
  }
}

/** @returns Where the last tensor ends. */
function checkSorted(json: Uint8Array, start: number, metadata: number, count: number): number {
  const begins = new Float64Array(count);
  const ends = new Float64Array(count);
  const order = new Uint32Array(count);
  let filled = 0;
  for (const key of walkKeys(json, start)) {
    if (key === metadata) continue;
    const reader = new JsonReader(json, key);
    reader.string();
    reader.colon();
    const { begin, end } = readTensorInfo(reader, json, key);
    begins[filled] = begin;
    ends[filled] = end;
    order[filled] = filled;
    filled++;
  }
  // Equal tensors stay in the order of the header, so that messages do not depend on the sort.
  heapSort(order, (a, b) => begins[a] - begins[b] || ends[a] - ends[b] || a - b);
  let covered = 0;
  for (const index of order) {
    if (begins[index] !== covered) {
      const name = quoteString(json, keyAt(json, start, metadata, index));
      refuse(`tensor ${name} lies at [${begins[index]}, ${ends[index]}), expected to begin at ${covered}`);
    }
    covered = ends[index];
  }
  return covered;
}

function keyAt(json: Uint8Array, start: number, metadata: number, index: number): number {
  let left = index;
  for (const key of walkKeys(json, start)) if (key !== metadata && left-- === 0) return key;
  return -1;
}

/** Sorts in place, without memory of its own, in n·log n steps whatever the order. */
function heapSort(items: Uint32Array, compare: (a: number, b: number) => number): void {
  const sink = (root: number, length: number): void => {
    const item = items[root];
    for (let child = 2 * root + 1; child < length; child = 2 * root + 1) {
      if (child + 1 < length && compare(items[child + 1], items[child]) > 0) child++;
      if (compare(items[child], item) <= 0) break;
      items[root] = items[child];
      root = child;
    }
    items[root] = item;
  };
  for (let root = (items.length >> 1) - 1; root >= 0; root--) sink(root, items.length);
  for (let last = items.length - 1; last > 0; last--) {
    [items[0], items[last]] = [items[last], items[0]];
    sink(0, last);
  }
}
