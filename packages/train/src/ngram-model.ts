/**
 * Models that only count, to compare a network with.
 *
 *   order 1  unigram   p(b)     = (n(b) + 1)    / (N + V)           add-one (Laplace)
 *   order 2  bigram    p(b | a) = (n(a, b) + 1) / (n(a) + V)        add-one
 *   order k  interpolated Witten–Bell (Witten & Bell 1991; the interpolated form of Chen & Goodman 1998):
 *
 *     p(b | h) = (n(h, b) + t(h)·p(b | h′)) / (n(h) + t(h))
 *
 *     h the k−1 tokens before b, h′ = h without its oldest token, n counts in the training part, t(h) the number of
 *     different tokens seen behind h; the recursion ends in the uniform 1/V. Where h was never seen, p(b | h) =
 *     p(b | h′). There is nothing to tune, which is why it serves as a yardstick.
 *
 * A sequence starts from its first id, which is context and no target. Before it, at the beginning of a line, there
 * is nothing: the context is as long as the sequence allows.
 */
import { ConfigError } from '@rnnlab/tensor';

/** Counts behind one context. */
interface Followers {
  total: number;
  readonly counts: Map<number, number>;
}

/**
 * An n-gram model with Witten–Bell smoothing.
 *
 * @example
 * ```ts
 * import { LinesDataset, NGramModel } from '@rnnlab/train';
 *
 * const dataset = new LinesDataset(['anna', 'hanna', 'hannah', 'nan'], { validationEvery: 4 });
 * const model = new NGramModel(3, dataset.tokenizer.vocabSize, dataset.sequences('training'));
 * console.log(model.loss(dataset.sequences('validation')).toFixed(2), 'nats per character');
 * ```
 */
export class NGramModel {
  readonly order: number;
  readonly vocabSize: number;
  /** By length of the context, then by context. */
  readonly #followers: Map<string, Followers>[];

  /**
   * @param order Tokens of context + 1, at least 1.
   * @param sequences Token ids, each with what it starts from in front: `dataset.sequences('training')`.
   */
  constructor(order: number, vocabSize: number, sequences: Iterable<Int32Array>) {
    if (!Number.isInteger(order) || order < 1) {
      throw new ConfigError(`NGramModel: order is ${order}, expected an integer ≥ 1.`);
    }
    this.order = order;
    this.vocabSize = vocabSize;
    this.#followers = Array.from({ length: order }, () => new Map());
    for (const ids of sequences) {
      for (let t = 1; t < ids.length; t++) {
        for (let length = 0; length < order && length <= t; length++) this.#count(ids, t, length);
      }
    }
  }

  /** ln p(ids[t] | what comes before it). */
  logProbability(ids: ArrayLike<number>, t: number): number {
    let p = 1 / this.vocabSize;
    for (let length = 0; length < this.order && length <= t; length++) {
      const followers = this.#followers[length].get(contextKey(ids, t, length));
      if (!followers) break;
      const { total, counts } = followers;
      p = ((counts.get(ids[t]) ?? 0) + counts.size * p) / (total + counts.size);
    }
    return Math.log(p);
  }

  /** Nats per target of the sequences; NaN when there is none. */
  loss(sequences: Iterable<Int32Array>): number {
    let [nats, targets] = [0, 0];
    for (const ids of sequences) {
      for (let t = 1; t < ids.length; t++) nats -= this.logProbability(ids, t);
      targets += Math.max(0, ids.length - 1);
    }
    return nats / targets;
  }

  #count(ids: Int32Array, t: number, length: number): void {
    const key = contextKey(ids, t, length);
    const known = this.#followers[length].get(key);
    const followers = known ?? { total: 0, counts: new Map<number, number>() };
    if (!known) this.#followers[length].set(key, followers);
    followers.total++;
    followers.counts.set(ids[t], (followers.counts.get(ids[t]) ?? 0) + 1);
  }
}

/** The `length` tokens before position t; ids as UTF-16 units, two for the rare id above 0xFFFF. */
function contextKey(ids: ArrayLike<number>, t: number, length: number): string {
  let key = '';
  for (let k = t - length; k < t; k++) key += String.fromCharCode(ids[k] & 0xffff, ids[k] >>> 16);
  return key;
}
