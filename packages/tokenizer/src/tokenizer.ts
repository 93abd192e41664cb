/**
 * What every tokenizer is: text → ids with `encode`, ids → text with `decode`, and JSON to keep it beside
 * the model that was trained on its ids.
 */

/** A text, or several; iterated once. Nothing is learned across the border of two texts. */
export type TextSource = string | Iterable<string>;

/**
 * What `encode` does with a symbol that is not in the vocabulary: write the id of the unknown token, leave
 * the symbol out, or throw a {@link TokenizerError} that names it.
 */
export type UnknownPolicy = 'token' | 'skip' | 'error';

/** The texts of the special tokens, each optional. `decode` writes these texts. */
export interface SpecialTokens {
  /** What stands for everything that is not in the vocabulary. */
  unknown?: string;
  /** Ends a line (an item of a list), e.g. `'\n'`. */
  endOfLine?: string;
  /** Fills batches up; never part of a loss. */
  padding?: string;
  /** Begins an item. */
  start?: string;
}

/** The ids of the special tokens; those that were not asked for are absent. */
export type SpecialIds = { readonly [name in keyof SpecialTokens]: number };

/** Turns ids into text one at a time, see {@link Tokenizer.createDecoder}. */
export interface StreamingDecoder {
  /**
   * The text that is certain now: '' while a character is still incomplete.
   *
   * @throws {@link TokenizerError} when `id` is no integer from 0 to vocabSize − 1.
   */
  push(id: number): string;
  /** The rest: an incomplete character as U+FFFD. Afterwards the decoder starts anew. */
  flush(): string;
}

/** The contract of all tokenizers. */
export interface Tokenizer {
  /** The kind of tokenizer, as in its JSON form. */
  readonly type: 'char' | 'word' | 'byte' | 'bpe';
  /** Number of ids: they run from 0 to vocabSize − 1. */
  readonly vocabSize: number;
  /** The text of every id; a token that is no text by itself (a byte of a character) reads like `<0xE2>`. */
  readonly vocabulary: readonly string[];
  readonly specialIds: SpecialIds;
  /**
   * The ids of `text`. A special token comes out only where one symbol of the text (one byte, for the
   * byte-level tokenizers) is the very text of that token, such as `'\n'`.
   *
   * @throws {@link TokenizerError} when `text` is no string, and for an unknown symbol under the policy `'error'`.
   */
  encode(text: string): Int32Array;
  /**
   * The text of `ids`, special tokens included.
   *
   * @throws {@link TokenizerError} when an id is no integer from 0 to vocabSize − 1.
   */
  decode(ids: ArrayLike<number>): string;
  /**
   * A decoder for ids that arrive one by one, as from a model that is generating. All pushes and the flush
   * together are the text that `decode` gives, and no push ends inside a character.
   */
  createDecoder(): StreamingDecoder;
  /** A plain object for `JSON.stringify`; `tokenizerFromJSON` reads it. */
  toJSON(): { readonly type: string; readonly version: number };
}
