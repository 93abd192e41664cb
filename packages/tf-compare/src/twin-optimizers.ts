/**
 * One optimizer on both sides. Ours is made with `convention: 'tfjs'`; TensorFlow's is then made from the numbers that
 * ours has resolved, so that no default of TensorFlow's decides anything.
 */
import { Adadelta, Adagrad, Adam, Adamax, RMSProp, SGD, type Optimizer } from '@rnnlab/optimizers';
import { ConfigError, type Parameter } from '@rnnlab/tensor';
import type * as tfjs from '@tensorflow/tfjs';
import type { TensorFlow } from './load-tensor-flow';

/** Optimizers that both sides have. */
export const twinOptimizerNames = [
  'sgd',
  'momentum',
  'rmsprop',
  'adagrad',
  'adadelta',
  'adam',
  'adamax',
] as const;

/** An optimizer by name. */
export interface TwinOptimizerOptions {
  name: (typeof twinOptimizerNames)[number];
  /** ≥ 0 */
  learningRate: number;
  /** Only for `momentum`. Default 0.9. */
  momentum?: number;
}

/**
 * Both sides' optimizer.
 *
 * @throws {@link ConfigError} for a name that one side lacks.
 */
export function createOptimizers(
  tf: TensorFlow,
  parameters: readonly Parameter[],
  options: TwinOptimizerOptions,
): { rnnlab: Optimizer; tensorflow: tfjs.Optimizer } {
  const { name, learningRate, momentum = 0.9 } = options;
  const shared = { learningRate, convention: 'tfjs' } as const;
  const { train } = tf;
  switch (name) {
    case 'sgd':
      return { rnnlab: new SGD(parameters, shared), tensorflow: train.sgd(learningRate) };
    case 'momentum':
      return {
        rnnlab: new SGD(parameters, { ...shared, momentum }),
        tensorflow: train.momentum(learningRate, momentum, false),
      };
    case 'rmsprop': {
      const rnnlab = new RMSProp(parameters, shared);
      const { rho, momentum: μ, epsilon, centered } = rnnlab.groups[0].options;
      return { rnnlab, tensorflow: train.rmsprop(learningRate, rho, μ, epsilon, centered) };
    }
    case 'adagrad': {
      const rnnlab = new Adagrad(parameters, shared);
      return { rnnlab, tensorflow: train.adagrad(learningRate, rnnlab.groups[0].options.initialAccumulator) };
    }
    case 'adadelta': {
      const rnnlab = new Adadelta(parameters, shared);
      const { rho, epsilon } = rnnlab.groups[0].options;
      return { rnnlab, tensorflow: train.adadelta(learningRate, rho, epsilon) };
    }
    case 'adam': {
      const rnnlab = new Adam(parameters, shared);
      const { beta1, beta2, epsilon } = rnnlab.groups[0].options;
      return { rnnlab, tensorflow: train.adam(learningRate, beta1, beta2, epsilon) };
    }
    case 'adamax': {
      const rnnlab = new Adamax(parameters, shared);
      const { beta1, beta2, epsilon } = rnnlab.groups[0].options;
      return { rnnlab, tensorflow: train.adamax(learningRate, beta1, beta2, epsilon, 0) };
    }
    default:
      throw new ConfigError(
        `createOptimizers: ${JSON.stringify(name)} is no optimizer that both sides have, expected one of ${twinOptimizerNames.join(', ')}.`,
      );
  }
}
