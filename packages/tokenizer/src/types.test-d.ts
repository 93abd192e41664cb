/** The public types, checked by `tsc -b`: nothing here runs. */
import { expectTypeOf } from 'vitest';
import {
  BpeTokenizer,
  ByteTokenizer,
  CharTokenizer,
  tokenizerFromJSON,
  type WordTokenizer,
  type ByteSpecialTokens,
  type Tokenizer,
  type UnknownPolicy,
} from './index';

expectTypeOf(CharTokenizer.fit('text')).toEqualTypeOf<CharTokenizer>();
expectTypeOf(BpeTokenizer.fit(['one', 'two'], { numMerges: 10 })).toEqualTypeOf<BpeTokenizer>();
expectTypeOf<CharTokenizer | WordTokenizer | ByteTokenizer | BpeTokenizer>().toExtend<Tokenizer>();
expectTypeOf<Tokenizer['encode']>().toEqualTypeOf<(text: string) => Int32Array>();
expectTypeOf<Tokenizer['decode']>().parameter(0).toEqualTypeOf<ArrayLike<number>>();
expectTypeOf<UnknownPolicy>().toEqualTypeOf<'token' | 'skip' | 'error'>();
expectTypeOf(tokenizerFromJSON).toEqualTypeOf<(json: unknown) => Tokenizer>();

// `type` tells which one it is.
expectTypeOf<CharTokenizer['type']>().toEqualTypeOf<'char'>();
expectTypeOf<ReturnType<WordTokenizer['toJSON']>['type']>().toEqualTypeOf<'word'>();

// Every byte is known: there is no token for what is not.
expectTypeOf<ByteSpecialTokens>().not.toHaveProperty('unknown');
// @ts-expect-error for the same reason
new ByteTokenizer({ specialTokens: { unknown: '?' } });
// @ts-expect-error there is no such policy
CharTokenizer.fit('text', { unknown: 'ignore' });
// @ts-expect-error a tokenizer without its vocabulary
new CharTokenizer({});
