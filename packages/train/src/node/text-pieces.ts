/**
 * A text that lies in files, read in pieces of some thousand bytes from any place where a piece begins.
 *
 * Every piece is whole by itself: it ends behind a character, never between CR and LF, and before the white space that
 * follows its last word. Words, and the pieces of byte pair encoding, never reach across such a place, so that what is
 * encoded piece by piece is what the whole text would be. (Where there is no white space at all, a piece ends behind any
 * character; for tokens that are characters or bytes that makes no difference.)
 *
 * All pieces together are the text that `readText` and `TextDataset` make of the same files: byte order marks dropped,
 * ends of line `\n`, one between two files where the first does not end with it.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { CorpusError } from '../corpus-error';
import { countLineFeeds, firstInvalidByte, notUtf8 } from '../decode-utf8';

/** Bytes of a piece at most. A reader holds one piece: B streams hold B. */
const pieceLength = 2 ** 14;

/** Where a piece begins. */
export interface TextPosition {
  readonly file: number;
  /** In bytes. */
  readonly offset: number;
}

/** See the header of this file. */
export interface TextPiece {
  readonly text: string;
  /** Where the next piece begins; `undefined` behind the last one. */
  readonly next?: TextPosition;
}

/** What a piece takes from one file. */
interface Run {
  /** Behind a byte order mark. */
  start: TextPosition;
  /** With the file's own ends of line. */
  raw: string;
  next?: TextPosition;
}

/** A piece takes no fewer bytes from a further file. */
const shortestRun = 8;

interface TextFile {
  path: string;
  size: number;
  /** Bytes of the files before it. */
  before: number;
  modified: number;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** See the header of this file. */
export class TextPieces {
  readonly start: TextPosition = { file: 0, offset: 0 };
  /** Bytes of all files. */
  readonly size: number;
  readonly #files: readonly TextFile[];
  readonly #pieceLength: number;
  /** The first file with a character in it: a second byte order mark is no part of the text there. */
  readonly #firstFilled: number;

  /** @throws {@link CorpusError} when a file cannot be read. */
  constructor(paths: readonly string[], length: number = pieceLength) {
    this.#pieceLength = length;
    let before = 0;
    this.#files = paths.map((path) =>
      withFile(path, (file) => {
        const { size, mtimeMs } = fstatSync(file);
        const entry = { path, size, before, modified: mtimeMs };
        before += size;
        return entry;
      }),
    );
    this.size = before;
    this.#firstFilled = this.#files.findIndex(
      (file) => file.size > 3 || (file.size > 0 && !hasMark(this.#bytes(file, 0, file.size), 0)),
    );
  }

  /**
   * The piece that begins at a position: `start`, or the `next` of another piece.
   *
   * @throws {@link CorpusError} for bytes that are not UTF-8, and for a file that has changed.
   */
  at(position: TextPosition): TextPiece {
    const runs = [this.#run(position, this.#pieceLength)];
    let left = this.#pieceLength - runs[0].raw.length;
    for (let { next } = runs[0]; next?.offset === 0 && left >= shortestRun; ) {
      const run = this.#run(next, left);
      runs.push(run);
      left -= Math.max(1, run.raw.length);
      next = run.next;
    }
    const raw = runs.map((run) => run.raw).join('');
    const { next } = runs[runs.length - 1];
    const end = next ? lastBreak(raw) : raw.length;
    const text = raw.slice(0, end).replace(/\r\n?/g, '\n');
    return { text, next: end === raw.length ? next : placeOf(runs, end) };
  }

  /** Bytes of all files up to a position. */
  bytesBefore({ file, offset }: TextPosition): number {
    return this.#files[file].before + offset;
  }

  /** What follows a position in its file, at most `length` bytes, and the line break between it and the next file. */
  #run({ file: index, offset }: TextPosition, length: number): Run {
    const file = this.#files[index];
    const bytes = this.#bytes(file, offset, Math.min(length, file.size - offset));
    const marks = offset > 0 ? 0 : index === this.#firstFilled ? 2 : 1;
    let skipped = 0;
    for (let k = 0; k < marks && hasMark(bytes, skipped); k++) skipped += 3;
    const endsFile = offset + bytes.length === file.size;
    const end = endsFile ? bytes.length : wholeLength(bytes);
    const raw = this.#decode(file, offset + skipped, bytes.subarray(skipped, end));
    const start = { file: index, offset: offset + skipped };
    if (!endsFile) return { start, raw, next: { file: index, offset: offset + end } };
    if (index + 1 === this.#files.length) return { start, raw };
    const next = { file: index + 1, offset: 0 };
    // At the end of a filled file nothing is left but the line break that the piece before was cut in front of.
    const broken = raw === '' ? offset === 0 : raw.endsWith('\n');
    return { start, raw: broken ? raw : `${raw}\n`, next };
  }

  #bytes({ path, size, modified }: TextFile, offset: number, length: number): Uint8Array {
    return withFile(path, (file) => {
      const now = fstatSync(file);
      const bytes = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        const count = readSync(file, bytes, filled, length - filled, offset + filled);
        if (count === 0) break;
        filled += count;
      }
      if (now.size === size && now.mtimeMs === modified && filled === length) return bytes;
      throw new CorpusError(
        `StreamedTextDataset: ${path} has changed since it was opened. Open it again, and leave it alone while it is read.`,
      );
    });
  }

  #decode(file: TextFile, offset: number, bytes: Uint8Array): string {
    try {
      return decoder.decode(bytes);
    } catch (cause) {
      const within = firstInvalidByte(bytes);
      const at = offset + within;
      const start = this.#bytes(file, 0, Math.min(file.size, 2));
      throw notUtf8(file.path, { at, byte: bytes[within], line: this.#lineOf(file, at), cause }, start);
    }
  }

  /** Counted from 1, by reading the file again up to the byte: it happens once. */
  #lineOf(file: TextFile, end: number): number {
    let line = 1;
    for (let at = 0; at < end; at += this.#pieceLength) {
      line += countLineFeeds(this.#bytes(file, at, Math.min(this.#pieceLength, end - at)));
    }
    return line;
  }
}

const hasMark = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf;

/** The place in the files of UTF-16 unit `end` of some runs. */
function placeOf(runs: readonly Run[], end: number): TextPosition {
  let before = 0;
  for (const { start, raw } of runs) {
    if (end <= before + raw.length) {
      return { file: start.file, offset: start.offset + Buffer.byteLength(raw.slice(0, end - before)) };
    }
    before += raw.length;
  }
  throw new RangeError(`no place ${end} in ${before} characters`); // the caller gives a place within
}

/** Without a last character that is not whole, and without a last CR, which an LF may follow. */
function wholeLength(bytes: Uint8Array): number {
  const last = bytes.length - 1;
  if (bytes[last] === 0x0d) return last;
  for (let at = last; at >= 0 && at > last - 4; at--) {
    const byte = bytes[at];
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return at + length > bytes.length ? at : bytes.length;
  }
  return bytes.length; // no UTF-8: the decoder says so
}

/** Where the last white space begins that follows a visible character; the whole length where there is none. */
function lastBreak(raw: string): number {
  const isSpace = (index: number) => /\s/.test(raw[index]);
  for (let at = raw.length - 1; at > 0; at--) if (isSpace(at) && !isSpace(at - 1)) return at;
  return raw.length;
}

function withFile<T>(path: string, use: (file: number) => T): T {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new CorpusError(`StreamedTextDataset: ${path} cannot be read (${code}).`, { cause });
  }
  try {
    return use(file);
  } finally {
    closeSync(file);
  }
}
