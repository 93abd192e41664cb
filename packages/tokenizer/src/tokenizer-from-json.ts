/** Any tokenizer from its JSON form. */
import { BpeTokenizer } from './bpe-tokenizer';
import { ByteTokenizer } from './byte-tokenizer';
import { CharTokenizer } from './char-tokenizer';
import { expectThat } from './input-checks';
import type { Tokenizer } from './tokenizer';
import { WordTokenizer } from './word-tokenizer';

/**
 * Reads what `toJSON` of any tokenizer wrote, wherever it was kept: nothing in `json` is trusted.
 *
 * @param json The parsed object, not the JSON text.
 * @throws {@link TokenizerError} when it is no tokenizer of this or an earlier version.
 *
 * @example
 * ```ts
 * import { CharTokenizer, tokenizerFromJSON } from '@rnnlab/tokenizer';
 *
 * const saved = JSON.stringify(CharTokenizer.fit('dino'));
 * const tokenizer = tokenizerFromJSON(JSON.parse(saved));
 * console.log(tokenizer.type, tokenizer.encode('no')); // char Int32Array(2) [ 3, 4 ]
 * ```
 */
export function tokenizerFromJSON(json: unknown): Tokenizer {
  const { type } = (json ?? {}) as { type?: unknown };
  if (type === 'char') return CharTokenizer.fromJSON(json);
  if (type === 'word') return WordTokenizer.fromJSON(json);
  if (type === 'byte') return ByteTokenizer.fromJSON(json);
  expectThat(
    type === 'bpe',
    'tokenizerFromJSON: type',
    type,
    "'char', 'word', 'byte' or 'bpe', from parsed JSON.",
  );
  return BpeTokenizer.fromJSON(json);
}
