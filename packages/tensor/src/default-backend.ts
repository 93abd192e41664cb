import type { Backend } from './backend';
import { wasm } from './generated/kernels.wasm';
import { referenceBackend } from './reference-backend';
import { wasmBackend } from './wasm-backend';
import { isWasmSupported } from './wasm-module';

let shared: Backend | undefined;

/**
 * The backend of layers that are not given one: wasm where the platform has WebAssembly SIMD (Node ≥ 16.4 and every
 * current browser), else the reference. Made at the first call and shared from then on.
 *
 * @example
 * ```ts
 * import { defaultBackend } from '@rnnlab/tensor';
 *
 * console.log(defaultBackend().name); // wasm
 * ```
 */
export function defaultBackend(): Backend {
  shared ??= isWasmSupported(wasm) ? wasmBackend() : referenceBackend;
  return shared;
}
