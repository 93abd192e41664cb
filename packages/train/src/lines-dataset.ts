/**
 * One item a line: names, titles, short sentences.
 *
 *   line c₁ … cₙ:   x = [start, c₁, …, cₙ]      y = [c₁, …, cₙ, end of line]
 *
 * The state is zero at the start of every line, the end of line is predicted like any character, and what a
 * batch pads behind shorter lines never counts. The start token is the tokenizer's own one if it has one, else
 * the end-of-line token: "behind the end of a line begins the next one".
 */
import { ConfigError } from '@rnnlab/tensor';
import { CharTokenizer, type Tokenizer } from '@rnnlab/tokenizer';
import { checkBatchSize } from './batch-size';
import { contentHash } from './content-hash';
import { CorpusError } from './corpus-error';
import type { Batch, BatchRequest, Dataset, Split, SplitSize } from './dataset';
import { derivedRng } from './derived-rng';
import { holdOut, type HoldOutOptions } from './hold-out';
import { lineBatch, lineBatchOrder } from './line-batches';
import { normalizeLine, normalizeLines, splitLines, type SplitLinesOptions } from './split-lines';

/** Options of a {@link LinesDataset}. */
export interface LinesDatasetOptions extends SplitLinesOptions, HoldOutOptions {
  /**
   * Needs `specialIds.endOfLine`. Default: a character tokenizer fitted to all lines, validation lines too, so
   * that no character of theirs is unknown (which tells the model an alphabet and nothing of its use).
   */
  tokenizer?: Tokenizer;
  /** Pools of so many batches are sorted by length, which saves padding; 1 switches it off. Default 8. */
  bucketBatches?: number;
}

/**
 * Lines for a {@link Trainer}.
 *
 * @example
 * ```ts
 * import { LinesDataset } from '@rnnlab/train';
 *
 * const dataset = new LinesDataset('Ada\nGrace\nHedy\nJean\n', { lowerCase: true, validationEvery: 4 });
 * console.log(dataset.sizes.training.items, dataset.sizes.validation.items); // 3 1
 * console.log(dataset.originOf('Jean'), dataset.originOf('Mary')); // validation new
 * ```
 */
export class LinesDataset implements Dataset {
  readonly carriesState = false;
  readonly tokenizer: Tokenizer;
  readonly options: Readonly<LinesDatasetOptions>;
  /** The lines of both parts, in the order of the corpus. */
  readonly lines: Readonly<Record<Split, readonly string[]>>;
  /** Training lines that are validation lines too: removed from training unless `duplicates: 'keep'`. */
  readonly duplicates: readonly string[];
  readonly sizes: Readonly<Record<Split, SplitSize>>;
  readonly sampling: { readonly prompt: readonly number[]; readonly stopTokens: readonly number[] };
  readonly #ids: Readonly<Record<Split, Int32Array[]>>;
  readonly #known: Readonly<Record<Split, ReadonlySet<string>>>;
  #hash?: string;

  /**
   * @param corpus A text, or its lines. Empty lines are skipped.
   * @throws {@link CorpusError} when no training line is left, {@link ConfigError} for impossible options.
   */
  constructor(corpus: string | readonly string[], options: LinesDatasetOptions = {}) {
    const { bucketBatches = 8 } = options;
    if (!Number.isInteger(bucketBatches) || bucketBatches < 1) {
      throw new ConfigError(`LinesDataset: bucketBatches is ${bucketBatches}, expected an integer ≥ 1.`);
    }
    const lines = typeof corpus === 'string' ? splitLines(corpus, options) : normalizeLines(corpus, options);
    if (!lines.length) {
      throw new CorpusError('LinesDataset: the corpus has no line with a character in it.');
    }
    this.options = options;
    this.tokenizer = options.tokenizer ?? fitTokenizer(lines);
    const endOfLine = this.tokenizer.specialIds.endOfLine;
    if (endOfLine === undefined) {
      throw new ConfigError(
        "LinesDataset: the tokenizer has no end-of-line token. Fit it with specialTokens: { endOfLine: '\\n' }.",
      );
    }
    const { duplicates, ...split } = holdOut(lines, options);
    if (!split.training.length) {
      throw new CorpusError(
        `LinesDataset: ${lines.length} line${lines.length === 1 ? '' : 's'} and none left for training. Give more lines or a smaller validation part.`,
      );
    }
    this.lines = split;
    this.duplicates = duplicates;
    const start = this.tokenizer.specialIds.start ?? endOfLine;
    const encode = (line: string) => enclose(start, this.tokenizer.encode(line), endOfLine);
    this.#ids = { training: split.training.map(encode), validation: split.validation.map(encode) };
    this.#known = { training: new Set(split.training), validation: new Set(split.validation) };
    this.sizes = {
      training: sizeOfLines(split.training, this.#ids.training),
      validation: sizeOfLines(split.validation, this.#ids.validation),
    };
    this.sampling = { prompt: [start], stopTokens: [endOfLine] };
  }

  *trainingBatches({ batchSize, epoch, start = 0, seed = 0 }: BatchRequest): Generator<Batch> {
    checkBatchSize('LinesDataset', batchSize);
    const lines = this.#ids.training;
    const rng = derivedRng(seed, epoch);
    const order = lineBatchOrder(
      lines.map((line) => line.length),
      batchSize,
      this.options.bucketBatches ?? 8,
      rng,
    );
    for (const batch of order.slice(start)) yield lineBatch(batch.map((line) => lines[line]));
  }

  *validationBatches(batchSize: number): Generator<Batch> {
    checkBatchSize('LinesDataset', batchSize);
    const byLength = [...this.#ids.validation].sort((a, b) => a.length - b.length);
    for (let k = 0; k < byLength.length; k += batchSize) yield lineBatch(byLength.slice(k, k + batchSize));
  }

  batchesPerEpoch(batchSize: number): number {
    checkBatchSize('LinesDataset', batchSize);
    return Math.ceil(this.#ids.training.length / batchSize);
  }

  sequences(split: Split): readonly Int32Array[] {
    return this.#ids[split];
  }

  /** Whether a line, e.g. a generated one, is in the corpus and where. Normalised as the corpus was. */
  originOf(line: string): Split | 'new' {
    const normal = normalizeLine(line, this.options);
    if (this.#known.training.has(normal)) return 'training';
    return this.#known.validation.has(normal) ? 'validation' : 'new';
  }

  describe(): Record<string, string | number | boolean> {
    const { training, validation } = this.#ids;
    this.#hash ??= contentHash(this.tokenizer.vocabulary, [training, validation]).toString();
    return {
      type: 'lines',
      trainingLines: this.sizes.training.items,
      trainingTokens: this.sizes.training.tokens,
      validationLines: this.sizes.validation.items,
      validationTokens: this.sizes.validation.tokens,
      vocabSize: this.tokenizer.vocabSize,
      bucketBatches: this.options.bucketBatches ?? 8,
      contentHash: this.#hash,
    };
  }
}

function fitTokenizer(lines: readonly string[]): Tokenizer {
  return CharTokenizer.fit(lines, { unknown: 'error', specialTokens: { endOfLine: '\n' } });
}

function enclose(start: number, ids: Int32Array, end: number): Int32Array {
  const enclosed = new Int32Array(ids.length + 2);
  enclosed[0] = start;
  enclosed.set(ids, 1);
  enclosed[ids.length + 1] = end;
  return enclosed;
}

function sizeOfLines(lines: readonly string[], ids: readonly Int32Array[]): SplitSize {
  return {
    items: lines.length,
    tokens: ids.reduce((sum, line) => sum + line.length - 1, 0),
    characters: lines.reduce((sum, line) => sum + [...line].length + 1, 0),
  };
}
