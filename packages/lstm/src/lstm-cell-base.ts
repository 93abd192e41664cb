/**
 * What all LSTM cells share beside their equations: two states, activations to choose, the start of the forget gate, and
 * the buffers of a pass. The equations are in `lstm-cell.ts` and, where they differ, in the files of the variants.
 */
import { Cell, resolveActivation, type ActivationOption } from '@rnnlab/rnn';
import type { CellCache, CellGradients, CellOptions } from '@rnnlab/rnn';
import { sigmoid, tanh, type Activation, type Tensor } from '@rnnlab/tensor';

/** Options of every LSTM cell. */
export interface LSTMCellOptions extends CellOptions {
  /**
   * What the forget gate's bias starts at: an open gate lets gradients through from the first step on
   * (Jozefowicz, Zaremba & Sutskever 2015). Default 1, but as PyTorch draws it with `init: 'torch'`.
   */
  forgetBias?: number;
  /** σ of the gates. Default `'sigmoid'`; tfjs has `'hardSigmoidTfjs'`. */
  recurrentActivation?: ActivationOption;
  /** φ of the candidate. Default `'tanh'`. */
  activation?: ActivationOption;
  /** ψ of the cell state on its way out. Default: φ, as in Keras. */
  outputActivation?: ActivationOption;
}

/** σ of the gates, φ of the candidate, ψ of the cell state. */
export interface LSTMActivations {
  readonly σ: Activation;
  readonly φ: Activation;
  readonly ψ: Activation;
}

/** What backward reads: the gates after their activations, the states, and ψ(c′). */
export interface LSTMCache extends CellCache {
  readonly states: { h: Tensor; c: Tensor };
  /** [T, B, H] */
  readonly tanhC: Tensor;
}

/** See the header of this file. */
export abstract class LSTMBaseCell<
  Cache extends LSTMCache = LSTMCache,
  Gradients extends CellGradients = CellGradients,
> extends Cell<Cache, Gradients> {
  readonly stateNames = ['h', 'c'] as const;
  readonly gateNames: readonly string[] = ['i', 'f', 'g', 'o'];
  protected readonly activations: LSTMActivations;

  /** @throws {@link ConfigError} for an unknown activation. */
  constructor(options: LSTMCellOptions, gateCount = 4, outputSize = options.hiddenSize) {
    super(options, gateCount, outputSize);
    const { recurrentActivation = 'sigmoid', activation = 'tanh', outputActivation = activation } = options;
    this.activations = {
      σ: resolveActivation('LSTM', 'recurrentActivation', recurrentActivation),
      φ: resolveActivation('LSTM', 'activation', activation),
      ψ: resolveActivation('LSTM', 'outputActivation', outputActivation),
    };
  }

  /** Whether these are the activations that backends have loops for. */
  protected get usual(): boolean {
    const { σ, φ, ψ } = this.activations;
    return σ === sigmoid && φ === tanh && ψ === tanh;
  }

  /** Sets one block of the bias, and of the second bias to zero, unless PyTorch's draws are asked for. */
  protected startBias(
    block: number,
    value: number,
    options: LSTMCellOptions,
    [first, second] = [this.biasIh, this.biasHh],
  ): void {
    if (options.init === 'torch' && options.forgetBias === undefined) return;
    const rows = [block * this.hiddenSize, (block + 1) * this.hiddenSize] as const;
    first?.value.slice(...rows).fill(value);
    second?.value.slice(...rows).fill(0);
  }

  /** The buffers of the plain cell; G is the number of the cell's gates. */
  protected createLSTMCache(seqLen: number, batchSize: number): LSTMCache {
    const H = this.hiddenSize;
    return {
      gates: this.allocateUnset(seqLen, batchSize, this.weightIh.value.shape[0]),
      states: {
        h: this.allocateUnset(seqLen + 1, batchSize, this.outputSize),
        c: this.allocateUnset(seqLen + 1, batchSize, H),
      },
      tanhC: this.allocateUnset(seqLen, batchSize, H),
      recurrent: this.packRecurrent(batchSize, true),
    };
  }

  /** dGates, and W_hh packed for the way back. */
  protected createLSTMGradients({ gates }: LSTMCache): CellGradients {
    return {
      dGates: this.allocateUnset(...gates.shape),
      recurrent: this.packRecurrent(gates.shape[1], false),
    };
  }
}
