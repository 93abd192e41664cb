/** Compiles kernels, `*.as.ts`, with AssemblyScript: for the packages, and changed ones for measurements. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

// Kernels of one package import those of another by path, so the root of all packages is the base.
const packages = fileURLToPath(new URL('../packages/', import.meta.url));
const options = [
  '-O3',
  '--runtime',
  'stub',
  '--noAssert',
  '--enable',
  'simd',
  '--importMemory',
  '--initialMemory',
  '1',
  // A module that says how far its memory may grow can be turned into one for shared memory: see wasm-module.ts.
  '--maximumMemory',
  '65536',
];

/**
 * @param {string} entry path of the entry from the folder of all packages, 'lstm/kernels/index.as.ts'
 * @param {object} [more]
 * @param {Record<string, string>} [more.sources] texts by such a path, in place of files or beside them
 * @param {readonly string[]} [more.features] what WebAssembly is to have besides SIMD
 * @returns {Promise<Buffer>} a module that imports its memory
 */
export async function compileKernels(entry, { sources = {}, features = [] } = {}) {
  let binary;
  const enabled = features.flatMap((feature) => ['--enable', feature]);
  const { error, stderr } = await asc.main([entry, ...options, ...enabled, '-o', 'kernels.wasm'], {
    readFile: (path) =>
      sources[path] ?? (existsSync(packages + path) ? readFileSync(packages + path, 'utf8') : null),
    writeFile: (path, content) => {
      if (path.endsWith('.wasm')) binary = Buffer.from(content);
    },
    listFiles: () => [],
  });
  if (error || !binary)
    throw new Error(`${entry}: ${error?.message ?? 'nothing was written'}\n${stderr.toString()}`);
  return binary;
}
