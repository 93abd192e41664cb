/**
 * The GRU cell of Cho et al. 2014 (v3), tfjs and ONNX's default (`resetAfter: false`): the reset gate acts on h
 * *before* the recurrent product.
 *
 *   r  = σ(W_r·x + b_r + U_r·h)           reset gate: how much of the past the candidate sees
 *   z  = σ(W_z·x + b_z + U_z·h)           update gate: how much of the past is kept
 *   n  = tanh(W_n·x + b_n + U_n·(r ⊙ h))  candidate
 *   h′ = (1 − z) ⊙ n + z ⊙ h
 *
 * Shapes: x [B, I]; h, every gate [B, H]; W_ih [3H, I], W_hh = U [3H, H], b [3H], blocks r z n.
 * The blocks of U are used apart: U_rz, its first 2H rows, on h; U_n, its last H rows, on r ⊙ h.
 */
import { addDropped, Cell, type CellCache, type CellGradients, type RecurrentState } from '@rnnlab/rnn';
import type { PackedMatrix, Tensor } from '@rnnlab/tensor';
import { gruActivations, type GRUActivations, type GRUCellOptions } from './gru-activations';

/** What backward reads: the gates after their activations, the states, and r ⊙ h. */
export interface GRUBeforeCache extends CellCache {
  /** U_nᵀ; `recurrent` is U_rzᵀ alone. */
  readonly candidate: PackedMatrix;
  /** [T, B, H] r ⊙ h */
  readonly rh: Tensor;
  /** [B, 2H] U_rz·h of the step at hand */
  readonly uRZ: Tensor;
  /** [B, H] U_n·(r ⊙ h) of the step at hand */
  readonly uN: Tensor;
}

/** The gradients of the gates again, apart as the blocks of U are. */
export interface GRUBeforeGradients extends CellGradients {
  /** [T, B, 2H] */
  readonly dRZ: Tensor;
  /** [T, B, H] */
  readonly dN: Tensor;
  /** U_n; `recurrent` is U_rz alone. */
  readonly candidate: PackedMatrix;
}

/** Element k of [B, H] is unit k mod H of a row: where the same unit is in [B, 3H] and in [B, 2H], in the first block. */
const at = (k: number, H: number) => [k + 2 * (k - (k % H)), k + (k - (k % H))] as const;

/** One step of a GRU with the reset gate before the recurrent product. */
export class GRUResetBeforeCell extends Cell<GRUBeforeCache, GRUBeforeGradients> {
  readonly stateNames = ['h'] as const;
  readonly gateNames = ['r', 'z', 'n'] as const;
  readonly #activations: GRUActivations;

  constructor(options: GRUCellOptions) {
    super(options, 3);
    this.#activations = gruActivations(options);
  }

  createCache(seqLen: number, batchSize: number): GRUBeforeCache {
    const H = this.hiddenSize;
    return {
      ...this.#packBlocks(batchSize, true),
      gates: this.allocate(seqLen, batchSize, 3 * H),
      states: { h: this.allocateUnset(seqLen + 1, batchSize, H) },
      rh: this.allocate(seqLen, batchSize, H),
      uRZ: this.allocate(batchSize, 2 * H),
      uN: this.allocate(batchSize, H),
    };
  }

  /** b_hh is added to what b_ih is added to: here it may as well be done for all steps at once. */
  override prepare({ gates }: GRUBeforeCache): void {
    const [seqLen, batchSize, width] = gates.shape;
    if (this.biasHh) this.rows.addRowVector(seqLen * batchSize, width, gates, this.biasHh.value);
  }

  step(cache: GRUBeforeCache, t: number): void {
    const { σ, φ } = this.#activations;
    const [A, h, hNext] = [cache.gates.row(t).data, cache.states.h.row(t), cache.states.h.row(t + 1).data]; // A holds W_ih·x + b_ih
    const [hIn, rh, H] = [this.recurrentInput(cache, t), cache.rh.row(t), this.hiddenSize];
    const { uRZ, uN } = cache;
    this.backend.gemmPacked(hIn, cache.recurrent, uRZ); // hIn is h, or h dropped out
    for (let k = 0; k < h.size; k++) {
      const [j, u] = at(k, H);
      A[j] = σ.forward(A[j] + uRZ.data[u]);
      A[j + H] = σ.forward(A[j + H] + uRZ.data[u + H]);
      rh.data[k] = A[j] * hIn.data[k];
    }
    this.backend.gemmPacked(rh, cache.candidate, uN);
    for (let k = 0; k < h.size; k++) {
      const [j] = at(k, H);
      const z = A[j + H];
      const n = (A[j + 2 * H] = φ.forward(A[j + 2 * H] + uN.data[k]));
      hNext[k] = (1 - z) * n + z * h.data[k];
    }
  }

  createGradients({ gates, rh }: GRUBeforeCache): GRUBeforeGradients {
    const [seqLen, batchSize, H] = rh.shape;
    return {
      ...this.#packBlocks(batchSize, false),
      dGates: this.allocate(...gates.shape),
      dRZ: this.allocate(seqLen, batchSize, 2 * H),
      dN: this.allocate(seqLen, batchSize, H),
    };
  }

  stepBackward(cache: GRUBeforeCache, grads: GRUBeforeGradients, t: number, dState: RecurrentState): void {
    const { σ, φ } = this.#activations;
    const [dA, dRZ, dN] = [grads.dGates.row(t).data, grads.dRZ.row(t), grads.dN.row(t)];
    const [A, h, dh] = [cache.gates.row(t).data, cache.states.h.row(t).data, dState.h.data];
    const hIn = cache.dropout?.h.row(t).data ?? h;
    const [B, H] = dState.h.shape;
    for (let k = 0; k < dh.length; k++) {
      const [j, u] = at(k, H);
      const [z, n] = [A[j + H], A[j + 2 * H]];
      // Derivatives are taken of outputs, which r, z and n are: σ′ = z(1 − z), tanh′ = 1 − n².
      dA[j + H] = dRZ.data[u + H] = dh[k] * (h[k] - n) * σ.derivative(z);
      dA[j + 2 * H] = dN.data[k] = dh[k] * (1 - z) * φ.derivative(n);
      dh[k] *= z;
    }
    const dRh = this.allocate(B, H); // dL/d(r ⊙ h)
    const dhIn = cache.dropout ? this.allocate(B, H) : dState.h;
    this.backend.gemmPacked(dN, grads.candidate, dRh);
    for (let k = 0; k < dh.length; k++) {
      const [j, u] = at(k, H);
      const r = A[j];
      dA[j] = dRZ.data[u] = dRh.data[k] * hIn[k] * σ.derivative(r);
      dhIn.data[k] += dRh.data[k] * r;
    }
    // dh = dh′ ⊙ z + d(r ⊙ h) ⊙ r + d(r, z)·U_rz
    this.backend.gemmPacked(dRZ, grads.recurrent, dhIn, { accumulate: true });
    if (cache.dropout) addDropped(cache.dropout, dhIn, dState.h);
  }

  override accumulateRecurrentGradients(cache: GRUBeforeCache, gradients: GRUBeforeGradients): void {
    const [H, seqLen, dU] = [this.hiddenSize, cache.rh.shape[0], this.weightHh.grad];
    const rows = (tensor: Tensor, width: number) => tensor.reshape([-1, width]);
    const h = rows(cache.dropout?.h ?? cache.states.h.slice(0, seqLen), H);
    const sum = { transposeA: true, accumulate: true };
    this.backend.gemm(rows(gradients.dRZ, 2 * H), h, dU.slice(0, 2 * H), sum);
    this.backend.gemm(rows(gradients.dN, H), rows(cache.rh, H), dU.slice(2 * H, 3 * H), sum);
    const dA = rows(gradients.dGates, 3 * H);
    if (this.biasHh) this.rows.columnSums(dA.shape[0], 3 * H, dA, this.biasHh.grad);
  }

  /** U_rz and U_n, ready for one product a step each. */
  #packBlocks(batchSize: number, transposed: boolean) {
    const [H, U] = [this.hiddenSize, this.weightHh.value];
    return {
      recurrent: this.backend.pack(U.slice(0, 2 * H), batchSize, { transposed }),
      candidate: this.backend.pack(U.slice(2 * H, 3 * H), batchSize, { transposed }),
    };
  }
}
