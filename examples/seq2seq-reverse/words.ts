/**
 * The task: words of random letters, and the same letters backwards. Id 0 is the end of a word, 1 is a, 2 is b, …
 */
import { Tensor, type Rng } from '@rnnlab/tensor';

export interface Task {
  /** How many letters there are. */
  readonly letters: number;
  readonly minLength: number;
  readonly maxLength: number;
}

/** Words as tensors, time-major [T, B]. */
export interface Batch {
  /** What the encoder reads: the letters, padded with 0. */
  readonly source: Tensor;
  readonly lengths: number[];
  /** What the decoder reads: the end symbol, then the letters backwards (teacher forcing). */
  readonly decoderInput: Tensor;
  /** What the decoder has to say: the letters backwards, then the end symbol; −100 in the padding. */
  readonly target: Tensor;
}

export const END = 0;

/** A word of random letters, as ids. */
export function randomWord({ letters, minLength, maxLength }: Task, rng: Rng): number[] {
  const length = minLength + rng.int(maxLength - minLength + 1);
  return Array.from({ length }, () => 1 + rng.int(letters));
}

export function toBatch(words: readonly (readonly number[])[]): Batch {
  const lengths = words.map(({ length }) => length);
  const longest = Math.max(...lengths);
  const column = (
    fill: number,
    rows: number,
    at: (word: readonly number[], t: number) => number | undefined,
  ) => {
    const ids = Tensor.full([rows, words.length], fill, 'int32');
    words.forEach((word, b) => {
      for (let t = 0; t < rows; t++) ids.data[t * words.length + b] = at(word, t) ?? fill;
    });
    return ids;
  };
  return {
    source: column(END, longest, (word, t) => word[t]),
    lengths,
    decoderInput: column(END, longest + 1, (word, t) => (t === 0 ? END : word[word.length - t])),
    target: column(-100, longest + 1, (word, t) => (t === word.length ? END : word[word.length - 1 - t])),
  };
}

export const toText = (word: readonly number[]): string =>
  word.map((id) => String.fromCharCode(96 + id)).join('');
