import type { Dataset } from './dataset';
import { NGramModel } from './ngram-model';

/** Losses of models that only count, in nats per token of the validation part. */
export interface ReferenceLines {
  /** Which tokens are frequent; add-one smoothing. */
  unigram: number;
  /** Which token follows which; add-one smoothing. */
  bigram: number;
  /** Which token follows which four; Witten–Bell smoothing ({@link NGramModel}). */
  fiveGram: number;
}

type CountedDataset = Pick<Dataset, 'sequences' | 'sizes' | 'tokenizer'>;

/**
 * What a loss has to be compared with: counted on the training part, measured on the same targets of the validation
 * part as the model's loss. `undefined` when there is no validation part.
 *
 *   unigram   p(b)     = (n(b)    + 1) / (N    + V)
 *   bigram    p(b | a) = (n(a, b) + 1) / (n(a) + V)        n(a): how often a has a follower
 *
 * @example
 * ```ts
 * import { LinesDataset, referenceLines } from '@rnnlab/train';
 *
 * const dataset = new LinesDataset(['anna', 'hanna', 'hannah', 'nan'], { validationEvery: 4 });
 * console.log(referenceLines(dataset)); // { unigram: …, bigram: …, fiveGram: … }
 * ```
 */
export function referenceLines(dataset: CountedDataset): ReferenceLines | undefined;
/** Without the 5-gram, whose counts grow with the text: of a text that is larger than memory. */
export function referenceLines(
  dataset: CountedDataset,
  options: { fiveGram: boolean },
): (Omit<ReferenceLines, 'fiveGram'> & Partial<ReferenceLines>) | undefined;
export function referenceLines(
  dataset: CountedDataset,
  options: { fiveGram: boolean } = { fiveGram: true },
): (Omit<ReferenceLines, 'fiveGram'> & Partial<ReferenceLines>) | undefined {
  if (dataset.sizes.validation.tokens === 0) return undefined;
  const V = dataset.tokenizer.vocabSize;
  const singles = new Map<number, number>();
  const befores = new Map<number, number>();
  const pairs = new Map<number, number>();
  const increment = (counts: Map<number, number>, key: number) => counts.set(key, (counts.get(key) ?? 0) + 1);
  let N = 0;
  for (const ids of dataset.sequences('training')) {
    for (let t = 1; t < ids.length; t++) {
      increment(singles, ids[t]);
      increment(befores, ids[t - 1]);
      increment(pairs, ids[t - 1] * V + ids[t]);
      N++;
    }
  }
  let [unigram, bigram, count] = [0, 0, 0];
  for (const ids of dataset.sequences('validation')) {
    for (let t = 1; t < ids.length; t++) {
      const [a, b] = [ids[t - 1], ids[t]];
      unigram -= Math.log(((singles.get(b) ?? 0) + 1) / (N + V));
      bigram -= Math.log(((pairs.get(a * V + b) ?? 0) + 1) / ((befores.get(a) ?? 0) + V));
      count++;
    }
  }
  const lines = { unigram: unigram / count, bigram: bigram / count };
  if (!options.fiveGram) return lines;
  const fiveGram = new NGramModel(5, V, dataset.sequences('training')).loss(dataset.sequences('validation'));
  return { ...lines, fiveGram };
}
