/**
 * The plain recurrent cell (Elman 1990).
 *
 *   a  = W_ih·x + b_ih + W_hh·h + b_hh
 *   h′ = φ(a)                                 φ = tanh, relu or another activation
 *
 * Shapes: x [B, I]; h, h′, a [B, H]; W_ih [H, I], W_hh [H, H], b [H].
 * The same as PyTorch's `RNN` and, with one bias, Keras' `SimpleRNN`. With relu, `init: 'identity'` makes it the IRNN of
 * Le, Jaitly & Hinton 2015: h is carried on unchanged until the input or the training says otherwise.
 */
import {
  activations,
  type Activation,
  type ActivationName,
  type KernelSet,
  type Tensor,
} from '@rnnlab/tensor';
import { resolveActivation } from './activation-option';
import { Cell, type CellCache, type CellGradients, type CellOptions, type RecurrentState } from './cell';
import { wasm } from './generated/kernels.wasm';

/** φ of the cell by name. */
export type Nonlinearity = ActivationName;

/** Options of an {@link RNNCell}. */
export interface RNNCellOptions extends CellOptions {
  /** φ, by name or as an object of your own. Default `'tanh'`. */
  nonlinearity?: Nonlinearity | Activation;
}

/** The equations, all tensors [B, H]; φ = relu where `relu` is 1. The wasm twin is `kernels/rnn.as.ts`. */
const reference = {
  /** `a` holds the pre-activations, and afterwards h′ too. */
  rnnForward(B: number, H: number, relu: number, a: Tensor, hNext: Tensor): void {
    applyForward(relu ? activations.relu : activations.tanh, B * H, a, hNext);
  },

  rnnBackward(B: number, H: number, relu: number, hNext: Tensor, dh: Tensor, da: Tensor): void {
    applyBackward(relu ? activations.relu : activations.tanh, B * H, hNext, dh, da);
  },
};

/** h′ = φ(a) */
function applyForward(φ: Activation, count: number, a: Tensor, hNext: Tensor): void {
  for (let k = 0; k < count; k++) a.data[k] = hNext.data[k] = φ.forward(a.data[k]);
}

/** da = dh′ ⊙ φ′(a), with φ′ from the output: tanh′ = 1 − h′², relu′ = [h′ > 0] */
function applyBackward(φ: Activation, count: number, hNext: Tensor, dh: Tensor, da: Tensor): void {
  for (let k = 0; k < count; k++) da.data[k] = dh.data[k] * φ.derivative(hNext.data[k]);
}

/** The loops of {@link RNNCell}, in the form that each backend runs. */
const rnnKernels: KernelSet<typeof reference> = { reference, wasm };

/** One step of a plain recurrent network. */
export class RNNCell extends Cell {
  readonly stateNames = ['h'] as const;
  /** n = φ(a): what h becomes, unless zoneout keeps some of it back. */
  readonly gateNames = ['n'] as const;
  readonly #φ: Activation;

  /** @throws {@link ConfigError} for an unknown nonlinearity. */
  constructor(options: RNNCellOptions) {
    super(options, 1);
    this.#φ = resolveActivation('RNN', 'nonlinearity', options.nonlinearity ?? 'tanh');
  }

  createCache(seqLen: number, batchSize: number): CellCache {
    const H = this.hiddenSize;
    return {
      gates: this.allocateUnset(seqLen, batchSize, H),
      states: { h: this.allocateUnset(seqLen + 1, batchSize, H) },
      recurrent: this.packRecurrent(batchSize, true),
    };
  }

  override get rowwise(): boolean {
    return this.#fused;
  }

  step(cache: CellCache, t: number): void {
    const [a, hNext, φ] = [cache.gates.row(t), cache.states.h.row(t + 1), this.#φ]; // a holds W_ih·x + b_ih
    this.recurrentProduct(cache, t, a, true);
    if (!this.#fused) return applyForward(φ, a.size, a, hNext);
    const relu = Number(φ === activations.relu);
    this.backend.load(rnnKernels).rnnForward(a.shape[0], this.hiddenSize, relu, a, hNext);
  }

  createGradients({ gates }: CellCache): CellGradients {
    return {
      dGates: this.allocateUnset(...gates.shape),
      recurrent: this.packRecurrent(gates.shape[1], false),
    };
  }

  stepBackward(cache: CellCache, gradients: CellGradients, t: number, dState: RecurrentState): void {
    const [hNext, da, dh, φ] = [cache.gates.row(t), gradients.dGates.row(t), dState.h, this.#φ];
    const relu = Number(φ === activations.relu);
    if (!this.#fused) applyBackward(φ, da.size, hNext, dh, da);
    else this.backend.load(rnnKernels).rnnBackward(da.shape[0], this.hiddenSize, relu, hNext, dh, da);
    this.recurrentProductBackward(cache, gradients, da, dh); // dh = da·W_hh
  }

  /** Whether the backend has loops for φ. */
  get #fused(): boolean {
    return this.#φ === activations.tanh || this.#φ === activations.relu;
  }
}
