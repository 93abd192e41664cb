import { activations } from '@rnnlab/tensor';
import { expect, it } from 'vitest';
import { resolveActivation } from './activation-option';

it('takes a name or an object, and refuses other names', () => {
  expect(resolveActivation('LSTM', 'activation', 'relu')).toBe(activations.relu);
  const own = { forward: Math.sin, derivative: (y: number) => Math.sqrt(1 - y * y) };
  expect(resolveActivation('LSTM', 'activation', own)).toBe(own);
  // @ts-expect-error the type refuses it as well
  expect(() => resolveActivation('LSTM', 'activation', 'toString')).toThrow(
    `LSTM: activation is "toString", expected 'sigmoid' or 'tanh' or 'relu' or 'linear' or 'hardSigmoid' or 'hardSigmoidTfjs', or an object with forward and derivative.`,
  );
});
