/**
 * Inverted dropout (Srivastava et al. 2014): while training, every element is zero with probability p and
 * divided by 1 − p otherwise, so that its expectation stays and nothing is left to do at inference.
 *
 *   y = m ⊙ x,   m = 0 with probability p, else 1 / (1 − p)
 *   dx = m ⊙ dy
 */
import { multiply, type Rng, type Tensor } from '@rnnlab/tensor';

/** Draws a mask into `mask`, a tensor in the shape of what is to be dropped. `p` is in [0, 1). */
export function drawDropoutMask(mask: Tensor, p: number, rng: Rng): Tensor {
  for (let k = 0; k < mask.size; k++) mask.data[k] = rng.uniform() < p ? 0 : 1 / (1 - p);
  return mask;
}

/** y = m ⊙ x; the same product serves backward, dx = m ⊙ dy. */
export function applyDropoutMask(x: Tensor, mask: Tensor): Tensor {
  return multiply(x, mask);
}
