/**
 * The LSTM cell with a projected output (LSTMP; Sak, Senior & Beaufays 2014; PyTorch's `proj_size`): a large cell state,
 * but a small h, and with it a small recurrent matrix.
 *
 *   i f g o, c′   as in `lstm-cell.ts`
 *   m  = o ⊙ tanh(c′)
 *   h′ = W_hr·m
 *
 * Shapes: x [B, I]; c, m, every gate [B, H]; h [B, P]; W_ih [4H, I], W_hh [4H, P], b [4H], W_hr = `weight_hr` [P, H].
 */
import type { CellGradients, RecurrentState } from '@rnnlab/rnn';
import type { Parameter, Tensor } from '@rnnlab/tensor';
import { lstmEquations, lstmKernels } from './lstm-cell';
import { LSTMBaseCell, type LSTMCache, type LSTMCellOptions } from './lstm-cell-base';

/** Options of an {@link LSTMProjectedCell}. */
export interface LSTMProjectedCellOptions extends LSTMCellOptions {
  /** P, the size of h. */
  projectionSize: number;
}

/** What backward reads beside the plain cell's. */
export interface LSTMProjectedCache extends LSTMCache {
  /** [T, B, H] m */
  readonly m: Tensor;
}

/** Every dL/dh′ is kept, for dW_hr. */
export interface LSTMProjectedGradients extends CellGradients {
  /** [T, B, P] */
  readonly dH: Tensor;
  /** [B, H] dL/dm of the step at hand */
  readonly dm: Tensor;
}

/** One step of an LSTM with a projected output. */
export class LSTMProjectedCell extends LSTMBaseCell<LSTMProjectedCache, LSTMProjectedGradients> {
  /** [P, H] */
  readonly weightHr: Parameter;
  readonly #equations = this.usual ? undefined : lstmEquations(this.activations);

  constructor(options: LSTMProjectedCellOptions) {
    super(options, 4, options.projectionSize);
    this.startBias(1, options.forgetBias ?? 1, options);
    this.weightHr = this.createParameter('weight_hr', [this.outputSize, this.hiddenSize], 'recurrent');
  }

  override parameters(): Parameter[] {
    return [...super.parameters(), this.weightHr];
  }

  createCache(seqLen: number, batchSize: number): LSTMProjectedCache {
    const m = this.allocate(seqLen, batchSize, this.hiddenSize);
    return { ...this.createLSTMCache(seqLen, batchSize), m };
  }

  step(cache: LSTMProjectedCache, t: number): void {
    const [A, { h, c }, tanhC, m] = [cache.gates.row(t), cache.states, cache.tanhC.row(t), cache.m.row(t)];
    this.recurrentProduct(cache, t, A, true);
    const { lstmForward } = this.#equations ?? this.backend.load(lstmKernels);
    lstmForward(m.shape[0], this.hiddenSize, A, c.row(t), c.row(t + 1), tanhC, m);
    this.backend.gemm(m, this.weightHr.value, h.row(t + 1), { transposeB: true });
  }

  createGradients(cache: LSTMProjectedCache): LSTMProjectedGradients {
    const [seqLen, batchSize, H] = cache.m.shape;
    return {
      ...this.createLSTMGradients(cache),
      dH: this.allocate(seqLen, batchSize, this.outputSize),
      dm: this.allocate(batchSize, H),
    };
  }

  stepBackward(
    cache: LSTMProjectedCache,
    gradients: LSTMProjectedGradients,
    t: number,
    { h: dh, c: dc }: RecurrentState,
  ): void {
    const [A, c, tanhC] = [cache.gates.row(t), cache.states.c.row(t), cache.tanhC.row(t)];
    const [dA, dm] = [gradients.dGates.row(t), gradients.dm];
    gradients.dH.row(t).copyFrom(dh);
    this.backend.gemm(dh, this.weightHr.value, dm);
    const { lstmBackward } = this.#equations ?? this.backend.load(lstmKernels);
    lstmBackward(dm.shape[0], this.hiddenSize, A, c, tanhC, dA, dm, dc!);
    this.recurrentProductBackward(cache, gradients, dA, dh);
  }

  /** Also dW_hr += Σₜ dh′_tᵀ·m_t. */
  override accumulateRecurrentGradients(cache: LSTMProjectedCache, gradients: LSTMProjectedGradients): void {
    super.accumulateRecurrentGradients(cache, gradients);
    const [dH, m] = [gradients.dH.reshape([-1, this.outputSize]), cache.m.reshape([-1, this.hiddenSize])];
    this.backend.gemm(dH, m, this.weightHr.grad, { transposeA: true, accumulate: true });
  }
}
