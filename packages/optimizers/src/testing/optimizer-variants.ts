/** Every optimizer with every option that its loop sees. For tests. */
import * as optimizers from '../index';
import type { Optimizer, OptimizerParameter } from '../index';

const own: Record<string, object[]> = {
  SGD: [
    {},
    { momentum: 0.9, dampening: 0.25 },
    { momentum: 0.7, nesterov: true },
    { momentum: 0.9, learningRateInVelocity: true },
  ],
  Momentum: [{}],
  Adam: [
    {},
    { convention: 'keras' },
    { convention: 'optax' },
    { epsilon: 1e-3, epsilonRoot: 1e-4 },
    { amsgrad: true, epsilonRoot: 1e-4 },
    { amsgrad: true, maxOfCorrected: true, epsilonHat: true },
    { biasCorrection: false, beta1: 0, beta2: 0.5 },
  ],
  AdamW: [{}, { convention: 'keras', amsgrad: true }],
  AMSGrad: [{}, { convention: 'optax' }],
  Adamax: [{}, { convention: 'keras' }, { learningRateDecay: 0.5, epsilon: 1e-3 }],
  NAdam: [{}, { convention: 'keras' }, { convention: 'optax', epsilonRoot: 1e-4 }],
  RAdam: [{}, { convention: 'optax', epsilonRoot: 1e-4 }, { beta2: 0.9 }],
  RMSProp: [
    {},
    { convention: 'keras', momentum: 0.9 },
    { convention: 'tfjs', centered: true, epsilon: 1e-12 },
    // From 0, the first v − a² would be g² − g².
    { centered: true, momentum: 0.5, nesterov: true, biasCorrection: true, initialScale: 0.5 },
    { initialScale: 0.1, momentum: 0.5 },
  ],
  Adagrad: [{}, { convention: 'keras' }, { learningRateDecay: 0.5 }],
  Adadelta: [{}, { convention: 'tfjs' }, { epsilon: 1e-2 }],
  Lion: [{}, { beta1: 0, beta2: 0 }],
  Rprop: [{}, { delayed: true }, { minStep: 0.015, maxStep: 0.025 }],
};

const shared: object[] = [
  {},
  { weightDecay: 0.1, decoupledWeightDecay: false },
  { weightDecay: 0.1, decoupledWeightDecay: true, maximize: true },
];

/** Pairs of a name and options. */
export const variants = Object.entries(own).flatMap(([name, list]) =>
  list.flatMap((options) => shared.map((rest): [string, object] => [name, { ...options, ...rest }])),
);

type Make = new (parameters: Iterable<OptimizerParameter>, options: object) => Optimizer;

/** Makes one of them. */
export function makeVariant(
  name: string,
  parameters: Iterable<OptimizerParameter>,
  options: object,
): Optimizer {
  return new (optimizers as unknown as Record<string, Make>)[name](parameters, options);
}
