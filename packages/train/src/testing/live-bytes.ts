/** What is alive in JavaScript's memory. For tests of memory. */
import { queryObjects, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/**
 * Bytes after a forced collection: the heap, and the array buffers beside it. Finalisers run between macrotasks, and
 * what they let go of is garbage next time.
 */
export async function liveBytes(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** How many objects of a class are alive: exactly, where bytes also count what the engine compiles. */
export function liveObjects(constructor: abstract new (...args: never[]) => object): number {
  return queryObjects(constructor as new () => object, { format: 'count' }) as unknown as number;
}
