/** From the frameworks' names and options to ours. Tests only. */
import * as ours from './index';
import type { Convention, Optimizer, OptimizerParameter, UpdateKernels } from './index';

type Options = Record<string, number | boolean>;
type Make = new (parameters: Iterable<OptimizerParameter> | Iterable<object>, options: object) => Optimizer;

/** Names that differ; the others are ours already. */
const names: Record<string, [name: string, options?: Options]> = {
  RMSprop: ['RMSProp'],
  Nadam: ['NAdam'],
  sgd: ['SGD'],
  momentum: ['Momentum'],
  adam: ['Adam'],
  adamw: ['AdamW'],
  nadam: ['NAdam'],
  nadamw: ['NAdam', { weightDecay: 1e-4, decoupledWeightDecay: true }],
  amsgrad: ['AMSGrad'],
  rmsprop: ['RMSProp'],
  adagrad: ['Adagrad'],
  adadelta: ['Adadelta'],
  adamax: ['Adamax'],
  adamaxw: ['Adamax', { weightDecay: 1e-4, decoupledWeightDecay: true }],
  radam: ['RAdam'],
  lion: ['Lion'],
  sign_sgd: ['Lion', { beta1: 0, beta2: 0, weightDecay: 0 }],
  rprop: ['Rprop'],
};

const optionNames: Record<string, string | [string, string]> = {
  lr: 'learningRate',
  learning_rate: 'learningRate',
  betas: ['beta1', 'beta2'],
  beta_1: 'beta1',
  beta_2: 'beta2',
  b1: 'beta1',
  b2: 'beta2',
  eps: 'epsilon',
  epsilon: 'epsilon',
  eps_root: 'epsilonRoot',
  eps_in_sqrt: 'epsilonInRoot',
  alpha: 'rho',
  rho: 'rho',
  decay: 'rho',
  weight_decay: 'weightDecay',
  decoupled_weight_decay: 'decoupledWeightDecay',
  momentum: 'momentum',
  dampening: 'dampening',
  nesterov: 'nesterov',
  maximize: 'maximize',
  amsgrad: 'amsgrad',
  centered: 'centered',
  bias_correction: 'biasCorrection',
  initial_scale: 'initialScale',
  initial_accumulator_value: 'initialAccumulator',
  lr_decay: 'learningRateDecay',
  momentum_decay: 'momentumDecay',
  etas: ['etaMinus', 'etaPlus'],
  step_sizes: ['minStep', 'maxStep'],
  eta_minus: 'etaMinus',
  eta_plus: 'etaPlus',
  min_step_size: 'minStep',
  max_step_size: 'maxStep',
  threshold: 'threshold',
  max_iter: 'maxIterations',
  max_eval: 'maxEvaluations',
  tolerance_grad: 'toleranceGrad',
  tolerance_change: 'toleranceChange',
  history_size: 'historySize',
};

/** tfjs takes its options by position. */
const positions: Record<string, string[]> = {
  sgd: ['learningRate'],
  momentum: ['learningRate', 'momentum', 'nesterov'],
  rmsprop: ['learningRate', 'rho', 'momentum', 'epsilon', 'centered'],
  adam: ['learningRate', 'beta1', 'beta2', 'epsilon'],
  adagrad: ['learningRate', 'initialAccumulator'],
  adadelta: ['learningRate', 'rho', 'epsilon'],
  adamax: ['learningRate', 'beta1', 'beta2', 'epsilon', 'learningRateDecay'],
};

/** Our options for a framework's. Throws for one that it does not know. */
export function translateOptions(config: Record<string, unknown>): Options {
  const options: Options = {};
  for (const [key, value] of Object.entries(config)) {
    if (value === null) continue;
    if (key === 'line_search_fn') {
      options.lineSearch = value === 'strong_wolfe';
      continue;
    }
    if (!Object.hasOwn(optionNames, key)) throw new Error(`no translation of the option ${key}`);
    const [values, targets] = [[value].flat(), [optionNames[key]].flat()];
    for (const [i, target] of targets.entries()) options[target] = values[i] as number;
  }
  return options;
}

/** The options of a case: `config`, or `args` by position. */
export function optionsOf(c: {
  optimizer: string;
  config?: Record<string, unknown>;
  args?: unknown[];
}): Options {
  if (!c.args) return translateOptions(c.config!);
  const entries = c.args.map((value, i) => [positions[c.optimizer][i], value]);
  return Object.fromEntries(entries.filter(([, value]) => value !== null));
}

/** Makes our optimizer for a framework's. */
export function makeOptimizer(
  convention: Convention,
  optimizer: string,
  parameters: Iterable<OptimizerParameter> | Iterable<object>,
  options: Options,
  kernels?: UpdateKernels,
): Optimizer {
  if (optimizer === 'adam' && 'nesterov' in options) {
    const { nesterov, ...own } = options; // optax' adam with nesterov is NAdam
    return makeOptimizer(convention, nesterov ? 'nadam' : 'Adam', parameters, own, kernels);
  }
  const [name, extra] = names[optimizer] ?? [optimizer];
  const Class = (ours as unknown as Record<string, Make>)[name];
  if (!Class) throw new Error(`no optimizer for ${optimizer}`);
  return new Class(parameters, { convention, ...extra, ...options, kernels });
}
