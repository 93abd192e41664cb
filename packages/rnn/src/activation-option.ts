import { activations, ConfigError, type Activation, type ActivationName } from '@rnnlab/tensor';

/**
 * An activation by name or, for what has no name here, as an object of your own: `forward(x)`, and `derivative(y)` in
 * terms of the *output* y, which is what a cell keeps.
 */
export type ActivationOption = ActivationName | Activation;

/** @throws {@link ConfigError} for an unknown name. */
export function resolveActivation(where: string, option: string, value: ActivationOption): Activation {
  if (typeof value === 'object' && value !== null) return value;
  if (Object.hasOwn(activations, value)) return activations[value];
  const names = Object.keys(activations).map((name) => `'${name}'`);
  throw new ConfigError(
    `${where}: ${option} is ${JSON.stringify(value)}, expected ${names.join(' or ')}, or an object with forward and derivative.`,
  );
}
