import { RecurrentLayer, type ActivationOption, type RecurrentOptions } from '@rnnlab/rnn';
import type { Tensor } from '@rnnlab/tensor';
import { checkLSTMVariant, createLSTMCell, type LSTMVariantOptions } from './lstm-variant';

/** Options of an {@link LSTM}. */
export interface LSTMOptions extends RecurrentOptions, LSTMVariantOptions {
  /** What the forget gate's bias starts at. Default 1, but as PyTorch draws it with `init: 'torch'`. */
  forgetBias?: number;
  /** σ of the gates. Default `'sigmoid'`; tfjs has `'hardSigmoidTfjs'`. */
  recurrentActivation?: ActivationOption;
  /** φ of the candidate. Default `'tanh'`. */
  activation?: ActivationOption;
  /** ψ of the cell state on its way out. Default: φ, as in Keras. */
  outputActivation?: ActivationOption;
}

/** The state between two steps, each [L·D, B, H]: `h` is the output, `c` the cell state. */
export interface LSTMState {
  h: Tensor;
  c: Tensor;
}

/**
 * LSTM layers (Hochreiter & Schmidhuber 1997; Gers et al. 2000). The equations are in {@link LSTMCell}.
 *
 * @throws {@link ConfigError} for impossible options.
 *
 * @example
 * ```ts
 * import { LSTM } from '@rnnlab/lstm';
 * import { Tensor } from '@rnnlab/tensor';
 *
 * const lstm = new LSTM({ inputSize: 3, hiddenSize: 4, numLayers: 2, seed: 1 });
 * const { output, state, cache } = lstm.forward(Tensor.full([5, 2, 3], 0.1)); // 5 steps, 2 rows, 3 features
 * console.log(output.shape, state.c.shape); // [ 5, 2, 4 ] [ 2, 2, 4 ]
 * const { input } = lstm.backward(cache, { output: Tensor.full(output.shape, 1) });
 * console.log(input!.shape); // [ 5, 2, 3 ]: dL/d(input)
 * ```
 */
export class LSTM extends RecurrentLayer<LSTMState, 'i' | 'f' | 'g' | 'o'> {
  readonly type = 'lstm';

  constructor(options: LSTMOptions) {
    const { forgetBias, recurrentActivation, activation, outputActivation } = options;
    const own = { forgetBias, recurrentActivation, activation, outputActivation };
    checkLSTMVariant(options);
    super('LSTM', options, (shared) => createLSTMCell(options, { ...shared, ...own }));
  }
}
