/** Wasm modules that travel as base64 strings inside the package: no asset to load, in Node and in any bundler. */

const modules = new Map<string, WebAssembly.Module>();

/** The compiled module; the same string is compiled once. */
export function decodeWasm(base64: string): WebAssembly.Module {
  let module = modules.get(base64);
  if (!module) {
    module = new WebAssembly.Module(bytesOf(base64));
    modules.set(base64, module);
  }
  return module;
}

/** Whether this platform can run the module, SIMD included. */
export function isWasmSupported(base64: string): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(bytesOf(base64));
}

/** "env", "memory", and that it is a memory whose limits are two numbers: the import as the compiler writes it. */
const MEMORY_IMPORT = [3, 101, 110, 118, 6, 109, 101, 109, 111, 114, 121, 2, 1];
const LIMITS_OF_SHARED_MEMORY = 3;

/**
 * The bytes of the module, made for shared memory: one that imports its memory has to say in advance that it is shared,
 * and nothing else differs.
 */
export function bytesForSharedMemory(base64: string): Uint8Array<ArrayBuffer> {
  const bytes = bytesOf(base64);
  const at = bytes.findIndex((_, k) => MEMORY_IMPORT.every((byte, j) => bytes[k + j] === byte));
  bytes[at + MEMORY_IMPORT.length - 1] = LIMITS_OF_SHARED_MEMORY;
  return bytes;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
