import { resolveActivation, type ActivationOption, type CellOptions } from '@rnnlab/rnn';
import type { Activation } from '@rnnlab/tensor';

/** Options of both GRU cells. */
export interface GRUCellOptions extends CellOptions {
  /** σ of the gates r and z. Default `'sigmoid'`; tfjs has `'hardSigmoidTfjs'`. */
  recurrentActivation?: ActivationOption;
  /** φ of the candidate n. Default `'tanh'`. */
  activation?: ActivationOption;
}

/** σ of the gates, φ of the candidate. */
export interface GRUActivations {
  readonly σ: Activation;
  readonly φ: Activation;
}

/** @throws {@link ConfigError} for an unknown activation. */
export function gruActivations(options: GRUCellOptions): GRUActivations {
  const { recurrentActivation = 'sigmoid', activation = 'tanh' } = options;
  return {
    σ: resolveActivation('GRU', 'recurrentActivation', recurrentActivation),
    φ: resolveActivation('GRU', 'activation', activation),
  };
}
