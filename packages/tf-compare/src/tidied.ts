import type { TensorFlow } from './load-tensor-flow';

/** `tf.tidy` for a task that returns something without tensors: what it allocated is let go, except variables. */
export function tidied<T>(tf: TensorFlow, task: () => T): T {
  let result: T | undefined;
  tf.tidy(() => {
    result = task();
  });
  return result as T;
}
