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
import { Cell, type CellCache, type CellGradients, type CellOptions, type RecurrentState } from '@rnnlab/rnn';
import { sigmoid, tanh, type KernelSet, type Tensor } from '@rnnlab/tensor';
import { wasm } from './generated/kernels.wasm';

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

/** The equations, for A, U and their gradients [B, 3H] and everything else [B, H]. The wasm twin is `kernels/gru.as.ts`. */
const reference = {
  /** A holds W·x + b, and afterwards the gates r z n. */
  gruForward(B: number, H: number, A: Tensor, U: Tensor, h: Tensor, uN: Tensor, hNext: Tensor): void {
    const [a, u] = [A.data, U.data];
    for (let b = 0; b < B; b++) {
      for (let k = b * H, j = b * 3 * H; k < (b + 1) * H; k++, j++) {
        const r = (a[j] = sigmoid.forward(a[j] + u[j]));
        const z = (a[j + H] = sigmoid.forward(a[j + H] + u[j + H]));
        uN.data[k] = u[j + 2 * H];
        const n = (a[j + 2 * H] = tanh.forward(a[j + 2 * H] + r * uN.data[k]));
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
        const dn = dh.data[k] * (1 - z) * (1 - n * n); // tanh′ = 1 − n²
        da[j] = du[j] = dn * uN.data[k] * r * (1 - r); // σ′ = σ(1 − σ)
        da[j + H] = du[j + H] = dh.data[k] * (h.data[k] - n) * z * (1 - z);
        da[j + 2 * H] = dn;
        du[j + 2 * H] = dn * r;
        dh.data[k] *= z;
      }
    }
  },
};

/** The loops of {@link GRUCell}, in the form that each backend runs. */
export const gruKernels: KernelSet<typeof reference> = { reference, wasm };

/** One step of a GRU with the reset gate after the recurrent product. */
export class GRUCell extends Cell<GRUCache, GRUGradients> {
  readonly stateNames = ['h'] as const;

  constructor(options: CellOptions) {
    super({ ...options, recurrentBias: true }, 3);
  }

  createCache(seqLen: number, batchSize: number): GRUCache {
    const H = this.hiddenSize;
    return {
      gates: this.allocate(seqLen, batchSize, 3 * H),
      states: { h: this.allocate(seqLen + 1, batchSize, H) },
      recurrent: this.packRecurrent(batchSize, true),
      u: this.allocate(batchSize, 3 * H),
      uN: this.allocate(seqLen, batchSize, H),
    };
  }

  step({ gates, states: { h }, recurrent, u, uN }: GRUCache, t: number): void {
    const [B, H] = h.row(t).shape;
    this.backend.gemmPacked(h.row(t), recurrent, u);
    if (this.biasHh) this.rows.addRowVector(B, 3 * H, u, this.biasHh.value);
    const { gruForward } = this.backend.load(gruKernels);
    gruForward(B, H, gates.row(t), u, h.row(t), uN.row(t), h.row(t + 1));
  }

  createGradients({ gates }: GRUCache): GRUGradients {
    return {
      dGates: this.allocate(...gates.shape),
      recurrent: this.packRecurrent(gates.shape[1], false),
      dU: this.allocate(...gates.shape),
    };
  }

  stepBackward(
    { gates, states, uN }: GRUCache,
    gradients: GRUGradients,
    t: number,
    dState: RecurrentState,
  ): void {
    const [B, H] = dState.h.shape;
    const [dA, dU] = [gradients.dGates.row(t), gradients.dU.row(t)];
    const { gruBackward } = this.backend.load(gruKernels);
    gruBackward(B, H, gates.row(t), uN.row(t), states.h.row(t), dA, dU, dState.h);
    this.backend.gemmPacked(dU, gradients.recurrent, dState.h, { accumulate: true }); // dh = dh′ ⊙ z + du·W_hh
  }

  override accumulateRecurrentGradients({ states }: GRUCache, { dU }: GRUGradients): void {
    this.addRecurrentGradients(dU, states.h);
  }
}
