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

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
