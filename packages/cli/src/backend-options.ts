import { Option } from '@commander-js/extra-typings';
import type { BackendName } from './create-backend';
import * as value from './option-values';

/** What the options of {@link backendOption} and {@link threadsOption} give. */
export interface BackendOptions {
  backend?: BackendName;
  threads?: number | 'auto';
}

/** Who computes. Not kept in a checkpoint: the next machine may have another one. */
export const backendOption = () =>
  new Option('--backend <name>', 'who computes (default: wasm); blas needs @rnnlab/backend-blas').choices([
    'wasm',
    'blas',
    'reference',
  ] as const);

/** Threads of the backend. */
export const threadsOption = () =>
  new Option('--threads <n>', "processor cores to use, or 'auto' (default: 1)").argParser(value.threads);
