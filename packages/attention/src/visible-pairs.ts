import type { AttentionLayout } from './attention-inputs';

/**
 * Visits every query with every key it sees.
 *
 * @param visit Gets n, the row of the query, m, the row of the key, and `at`, where their score stands.
 */
export function forEachVisiblePair(
  { queries, keys, batchSize, queryRow, keyRow, visible }: AttentionLayout,
  visit: (n: number, m: number, at: number) => void,
): void {
  for (let b = 0; b < batchSize; b++) {
    for (let i = 0; i < queries; i++) {
      const n = queryRow(i, b);
      for (let j = 0; j < visible(i, b); j++) visit(n, keyRow(j, b), n * keys + j);
    }
  }
}
