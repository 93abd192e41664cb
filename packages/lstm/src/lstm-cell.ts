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
 * One bias as in Keras; `recurrentBias: true` is PyTorch's form with two.
 */
import { sigmoid, tanh, type Tensor } from '@rnnlab/tensor';
import { Cell, type CellCache, type CellGradients, type CellOptions, type RecurrentState } from '@rnnlab/rnn';

/** Options of an {@link LSTMCell}. */
export interface LSTMCellOptions extends CellOptions {
  /**
   * What the forget gate's bias starts at: an open gate lets gradients through from the first step on
   * (Jozefowicz, Zaremba & Sutskever 2015). Default 1, but as PyTorch draws it with `init: 'torch'`.
   */
  forgetBias?: number;
}

/** What backward reads: the gates after their activations, the states, and tanh(c′). */
export interface LSTMCache extends CellCache {
  readonly states: { h: Tensor; c: Tensor };
  /** [T, B, H] */
  readonly tanhC: Tensor;
}

/** One step of an LSTM. */
export class LSTMCell extends Cell<LSTMCache> {
  readonly stateNames = ['h', 'c'] as const;

  constructor(options: LSTMCellOptions) {
    super(options, 4);
    const forgetBias = options.forgetBias ?? (options.init === 'torch' ? undefined : 1);
    if (forgetBias === undefined) return;
    const H = this.hiddenSize;
    this.biasIh?.value.slice(H, 2 * H).fill(forgetBias);
    this.biasHh?.value.slice(H, 2 * H).fill(0);
  }

  createCache(seqLen: number, batchSize: number): LSTMCache {
    const H = this.hiddenSize;
    return {
      gates: this.allocate(seqLen, batchSize, 4 * H),
      states: { h: this.allocate(seqLen + 1, batchSize, H), c: this.allocate(seqLen + 1, batchSize, H) },
      tanhC: this.allocate(seqLen, batchSize, H),
    };
  }

  step({ gates, states, tanhC }: LSTMCache, t: number): void {
    const [a, h] = [gates.row(t), states.h.row(t)]; // a holds W_ih·x + b_ih
    this.addRecurrentProduct(h, a);
    const [A, c, tc] = [a.data, states.c.row(t).data, tanhC.row(t).data];
    const [hNext, cNext] = [states.h.row(t + 1).data, states.c.row(t + 1).data];
    const [B, H] = h.shape;
    for (let b = 0; b < B; b++) {
      for (let k = b * H, j = b * 4 * H; k < (b + 1) * H; k++, j++) {
        const i = (A[j] = sigmoid.forward(A[j]));
        const f = (A[j + H] = sigmoid.forward(A[j + H]));
        const g = (A[j + 2 * H] = tanh.forward(A[j + 2 * H]));
        const o = (A[j + 3 * H] = sigmoid.forward(A[j + 3 * H]));
        cNext[k] = f * c[k] + i * g;
        tc[k] = tanh.forward(cNext[k]);
        hNext[k] = o * tc[k];
      }
    }
  }

  createGradients({ gates }: LSTMCache): CellGradients {
    return { dGates: this.allocate(...gates.shape) };
  }

  stepBackward(
    { gates, states, tanhC }: LSTMCache,
    { dGates }: CellGradients,
    t: number,
    dState: RecurrentState,
  ): void {
    const [A, c, tc] = [gates.row(t).data, states.c.row(t).data, tanhC.row(t).data];
    const [dA, dh, dc] = [dGates.row(t).data, dState.h.data, dState.c!.data];
    const [B, H] = dState.h.shape;
    for (let b = 0; b < B; b++) {
      for (let k = b * H, j = b * 4 * H; k < (b + 1) * H; k++, j++) {
        const [i, f, g, o] = [A[j], A[j + H], A[j + 2 * H], A[j + 3 * H]];
        // c′ is reached from the next step and through h′ = o ⊙ tanh(c′), tanh′ = 1 − tanh²
        const dcNext = dc[k] + dh[k] * o * (1 - tc[k] * tc[k]);
        dA[j] = dcNext * g * i * (1 - i); // σ′ = σ(1 − σ)
        dA[j + H] = dcNext * c[k] * f * (1 - f);
        dA[j + 2 * H] = dcNext * i * (1 - g * g); // g is the tanh already: tanh′ = 1 − g²
        dA[j + 3 * H] = dh[k] * tc[k] * o * (1 - o);
        dc[k] = dcNext * f;
      }
    }
    this.backend.gemm(dGates.row(t), this.weightHh.value, dState.h); // dh = da·W_hh
  }
}
