import { describe, expect, it } from 'vitest';
import { compareForward } from './compare-forward';
import { engines, load } from './testing/engines';
import { models, sizes, someIds, someState } from './testing/small-models';

describe.each(engines)('engine %s', (name) => {
  it.each(Object.keys(models))('%s: gates, states and scores agree to float32 rounding', async (kind) => {
    const engine = await load(name);
    const model = models[kind]();
    const before = engine.tf.memory().numTensors;
    const input = { ids: someIds(1), targets: someIds(2), state: someState(model, 3) };
    const { largest, tensors, byHand, loss } = compareForward(engine, model, input);
    expect(engine.tf.memory().numTensors).toBe(before);
    expect(largest.relative).toBeLessThan(2e-6);
    expect(byHand.relative).toBeLessThan(2e-6);
    expect(Math.abs(loss!.rnnlab - loss!.tensorflow)).toBeLessThan(2e-6);
    for (const { steps } of tensors) expect(steps).toHaveLength(sizes.seqLen);
  });
});

it('names every gate and state of every layer and direction', async () => {
  const engine = await load('cpu');
  const names = (kind: string) =>
    compareForward(engine, models[kind](), { ids: someIds(1) })
      .tensors.map(({ name }) => name)
      .join(' ');
  expect(names('rnn')).toBe('l0.n l0.h logits');
  expect(names('gru')).toBe('l0.r l0.z l0.n l0.h logits');
  expect(names('lstm, 2 directions')).toBe(
    'l0.i l0.f l0.g l0.o l0.h l0.c l0_reverse.i l0_reverse.f l0_reverse.g l0_reverse.o l0_reverse.h l0_reverse.c logits',
  );
  expect(names('gru in reverse, 2 layers')).toBe('l0.r l0.z l0.n l0.h l1.r l1.z l1.n l1.h logits');
});

it('keeps the numbers of row 0 of both sides when asked to', async () => {
  const engine = await load('cpu');
  const { tensors } = compareForward(engine, models.lstm(), { ids: someIds(1) }, { keepValues: true });
  const { rnnlab, tensorflow } = tensors[1].values!;
  expect([rnnlab.length, rnnlab[0].length]).toEqual([sizes.seqLen, sizes.hiddenSize]);
  expect(rnnlab).not.toEqual(tensorflow); // two programs, two roundings
  rnnlab.forEach((step, t) => step.forEach((f, k) => expect(f).toBeCloseTo(tensorflow[t][k], 6)));
  expect(compareForward(engine, models.lstm(), { ids: someIds(1) }).tensors[1].values).toBeUndefined();
});

it('sees a difference, where it is', async () => {
  const { tf } = await load('cpu');
  // A TensorFlow whose first tanh, that of the first step's candidate, is a thousandth off.
  let calls = 0;
  const wrong = new Proxy(tf, {
    get: (target, name) =>
      name === 'tanh'
        ? (a: never) => target.mul(target.tanh(a), calls++ === 0 ? 1.001 : 1)
        : target[name as keyof typeof target],
  });
  const { tensors, byHand } = compareForward({ tf: wrong }, models.lstm(), { ids: someIds(1) });
  const relative = Object.fromEntries(
    tensors.map(({ name, steps }) => [name, steps.map((step) => step.relative)]),
  );
  expect(relative['l0.g'][0]).toBeGreaterThan(5e-4);
  expect(relative['l0.i'][0]).toBeLessThan(1e-6);
  expect(relative['l0.i'][1]).toBeGreaterThan(1e-6); // reached through h
  expect(relative['l0.h'][0]).toBeLessThan(1e-6); // the layer's own, which has its own tanh
  expect(byHand.relative).toBeGreaterThan(1e-4);
});
