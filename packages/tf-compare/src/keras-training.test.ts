/**
 * Keras 3 on TensorFlow as a third opinion, offline: bench/keras_reference.py trained our first weights on our batches,
 * and fixtures/keras-training.json holds what came of it, with the versions.
 */
import { readFileSync } from 'node:fs';
import { Adadelta, Adam, RMSProp, SGD } from '@rnnlab/optimizers';
import { Tensor } from '@rnnlab/tensor';
import { createLanguageModel } from '@rnnlab/train';
import { expect, it } from 'vitest';

const fixture = JSON.parse(readFileSync(new URL('../fixtures/keras-training.json', import.meta.url), 'utf8'));
const { sizes, steps } = fixture;
const cases: any[] = fixture.cases;
const batches = fixture.batches.map(({ ids, targets }: any) => ({
  ids: Tensor.from(ids, { dtype: 'int32' }),
  targets: Tensor.from(targets, { dtype: 'int32' }),
}));
const optimizers = { SGD, Adam, RMSprop: RMSProp, Adadelta };

it('knows which versions made the numbers', () => {
  expect(fixture.oracle).toMatchObject({ keras: '3.15.1', tensorflow: '2.21.0' });
  expect(cases).toHaveLength(12);
});

it.each(cases)('$cell with $optimizer.name of Keras: $optimizer.learningRate, 100 steps', (one) => {
  const { vocabSize, hiddenSize } = sizes;
  const model = createLanguageModel({ cell: one.cell, vocabSize, hiddenSize });
  const tensor = ({ shape, data }: any) => Tensor.from(data).reshape(shape);
  model.loadStateDict(new Map(Object.entries(one.weights).map(([name, value]) => [name, tensor(value)])));
  const make = optimizers[one.optimizer.name as keyof typeof optimizers];
  const { learningRate } = one.optimizer;
  const optimizer = new make(model.parameters(), { learningRate, convention: 'keras' });
  const losses = Array.from({ length: steps }, (_, step) => {
    const { ids, targets } = batches[step % batches.length];
    const { loss, cache } = model.forward(ids, targets);
    model.zeroGrad();
    model.backward(cache);
    optimizer.step();
    return loss;
  });
  losses.forEach((loss, step) => {
    const difference = Math.abs(loss - one.expected.losses[step]) / one.expected.losses[step];
    expect(difference, `loss of step ${step}`).toBeLessThan(1e-4);
  });
  for (const { name, value } of model.parameters()) {
    const expected = one.expected.weights[name].data;
    const distance = Math.hypot(...expected.map((w: number, k: number) => w - value.data[k]));
    expect(distance / Math.hypot(...expected), name).toBeLessThan(1e-4);
  }
});
