import { Adam, Momentum, RMSProp, SGD, type OptimizerParameter } from '@rnnlab/optimizers';

/** The optimizers by the name that `--optimizer` takes. */
const constructors = { adam: Adam, rmsprop: RMSProp, momentum: Momentum, sgd: SGD } as const;

export type OptimizerName = keyof typeof constructors;

export const optimizerNames = Object.keys(constructors) as OptimizerName[];

/** An optimizer with the library's own defaults for everything but the learning rate. */
export function createOptimizer(
  name: OptimizerName,
  parameters: Iterable<OptimizerParameter>,
  learningRate: number,
) {
  return new constructors[name](parameters, { learningRate });
}
