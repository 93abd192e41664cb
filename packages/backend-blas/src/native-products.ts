/**
 * Products on all threads of the wasm backend: each calls the library for its rows or columns of the result, on one core.
 * A library's own threads would wait for work by spinning, as ours do, and both would fight for the same cores.
 *
 *   across    columns [begin, end) of C:  C + begin,      op(B) from its column begin on, all of A
 *   else      rows    [begin, end) of C:  C + begin·n,    op(A) from its row begin on,    all of B
 */
import type { DividedFunction, WasmBackend } from '@rnnlab/tensor';
import type { createRequire } from 'node:module';
import type koffi from 'koffi';
import { prefixes } from './find-blas';

/** What {@link nativeProducts} is told. JSON. */
interface Setting {
  /** Where `require('koffi')` is found from. */
  from: string;
  /** Of the library. */
  path: string;
  /** What its names may begin with. */
  prefixes: readonly string[];
}

type Gemm = (...args: unknown[]) => void;
type Process = { getBuiltinModule(name: 'node:module'): { createRequire: typeof createRequire } };

/**
 * Evaluated in every thread, from its text: no name from outside may stand in it.
 *
 * @returns Functions of (begin, end, across, m, n, k, transposeA, transposeB, a, b, c, beta), addresses in `memory`.
 */
function script({ from, path, prefixes }: Setting, memory: WebAssembly.Memory) {
  const { process } = globalThis as unknown as { process: Process };
  const ffi = process.getBuiltinModule('node:module').createRequire(from)('koffi') as typeof koffi;
  const library = ffi.load(path);
  const base = Number(ffi.address(new Uint8Array(memory.buffer)));
  const find = (name: string, parameters: string[]): Gemm => {
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
    const matrix = ['intptr_t', 'int'];
    const parameters = [...Array<string>(6).fill('int'), real, ...matrix, ...matrix, real, ...matrix];
    const gemm = find(`cblas_${letter}gemm`, parameters);
    return (begin: number, end: number, ...numbers: number[]) => {
      const [across, m, n, k, transposeA, transposeB, a, b, c, beta] = numbers;
      const [rows, columns] = across ? [m, end - begin] : [end - begin, n];
      const aBegin = across ? 0 : begin * (transposeA ? 1 : k);
      const bBegin = across ? begin * (transposeB ? k : 1) : 0;
      const cBegin = across ? begin : begin * n;
      const at = (address: number, skipped: number) => base + address + bytes * skipped;
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
  return wasm.loadScript(`(memory) => (${script.toString()})(${JSON.stringify(setting)}, memory)`);
}
