/**
 * What a {@link Trainer} needs of a corpus. `LinesDataset` and `TextDataset` are two; a dataset of your own
 * is one more object with these members.
 *
 * Batches are asked for by epoch and number, and what is in them follows from (seed, epoch, number) alone:
 * no generator has to be saved to go on in the middle of an epoch. They may come as an async iterable, so a
 * corpus need not fit into memory.
 */
import type { Tokenizer } from '@rnnlab/tokenizer';
import type { Tensor } from '@rnnlab/tensor';

/** The two parts of a corpus. The model learns from one and is measured on the other. */
export type Split = 'training' | 'validation';

/** Target of a position that does not count: no loss, no gradient, no part in a mean. */
export const ignoreIndex = -100;

/** T steps of B rows. */
export interface Batch {
  /** int32 [T, B]; 0 where a row has ended. */
  readonly ids: Tensor;
  /** int32 [T, B]: the token after each id; {@link ignoreIndex} where a row has ended. */
  readonly targets: Tensor;
  /** Real steps of each row, 1 to T; absent when all T are real. */
  readonly lengths?: Int32Array;
  /** How many targets count. */
  readonly count: number;
}

/** Which batches of an epoch are wanted. */
export interface BatchRequest {
  /** B */
  batchSize: number;
  /** Counted from 0. */
  epoch: number;
  /** Number of the first batch wanted, counted from 0. Default 0. */
  start?: number;
  /** Seed of the shuffle, 0 to 2³² − 1. Default 0. */
  seed?: number;
}

/** Sizes of one part of a corpus. */
export interface SplitSize {
  /** Lines, or 1 for one long text. */
  readonly items: number;
  /** Targets that count: every character and every end of line. */
  readonly tokens: number;
  /** Characters (code points) behind these tokens, ends of line included: equal to `tokens` for a character tokenizer. */
  readonly characters: number;
}

/** A corpus cut into training and validation. See the header of this file. */
export interface Dataset {
  readonly tokenizer: Tokenizer;
  /** Whether a batch starts in the state that the batch before it in the same epoch ended in. */
  readonly carriesState: boolean;
  readonly sizes: Readonly<Record<Split, SplitSize>>;
  /** Batches of one epoch, shuffled where the dataset shuffles. */
  trainingBatches(request: BatchRequest): Iterable<Batch> | AsyncIterable<Batch>;
  /** Every validation target once, always in the same order. */
  validationBatches(batchSize: number): Iterable<Batch> | AsyncIterable<Batch>;
  /** Training batches an epoch; `undefined` when that is only known at its end. */
  batchesPerEpoch(batchSize: number): number | undefined;
  /**
   * The token ids of a split as sequences, each with the token it starts from in front: what reference models
   * count. The first id of a sequence is context only, all others are targets.
   */
  sequences(split: Split): Iterable<Int32Array>;
  /** How a text is sampled from a model of this corpus: the ids to start from and those that end it. */
  readonly sampling: { readonly prompt: readonly number[]; readonly stopTokens: readonly number[] };
  /** What has to be the same to go on with a saved run: JSON values, a hash of the content among them. */
  describe(): Readonly<Record<string, string | number | boolean>>;
}
