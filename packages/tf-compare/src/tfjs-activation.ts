import { ConfigError } from '@rnnlab/tensor';

/** TensorFlow.js' names of our activations. Keras 3's hard sigmoid, x/6 + ½, is not among them. */
const names = {
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  relu: 'relu',
  linear: 'linear',
  hardSigmoidTfjs: 'hardSigmoid',
} as const;

/** An activation that a layer of TensorFlow.js can have. */
export type TfjsActivation = (typeof names)[keyof typeof names];

/**
 * @param where Class and option that has the activation, for the message.
 * @throws {@link ConfigError} for an activation that TensorFlow.js does not have.
 */
export function tfjsActivation(where: string, option: unknown): TfjsActivation {
  if (typeof option === 'string' && Object.hasOwn(names, option)) return names[option as keyof typeof names];
  const given = typeof option === 'string' ? `'${option}'` : 'an object';
  throw new ConfigError(
    `${where} is ${given}, and TensorFlow.js has only ${Object.keys(names).join(', ')}. Use one of them.`,
  );
}
