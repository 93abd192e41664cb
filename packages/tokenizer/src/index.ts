export { CharTokenizer } from './char-tokenizer';
export type {
  CharTokenizerFitOptions,
  CharTokenizerJSON,
  CharTokenizerOptions,
  Segmentation,
} from './char-tokenizer';
export { TokenizerError } from './errors';
export type {
  SpecialIds,
  SpecialTokens,
  StreamingDecoder,
  TextSource,
  Tokenizer,
  UnknownPolicy,
} from './tokenizer';
