import { describe, expect, it } from 'vitest';
import { compareGradients } from './compare-gradients';
import { engines, load } from './testing/engines';
import { models, someIds, someState } from './testing/small-models';

describe.each(engines)('engine %s', (name) => {
  it.each(Object.keys(models))('%s: every gradient agrees to float32 rounding', async (kind) => {
    const engine = await load(name);
    const model = models[kind]();
    const before = engine.tf.memory().numTensors;
    const targets = someIds(2);
    targets.data[4] = targets.data[11] = -100; // padding: not counted
    const input = { ids: someIds(1), targets, state: someState(model, 3) };
    const { largest, gradients, loss } = compareGradients(engine, model, input);
    expect(engine.tf.memory().numTensors).toBe(before);
    expect(largest.relative).toBeLessThan(5e-6);
    expect(Math.abs(loss.rnnlab - loss.tensorflow)).toBeLessThan(2e-6);
    const wanted = [
      ...model.parameters().map((p) => p.name),
      'x',
      ...model.recurrent.stateNames.map((s) => `${s}0`),
    ];
    expect(gradients.map((gradient) => gradient.name).sort()).toEqual(wanted.sort());
    for (const { scale } of gradients) expect(scale).toBeGreaterThan(1e-4); // none is compared as 0 = 0
  });
});

it("leaves the model's own gradients as they were", async () => {
  const engine = await load('cpu');
  const model = models.gru();
  model.parameters().forEach(({ grad }, k) => grad.fill(k + 1));
  compareGradients(engine, model, { ids: someIds(1), targets: someIds(2) });
  model.parameters().forEach(({ grad }, k) => expect(grad.data.every((g) => g === k + 1)).toBe(true));
});

it('sees a gradient that is wrong', async () => {
  const engine = await load('cpu');
  const model = models.rnn();
  const { cells } = model.recurrent;
  // A backward pass that forgets tanh′.
  cells[0][0].stepBackward = function (_cache, gradients, t, dState) {
    gradients.dGates.row(t).copyFrom(dState.h);
    this.backend.gemmPacked(dState.h.clone(), gradients.recurrent, dState.h);
  };
  const { gradients } = compareGradients(engine, model, { ids: someIds(1), targets: someIds(2) });
  const of = (name: string) => gradients.find((gradient) => gradient.name === name)!.relative;
  expect(of('rnn.weight_hh_l0')).toBeGreaterThan(1e-2);
  expect(of('head.weight')).toBeLessThan(1e-6);
});
