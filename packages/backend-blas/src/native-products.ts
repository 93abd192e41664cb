/**
 * Products on all threads of the wasm backend: each calls the library for its rows or columns of the result, on one core.
 * A library's own threads would wait for work by spinning, as ours do, and both would fight for the same cores.
 *
 *   across    columns [begin, end) of C:  C + begin,      op(B) from its column begin on, all of A
 *   else      rows    [begin, end) of C:  C + begin·n,    op(A) from its row begin on,    all of B
 *
 * `byRows`: across, and a call of gemv for each row of C. `tiles`: across, op(B) cut as in `tiles.ts`.
 */
import type { DividedFunction, WasmBackend } from '@rnnlab/tensor';
import type { createRequire } from 'node:module';
import type koffi from 'koffi';
import { prefixes } from './find-blas';

/** What the script is told. JSON. */
interface Setting {
  /** Where `require('koffi')` is found from. */
  from: string;
  /** Of the library. */
  path: string;
  /** What its names may begin with. */
  prefixes: readonly string[];
}

type Call = (...args: unknown[]) => void;
type Process = { getBuiltinModule(name: 'node:module'): { createRequire: typeof createRequire } };

/**
 * Evaluated in every thread, from its text: no name from outside may stand in it.
 *
 * @returns By dtype functions of (begin, end, across, byRows, m, n, k, transposeA, transposeB, a, b, c, beta), and `tiles` of
 *   (begin, end, m, n, k, columns, depth, a, tiles, c, beta) in float32; addresses in `memory`.
 */
function script({ from, path, prefixes }: Setting, memory: WebAssembly.Memory) {
  const { process } = globalThis as unknown as { process: Process };
  const ffi = process.getBuiltinModule('node:module').createRequire(from)('koffi') as typeof koffi;
  const library = ffi.load(path);
  const base = Number(ffi.address(new Uint8Array(memory.buffer)));
  const find = (name: string, parameters: string[]): Call => {
    for (const prefix of prefixes) {
      try {
        return library.func(prefix + name, 'void', parameters);
      } catch {
        // under another name
      }
    }
    throw new Error(`${path} has no ${name}`);
  };
  const declare = (letter: string, real: string) => {
    const array = ['intptr_t', 'int'];
    const operands = [real, ...array, ...array, real, ...array];
    return {
      gemm: find(`cblas_${letter}gemm`, [...Array<string>(6).fill('int'), ...operands]),
      gemv: find(`cblas_${letter}gemv`, [...Array<string>(4).fill('int'), ...operands]),
    };
  };
  const products = ({ gemm, gemv }: ReturnType<typeof declare>, bytes: number) => {
    return (begin: number, end: number, ...numbers: number[]) => {
      const [across, byRows, m, n, k, transposeA, transposeB, a, b, c, beta] = numbers;
      const [rows, columns] = across ? [m, end - begin] : [end - begin, n];
      const [lda, ldb] = [transposeA ? m : k, transposeB ? k : n];
      const aBegin = base + a + (across ? 0 : bytes * begin * (transposeA ? 1 : k));
      const bBegin = base + b + (across ? bytes * begin * (transposeB ? k : 1) : 0);
      const cBegin = base + c + bytes * begin * (across ? 1 : n);
      const [opA, opB] = [transposeA ? 112 : 111, transposeB ? 112 : 111];
      if (!byRows) {
        gemm(101, opA, opB, rows, columns, k, 1, aBegin, lda, bBegin, ldb, beta, cBegin, n);
        return;
      }
      // y = op(B)ᵀ·x, and B is stored [n, k] when it is transposed
      const [opBT, bRows, bColumns] = transposeB ? [111, columns, k] : [112, k, columns];
      for (let i = 0; i < m; i++) {
        const [x, y] = [aBegin + bytes * i * (transposeA ? 1 : k), cBegin + bytes * i * n];
        gemv(101, opBT, bRows, bColumns, 1, bBegin, ldb, x, transposeA ? m : 1, beta, y, 1);
      }
    };
  };
  const single = declare('s', 'float');
  const tiles = (begin: number, end: number, ...numbers: number[]) => {
    const [m, n, k, columns, depth, a, panels, c, beta] = numbers;
    for (let j = begin; j < end; j += columns) {
      const w = Math.min(columns, n - j);
      for (let p = 0; p < k; p += depth) {
        const d = Math.min(depth, k - p);
        const [from, tile, to] = [base + a + 4 * p, base + panels + 4 * (p * n + j * d), base + c + 4 * j];
        single.gemm(101, 111, 111, m, w, d, 1, from, k, tile, w, p ? 1 : beta, to, n);
      }
    }
  };
  return { float32: products(single, 4), float64: products(declare('d', 'double'), 8), tiles };
}

/** Products of matrices that lie in the memory of `wasm`. */
export function nativeProducts(wasm: WasmBackend, path: string): Readonly<Record<string, DividedFunction>> {
  const setting: Setting = { from: import.meta.url, path, prefixes };
  // Some compilers wrap functions in __name(f, 'name'), a name from outside.
  const names = 'const __name = (f) => f;';
  return wasm.loadScript(
    `(memory) => { ${names} return (${script.toString()})(${JSON.stringify(setting)}, memory); }`,
  );
}
