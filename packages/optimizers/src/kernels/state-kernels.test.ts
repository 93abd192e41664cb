import { Parameter, Rng, wasmBackend, type Backend } from '@rnnlab/tensor';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { makeVariant, variants } from '../testing/optimizer-variants';
import type { Optimizer } from '../index';
import { updateKernels } from './update-kernels';

const backend = wasmBackend({ memoryMiB: 64 });
const kernels = updateKernels(backend);
const sizes = [5, 70];

function parametersOn(on: Backend): Parameter[] {
  const rng = new Rng(1);
  return sizes.map((size, k) => {
    const p = new Parameter(`p${k}`, on.allocate([size], 'float32'), on.allocate([size], 'float32'));
    p.value.data.forEach((_, i) => (p.value.data[i] = rng.normal()));
    return p;
  });
}

function stepsOf(optimizer: Optimizer, parameters: readonly Parameter[], from: number, to: number): void {
  for (let t = from; t < to; t++) {
    const rng = new Rng(t);
    for (const { grad } of parameters) grad.data.forEach((_, i) => (grad.data[i] = rng.normal()));
    optimizer.step();
  }
}

const valuesOf = (parameters: readonly Parameter[]) => parameters.map(({ value }) => [...value.data]);

it.each(variants)('%s %o: steps, save, load, steps are as without a break', (name, options) => {
  const parameters = parametersOn(backend);
  const whole = makeVariant(name, parameters, { ...options, kernels });
  stepsOf(whole, parameters, 0, 3);
  const state = whole.stateDict();
  const values = valuesOf(parameters);
  stepsOf(whole, parameters, 3, 6);

  const others = parametersOn(backend);
  for (const [k, { value }] of others.entries()) value.data.set(values[k]);
  const resumed = makeVariant(name, others, { ...options, kernels });
  resumed.loadStateDict(state);
  stepsOf(resumed, others, 3, 6);
  expect(valuesOf(others)).toEqual(valuesOf(parameters));
  expect(resumed.stateDict()).toEqual(whole.stateDict());

  // Without kernels the same state is taken, and the other way round.
  const plain = makeVariant(name, parametersOn(backend), options);
  plain.loadStateDict(state);
  expect(plain.stateDict()).toEqual(state);
  resumed.loadStateDict(plain.stateDict());
  expect(resumed.stateDict()).toEqual(state);
});

it('the memory of slots is theirs as long as the optimizer lives', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const parameters = parametersOn(backend);
  const optimizer = makeVariant('Adam', parameters, { kernels });
  stepsOf(optimizer, parameters, 0, 2);
  optimizer.loadStateDict(optimizer.stateDict()); // new slots, and the old ones are free
  const expected = optimizer.stateDict();
  for (let round = 0; round < 5; round++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 5));
    // Who takes back what is in use hands it out again.
    for (let k = 0; k < 8; k++) for (const size of sizes) backend.allocate([size], 'float32').fill(7);
  }
  expect(optimizer.stateDict()).toEqual(expected);
});
