/**
 * Dropout on the recurrent connection (Gal & Ghahramani 2016): one mask for all steps of a sequence, since a new one at
 * each step would wear the memory away.
 *
 *   ĥ_t = m ⊙ h_t              m [B, H]: 0 with probability p, else 1 / (1 − p)
 *   a_t = W_ih·x_t + W_hh·ĥ_t  every gate sees the same ĥ; h itself, where a GRU carries it over, stays whole
 *   dh_t += m ⊙ dĥ_t
 *
 * Keras draws one mask a gate instead; PyTorch has no recurrent dropout.
 */
import type { Tensor } from '@rnnlab/tensor';

/** What the cells need of it. */
export interface RecurrentDropout {
  /** [B, H] */
  readonly mask: Tensor;
  /** [T, B, H] ĥ, written step by step. */
  readonly h: Tensor;
}

/** ĥ_t = m ⊙ h_t. */
export function dropState({ mask, h: dropped }: RecurrentDropout, h: Tensor, t: number): Tensor {
  const out = dropped.row(t);
  for (let k = 0; k < out.size; k++) out.data[k] = mask.data[k] * h.data[k];
  return out;
}

/** dh += m ⊙ dĥ. */
export function addDropped({ mask }: RecurrentDropout, dDropped: Tensor, dh: Tensor): void {
  for (let k = 0; k < dh.size; k++) dh.data[k] += mask.data[k] * dDropped.data[k];
}
