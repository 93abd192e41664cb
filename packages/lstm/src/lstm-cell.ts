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
import { Cell, type CellCache, type CellGradients, type CellOptions, type RecurrentState } from '@rnnlab/rnn';
import { sigmoid, tanh, type KernelSet, type Tensor } from '@rnnlab/tensor';
import { wasm } from './generated/kernels.wasm';

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

/** The equations, for A [B, 4H] and everything else [B, H]. The wasm twin is `kernels/lstm.as.ts`. */
const reference = {
  /** A holds the pre-activations of i f g o, and afterwards the gates. */
  lstmForward(B: number, H: number, A: Tensor, c: Tensor, cNext: Tensor, tanhC: Tensor, hNext: Tensor): void {
    const a = A.data;
    for (let b = 0; b < B; b++) {
      for (let k = b * H, j = b * 4 * H; k < (b + 1) * H; k++, j++) {
        const i = (a[j] = sigmoid.forward(a[j]));
        const f = (a[j + H] = sigmoid.forward(a[j + H]));
        const g = (a[j + 2 * H] = tanh.forward(a[j + 2 * H]));
        const o = (a[j + 3 * H] = sigmoid.forward(a[j + 3 * H]));
        cNext.data[k] = f * c.data[k] + i * g;
        tanhC.data[k] = tanh.forward(cNext.data[k]);
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
        // c′ is reached from the next step and through h′ = o ⊙ tanh(c′), tanh′ = 1 − tanh²
        const dcNext = dc.data[k] + dh.data[k] * o * (1 - tc * tc);
        da[j] = dcNext * g * i * (1 - i); // σ′ = σ(1 − σ)
        da[j + H] = dcNext * c.data[k] * f * (1 - f);
        da[j + 2 * H] = dcNext * i * (1 - g * g); // g is the tanh already: tanh′ = 1 − g²
        da[j + 3 * H] = dh.data[k] * tc * o * (1 - o);
        dc.data[k] = dcNext * f;
      }
    }
  },
};

/** The loops of {@link LSTMCell}, in the form that each backend runs. */
export const lstmKernels: KernelSet<typeof reference> = { reference, wasm };

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
      recurrent: this.packRecurrent(batchSize, true),
    };
  }

  step({ gates, states: { h, c }, tanhC, recurrent }: LSTMCache, t: number): void {
    const [B, H] = h.row(t).shape;
    this.addRecurrentProduct(recurrent, h.row(t), gates.row(t)); // gates.row(t) holds W_ih·x + b_ih
    const { lstmForward } = this.backend.load(lstmKernels);
    lstmForward(B, H, gates.row(t), c.row(t), c.row(t + 1), tanhC.row(t), h.row(t + 1));
  }

  createGradients({ gates }: LSTMCache): CellGradients {
    return { dGates: this.allocate(...gates.shape), recurrent: this.packRecurrent(gates.shape[1], false) };
  }

  stepBackward(
    { gates, states: { c }, tanhC }: LSTMCache,
    { dGates, recurrent }: CellGradients,
    t: number,
    dState: RecurrentState,
  ): void {
    const [B, H] = dState.h.shape;
    const { lstmBackward } = this.backend.load(lstmKernels);
    lstmBackward(B, H, gates.row(t), c.row(t), tanhC.row(t), dGates.row(t), dState.h, dState.c!);
    this.backend.gemmPacked(dGates.row(t), recurrent, dState.h); // dh = dA·W_hh
  }
}
