/**
 * One long text: a book, a play, source code.
 *
 * The last `validationFraction` of the characters is validation, or that of each of several streams (text-split.ts).
 * Training reads the rest as parallel streams whose state is carried between chunks (text-streams.ts), or as windows in
 * random order (text-windows.ts). Validation is always read as streams. The text is held as token ids, four bytes a
 * token; `StreamedTextDataset` of `@rnnlab/train/node` leaves it in its files.
 */
import { ConfigError } from '@rnnlab/tensor';
import { CharTokenizer, type Tokenizer } from '@rnnlab/tokenizer';
import { checkBatchSize } from './batch-size';
import { contentHash } from './content-hash';
import { CorpusError } from './corpus-error';
import type { Batch, BatchRequest, Dataset, Split, SplitSize } from './dataset';
import { derivedRng } from './derived-rng';
import { checkValidationFraction } from './hold-out';
import { checkPartLength, checkTextSizes, describeText, firstToken, partSize } from './text-part';
import { splitText } from './text-split';
import { arraySource, equalStreams, streamChunkCount, streamChunks, type TokenStream } from './text-streams';
import { windowBatches, windowCount } from './text-windows';

/** Options of a {@link TextDataset}. */
export interface TextDatasetOptions {
  /** T, the steps of one chunk: how far back-propagation through time reaches. Default 64. */
  seqLen?: number;
  /** Read overlapping windows in random order instead of streams: one begins every so many tokens. */
  windowStride?: number;
  /** The part held out, from 0 (none) to below 1: the end of the text, or of every stream. Default 0.1. */
  validationFraction?: number;
  /**
   * char-rnn's split: the text is cut into so many streams of equal length, the last `validationFraction` of each is
   * validation, and the rows of a batch are these streams. `batchSize` must be the same number.
   */
  validationStreams?: number;
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
  /** One sequence a part; with `validationStreams` one a stream. */
  readonly #ids: Readonly<Record<Split, readonly Int32Array[]>>;
  readonly #seqLen: number;
  #hash?: string;

  /**
   * @param text A byte order mark at its beginning is dropped and ends of line become `\n`.
   * @throws {@link CorpusError} when a part is shorter than one sequence, {@link ConfigError} for impossible options.
   */
  constructor(text: string, options: TextDatasetOptions = {}) {
    const { seqLen = 64, windowStride, validationStreams, validationFraction = 0.1 } = options;
    checkTextSizes('TextDataset', { seqLen, windowStride, validationStreams });
    checkValidationFraction('TextDataset', validationFraction);
    if (windowStride !== undefined && validationStreams !== undefined) {
      throw new ConfigError(
        'TextDataset: windowStride reads windows and validationStreams reads streams. Give one of them.',
      );
    }
    const clean = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
    if (!clean) throw new CorpusError('TextDataset: the text is empty.');
    this.options = options;
    this.tokenizer = options.tokenizer ?? CharTokenizer.fit(clean, { unknown: 'error' });
    this.carriesState = windowStride === undefined;
    this.#seqLen = seqLen;
    const { characters, ...parts } = splitText(clean, validationFraction, validationStreams);
    const encode = (text: string) => this.tokenizer.encode(text);
    const ids = { training: parts.training.map(encode), validation: parts.validation.map(encode) };
    this.#ids = ids;
    for (const one of ids.training) checkPartLength('TextDataset', 'training', one.length, seqLen + 1);
    if (validationFraction > 0) {
      for (const one of ids.validation) checkPartLength('TextDataset', 'validation', one.length, 2);
    }
    const size = (split: Split): SplitSize => {
      const count = ids[split].reduce((sum, { length }) => sum + length, 0);
      return partSize(ids[split].length, count, characters[split]);
    };
    this.sizes = { training: size('training'), validation: size('validation') };
    this.sampling = { prompt: [firstToken(this.tokenizer, ids.training[0][0])], stopTokens: [] };
  }

  trainingBatches({ batchSize, epoch, start = 0, seed = 0 }: BatchRequest): Generator<Batch> {
    const { windowStride: stride } = this.options;
    if (stride === undefined) {
      return streamChunks(this.#streams('training', batchSize), this.#seqLen, start);
    }
    checkBatchSize('TextDataset', batchSize);
    const rng = derivedRng(seed, epoch);
    return windowBatches(this.#ids.training[0], { batchSize, seqLen: this.#seqLen, stride, rng, start });
  }

  validationBatches(batchSize: number): Generator<Batch> {
    return streamChunks(this.#streams('validation', batchSize), this.#seqLen);
  }

  batchesPerEpoch(batchSize: number): number {
    this.#checkBatchSize(batchSize);
    const { windowStride: stride } = this.options;
    const lengths = this.#ids.training.map(({ length }) => length);
    if (lengths.length > 1) return streamChunkCount(Math.max(...lengths), 1, this.#seqLen);
    if (stride === undefined) return streamChunkCount(lengths[0], batchSize, this.#seqLen);
    return Math.ceil(windowCount(lengths[0], this.#seqLen, stride) / batchSize);
  }

  sequences(split: Split): readonly Int32Array[] {
    return this.#ids[split];
  }

  describe(): Record<string, string | number | boolean> {
    const { training, validation } = this.#ids;
    this.#hash ??= contentHash(this.tokenizer.vocabulary, [training, validation]).toString();
    const { windowStride, validationStreams } = this.options;
    const options = { seqLen: this.#seqLen, windowStride, validationStreams };
    return describeText(options, this.sizes, this.tokenizer, this.#hash);
  }

  #streams(split: Split, batchSize: number): TokenStream[] {
    this.#checkBatchSize(batchSize);
    const sequences = this.#ids[split];
    if (this.options.validationStreams === undefined)
      return equalStreams(arraySource(sequences[0]), batchSize);
    return sequences.flatMap((ids) => equalStreams(arraySource(ids), 1));
  }

  #checkBatchSize(batchSize: number): void {
    checkBatchSize('TextDataset', batchSize);
    const { validationStreams = batchSize } = this.options;
    if (batchSize === validationStreams) return;
    throw new ConfigError(
      `TextDataset: batchSize is ${batchSize}, expected validationStreams=${validationStreams}: the rows of a batch are the streams that the text was cut into.`,
    );
  }
}
