import { ConfigError } from '@rnnlab/tensor';

/** @throws {@link ConfigError} unless it is an integer ≥ 1. */
export function checkBatchSize(where: string, batchSize: number): void {
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new ConfigError(`${where}: batchSize is ${batchSize}, expected an integer ≥ 1.`);
  }
}
