/**
 * The corpus of a run: in memory, or as a stream where it is too large for that.
 *
 * A text above 64 MiB is streamed unless `--no-stream` says otherwise; the batches are the same. Held in memory a text
 * costs four bytes a character, and some ten times its size while it is read.
 */
import { open, stat } from 'node:fs/promises';
import type { Tokenizer } from '@rnnlab/tokenizer';
import type { Dataset } from '@rnnlab/train';
import { StreamedTextDataset, textFiles } from '@rnnlab/train/node';
import { createDataset } from './create-dataset';
import { detectData } from './detect-data';
import { bytes } from './format';
import type { OnReading } from './reading-progress';
import { asUserError, corpusName, noText, readTextFiles } from './read-text-files';
import { tokenizerMaker } from './tokenizers';
import { resolveSettings, type TrainOptions, type TrainSettings } from './train-settings';
import { UserError } from './user-error';

/** In bytes, of all files together. */
const streamAbove = 2 ** 26;

/** How much of a large corpus is looked at to see whether it is a list of lines. */
const glance = 2 ** 20;

/** A corpus with all that was decided about it. */
export interface OpenCorpus {
  settings: TrainSettings;
  /** Why it counts as lines or as one text. */
  because: string;
  dataset: Dataset;
}

/** For a corpus that takes a while to open, because it is streamed. */
export interface ReadingOptions {
  signal?: AbortSignal;
  onProgress?: OnReading;
}

/**
 * Opens the corpus of a new run.
 *
 * @throws {@link UserError} when it cannot be read, is too short, or the options exclude each other.
 */
export async function openCorpus(
  files: readonly string[],
  options: TrainOptions,
  { limit = streamAbove, ...reading }: ReadingOptions & { limit?: number } = {},
): Promise<OpenCorpus> {
  const file = corpusName(files);
  const reason = await whyStream(files, options, limit);
  if (reason === undefined) {
    const text = await readTextFiles(files);
    const { settings, because } = resolveSettings(options, text, file);
    return { settings, because, dataset: createDataset(text, settings, file) };
  }
  const { settings } = resolveSettings({ ...options, data: 'text', stream: true }, '', file);
  return { settings, because: reason, dataset: await openDataset(files, settings, reading) };
}

/** The corpus of a run that is there already. */
export async function openDataset(
  files: readonly string[],
  settings: TrainSettings,
  { tokenizer, ...reading }: ReadingOptions & { tokenizer?: Tokenizer } = {},
): Promise<Dataset> {
  if (!settings.stream)
    return createDataset(await readTextFiles(files), settings, corpusName(files), tokenizer);
  const { seqLen, validationFraction = 0 } = settings;
  const made = tokenizer ?? tokenizerMaker(settings);
  const options = { seqLen, validationFraction, tokenizer: made, ...reading };
  return StreamedTextDataset.open(files, options).catch((error: unknown) => {
    throw asUserError(error, files);
  });
}

/** `undefined` when the corpus is held in memory. */
async function whyStream(
  files: readonly string[],
  { stream, data, lowerCase }: TrainOptions,
  limit: number,
): Promise<string | undefined> {
  if (stream === false) return undefined;
  if (stream && data === 'lines') {
    throw new UserError(
      '--stream reads one long text, and --data lines asks for lines: leave one of them out.',
    );
  }
  const size = stream || data === 'lines' ? 0 : await sizeOf(files);
  if (!stream && size <= limit) return undefined;
  if (!stream && data === 'auto' && (await looksLikeLines(files))) return undefined;
  if (lowerCase) {
    throw new UserError(
      'A text that is streamed is read as it is: leave out --lower-case, or give --no-stream if it fits into memory.',
    );
  }
  return stream ? '--stream' : `${bytes(size)}, streamed from the disk`;
}

async function sizeOf(files: readonly string[]): Promise<number> {
  const paths = await textFiles(files).catch((error: unknown) => {
    throw noText(error, files);
  });
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function looksLikeLines(files: readonly string[]): Promise<boolean> {
  const [path] = await textFiles(files);
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(glance), 0, glance, 0);
    const text = new TextDecoder().decode(buffer.subarray(0, bytesRead));
    return detectData(text.slice(0, text.lastIndexOf('\n') + 1)).kind === 'lines';
  } finally {
    await file.close();
  }
}
