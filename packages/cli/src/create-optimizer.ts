import {
  Adadelta,
  Adagrad,
  Adam,
  Adamax,
  AdamW,
  AMSGrad,
  Lion,
  Momentum,
  NAdam,
  RAdam,
  RMSProp,
  Rprop,
  SGD,
  type OptimizerParameter,
} from '@rnnlab/optimizers';
import { updateKernels } from '@rnnlab/optimizers/kernels';
import type { Backend } from '@rnnlab/tensor';
import type { TrainSettings } from './train-settings';

/**
 * The optimizers by the name that `--optimizer` takes: all of the library but L-BFGS, which asks for the loss many times
 * in one step and for the same examples each time.
 */
const constructors = {
  adam: Adam,
  adamw: AdamW,
  amsgrad: AMSGrad,
  nadam: NAdam,
  radam: RAdam,
  adamax: Adamax,
  adagrad: Adagrad,
  adadelta: Adadelta,
  rmsprop: RMSProp,
  rprop: Rprop,
  lion: Lion,
  momentum: Momentum,
  sgd: SGD,
} as const;

export type OptimizerName = keyof typeof constructors;

export const optimizerNames = Object.keys(constructors) as OptimizerName[];

/**
 * An optimizer with the library's own defaults for everything but the learning rate, and weight decay where it is given.
 *
 * @param backend Where the parameters are; it runs the updates too.
 */
export function createOptimizer(
  { optimizer, lr: learningRate, weightDecay }: Pick<TrainSettings, 'optimizer' | 'lr' | 'weightDecay'>,
  parameters: Iterable<OptimizerParameter>,
  backend: Backend,
) {
  const kernels = updateKernels(backend);
  return new constructors[optimizer](parameters, { learningRate, weightDecay, kernels });
}
