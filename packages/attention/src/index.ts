export {
  AdditiveAttention,
  type AdditiveAttentionCache,
  type AdditiveAttentionOptions,
} from './additive-attention';
export type {
  AttentionForwardOptions,
  AttentionInputs,
  AttentionLayout,
  AttentionUpstream,
} from './attention-inputs';
export {
  DotProductAttention,
  type DotProductAttentionCache,
  type DotProductAttentionOptions,
} from './dot-product-attention';
