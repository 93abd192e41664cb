/**
 * The LSTM cell (Hochreiter & Schmidhuber 1997, with the forget gate of Gers, Schmidhuber & Cummins 2000).
 *
 *   i  = σ(W_i·[x, h] + b_i)        input gate: how much of the candidate is written
 *   f  = σ(W_f·[x, h] + b_f)        forget gate: how much of the cell state is kept
 *   g  = tanh(W_g·[x, h] + b_g)     candidate
 *   o  = σ(W_o·[x, h] + b_o)        output gate: how much of the cell state is shown
 *   c′ = f ⊙ c + i ⊙ g
 *   h′ = o ⊙ tanh(c′)
 *
 * Shapes: x [B, I]; h, c, every gate [B, H]; W_ih [4H, I], W_hh [4H, H], b [4H], with the blocks i f g o below
 * each other (PyTorch's and Keras' order; ONNX's is i o f g).
 * One bias as in Keras; `recurrentBias: true` is PyTorch's form with two. σ and both tanh can be chosen; in the loops
 * they are σ, φ and ψ.
 */
import type { CellGradients, RecurrentState } from '@rnnlab/rnn';
import { sigmoid, tanh, type KernelSet, type Tensor } from '@rnnlab/tensor';
import { wasm } from './generated/kernels.wasm';
import { LSTMBaseCell, type LSTMActivations, type LSTMCache, type LSTMCellOptions } from './lstm-cell-base';

/** The equations, for A [B, 4H] and everything else [B, H]. */
export const lstmEquations = ({ σ, φ, ψ }: LSTMActivations) => ({
  /** A holds the pre-activations of i f g o, and afterwards the gates. */
  lstmForward(B: number, H: number, A: Tensor, c: Tensor, cNext: Tensor, tanhC: Tensor, hNext: Tensor): void {
    const a = A.data;
    for (let b = 0; b < B; b++) {
      for (let k = b * H, j = b * 4 * H; k < (b + 1) * H; k++, j++) {
        const i = (a[j] = σ.forward(a[j]));
        const f = (a[j + H] = σ.forward(a[j + H]));
        const g = (a[j + 2 * H] = φ.forward(a[j + 2 * H]));
        const o = (a[j + 3 * H] = σ.forward(a[j + 3 * H]));
        cNext.data[k] = f * c.data[k] + i * g;
        tanhC.data[k] = ψ.forward(cNext.data[k]);
        hNext.data[k] = o * tanhC.data[k];
      }
    }
  },

  /** dh and dc hold dL/dh′ and dL/dc′; afterwards dc holds dL/dc, and dA the gradients of the pre-activations. */
  lstmBackward(
    B: number,
    H: number,
    A: Tensor,
    c: Tensor,
    tanhC: Tensor,
    dA: Tensor,
    dh: Tensor,
    dc: Tensor,
  ): void {
    const [a, da] = [A.data, dA.data];
    for (let b = 0; b < B; b++) {
      for (let k = b * H, j = b * 4 * H; k < (b + 1) * H; k++, j++) {
        const [i, f, g, o, tc] = [a[j], a[j + H], a[j + 2 * H], a[j + 3 * H], tanhC.data[k]];
        // Derivatives are taken of outputs, which i, f, g, o and tc are: σ′ = i(1 − i), tanh′ = 1 − g².
        // c′ is reached from the next step and through h′ = o ⊙ tanh(c′).
        const dcNext = dc.data[k] + dh.data[k] * o * ψ.derivative(tc);
        da[j] = dcNext * g * σ.derivative(i);
        da[j + H] = dcNext * c.data[k] * σ.derivative(f);
        da[j + 2 * H] = dcNext * i * φ.derivative(g);
        da[j + 3 * H] = dh.data[k] * tc * σ.derivative(o);
        dc.data[k] = dcNext * f;
      }
    }
  },
});

/** The loops of {@link LSTMCell}, in the form that each backend runs. The wasm twin is `kernels/lstm.as.ts`. */
export const lstmKernels: KernelSet<ReturnType<typeof lstmEquations>> = {
  reference: lstmEquations({ σ: sigmoid, φ: tanh, ψ: tanh }),
  wasm,
};

/** One step of an LSTM. */
export class LSTMCell extends LSTMBaseCell {
  readonly #equations = this.usual ? undefined : lstmEquations(this.activations);

  constructor(options: LSTMCellOptions) {
    super(options);
    this.startBias(1, options.forgetBias ?? 1, options);
  }

  override get rowwise(): boolean {
    return this.usual;
  }

  createCache(seqLen: number, batchSize: number): LSTMCache {
    return this.createLSTMCache(seqLen, batchSize);
  }

  step(cache: LSTMCache, t: number): void {
    const [A, { h, c }, tanhC] = [cache.gates.row(t), cache.states, cache.tanhC.row(t)]; // A holds W_ih·x + b_ih
    this.recurrentProduct(cache, t, A, true);
    const { lstmForward } = this.#equations ?? this.backend.load(lstmKernels);
    lstmForward(tanhC.shape[0], this.hiddenSize, A, c.row(t), c.row(t + 1), tanhC, h.row(t + 1));
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
    const { lstmBackward } = this.#equations ?? this.backend.load(lstmKernels);
    lstmBackward(dh.shape[0], this.hiddenSize, A, c, tanhC, dA, dh, dc!);
    this.recurrentProductBackward(cache, gradients, dA, dh); // dh = dA·W_hh
  }
}
