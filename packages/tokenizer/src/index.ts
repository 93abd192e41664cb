export type { Merge } from './bpe-merges';
export { BpeTokenizer } from './bpe-tokenizer';
export type {
  BpeSplit,
  BpeTokenizerFitOptions,
  BpeTokenizerJSON,
  BpeTokenizerOptions,
} from './bpe-tokenizer';
export type { ByteSpecialTokens, ByteTokenizerOptions } from './byte-level-tokenizer';
export { ByteTokenizer } from './byte-tokenizer';
export type { ByteTokenizerJSON } from './byte-tokenizer';
export { CharTokenizer } from './char-tokenizer';
export type {
  CharTokenizerFitOptions,
  CharTokenizerJSON,
  CharTokenizerOptions,
  Segmentation,
} from './char-tokenizer';
export { TokenizerError } from './errors';
export type { FitVocabularyOptions } from './fit-vocabulary';
export type { SymbolTokenizerOptions } from './symbol-tokenizer';
export type {
  SpecialIds,
  SpecialTokens,
  StreamingDecoder,
  TextSource,
  Tokenizer,
  UnknownPolicy,
} from './tokenizer';
export { tokenizerFromJSON } from './tokenizer-from-json';
export { WordTokenizer } from './word-tokenizer';
export type { WordTokenizerFitOptions, WordTokenizerJSON } from './word-tokenizer';
