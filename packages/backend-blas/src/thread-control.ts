/**
 * How many threads a BLAS uses: each library has a function of its own for it, which holds for the whole process.
 * Accelerate has none that every version of macOS knows, and decides itself.
 */
import type { FindFunction } from './find-blas';

/** Sets the number of threads of a library. */
export interface ThreadControl {
  /** Cheap when nothing changes. */
  use(threads: number): void;
}

const setters = [
  'openblas_set_num_threads',
  'MKL_Set_Num_Threads',
  'bli_thread_set_num_threads',
  'goto_set_num_threads',
] as const;

/** `undefined` for a library that cannot be told. */
export function threadControl(find: FindFunction): ThreadControl | undefined {
  for (const name of setters) {
    // BLIS counts in its dim_t, 64 bits wide on every current platform.
    const set = find(name, 'void', [name.startsWith('bli_') ? 'int64_t' : 'int']);
    if (!set) continue;
    let current: number | undefined;
    return {
      use(threads) {
        if (threads === current) return;
        set(threads);
        current = threads;
      },
    };
  }
  return undefined;
}
