/** A library that was opened, as functions to call; tried out before it is used. */
import { ConfigError, type FloatDType } from '@rnnlab/tensor';
import type { BlasCalls } from './blas-calls';
import { cblas } from './cblas';
import type { FindFunction, OpenedLibrary } from './find-blas';
import { fortranBlas } from './fortran-blas';

/** A library, ready to be called. */
export interface BlasLibrary {
  /** What it was loaded by. */
  readonly path: string;
  /** e.g. `'OpenBLAS 0.3.21'` */
  readonly name: string;
  readonly calls: Readonly<Record<FloatDType, BlasCalls>>;
  /** Whether several threads may call it at the same time, each for a product of its own on one core. */
  readonly concurrent: boolean;
  /** Whether it has C's interface. */
  readonly cInterface: boolean;
  /** Whether it multiplies small matrices without copying them: see `tiles.ts`. */
  readonly smallProducts: boolean;
}

/** By path: a process has one of each. */
const bound = new Map<string, BlasLibrary>();

/** @throws {@link ConfigError} when the library is no BLAS, or multiplies wrongly. */
export function bindBlas({ path, find }: OpenedLibrary): BlasLibrary {
  const known = bound.get(path);
  if (known) return known;
  const calls = (letter: 's' | 'd'): BlasCalls => {
    const found = cblas(find, letter) ?? fortranBlas(find, letter);
    if (found) return found;
    throw new ConfigError(
      `blasBackend: ${JSON.stringify(path)} has neither cblas_${letter}gemm nor ${letter}gemm_, so it is no BLAS. Name another library with RNNLAB_BLAS.`,
    );
  };
  const library: BlasLibrary = {
    path,
    name: nameOf(find, path),
    calls: { float32: calls('s'), float64: calls('d') },
    concurrent: setSingleThread(find),
    cInterface: cblas(find, 's') !== undefined,
    smallProducts: /^(SkylakeX|Cooperlake|Sapphirerapids)$/i.test(coreName(find)),
  };
  check(library);
  bound.set(path, library);
  return library;
}

/**
 * Tells a library to use one thread a call, for the whole process; `false` where it cannot be told, as Accelerate, or
 * was built for programs with one thread (OpenBLAS' parallel is 0: its calls would share a buffer).
 */
function setSingleThread(find: FindFunction): boolean {
  const setters = ['openblas_set_num_threads', 'MKL_Set_Num_Threads', 'bli_thread_set_num_threads'];
  for (const name of setters) {
    // BLIS counts in its dim_t, 64 bits wide on every current platform.
    const set = find(name, 'void', [name.startsWith('bli_') ? 'int64_t' : 'int']);
    if (!set) continue;
    set(1);
    const parallel = find('openblas_get_parallel', 'int', []);
    return parallel?.() !== 0;
  }
  return false;
}

/** For which processor's kernels OpenBLAS decided: its names, of which the first three have AVX-512. */
function coreName(find: FindFunction): string {
  return (find('openblas_get_corename', 'str', [])?.() as string | undefined) ?? '';
}

function nameOf(find: FindFunction, path: string): string {
  const openblas = find('openblas_get_config', 'str', [])?.() as string | undefined;
  if (openblas) return openblas.split(' ').slice(0, 2).join(' ');
  const blis = find('bli_info_get_version_str', 'str', [])?.() as string | undefined;
  if (blis) return `BLIS ${blis}`;
  if (find('MKL_Set_Num_Threads', 'void', ['int'])) return 'MKL';
  return path.includes('Accelerate') ? 'Accelerate' : path;
}

/** A library whose integers are 64 bits wide answers to the same names: better found out here than in a model. */
function check({ calls, path }: BlasLibrary): void {
  for (const Real of [Float32Array, Float64Array]) {
    const dtype = Real === Float32Array ? 'float32' : 'float64';
    const c = Real.of(10, 20, 30, 40);
    // [[1, 2, 3], [4, 5, 6]]·[[7, 9, 11], [8, 10, 12]]ᵀ
    calls[dtype].gemm(false, true, 2, 2, 3, Real.of(1, 2, 3, 4, 5, 6), Real.of(7, 9, 11, 8, 10, 12), 1, c);
    if ([68, 84, 169, 194].every((value, k) => c[k] === value)) continue;
    throw new ConfigError(
      `blasBackend: ${JSON.stringify(path)} gives wrong products; perhaps its integers have 64 bits (ILP64). Name another library with RNNLAB_BLAS.`,
    );
  }
}
