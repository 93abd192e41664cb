import { Tensor, wasmBackend } from '@rnnlab/tensor';
import { describe, expect, it } from 'vitest';
import { expectClose, readGolden, type GoldenTensors } from './golden-fixtures';
import { makeOptimizer } from './golden-optimizers';
import { updateKernels } from './kernels';

const backend = wasmBackend({ memoryMiB: 64 });

interface OnnxCase {
  name: string;
  op: string;
  attributes: Record<string, number | string>;
  inputs: GoldenTensors;
  expected: GoldenTensors;
}

/** ONNX counts steps from 0 and hands the slots in. */
describe.each([false, true])('ONNX operators, with kernels: %s', (compiled) => {
  const kernels = compiled ? updateKernels(backend) : undefined;
  const slotNames: Record<string, Record<string, string>> = {
    Adagrad: { H: 's' },
    Adam: { V: 'm', H: 'v' },
    Momentum: { V: 'v' },
  };
  it.each(readGolden<OnnxCase>('onnx/node_optimizers.json').cases)(
    '$name',
    ({ op, attributes: a, inputs, expected }) => {
      const suffixes = Object.keys(inputs).flatMap((key) => /^X(\d*)$/.exec(key)?.[1] ?? []);
      const parameters = suffixes.map((suffix) => {
        const [value, grad] = ['X', 'G'].map((key) => {
          const numbers = inputs[key + suffix].data as number[];
          const tensor = compiled ? backend.allocate([numbers.length], 'float32') : Tensor.from(numbers);
          tensor.data.set(numbers);
          return tensor;
        });
        return { name: `X${suffix}`, value, grad };
      });
      const T = inputs.T.data[0] as number;
      expect(a.norm_coefficient_post ?? 0).toBe(0);
      const options = {
        learningRate: inputs.R.data[0] as number,
        weightDecay: (a.norm_coefficient ?? 0) as number,
        ...(op === 'Adagrad' && { epsilon: a.epsilon, learningRateDecay: a.decay_factor ?? 0 }),
        ...(op === 'Adam' && {
          epsilon: a.epsilon,
          beta1: a.alpha,
          beta2: a.beta,
          epsilonHat: true,
          biasCorrection: T > 0,
        }),
        ...(op === 'Momentum' && {
          momentum: a.alpha,
          dampening: 1 - (a.beta as number),
          nesterov: a.mode === 'nesterov',
        }),
      } as Record<string, number | boolean>;
      const optimizer = makeOptimizer('torch', op, parameters, options, kernels);
      const state = optimizer.stateDict();
      // Adam's correction uses T itself, the others count this step as the (T + 1)-th
      for (const p of state.groups[0].parameters) p.step = op === 'Adam' ? Math.max(T - 1, 0) : T;
      for (const suffix of suffixes) {
        for (const [key, slot] of Object.entries(slotNames[op])) {
          state.slots.set(
            `X${suffix}.${slot}`,
            Float32Array.from(inputs[`${key}${suffix}`].data as number[]),
          );
        }
      }
      optimizer.loadStateDict(state);
      optimizer.step();
      const { slots } = optimizer.stateDict();
      let checked = 0;
      for (const { name, value } of parameters) {
        const suffix = name.slice(1);
        expectClose(name, value.data, expected[`${name}_new`].data, 3e-6, 3e-6);
        for (const [key, slot] of Object.entries(slotNames[op])) {
          expectClose(key, slots.get(`${name}.${slot}`)!, expected[`${key}${suffix}_new`].data, 3e-6, 3e-6);
          checked++;
        }
      }
      expect(Object.keys(expected)).toHaveLength(checked + parameters.length);
    },
  );
});
