/** What `TextDataset` and `StreamedTextDataset` say of a text alike, so that a run saved on one goes on with the other. */
import { ConfigError } from '@rnnlab/tensor';
import type { Tokenizer } from '@rnnlab/tokenizer';
import { CorpusError } from './corpus-error';
import type { Split, SplitSize } from './dataset';

/** Sizes of a part of `tokens` ids in `items` sequences, which were `characters` code points. */
export function partSize(items: number, ids: number, characters: number): SplitSize {
  const tokens = Math.max(0, ids - items);
  return { items, tokens, characters: Math.round(tokens * (characters / Math.max(1, ids))) };
}

/** @throws {@link CorpusError} when a part, or a stream of it, is shorter than `needed`. */
export function checkPartLength(where: string, split: Split, length: number, needed: number): void {
  if (length >= needed) return;
  throw new CorpusError(
    `${where}: the ${split} part has ${length} tokens, expected at least ${needed} (one sequence and its last target). Give a longer text, a smaller seqLen or another validationFraction.`,
  );
}

/** @throws {@link ConfigError} for a size that is no integer ≥ 1. */
export function checkTextSizes(where: string, sizes: Record<string, number | undefined>): void {
  for (const [name, size] of Object.entries(sizes)) {
    if (size !== undefined && (!Number.isInteger(size) || size < 1)) {
      throw new ConfigError(`${where}: ${name} is ${size}, expected an integer ≥ 1.`);
    }
  }
}

/** A new line if the text has one: what comes behind it is where texts begin. */
export function firstToken({ vocabulary }: Tokenizer, first: number): number {
  return vocabulary.includes('\n') ? vocabulary.indexOf('\n') : first;
}

/** The description of a corpus: see `Dataset.describe`. */
export function describeText(
  options: { seqLen: number; windowStride?: number; validationStreams?: number },
  sizes: Readonly<Record<Split, SplitSize>>,
  { vocabSize }: Tokenizer,
  contentHash: string,
): Record<string, string | number | boolean> {
  const { seqLen, windowStride, validationStreams } = options;
  return {
    type: 'text',
    seqLen,
    ...(windowStride === undefined ? {} : { windowStride }),
    ...(validationStreams === undefined ? {} : { validationStreams }),
    trainingTokens: sizes.training.tokens,
    validationTokens: sizes.validation.tokens,
    vocabSize,
    contentHash,
  };
}
