/**
 * The LSTM cell with coupled gates (CIFG; Greff, Srivastava, Koutník, Steunebrink & Schmidhuber 2017): it forgets exactly
 * where it writes, so one gate does the work of two.
 *
 *   i  = σ(W_i·[x, h] + b_i)        f = 1 − i
 *   g  = φ(W_g·[x, h] + b_g)
 *   o  = σ(W_o·[x, h] + b_o)
 *   c′ = (1 − i) ⊙ c + i ⊙ g
 *   h′ = o ⊙ ψ(c′)
 *
 * Shapes: x [B, I]; h, c, every gate [B, H]; W_ih [3H, I], W_hh [3H, H], b [3H], blocks i g o (ONNX's `input_forget` keeps
 * an unused block f). Since f = 1 − σ(a) = σ(−a), a forget bias of 1 is a bias of −1 in the block i.
 */
import type { CellGradients, RecurrentState } from '@rnnlab/rnn';
import type { Tensor } from '@rnnlab/tensor';
import { LSTMBaseCell, type LSTMActivations, type LSTMCache, type LSTMCellOptions } from './lstm-cell-base';

/** The equations, for A [B, 3H] and everything else [B, H]. */
const equations = ({ σ, φ, ψ }: LSTMActivations) => ({
  /** A holds the pre-activations of i g o, and afterwards the gates. */
  forward(H: number, A: Tensor, c: Tensor, cNext: Tensor, tanhC: Tensor, hNext: Tensor): void {
    const a = A.data;
    for (let k = 0; k < c.size; k++) {
      const j = k + 2 * (k - (k % H)); // unit k % H of the block i in the same row
      const i = (a[j] = σ.forward(a[j]));
      const g = (a[j + H] = φ.forward(a[j + H]));
      const o = (a[j + 2 * H] = σ.forward(a[j + 2 * H]));
      cNext.data[k] = (1 - i) * c.data[k] + i * g;
      tanhC.data[k] = ψ.forward(cNext.data[k]);
      hNext.data[k] = o * tanhC.data[k];
    }
  },

  /** dh and dc hold dL/dh′ and dL/dc′; afterwards dc holds dL/dc, and dA the gradients of the pre-activations. */
  backward(H: number, A: Tensor, c: Tensor, tanhC: Tensor, dA: Tensor, dh: Tensor, dc: Tensor): void {
    const [a, da] = [A.data, dA.data];
    for (let k = 0; k < c.size; k++) {
      const j = k + 2 * (k - (k % H));
      const [i, g, o, tc] = [a[j], a[j + H], a[j + 2 * H], tanhC.data[k]];
      const dcNext = dc.data[k] + dh.data[k] * o * ψ.derivative(tc);
      da[j] = dcNext * (g - c.data[k]) * σ.derivative(i); // i writes g and forgets c
      da[j + H] = dcNext * i * φ.derivative(g);
      da[j + 2 * H] = dh.data[k] * tc * σ.derivative(o);
      dc.data[k] = dcNext * (1 - i);
    }
  },
});

/** One step of an LSTM whose forget gate is 1 − i. */
export class LSTMCoupledCell extends LSTMBaseCell {
  override readonly gateNames = ['i', 'g', 'o'] as const;
  readonly #equations = equations(this.activations);

  constructor(options: LSTMCellOptions) {
    super(options, 3);
    this.startBias(0, -(options.forgetBias ?? 1), options);
  }

  createCache(seqLen: number, batchSize: number): LSTMCache {
    return this.createLSTMCache(seqLen, batchSize);
  }

  step(cache: LSTMCache, t: number): void {
    const [A, { h, c }, tanhC] = [cache.gates.row(t), cache.states, cache.tanhC.row(t)];
    this.recurrentProduct(cache, t, A, true);
    this.#equations.forward(this.hiddenSize, A, c.row(t), c.row(t + 1), tanhC, h.row(t + 1));
  }

  createGradients(cache: LSTMCache): CellGradients {
    return this.createLSTMGradients(cache);
  }

  stepBackward(
    cache: LSTMCache,
    gradients: CellGradients,
    t: number,
    { h: dh, c: dc }: RecurrentState,
  ): void {
    const [A, c, tanhC] = [cache.gates.row(t), cache.states.c.row(t), cache.tanhC.row(t)];
    const dA = gradients.dGates.row(t);
    this.#equations.backward(this.hiddenSize, A, c, tanhC, dA, dh, dc!);
    this.recurrentProductBackward(cache, gradients, dA, dh);
  }

  /** With f = 1 − i beside the gates that have weights of their own. */
  override gatesOf(cache: LSTMCache, t: number): Record<string, Tensor> {
    const { i, g, o } = super.gatesOf(cache, t);
    const f = i.clone();
    for (let k = 0; k < f.size; k++) f.data[k] = 1 - i.data[k];
    return { i, f, g, o };
  }
}
