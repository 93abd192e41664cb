import type { Split } from './dataset';

/** Where generated lines come from. */
export interface Novelty {
  /** In neither part of the corpus. */
  new: number;
  /** Word for word in the training part: remembered, or a likely coincidence for short lines. */
  training: number;
  /** In the validation part, which the model has not read: a find. */
  validation: number;
  /** Different lines among all. */
  distinct: number;
}

/**
 * Counts generated lines by where they stand in the corpus.
 *
 * @param dataset A `LinesDataset`, or anything that knows its lines.
 *
 * @example
 * ```ts
 * import { LinesDataset, noveltyOf } from '@rnnlab/train';
 *
 * const dataset = new LinesDataset(['ada', 'grace', 'hedy', 'jean'], { validationEvery: 4 });
 * console.log(noveltyOf(['ada', 'jean', 'mary', 'mary'], dataset)); // { new: 2, training: 1, validation: 1, distinct: 3 }
 * ```
 */
export function noveltyOf(
  lines: readonly string[],
  dataset: { originOf(line: string): Split | 'new' },
): Novelty {
  const novelty: Novelty = { new: 0, training: 0, validation: 0, distinct: new Set(lines).size };
  for (const line of lines) novelty[dataset.originOf(line)]++;
  return novelty;
}
