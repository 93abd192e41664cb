/**
 * A shim for `@tensorflow/tfjs-node` 4.22 on Node ≥ 23.
 *
 * It calls `util.isNullOrUndefined` (in TopK and in every operator that takes its type from its tensors), which Node 23 removed (tensorflow/tfjs
 * issue 8609), and `util.isArray`, which is deprecated. What is missing is put back on the module object that
 * `require('util')` gives; a Node that still has it is left as it is.
 */

const removed = {
  isNullOrUndefined: (value: unknown): boolean => value === null || value === undefined,
  isArray: (value: unknown): boolean => Array.isArray(value),
};

/** The functions of Node's `util` that the shim knows. */
export type RemovedUtilName = keyof typeof removed;

/**
 * Puts back what is missing.
 *
 * @param util The exports of `node:util`. By default those of this process; outside of Node there is nothing to do.
 * @returns The names that were missing.
 *
 * @example
 * ```ts
 * import { restoreNodeUtil } from '@rnnlab/tf-compare';
 *
 * console.log(restoreNodeUtil()); // [ 'isNullOrUndefined' ] on Node 24, [] on Node 22
 * // import('@tensorflow/tfjs-node') computes everything from here on
 * ```
 */
export function restoreNodeUtil(util: object | undefined = nodeUtil()): RemovedUtilName[] {
  if (!util) return [];
  const missing = (Object.keys(removed) as RemovedUtilName[]).filter((name) => !(name in util));
  for (const name of missing) Object.defineProperty(util, name, { value: removed[name], configurable: true });
  return missing;
}

/** `require('node:util')` in the form that a bundler does not see. Every Node from 22.3 on has it, so every Node ≥ 23. */
function nodeUtil(): object | undefined {
  return globalThis.process?.getBuiltinModule?.('node:util');
}
