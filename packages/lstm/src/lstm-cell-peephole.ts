/**
 * The LSTM cell with peepholes (Gers & Schmidhuber 2000; Gers, Schraudolph & Schmidhuber 2002): the gates see the cell
 * state, each unit its own, so that they can time by it even while the output gate is shut.
 *
 *   i  = σ(W_i·[x, h] + p_i ⊙ c + b_i)
 *   f  = σ(W_f·[x, h] + p_f ⊙ c + b_f)
 *   g  = φ(W_g·[x, h] + b_g)
 *   c′ = f ⊙ c + i ⊙ g
 *   o  = σ(W_o·[x, h] + p_o ⊙ c′ + b_o)      the new cell state: what is about to be shown
 *   h′ = o ⊙ ψ(c′)
 *
 * Shapes as in `lstm-cell.ts`, and p = `weight_ch` [3H], blocks i f o (ONNX's P is i o f). p starts like a bias: at zero,
 * or as PyTorch draws everything with `init: 'torch'`. PyTorch and Keras have no peepholes.
 */
import type { CellGradients, RecurrentState } from '@rnnlab/rnn';
import type { Parameter, Tensor } from '@rnnlab/tensor';
import { LSTMBaseCell, type LSTMActivations, type LSTMCache, type LSTMCellOptions } from './lstm-cell-base';

/** Backward reads c′ too: the states may hold something else once zoneout has been over them. */
export interface LSTMPeepholeCache extends LSTMCache {
  /** [T, B, H] c′ */
  readonly cNew: Tensor;
}

/** The equations, for A [B, 4H], p [3H] and everything else [B, H]. */
const equations = ({ σ, φ, ψ }: LSTMActivations) => ({
  /** A holds the pre-activations without peepholes, and afterwards the gates. */
  forward(
    H: number,
    A: Tensor,
    p: Tensor['data'],
    c: Tensor,
    cNew: Tensor,
    tanhC: Tensor,
    hNext: Tensor,
  ): void {
    const a = A.data;
    for (let k = 0; k < c.size; k++) {
      const u = k % H; // the unit
      const j = (k - u) * 4 + u;
      const i = (a[j] = σ.forward(a[j] + p[u] * c.data[k]));
      const f = (a[j + H] = σ.forward(a[j + H] + p[u + H] * c.data[k]));
      const g = (a[j + 2 * H] = φ.forward(a[j + 2 * H]));
      cNew.data[k] = f * c.data[k] + i * g;
      const o = (a[j + 3 * H] = σ.forward(a[j + 3 * H] + p[u + 2 * H] * cNew.data[k]));
      tanhC.data[k] = ψ.forward(cNew.data[k]);
      hNext.data[k] = o * tanhC.data[k];
    }
  },

  /** dh and dc hold dL/dh′ and dL/dc′; afterwards dc holds dL/dc, and dA the gradients of the pre-activations. */
  backward(
    H: number,
    A: Tensor,
    p: Tensor['data'],
    c: Tensor,
    tanhC: Tensor,
    dA: Tensor,
    dh: Tensor,
    dc: Tensor,
  ): void {
    const [a, da] = [A.data, dA.data];
    for (let k = 0; k < c.size; k++) {
      const u = k % H;
      const j = (k - u) * 4 + u;
      const [i, f, g, o, tc] = [a[j], a[j + H], a[j + 2 * H], a[j + 3 * H], tanhC.data[k]];
      da[j + 3 * H] = dh.data[k] * tc * σ.derivative(o);
      // c′ is reached from the next step, through h′, and through the peephole of o
      const dcNext = dc.data[k] + dh.data[k] * o * ψ.derivative(tc) + da[j + 3 * H] * p[u + 2 * H];
      da[j] = dcNext * g * σ.derivative(i);
      da[j + H] = dcNext * c.data[k] * σ.derivative(f);
      da[j + 2 * H] = dcNext * i * φ.derivative(g);
      dc.data[k] = dcNext * f + da[j] * p[u] + da[j + H] * p[u + H];
    }
  },
});

/** One step of an LSTM with peepholes. */
export class LSTMPeepholeCell extends LSTMBaseCell<LSTMPeepholeCache> {
  /** [3H] p, blocks i f o. */
  readonly weightCh: Parameter;
  readonly #equations = equations(this.activations);

  constructor(options: LSTMCellOptions) {
    super(options);
    this.startBias(1, options.forgetBias ?? 1, options);
    this.weightCh = this.createParameter('weight_ch', [3 * this.hiddenSize], 'bias');
  }

  override parameters(): Parameter[] {
    return [...super.parameters(), this.weightCh];
  }

  createCache(seqLen: number, batchSize: number): LSTMPeepholeCache {
    const cNew = this.allocate(seqLen, batchSize, this.hiddenSize);
    return { ...this.createLSTMCache(seqLen, batchSize), cNew };
  }

  step(cache: LSTMPeepholeCache, t: number): void {
    const [A, { h, c }, cNew] = [cache.gates.row(t), cache.states, cache.cNew.row(t)];
    this.recurrentProduct(cache, t, A, true);
    const p = this.weightCh.value.data;
    this.#equations.forward(this.hiddenSize, A, p, c.row(t), cNew, cache.tanhC.row(t), h.row(t + 1));
    c.row(t + 1).copyFrom(cNew);
  }

  createGradients(cache: LSTMPeepholeCache): CellGradients {
    return this.createLSTMGradients(cache);
  }

  stepBackward(cache: LSTMPeepholeCache, gradients: CellGradients, t: number, dState: RecurrentState): void {
    const [A, c, tanhC] = [cache.gates.row(t), cache.states.c.row(t), cache.tanhC.row(t)];
    const [dA, dh] = [gradients.dGates.row(t), dState.h];
    this.#equations.backward(this.hiddenSize, A, this.weightCh.value.data, c, tanhC, dA, dh, dState.c!);
    this.recurrentProductBackward(cache, gradients, dA, dh);
  }

  /** Also dp_i += Σ di ⊙ c, dp_f += Σ df ⊙ c, dp_o += Σ do ⊙ c′ over all steps and rows. */
  override accumulateRecurrentGradients(cache: LSTMPeepholeCache, gradients: CellGradients): void {
    super.accumulateRecurrentGradients(cache, gradients);
    const [H, dp, da] = [this.hiddenSize, this.weightCh.grad.data, gradients.dGates.data];
    const [c, cNew] = [cache.states.c.data, cache.cNew.data]; // c has one step more than there are, at its end
    for (let k = 0; k < cNew.length; k++) {
      const u = k % H;
      const j = (k - u) * 4 + u;
      dp[u] += da[j] * c[k];
      dp[u + H] += da[j + H] * c[k];
      dp[u + 2 * H] += da[j + 3 * H] * cNew[k];
    }
  }
}
