/** `--tokenizer`: what one token of the corpus is. */
import { BpeTokenizer, ByteTokenizer, WordTokenizer, type Tokenizer } from '@rnnlab/tokenizer';
import type { TrainSettings } from './train-settings';
import { UserError } from './user-error';

export const tokenizerNames = ['characters', 'bytes', 'bpe', 'words'] as const;

export type TokenizerName = (typeof tokenizerNames)[number];

/** Ids of byte pair encoding when `--vocab-size` does not say: the 256 bytes and 500 merges. */
const defaultBpeSize = 756;

/**
 * What makes the tokenizer from the corpus; `undefined` for the one that the dataset makes by itself, of characters.
 *
 * @throws {@link UserError} for a size that no such tokenizer can have.
 */
export function tokenizerMaker({
  tokenizer = 'characters',
  vocabSize,
  data,
}: Pick<TrainSettings, 'tokenizer' | 'vocabSize' | 'data'>):
  | ((texts: Iterable<string>) => Tokenizer)
  | undefined {
  const specialTokens = data === 'lines' ? { endOfLine: '\n' } : undefined;
  if (vocabSize !== undefined && tokenizer !== 'bpe' && tokenizer !== 'words') {
    throw new UserError(
      `--vocab-size is for --tokenizer bpe and words; ${tokenizer} have as many ids as there are.`,
    );
  }
  switch (tokenizer) {
    case 'bytes':
      return () => new ByteTokenizer({ specialTokens });
    case 'bpe': {
      const size = vocabSize ?? defaultBpeSize;
      if (size < 257) {
        throw new UserError(
          `--vocab-size ${size} is too small for bpe, which begins with 256 bytes: give at least 257.`,
        );
      }
      return (texts) => BpeTokenizer.fit(texts, { numMerges: size - 256, specialTokens });
    }
    case 'words':
      return (texts) => WordTokenizer.fit(texts, { maxVocabSize: vocabSize, specialTokens });
    default:
      return undefined;
  }
}

/** What a loss is counted in. Losses of different units cannot be compared; bits per character can. */
export function lossUnit({ type }: Pick<Tokenizer, 'type'>): string {
  if (type === 'char') return 'nats/char';
  return type === 'byte' ? 'nats/byte' : 'nats/token';
}
