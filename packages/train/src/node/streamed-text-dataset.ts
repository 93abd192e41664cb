/**
 * One long text that stays in its files: a `TextDataset` for texts larger than memory.
 *
 * Opening reads the files twice. First the characters are collected and counted, which tells where validation begins;
 * then they are encoded, hashed and marked (token-part.ts). Afterwards every stream reads its own place, some thousand
 * bytes at a time. Held are the index, at most 8,192 marks, and the ids of one piece a stream, whatever the length of
 * the text.
 *
 * Batches, sizes and hash are those of a `TextDataset` on the same text, so that a run saved on one goes on with the
 * other. Reading is synchronous: it takes microseconds from the system's file cache, much less than a training step.
 */
import { Breath } from '@rnnlab/rnn';
import { ConfigError } from '@rnnlab/tensor';
import { CharTokenizer, type Tokenizer } from '@rnnlab/tokenizer';
import { checkBatchSize } from '../batch-size';
import { vocabularyHash } from '../content-hash';
import { CorpusError } from '../corpus-error';
import type { Batch, BatchRequest, Dataset, Split, SplitSize } from '../dataset';
import { checkValidationFraction } from '../hold-out';
import { checkPartLength, checkTextSizes, describeText, firstToken, partSize } from '../text-part';
import { equalStreams, streamChunkCount, streamChunks } from '../text-streams';
import { textFiles } from './read-text';
import { TextPieces, type TextPosition } from './text-pieces';
import { countCharacters, TokenPart, type PartStart } from './token-part';

/** Options of {@link StreamedTextDataset.open}. */
export interface StreamedTextDatasetOptions {
  /** T, the steps of one chunk: how far back-propagation through time reaches. Default 64. */
  seqLen?: number;
  /** The end of the text that is held out, from 0 (none) to below 1. Default 0.1. */
  validationFraction?: number;
  /**
   * A tokenizer, or what makes one from the text, which comes in pieces. Default: a character tokenizer of all characters
   * of the text. Graphemes, and byte pairs with `split: 'none'`, reach across pieces and are refused.
   */
  tokenizer?: Tokenizer | ((pieces: Iterable<string>) => Tokenizer);
  /** Ends the opening, which takes a while for a long text. */
  signal?: AbortSignal;
  /**
   * Told where the opening is, every few thousand bytes, at last with two equal numbers. `bytesTotal` counts the files
   * once for every time that they are read: twice, and once more where a tokenizer is made from the text.
   */
  onProgress?: (bytesRead: number, bytesTotal: number) => void;
}

const where = 'StreamedTextDataset';

/**
 * A text in files for a {@link Trainer}. See the header of this file.
 *
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises';
 * import { StreamedTextDataset } from '@rnnlab/train/node';
 *
 * await writeFile('book.txt', 'to be or not to be, that is the question. '.repeat(50));
 * const dataset = await StreamedTextDataset.open('book.txt', { seqLen: 16 });
 * const [first] = dataset.trainingBatches({ batchSize: 4, epoch: 0 });
 * console.log(first.ids.shape, first.count); // [ 16, 4 ] 64
 * ```
 */
export class StreamedTextDataset implements Dataset {
  readonly carriesState = true;
  readonly tokenizer: Tokenizer;
  readonly seqLen: number;
  readonly sizes: Readonly<Record<Split, SplitSize>>;
  readonly sampling: { readonly prompt: readonly number[]; readonly stopTokens: readonly number[] };
  readonly #parts: Readonly<Record<Split, TokenPart>>;
  readonly #hash: string;

  private constructor(
    tokenizer: Tokenizer,
    seqLen: number,
    parts: Readonly<Record<Split, TokenPart>>,
    hash: string,
  ) {
    this.tokenizer = tokenizer;
    this.seqLen = seqLen;
    this.#parts = parts;
    this.#hash = hash;
    const size = (part: TokenPart) => partSize(1, part.length, part.characters);
    this.sizes = { training: size(parts.training), validation: size(parts.validation) };
    const [first] = parts.training.reader()(0, 1);
    this.sampling = { prompt: [firstToken(tokenizer, first)], stopTokens: [] };
  }

  /**
   * Reads files, checks that they are UTF-8 and makes the index.
   *
   * @param paths Files, and folders that stand for their `.txt` files, as for `readText`. They must not change later.
   * @throws {@link CorpusError} when a file is missing or not UTF-8 (with the place), or a part is shorter than one
   *   sequence; {@link ConfigError} for impossible options; the signal's reason when it is aborted.
   */
  static async open(
    paths: string | readonly string[],
    options: StreamedTextDatasetOptions = {},
  ): Promise<StreamedTextDataset> {
    const { seqLen = 64, validationFraction = 0.1, signal, onProgress } = options;
    checkTextSizes(where, { seqLen });
    checkValidationFraction(where, validationFraction);
    const pieces = new TextPieces(await textFiles(paths, where));
    const breath = new Breath();
    const pause = async () => {
      await breath.ifDue();
      signal?.throwIfAborted();
    };
    const readings = typeof options.tokenizer === 'function' ? 3 : 2;
    let reading = 0;
    const tell = (next?: TextPosition) => {
      const read = reading * pieces.size + (next ? pieces.bytesBefore(next) : pieces.size);
      onProgress?.(read, readings * pieces.size);
    };
    const { characters, alphabet } = await survey(textsOf(pieces, tell), pause);
    if (characters === 0) throw new CorpusError(`${where}: the text is empty.`);
    const { tokenizer = CharTokenizer.fit(alphabet, { unknown: 'error' }) } = options;
    reading = 1;
    const ready = typeof tokenizer === 'function' ? tokenizer(textsOf(pieces, tell)) : tokenizer;
    checkTokenizer(ready);
    reading = readings - 1;
    const held = Math.round(characters * validationFraction);
    const hash = vocabularyHash(ready.vocabulary);
    const build = async (start: PartStart, length: number) => {
      const part = new TokenPart(pieces, ready, start, length);
      const steps = part.index();
      let step = steps.next();
      for (; !step.done; step = steps.next()) {
        hash.add(step.value.ids);
        tell(step.value.position);
        await pause();
      }
      hash.end().end();
      return { part, end: step.value };
    };
    const training = await build({ position: pieces.start, skip: 0 }, characters - held);
    const validation = await build(training.end, held);
    tell();
    checkPartLength(where, 'training', training.part.length, seqLen + 1);
    if (validationFraction > 0) checkPartLength(where, 'validation', validation.part.length, 2);
    const parts = { training: training.part, validation: validation.part };
    return new StreamedTextDataset(ready, seqLen, parts, hash.toString());
  }

  trainingBatches({ batchSize, start = 0 }: BatchRequest): Generator<Batch> {
    checkBatchSize(where, batchSize);
    return streamChunks(equalStreams(this.#parts.training, batchSize), this.seqLen, start);
  }

  validationBatches(batchSize: number): Generator<Batch> {
    checkBatchSize(where, batchSize);
    return streamChunks(equalStreams(this.#parts.validation, batchSize), this.seqLen);
  }

  batchesPerEpoch(batchSize: number): number {
    checkBatchSize(where, batchSize);
    return streamChunkCount(this.#parts.training.length, batchSize, this.seqLen);
  }

  /** Some thousand ids at a time, each time with the one before them in front: every target once. */
  *sequences(split: Split): Generator<Int32Array> {
    let last = new Int32Array(0);
    for (const ids of this.#parts[split].ids()) {
      if (!ids.length) continue;
      const sequence = new Int32Array(last.length + ids.length);
      sequence.set(last);
      sequence.set(ids, last.length);
      yield sequence;
      last = ids.slice(-1);
    }
  }

  describe(): Record<string, string | number | boolean> {
    return describeText({ seqLen: this.seqLen }, this.sizes, this.tokenizer, this.#hash);
  }
}

/** Tells where it is each time that the reader of a piece comes back for more. */
function* textsOf(pieces: TextPieces, tell: (next?: TextPosition) => void): Generator<string> {
  for (let piece = pieces.at(pieces.start); ; piece = pieces.at(piece.next)) {
    yield piece.text;
    tell(piece.next);
    if (!piece.next) return;
  }
}

/** How many characters there are, and which. */
async function survey(
  texts: Iterable<string>,
  pause: () => Promise<void>,
): Promise<{ characters: number; alphabet: string[] }> {
  let characters = 0;
  const seen = new Uint8Array(0x110000);
  for (const text of texts) {
    characters += countCharacters(text);
    for (let i = 0; i < text.length; i++) {
      const code = text.codePointAt(i)!;
      seen[code] = 1;
      if (code > 0xffff) i++;
    }
    await pause();
  }
  const alphabet: string[] = [];
  seen.forEach((one, code) => one && alphabet.push(String.fromCodePoint(code)));
  return { characters, alphabet };
}

function checkTokenizer(tokenizer: Tokenizer): void {
  const { segmentation, split } = tokenizer.toJSON() as { segmentation?: string; split?: string };
  if (segmentation !== 'grapheme' && split !== 'none') return;
  const kind = split === undefined ? "segmentation: 'grapheme'" : "split: 'none'";
  throw new ConfigError(
    `${where}: a tokenizer with ${kind} finds other tokens in a text that comes in pieces. Take another, or TextDataset.`,
  );
}
