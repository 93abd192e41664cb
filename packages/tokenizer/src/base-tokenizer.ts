/**
 * What all tokenizers share: names, special tokens, and ids → text, one id at a time or all at once.
 *
 * A string is a sequence of UTF-16 units, and a high surrogate may be followed by the low one that completes
 * it: the decoder holds a high surrogate at the end back until the next id, so that what a push returns can
 * be written to a file or a terminal as it is.
 */
import { TokenizerError } from './errors';
import { describe, expectThat } from './input-checks';
import { specialIdsOf } from './special-tokens';
import type { SpecialIds, SpecialTokens, StreamingDecoder, Tokenizer } from './tokenizer';

/** What a kind of tokenizer brings: the next piece of text for a valid id, and what is left at the end. */
export interface TokenReader {
  read(id: number): string;
  end(): string;
}

/** The common part of all tokenizers. */
export abstract class BaseTokenizer implements Tokenizer {
  abstract readonly type: Tokenizer['type'];
  readonly vocabulary: readonly string[];
  readonly specialIds: SpecialIds;
  /** The texts of the special tokens. */
  readonly specialTokens: Readonly<SpecialTokens>;
  readonly #name: string;

  /**
   * @param name What messages call this tokenizer.
   * @param specialTokens Checked already.
   * @param idOf The id of a special token; may still add it to the vocabulary.
   */
  protected constructor(
    name: string,
    vocabulary: string[],
    specialTokens: SpecialTokens,
    idOf: (text: string) => number,
  ) {
    this.#name = name;
    this.specialTokens = Object.freeze(specialTokens);
    this.specialIds = specialIdsOf(specialTokens, idOf);
    this.vocabulary = Object.freeze(vocabulary);
  }

  get vocabSize(): number {
    return this.vocabulary.length;
  }

  encode(text: string): Int32Array {
    const where = `${this.#name}.encode`;
    expectThat(typeof text === 'string', `${where}: text`, text, 'a string.');
    return this.encodeText(text, where);
  }

  decode(ids: ArrayLike<number>): string {
    const reader = this.createReader();
    let text = '';
    for (let n = 0; n < ids.length; n++) {
      this.#checkId(ids[n], n);
      text += reader.read(ids[n]);
    }
    return text + reader.end();
  }

  createDecoder(): StreamingDecoder {
    const reader = this.createReader();
    let held = '';
    return {
      push: (id) => {
        this.#checkId(id);
        const text = held + reader.read(id);
        [held] = text.match(/[\uD800-\uDBFF]?$/)!;
        return text.slice(0, text.length - held.length);
      },
      flush: () => {
        const text = held + reader.end();
        held = '';
        return text;
      },
    };
  }

  #checkId(id: number, n?: number): void {
    if (Number.isInteger(id) && id >= 0 && id < this.vocabSize) return;
    const where = n === undefined ? 'createDecoder: id' : `decode: ids[${n}]`;
    throw new TokenizerError(
      `${this.#name}.${where} is ${describe(id)}, expected 0 to ${this.vocabSize - 1}. Do model and tokenizer belong together?`,
    );
  }

  /**
   * The ids of a text that is known to be a string; `where` is for messages.
   *
   * @internal
   */
  protected abstract encodeText(text: string, where: string): Int32Array;

  /** @internal */
  protected abstract createReader(): TokenReader;

  abstract toJSON(): { readonly type: string; readonly version: 1 };
}
