import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { explainDefaults } from './explain-defaults';
import { load } from './testing/engines';

const trap = (id: string) => explainDefaults().find((explained) => explained.id === id)!;

it('names every difference once, with its measured effect', () => {
  const ids = explainDefaults().map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { effects, measured, ...trap } of explainDefaults()) {
    for (const text of Object.values(trap)) expect(text).not.toBe('');
    expect(effects.length).toBeGreaterThan(1);
    for (const { loss } of effects) expect(loss === null || (loss > 1.5 && loss < 6)).toBe(true);
    expect(measured.date).toMatch(/^\d{4}-\d\d-\d\d$/);
  }
});

it('says of tfjs what tfjs does', async () => {
  const { tf } = await load('cpu');
  const lstm = tf.layers.lstm({ units: 3 });
  const config = lstm.getConfig();
  expect(config.recurrentActivation).toBe('hardSigmoid');
  expect(config.unitForgetBias).toBeFalsy();
  expect(config.kernelInitializer).toMatchObject({ config: { distribution: 'normal', mode: 'fanAvg' } });
  expect(config.recurrentInitializer).toMatchObject({ className: 'Orthogonal' });
  lstm.build([null, null, 2]);
  expect(lstm.getWeights()[2].dataSync()).toEqual(new Float32Array(12)); // also the forget gate's
  const { recurrentActivation } = tf.layers.gru({ units: 3 }).getConfig();
  expect(recurrentActivation).toBe('hardSigmoid');
  expect(() => tf.layers.gru({ units: 3, resetAfter: true } as never)).toThrow('reset_after');
  expect(tf.layers.dense({ units: 3 }).getConfig().kernelInitializer).toMatchObject({
    config: { distribution: 'normal', mode: 'fanAvg' },
  });
  const activation = tf.layers.activation({ activation: 'hardSigmoid' });
  const hard = activation.apply(tf.tensor2d([[-2.4, 0, 1, 2.6]])) as ReturnType<typeof tf.tensor2d>;
  [0.02, 0.5, 0.7, 1].forEach((y, k) => expect(hard.dataSync()[k]).toBeCloseTo(y, 6));
  const epsilon = (optimizer: { getConfig(): object }) => optimizer.getConfig();
  expect(epsilon(tf.train.adam())).toMatchObject({ learningRate: 0.001, epsilon: 1e-7 });
  expect(epsilon(tf.train.rmsprop(0.01))).toMatchObject({ decay: 0.9, epsilon: 1e-7, centered: false });
  expect(epsilon(tf.train.adadelta())).toMatchObject({ learningRate: 0.001, rho: 0.95, epsilon: 1e-7 });
  expect(trap('gates').tfjs).toContain('x/5');
});

it('says of Keras what Keras does', () => {
  const url = new URL('../fixtures/keras-training.json', import.meta.url);
  const { defaults } = JSON.parse(readFileSync(url, 'utf8'));
  expect(defaults.LSTM).toMatchObject({
    recurrent_activation: 'sigmoid',
    unit_forget_bias: true,
    kernel_initializer: 'GlorotUniform',
    recurrent_initializer: 'Orthogonal',
  });
  expect(defaults.GRU).toMatchObject({ recurrent_activation: 'sigmoid', reset_after: true });
  expect(defaults.Dense.kernel_initializer).toBe('GlorotUniform');
  expect(defaults.Adam).toMatchObject({ learning_rate: expect.closeTo(0.001, 8), epsilon: 1e-7 });
  expect(defaults.RMSprop).toMatchObject({
    learning_rate: expect.closeTo(0.001, 8),
    rho: 0.9,
    epsilon: 1e-7,
  });
  expect(defaults.Adadelta).toMatchObject({
    learning_rate: expect.closeTo(0.001, 8),
    rho: 0.95,
    epsilon: 1e-7,
  });
  [0.1, 0.5, 4 / 6, 14 / 15].forEach((y, k) => expect(defaults.hard_sigmoid[k]).toBeCloseTo(y, 6));
});

it('is what the page in the documentation says', () => {
  const page = readFileSync(new URL('../../../docs/guide/default-traps.md', import.meta.url), 'utf8');
  for (const { title, tfjs, keras, pytorch, effects, measured } of explainDefaults()) {
    for (const text of [`## ${title}`, tfjs, keras, pytorch]) expect(page).toContain(text);
    for (const { setting, loss } of effects) {
      expect(page).toContain(`| ${setting} | ${loss === null ? 'diverged' : loss.toFixed(3)} |`);
    }
    expect(page).toContain(measured.machine);
  }
});
