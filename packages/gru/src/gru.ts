import {
  RecurrentLayer,
  type ActivationOption,
  type RecurrentOptions,
  type RecurrentState,
} from '@rnnlab/rnn';
import { GRUCell } from './gru-cell';
import { GRUResetBeforeCell } from './gru-cell-reset-before';

/** Options of a {@link GRU}. */
export interface GRUOptions extends RecurrentOptions {
  /**
   * Whether the reset gate acts after the recurrent product (Keras, PyTorch, cuDNN: `true`, the default) or
   * before it (Cho et al. 2014, tfjs, ONNX: `false`). With `true` there are always two biases.
   */
  resetAfter?: boolean;
  /** σ of the gates r and z. Default `'sigmoid'`; tfjs has `'hardSigmoidTfjs'`. */
  recurrentActivation?: ActivationOption;
  /** φ of the candidate n. Default `'tanh'`. */
  activation?: ActivationOption;
}

/**
 * GRU layers (Cho et al. 2014). The equations are in {@link GRUCell} and {@link GRUResetBeforeCell}.
 *
 * @throws {@link ConfigError} for impossible options.
 *
 * @example
 * ```ts
 * import { GRU } from '@rnnlab/gru';
 * import { Tensor } from '@rnnlab/tensor';
 *
 * const gru = new GRU({ inputSize: 3, hiddenSize: 4, bidirectional: true, seed: 1 });
 * const { output, state } = gru.forward(Tensor.full([5, 2, 3], 0.1)); // 5 steps, 2 rows, 3 features
 * console.log(output.shape, state.h.shape); // [ 5, 2, 8 ] [ 2, 2, 4 ]
 * ```
 */
export class GRU extends RecurrentLayer<RecurrentState, 'r' | 'z' | 'n'> {
  readonly type = 'gru';

  constructor(options: GRUOptions) {
    const { resetAfter = true, recurrentActivation, activation } = options;
    super('GRU', options, (shared) => {
      const cell = { ...shared, recurrentActivation, activation };
      return resetAfter ? new GRUCell(cell) : new GRUResetBeforeCell(cell);
    });
  }
}
