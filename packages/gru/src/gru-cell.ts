/**
 * The GRU cell as cuDNN, PyTorch and Keras (`reset_after=True`) have it: the reset gate acts *after* the
 * recurrent product (Cho et al. 2014 act before it: see `gru-cell-reset-before.ts`).
 *
 *   u  = W_hh·h + b_hh                    three blocks u_r u_z u_n
 *   r  = σ(W_r·x + b_r + u_r)             reset gate: how much of the past the candidate sees
 *   z  = σ(W_z·x + b_z + u_z)             update gate: how much of the past is kept
 *   n  = tanh(W_n·x + b_n + r ⊙ u_n)      candidate
 *   h′ = (1 − z) ⊙ n + z ⊙ h
 *
 * Shapes: x [B, I]; h, every gate [B, H]; W_ih [3H, I], W_hh [3H, H], b_ih and b_hh [3H], blocks r z n
 * (Keras' and ONNX's order is z r n). There are always two biases, since r multiplies b_hn but not b_n.
 */
import { Cell, type CellCache, type CellGradients, type RecurrentState } from '@rnnlab/rnn';
import { sigmoid, tanh, type KernelSet, type Tensor } from '@rnnlab/tensor';
import { wasm } from './generated/kernels.wasm';
import { gruActivations, type GRUActivations, type GRUCellOptions } from './gru-activations';

/** What backward reads: the gates after their activations, the states, and u_n. */
export interface GRUCache extends CellCache {
  /** [B, 3H] u of the step at hand */
  readonly u: Tensor;
  /** [T, B, H] */
  readonly uN: Tensor;
}

/** The gradients of x's part and of h's part of the gates differ in the block n. */
export interface GRUGradients extends CellGradients {
  /** [T, B, 3H] dL/du */
  readonly dU: Tensor;
}

/** The equations, for A, U and their gradients [B, 3H] and everything else [B, H]; σ of the gates, φ of the candidate. */
const equations = ({ σ, φ }: GRUActivations) => ({
  /** A holds W·x + b, and afterwards the gates r z n. */
  gruForward(B: number, H: number, A: Tensor, U: Tensor, h: Tensor, uN: Tensor, hNext: Tensor): void {
    const [a, u] = [A.data, U.data];
    for (let b = 0; b < B; b++) {
      for (let k = b * H, j = b * 3 * H; k < (b + 1) * H; k++, j++) {
        const r = (a[j] = σ.forward(a[j] + u[j]));
        const z = (a[j + H] = σ.forward(a[j + H] + u[j + H]));
        uN.data[k] = u[j + 2 * H];
        const n = (a[j + 2 * H] = φ.forward(a[j + 2 * H] + r * uN.data[k]));
        hNext.data[k] = (1 - z) * n + z * h.data[k];
      }
    }
  },

  /** dh holds dL/dh′, and afterwards the part of dL/dh that does not go through U; dA and dU are dL/d(W·x + b) and dL/du. */
  gruBackward(
    B: number,
    H: number,
    A: Tensor,
    uN: Tensor,
    h: Tensor,
    dA: Tensor,
    dU: Tensor,
    dh: Tensor,
  ): void {
    const [a, da, du] = [A.data, dA.data, dU.data];
    for (let b = 0; b < B; b++) {
      for (let k = b * H, j = b * 3 * H; k < (b + 1) * H; k++, j++) {
        const [r, z, n] = [a[j], a[j + H], a[j + 2 * H]];
        // Derivatives are taken of outputs, which r, z and n are: σ′ = r(1 − r), tanh′ = 1 − n².
        const dn = dh.data[k] * (1 - z) * φ.derivative(n);
        da[j] = du[j] = dn * uN.data[k] * σ.derivative(r);
        da[j + H] = du[j + H] = dh.data[k] * (h.data[k] - n) * σ.derivative(z);
        da[j + 2 * H] = dn;
        du[j + 2 * H] = dn * r;
        dh.data[k] *= z;
      }
    }
  },
});

/** The loops of {@link GRUCell}, in the form that each backend runs. The wasm twin is `kernels/gru.as.ts`. */
const gruKernels: KernelSet<ReturnType<typeof equations>> = {
  reference: equations({ σ: sigmoid, φ: tanh }),
  wasm,
};

/** One step of a GRU with the reset gate after the recurrent product. */
export class GRUCell extends Cell<GRUCache, GRUGradients> {
  readonly stateNames = ['h'] as const;
  readonly gateNames = ['r', 'z', 'n'] as const;
  /** Own loops for activations that no backend has loops for. */
  readonly #equations: ReturnType<typeof equations> | undefined;

  constructor(options: GRUCellOptions) {
    super({ ...options, recurrentBias: true }, 3);
    const { σ, φ } = gruActivations(options);
    if (σ !== sigmoid || φ !== tanh) this.#equations = equations({ σ, φ });
  }

  override get rowwise(): boolean {
    return !this.#equations;
  }

  createCache(seqLen: number, batchSize: number): GRUCache {
    const H = this.hiddenSize;
    return {
      gates: this.allocateUnset(seqLen, batchSize, 3 * H),
      states: { h: this.allocateUnset(seqLen + 1, batchSize, H) },
      recurrent: this.packRecurrent(batchSize, true),
      u: this.allocateUnset(batchSize, 3 * H),
      uN: this.allocateUnset(seqLen, batchSize, H),
    };
  }

  step(cache: GRUCache, t: number): void {
    const [A, h, hNext] = [cache.gates.row(t), cache.states.h.row(t), cache.states.h.row(t + 1)]; // A holds W_ih·x + b_ih
    this.recurrentProduct(cache, t, cache.u);
    const { gruForward } = this.#equations ?? this.backend.load(gruKernels);
    gruForward(h.shape[0], this.hiddenSize, A, cache.u, h, cache.uN.row(t), hNext);
  }

  createGradients({ gates }: GRUCache): GRUGradients {
    return {
      dGates: this.allocateUnset(...gates.shape),
      recurrent: this.packRecurrent(gates.shape[1], false),
      dU: this.allocateUnset(...gates.shape),
    };
  }

  stepBackward(cache: GRUCache, gradients: GRUGradients, t: number, { h: dh }: RecurrentState): void {
    const [A, h, uN] = [cache.gates.row(t), cache.states.h.row(t), cache.uN.row(t)];
    const [dA, dU] = [gradients.dGates.row(t), gradients.dU.row(t)];
    const { gruBackward } = this.#equations ?? this.backend.load(gruKernels);
    gruBackward(dh.shape[0], this.hiddenSize, A, uN, h, dA, dU, dh);
    this.recurrentProductBackward(cache, gradients, dU, dh, true); // dh = dh′ ⊙ z + du·W_hh
  }

  override accumulateRecurrentGradients(cache: GRUCache, { dU }: GRUGradients): void {
    this.addRecurrentGradients(cache, dU);
  }
}
