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
import { sigmoid, tanh, type Tensor } from '@rnnlab/tensor';
import { Cell, type CellCache, type CellGradients, type CellOptions, type RecurrentState } from '@rnnlab/rnn';

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
      u: this.allocate(batchSize, 3 * H),
      uN: this.allocate(seqLen, batchSize, H),
    };
  }

  step({ gates, states, u, uN }: GRUCache, t: number): void {
    const [a, h] = [gates.row(t), states.h.row(t)]; // a holds W_ih·x + b_ih
    this.backend.gemm(h, this.weightHh.value, u, { transposeB: true });
    if (this.biasHh) this.rows.addRowVector(u.shape[0], u.shape[1], u, this.biasHh.value);
    const [A, U, un, hNext] = [a.data, u.data, uN.row(t).data, states.h.row(t + 1).data];
    const [B, H] = h.shape;
    for (let b = 0; b < B; b++) {
      for (let k = b * H, j = b * 3 * H; k < (b + 1) * H; k++, j++) {
        const r = (A[j] = sigmoid.forward(A[j] + U[j]));
        const z = (A[j + H] = sigmoid.forward(A[j + H] + U[j + H]));
        un[k] = U[j + 2 * H];
        const n = (A[j + 2 * H] = tanh.forward(A[j + 2 * H] + r * un[k]));
        hNext[k] = (1 - z) * n + z * h.data[k];
      }
    }
  }

  createGradients({ gates }: GRUCache): GRUGradients {
    return { dGates: this.allocate(...gates.shape), dU: this.allocate(...gates.shape) };
  }

  stepBackward(
    { gates, states, uN }: GRUCache,
    gradients: GRUGradients,
    t: number,
    dState: RecurrentState,
  ): void {
    const [dA, dU] = [gradients.dGates.row(t).data, gradients.dU.row(t).data];
    const [A, un, h, dh] = [gates.row(t).data, uN.row(t).data, states.h.row(t).data, dState.h.data];
    const [B, H] = dState.h.shape;
    for (let b = 0; b < B; b++) {
      for (let k = b * H, j = b * 3 * H; k < (b + 1) * H; k++, j++) {
        const [r, z, n] = [A[j], A[j + H], A[j + 2 * H]];
        const dn = dh[k] * (1 - z) * (1 - n * n); // tanh′ = 1 − n²
        dA[j] = dU[j] = dn * un[k] * r * (1 - r); // σ′ = σ(1 − σ)
        dA[j + H] = dU[j + H] = dh[k] * (h[k] - n) * z * (1 - z);
        dA[j + 2 * H] = dn;
        dU[j + 2 * H] = dn * r;
        dh[k] *= z;
      }
    }
    // dh = dh′ ⊙ z + du·W_hh
    this.backend.gemm(gradients.dU.row(t), this.weightHh.value, dState.h, { accumulate: true });
  }

  override accumulateRecurrentGradients({ states }: GRUCache, { dU }: GRUGradients): void {
    this.addRecurrentGradients(dU, states.h);
  }
}
