/**
 * What a loss has to be compared with: models that only count, on the same split.
 *
 *   unigram   p(b)     = (n(b)    + 1) / (N    + V)        which characters are frequent
 *   bigram    p(b | a) = (n(a, b) + 1) / (n(a) + V)        which character follows which
 *
 * Counted on the training part with Laplace's add-one smoothing, measured on the validation part, in nats per
 * token over the same targets as the model's loss.
 */
import type { Dataset } from '@rnnlab/train';

export interface ReferenceLines {
  unigram: number;
  bigram: number;
}

/** `undefined` when there is no validation part to measure on. */
export function referenceLines(dataset: Dataset): ReferenceLines | undefined {
  if (dataset.sizes.validation.tokens === 0) return undefined;
  const V = dataset.tokenizer.vocabSize;
  const pairs = new Float64Array(V * V); // n(a, b)
  const before = new Float64Array(V); // n(a)
  const singles = new Float64Array(V); // n(b)
  let N = 0;
  for (const ids of dataset.sequences('training')) {
    for (let t = 1; t < ids.length; t++) {
      pairs[ids[t - 1] * V + ids[t]]++;
      before[ids[t - 1]]++;
      singles[ids[t]]++;
      N++;
    }
  }
  let [unigram, bigram, count] = [0, 0, 0];
  for (const ids of dataset.sequences('validation')) {
    for (let t = 1; t < ids.length; t++) {
      const [a, b] = [ids[t - 1], ids[t]];
      unigram -= Math.log((singles[b] + 1) / (N + V));
      bigram -= Math.log((pairs[a * V + b] + 1) / (before[a] + V));
      count++;
    }
  }
  return { unigram: unigram / count, bigram: bigram / count };
}
