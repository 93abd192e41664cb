import type * as TfCompare from '@rnnlab/tf-compare';
import { UserError } from './user-error';

/**
 * `@rnnlab/tf-compare`, an optional peer: everything but `rnnlab compare` works without it, and TensorFlow.js is large.
 *
 * @param load How it is imported; tests give another one.
 * @throws {@link UserError} that says what to install.
 */
export async function loadTfCompare(
  load: () => Promise<typeof TfCompare> = () => import('@rnnlab/tf-compare'),
): Promise<typeof TfCompare> {
  try {
    return await load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    const missing = /'([^']+)'/.exec(message)?.[1] ?? '@rnnlab/tf-compare';
    throw new UserError(
      `rnnlab compare needs TensorFlow.js, and ${missing} is not installed: npm install @rnnlab/tf-compare (and @tensorflow/tfjs-node for TensorFlow's own kernels).`,
    );
  }
}
