/** Kernels compiled for a measurement, from their sources or from changed ones, with the options of scripts/build-kernels.mjs. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const packages = fileURLToPath(new URL('../packages/', import.meta.url));
const options =
  '-O3 --runtime stub --noAssert --enable simd --enable relaxed-simd --importMemory --initialMemory 1 --maximumMemory 65536';

/**
 * @param {string} entry text of a module; it imports kernels by their paths from the packages, './lstm/kernels/lstm.as'
 * @param {Record<string, string>} [changed] sources by such a path with '.ts', in place of the files
 * @returns {Promise<Uint8Array>} a wasm module that imports its memory
 */
export async function compileKernels(entry, changed = {}) {
  const sources = { 'entry.as.ts': entry, ...changed };
  let binary;
  const { error, stderr } = await asc.main(['entry.as.ts', ...options.split(' '), '-o', 'kernels.wasm'], {
    readFile: (path) =>
      sources[path] ?? (existsSync(packages + path) ? readFileSync(packages + path, 'utf8') : null),
    writeFile: (_, content) => (binary = content),
    listFiles: () => [],
  });
  if (error) throw new Error(`${error.message}\n${stderr}`);
  return binary;
}

/** An instance with a memory of its own, and that memory. */
export function instantiate(binary, pages) {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: 65536 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } });
  return { exports, memory };
}
