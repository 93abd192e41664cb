import type { Activation } from '@rnnlab/tensor';
import type { RecurrentState } from './cell';
import { RecurrentLayer } from './recurrent-layer';
import type { RecurrentOptions } from './recurrent-options';
import { RNNCell, type Nonlinearity } from './rnn-cell';

/** Options of an {@link RNN}. */
export interface RNNOptions extends RecurrentOptions {
  /** φ of the cell, by name or as an object of your own. Default `'tanh'`. */
  nonlinearity?: Nonlinearity | Activation;
}

/**
 * Plain recurrent layers (Elman 1990): h′ = φ(W_ih·x + b_ih + W_hh·h + b_hh).
 *
 * @throws {@link ConfigError} for impossible options.
 *
 * @example
 * ```ts
 * import { RNN } from '@rnnlab/rnn';
 * import { Tensor } from '@rnnlab/tensor';
 *
 * const rnn = new RNN({ inputSize: 3, hiddenSize: 4, seed: 1 });
 * const { output, state, cache } = rnn.forward(Tensor.full([5, 2, 3], 0.1)); // 5 steps, 2 rows, 3 features
 * console.log(output.shape, state.h.shape); // [ 5, 2, 4 ] [ 1, 2, 4 ]
 * rnn.backward(cache, { output: Tensor.full(output.shape, 1) }); // gradients are in rnn.parameters()[…].grad
 * ```
 */
export class RNN extends RecurrentLayer<RecurrentState, 'n'> {
  readonly type = 'rnn';

  constructor(options: RNNOptions) {
    super('RNN', options, (cell) => new RNNCell({ ...cell, nonlinearity: options.nonlinearity }));
  }
}
