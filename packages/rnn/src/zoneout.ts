/**
 * Zoneout (Krueger et al. 2016): while training, every unit of a state keeps its old value with probability p.
 *
 *   s̃ = the cell's new state                    s = h or c, each with a probability of its own
 *   s′ = d ⊙ s + (1 − d) ⊙ s̃                    d = 1 with probability p, else 0, drawn for every step, row and unit
 *
 * At inference d is its expectation p. An LSTM's h̃ = o ⊙ tanh(c̃) is made from c̃, before c is zoned out, as in the
 * paper. What a step of padding does is the same with d = 1 for a whole row, see `unroll.ts`.
 */
import type { Rng, Tensor } from '@rnnlab/tensor';

/** Probability of keeping the old value for each state, from 0 to below 1. */
export interface ZoneoutRates {
  /** Default 0. */
  h?: number;
  /** Of an LSTM's cell state. Default 0. */
  c?: number;
}

/** Fills `d` with draws, or with their expectation where there is no `rng`. */
export function drawZoneout(d: Tensor, p: number, rng: Rng | undefined): Tensor {
  if (!rng) return d.fill(p);
  for (let k = 0; k < d.size; k++) d.data[k] = rng.uniform() < p ? 1 : 0;
  return d;
}

/** Replaces the new state s̃ by d ⊙ s + (1 − d) ⊙ s̃. */
export function applyZoneout(d: Tensor, s: Tensor, sNew: Tensor): void {
  for (let k = 0; k < d.size; k++) sNew.data[k] = d.data[k] * s.data[k] + (1 - d.data[k]) * sNew.data[k];
}

/** Parts dL/ds′: returns d ⊙ dL/ds′, which goes past the cell to s, and leaves (1 − d) ⊙ dL/ds′ = dL/ds̃ in `ds`. */
export function partZoneout(d: Tensor, ds: Tensor, past: Tensor): Tensor {
  for (let k = 0; k < d.size; k++) {
    past.data[k] = d.data[k] * ds.data[k];
    ds.data[k] -= past.data[k];
  }
  return past;
}
