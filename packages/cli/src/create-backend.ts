/** The backend that `--backend` and `--threads` ask for. */
import { referenceBackend, wasmBackend, type Backend } from '@rnnlab/tensor';
import type * as BackendBlas from '@rnnlab/backend-blas';
import type { BackendOptions } from './backend-options';
import { UserError } from './user-error';

export type BackendName = 'wasm' | 'blas' | 'reference';

/**
 * @returns The backend, or `undefined` for the library's own default when nothing was asked for.
 * @throws {@link UserError} when it is not installed, {@link ConfigError} when it does not run here.
 */
export async function createBackend({ backend, threads }: BackendOptions): Promise<Backend | undefined> {
  if (backend === undefined && threads === undefined) return undefined;
  if (backend === 'blas') return (await loadBackendBlas()).blasBackend({ threads });
  if (backend !== 'reference') return wasmBackend({ threads });
  if (threads !== undefined && threads !== 1) {
    throw new UserError('--backend reference has one thread: leave --threads out, or use wasm.');
  }
  return referenceBackend;
}

/**
 * `@rnnlab/backend-blas`, an optional peer: it brings native code.
 *
 * @param load How it is imported; tests give another one.
 * @throws {@link UserError} that says what to install.
 */
export async function loadBackendBlas(
  load: () => Promise<typeof BackendBlas> = () => import('@rnnlab/backend-blas'),
): Promise<typeof BackendBlas> {
  try {
    return await load();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    throw new UserError(
      '--backend blas needs @rnnlab/backend-blas, which is not installed: npm install @rnnlab/backend-blas.',
    );
  }
}
