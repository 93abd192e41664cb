/**
 * The BLAS of this machine, for tests. Where it has none, they are skipped, and a warning says what to install; with
 * `CI=true` that is a failure instead.
 */
import { blasBackend, type BlasBackend } from '../blas-backend';

let backend: BlasBackend | undefined;
try {
  backend = blasBackend({ memoryMiB: 256 });
} catch (error) {
  if (process.env.CI === 'true') throw error;
  process.emitWarning(`Tests of @rnnlab/backend-blas are SKIPPED. ${(error as Error).message}`);
}

/** Whether there is one, for `describe.runIf`. */
export const hasBlas = backend !== undefined;

/** Only to be used where {@link hasBlas}. */
export const systemBlas = backend as BlasBackend;
