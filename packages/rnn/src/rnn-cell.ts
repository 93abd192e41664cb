/**
 * The plain recurrent cell (Elman 1990).
 *
 *   a  = W_ih·x + b_ih + W_hh·h + b_hh
 *   h′ = φ(a)                                 φ = tanh or relu
 *
 * Shapes: x [B, I]; h, h′, a [B, H]; W_ih [H, I], W_hh [H, H], b [H].
 * The same as PyTorch's `RNN` and, with one bias, Keras' `SimpleRNN`.
 */
import { activations, type KernelSet, type Tensor } from '@rnnlab/tensor';
import { Cell, type CellCache, type CellGradients, type CellOptions, type RecurrentState } from './cell';
import { wasm } from './generated/kernels.wasm';

/** φ of the cell. */
export type Nonlinearity = 'tanh' | 'relu';

/** Options of an {@link RNNCell}. */
export interface RNNCellOptions extends CellOptions {
  /** φ. Default `'tanh'`. */
  nonlinearity?: Nonlinearity;
}

/** The equations for `count` = B·H numbers, φ = relu where `relu` is 1. The wasm twin is `kernels/rnn.as.ts`. */
const reference = {
  rnnForward(count: number, relu: number, a: Tensor, hNext: Tensor): void {
    const phi = relu ? activations.relu : activations.tanh;
    for (let k = 0; k < count; k++) hNext.data[k] = phi.forward(a.data[k]);
  },

  /** da = dh′ ⊙ φ′(a), with φ′ from the output: tanh′ = 1 − h′², relu′ = [h′ > 0] */
  rnnBackward(count: number, relu: number, hNext: Tensor, dh: Tensor, da: Tensor): void {
    const phi = relu ? activations.relu : activations.tanh;
    for (let k = 0; k < count; k++) da.data[k] = dh.data[k] * phi.derivative(hNext.data[k]);
  },
};

/** The loops of {@link RNNCell}, in the form that each backend runs. */
export const rnnKernels: KernelSet<typeof reference> = { reference, wasm };

/** One step of a plain recurrent network. */
export class RNNCell extends Cell {
  readonly stateNames = ['h'] as const;
  readonly #relu: number;

  constructor(options: RNNCellOptions) {
    super(options, 1);
    this.#relu = options.nonlinearity === 'relu' ? 1 : 0;
  }

  createCache(seqLen: number, batchSize: number): CellCache {
    const H = this.hiddenSize;
    return {
      gates: this.allocate(seqLen, batchSize, H),
      states: { h: this.allocate(seqLen + 1, batchSize, H) },
      recurrent: this.packRecurrent(batchSize, true),
    };
  }

  step({ gates, states: { h }, recurrent }: CellCache, t: number): void {
    const a = gates.row(t); // a holds W_ih·x + b_ih
    this.addRecurrentProduct(recurrent, h.row(t), a);
    this.backend.load(rnnKernels).rnnForward(a.size, this.#relu, a, h.row(t + 1));
  }

  createGradients({ gates }: CellCache): CellGradients {
    return { dGates: this.allocate(...gates.shape), recurrent: this.packRecurrent(gates.shape[1], false) };
  }

  stepBackward({ states }: CellCache, gradients: CellGradients, t: number, dState: RecurrentState): void {
    const [da, dh] = [gradients.dGates.row(t), dState.h];
    this.backend.load(rnnKernels).rnnBackward(da.size, this.#relu, states.h.row(t + 1), dh, da);
    this.backend.gemmPacked(da, gradients.recurrent, dh); // dh = da·W_hh
  }
}
