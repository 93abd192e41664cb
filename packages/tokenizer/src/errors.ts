/**
 * The one error of this package, in the shape of all rnnlab errors: the message says where it happened,
 * what came, what was expected, and the remedy; `code` is for programs.
 */

/** A text, an id, an option or a saved tokenizer is not what it has to be. */
export class TokenizerError extends Error {
  /** Always `'ERR_TOKENIZER'`. */
  readonly code: string = 'ERR_TOKENIZER';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TokenizerError';
  }
}
