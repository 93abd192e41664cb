/**
 * The plain recurrent cell (Elman 1990).
 *
 *   a  = W_ih·x + b_ih + W_hh·h + b_hh
 *   h′ = φ(a)                                 φ = tanh or relu
 *
 * Shapes: x [B, I]; h, h′, a [B, H]; W_ih [H, I], W_hh [H, H], b [H].
 * The same as PyTorch's `RNN` and, with one bias, Keras' `SimpleRNN`.
 */
import { activations, type Activation } from '@rnnlab/tensor';
import { Cell, type CellCache, type CellGradients, type CellOptions, type RecurrentState } from './cell';

/** φ of the cell. */
export type Nonlinearity = 'tanh' | 'relu';

/** Options of an {@link RNNCell}. */
export interface RNNCellOptions extends CellOptions {
  /** φ. Default `'tanh'`. */
  nonlinearity?: Nonlinearity;
}

/** One step of a plain recurrent network. */
export class RNNCell extends Cell {
  readonly stateNames = ['h'] as const;
  readonly #phi: Activation;

  constructor(options: RNNCellOptions) {
    super(options, 1);
    this.#phi = activations[options.nonlinearity ?? 'tanh'];
  }

  createCache(seqLen: number, batchSize: number): CellCache {
    const H = this.hiddenSize;
    return {
      gates: this.allocate(seqLen, batchSize, H),
      states: { h: this.allocate(seqLen + 1, batchSize, H) },
    };
  }

  step({ gates, states }: CellCache, t: number): void {
    const [a, h, hNext] = [gates.row(t), states.h.row(t), states.h.row(t + 1)]; // a holds W_ih·x + b_ih
    this.addRecurrentProduct(h, a);
    for (let k = 0; k < a.size; k++) hNext.data[k] = this.#phi.forward(a.data[k]);
  }

  createGradients({ gates }: CellCache): CellGradients {
    return { dGates: this.allocate(...gates.shape) };
  }

  stepBackward({ states }: CellCache, { dGates }: CellGradients, t: number, dState: RecurrentState): void {
    const [da, dh, hNext] = [dGates.row(t), dState.h, states.h.row(t + 1)];
    // da = dh′ ⊙ φ′(a), with φ′ from the output: tanh′ = 1 − h′², relu′ = [h′ > 0]
    for (let k = 0; k < da.size; k++) da.data[k] = dh.data[k] * this.#phi.derivative(hNext.data[k]);
    this.backend.gemm(da, this.weightHh.value, dh); // dh = da·W_hh
  }
}
