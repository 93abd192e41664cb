/**
 * Products on all threads of the wasm backend: each calls the library for its rows or columns of the result, on one core.
 * A library's own threads would wait for work by spinning, as ours do, and both would fight for the same cores.
 *
 *   across    columns [begin, end) of C:  C + begin,      op(B) from its column begin on, all of A
 *   else      rows    [begin, end) of C:  C + begin·n,    op(A) from its row begin on,    all of B
 *
 * `byRows`: across, and a call of gemv for each row of C.
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
 * @returns Functions of (begin, end, across, byRows, m, n, k, transposeA, transposeB, a, b, c, beta), addresses in `memory`.
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
  const declare = (letter: string, real: string, bytes: number) => {
    const array = ['intptr_t', 'int'];
    const operands = [real, ...array, ...array, real, ...array];
    const gemm = find(`cblas_${letter}gemm`, [...Array<string>(6).fill('int'), ...operands]);
    const gemv = find(`cblas_${letter}gemv`, [...Array<string>(4).fill('int'), ...operands]);
    return (begin: number, end: number, ...numbers: number[]) => {
      const [across, byRows, m, n, k, transposeA, transposeB, a, b, c, beta] = numbers;
      const [rows, columns] = across ? [m, end - begin] : [end - begin, n];
      const aBegin = across ? 0 : begin * (transposeA ? 1 : k);
      const bBegin = across ? begin * (transposeB ? k : 1) : 0;
      const cBegin = across ? begin : begin * n;
      const at = (address: number, skipped: number) => base + address + bytes * skipped;
      for (let i = 0; byRows && i < m; i++) {
        gemv(
          ...[101, transposeB ? 111 : 112, transposeB ? columns : k, transposeB ? k : columns],
          ...[1, at(b, bBegin), transposeB ? k : n, at(a, transposeA ? i : i * k), transposeA ? m : 1],
          ...[beta, at(c, cBegin + i * n), 1],
        );
      }
      if (byRows) return;
      gemm(
        ...[101, transposeA ? 112 : 111, transposeB ? 112 : 111, rows, columns, k],
        ...[1, at(a, aBegin), transposeA ? m : k, at(b, bBegin), transposeB ? k : n],
        ...[beta, at(c, cBegin), n],
      );
    };
  };
  return { float32: declare('s', 'float', 4), float64: declare('d', 'double', 8) };
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
