/**
 * One long text: a book, a play, source code.
 *
 * The last `validationFraction` of the characters is validation. Training reads the rest as parallel streams
 * whose state is carried between chunks (text-streams.ts), or as windows in random order (text-windows.ts).
 * Validation is always read as streams. The text is held as token ids, four bytes a token.
 */
import { ConfigError } from '@rnnlab/tensor';
import { CharTokenizer, type Tokenizer } from '@rnnlab/tokenizer';
import { checkBatchSize } from './batch-size';
import { contentHash } from './content-hash';
import { CorpusError } from './corpus-error';
import type { Batch, BatchRequest, Dataset, Split, SplitSize } from './dataset';
import { derivedRng } from './derived-rng';
import { checkValidationFraction } from './hold-out';
import { streamChunkCount, streamChunks } from './text-streams';
import { windowBatches, windowCount } from './text-windows';

/** Options of a {@link TextDataset}. */
export interface TextDatasetOptions {
  /** T, the steps of one chunk: how far back-propagation through time reaches. Default 64. */
  seqLen?: number;
  /** Read overlapping windows in random order instead of streams: one begins every so many tokens. */
  windowStride?: number;
  /** The last part of the text, from 0 (none) to below 1. Default 0.1. */
  validationFraction?: number;
  /** Default: a character tokenizer fitted to the whole text. */
  tokenizer?: Tokenizer;
}

/**
 * A text for a {@link Trainer}.
 *
 * @example
 * ```ts
 * import { TextDataset } from '@rnnlab/train';
 *
 * const dataset = new TextDataset('to be or not to be, that is the question. '.repeat(50), { seqLen: 16 });
 * const [first] = dataset.trainingBatches({ batchSize: 4, epoch: 0 });
 * console.log(first.ids.shape, first.count); // [ 16, 4 ] 64
 * ```
 */
export class TextDataset implements Dataset {
  readonly tokenizer: Tokenizer;
  readonly options: Readonly<TextDatasetOptions>;
  readonly carriesState: boolean;
  readonly sizes: Readonly<Record<Split, SplitSize>>;
  readonly sampling: { readonly prompt: readonly number[]; readonly stopTokens: readonly number[] };
  readonly #ids: Readonly<Record<Split, Int32Array>>;
  readonly #seqLen: number;
  #hash?: string;

  /**
   * @param text A byte order mark at its beginning is dropped and ends of line become `\n`.
   * @throws {@link CorpusError} when a part is shorter than one sequence, {@link ConfigError} for impossible options.
   */
  constructor(text: string, options: TextDatasetOptions = {}) {
    const { seqLen = 64, windowStride, validationFraction = 0.1 } = options;
    checkOptions({ seqLen, windowStride });
    checkValidationFraction('TextDataset', validationFraction);
    const clean = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
    if (!clean) throw new CorpusError('TextDataset: the text is empty.');
    this.options = options;
    this.tokenizer = options.tokenizer ?? CharTokenizer.fit(clean, { unknown: 'error' });
    this.carriesState = windowStride === undefined;
    this.#seqLen = seqLen;
    const characters = [...clean];
    const cut = characters.length - Math.round(characters.length * validationFraction);
    const parts = { training: characters.slice(0, cut).join(''), validation: characters.slice(cut).join('') };
    this.#ids = {
      training: this.tokenizer.encode(parts.training),
      validation: this.tokenizer.encode(parts.validation),
    };
    const needed = windowStride === undefined ? 2 : seqLen + 1;
    this.#checkLength('training', Math.max(needed, seqLen + 1));
    if (validationFraction > 0) this.#checkLength('validation', 2);
    const size = (split: Split, length: number): SplitSize => {
      const tokens = Math.max(0, this.#ids[split].length - 1);
      const perToken = length / Math.max(1, this.#ids[split].length);
      return { items: 1, tokens, characters: Math.round(tokens * perToken) };
    };
    this.sizes = { training: size('training', cut), validation: size('validation', characters.length - cut) };
    this.sampling = { prompt: [firstToken(this.tokenizer, this.#ids.training)], stopTokens: [] };
  }

  trainingBatches({ batchSize, epoch, start = 0, seed = 0 }: BatchRequest): Generator<Batch> {
    checkBatchSize('TextDataset', batchSize);
    const { windowStride: stride } = this.options;
    if (stride === undefined) return streamChunks(this.#ids.training, batchSize, this.#seqLen, start);
    const rng = derivedRng(seed, epoch);
    return windowBatches(this.#ids.training, { batchSize, seqLen: this.#seqLen, stride, rng, start });
  }

  validationBatches(batchSize: number): Generator<Batch> {
    checkBatchSize('TextDataset', batchSize);
    return streamChunks(this.#ids.validation, batchSize, this.#seqLen);
  }

  batchesPerEpoch(batchSize: number): number {
    checkBatchSize('TextDataset', batchSize);
    const { windowStride: stride } = this.options;
    const count = this.#ids.training.length;
    if (stride === undefined) return streamChunkCount(count, batchSize, this.#seqLen);
    return Math.ceil(windowCount(count, this.#seqLen, stride) / batchSize);
  }

  sequences(split: Split): readonly Int32Array[] {
    return [this.#ids[split]];
  }

  describe(): Record<string, string | number | boolean> {
    const { windowStride } = this.options;
    const { training, validation } = this.#ids;
    this.#hash ??= contentHash(this.tokenizer.vocabulary, [[training], [validation]]).toString();
    return {
      type: 'text',
      seqLen: this.#seqLen,
      ...(windowStride === undefined ? {} : { windowStride }),
      trainingTokens: this.sizes.training.tokens,
      validationTokens: this.sizes.validation.tokens,
      vocabSize: this.tokenizer.vocabSize,
      contentHash: this.#hash,
    };
  }

  #checkLength(split: Split, needed: number): void {
    const { length } = this.#ids[split];
    if (length >= needed) return;
    throw new CorpusError(
      `TextDataset: the ${split} part has ${length} tokens, expected at least ${needed} (one sequence and its last target). Give a longer text, a smaller seqLen or another validationFraction.`,
    );
  }
}

/** A new line if the text has one: what comes behind it is where texts begin. */
function firstToken(tokenizer: Tokenizer, ids: Int32Array): number {
  return tokenizer.vocabulary.includes('\n') ? tokenizer.vocabulary.indexOf('\n') : ids[0];
}

function checkOptions(sizes: Record<string, number | undefined>): void {
  for (const [name, size] of Object.entries(sizes)) {
    if (size !== undefined && (!Number.isInteger(size) || size < 1)) {
      throw new ConfigError(`TextDataset: ${name} is ${size}, expected an integer ≥ 1.`);
    }
  }
}
