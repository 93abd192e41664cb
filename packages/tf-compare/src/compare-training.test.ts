import { clipGradNorm, SGD } from '@rnnlab/optimizers';
import { LinesDataset, TextDataset, createLanguageModel } from '@rnnlab/train';
import { describe, expect, it } from 'vitest';
import { compareTraining } from './compare-training';
import { engines, load } from './testing/engines';
import { models, someIds } from './testing/small-models';
import { twinOptimizerNames } from './twin-optimizers';

const names = 'ada grace hedy jean mary barbara katherine dorothy annie radia frances margaret'.split(' ');
/** Names of different lengths: padding, with lengths for one side and masked targets for the other. */
const lines = new LinesDataset(names, { validationFraction: 0 });
const lineBatches = [...lines.trainingBatches({ batchSize: 3, epoch: 0 })];

const smallModel = (cell: 'rnn' | 'lstm' | 'gru', vocabSize: number, seed = 1) =>
  createLanguageModel({ cell, vocabSize, hiddenSize: 6, seed, ...(cell === 'gru' && { resetAfter: false }) });

const optimizers = [
  { name: 'sgd', learningRate: 0.5 },
  { name: 'adam', learningRate: 0.01 },
] as const;

describe.each(engines)('engine %s', (engineName) => {
  it.each(optimizers)('$name: after 100 steps losses and weights agree to 1e-4', async (optimizer) => {
    const engine = await load(engineName);
    const model = smallModel('lstm', lines.tokenizer.vocabSize);
    const plan = { batches: lineBatches, steps: 100, optimizer, clipNorm: 1 };
    const { steps, largestLossDifference, distance, trainer } = await compareTraining(engine, model, plan);
    trainer.dispose();
    expect(steps).toHaveLength(100);
    expect(steps.at(-1)!.loss.rnnlab).toBeLessThan(steps[0].loss.rnnlab - 0.3); // it did learn
    expect(largestLossDifference).toBeLessThan(1e-4);
    expect(distance).toBeLessThan(1e-4);
  });
});

it.each(['rnn', 'gru'] as const)('%s too, with both optimizers', async (cell) => {
  const engine = await load('cpu');
  for (const optimizer of [{ name: 'sgd', learningRate: 0.1 }, optimizers[1]] as const) {
    const model = smallModel(cell, lines.tokenizer.vocabSize);
    const plan = { batches: lineBatches, steps: 100, optimizer, clipNorm: 1, measureEvery: 100 };
    const { largestLossDifference, distance, trainer } = await compareTraining(engine, model, plan);
    trainer.dispose();
    expect(largestLossDifference).toBeLessThan(1e-4);
    expect(distance).toBeLessThan(1e-4);
  }
});

it('is apart by rounding alone: where training amplifies it, our own float64 run is as far away', async () => {
  const engine = await load('cpu');
  const config = { cell: 'rnn', vocabSize: lines.tokenizer.vocabSize, hiddenSize: 6, seed: 1 } as const;
  const [single, double] = [
    createLanguageModel(config),
    createLanguageModel({ ...config, dtype: 'float64' }),
  ];
  double.parameters().forEach(({ value }, k) => value.copyFrom(single.parameters()[k].value));
  // A rate at which a plain RNN swings: its losses jump, and every difference grows with them.
  const plan = {
    batches: lineBatches,
    steps: 100,
    optimizer: { name: 'sgd', learningRate: 0.5 },
    clipNorm: 1,
  } as const;
  const { steps, trainer } = await compareTraining(engine, single, plan);
  trainer.dispose();
  const sgd = new SGD(double.parameters(), { learningRate: 0.5 });
  const exact = steps.map((_, k) => {
    const { ids, targets, lengths } = lineBatches[k % lineBatches.length];
    const { loss, cache } = double.forward(ids, targets, { lengths });
    double.zeroGrad();
    double.backward(cache);
    clipGradNorm(double.parameters(), 1);
    sgd.step();
    return loss;
  });
  const apart = (of: 'rnnlab' | 'tensorflow') =>
    Math.max(...steps.map(({ loss }, k) => Math.abs(loss[of] - exact[k]) / exact[k]));
  const between = Math.max(...steps.map(({ relative }) => relative));
  expect(steps.slice(0, 10).every(({ relative }) => relative < 1e-6)).toBe(true);
  expect(between).toBeGreaterThan(1e-4);
  expect(between).toBeLessThan(10 * Math.max(apart('rnnlab'), apart('tensorflow')));
  expect(apart('rnnlab')).toBeGreaterThan(between / 100);
});

it.each(twinOptimizerNames)("%s: ten steps agree, with tfjs' own formula", async (name) => {
  const engine = await load('cpu');
  const optimizer = { name, learningRate: 0.01 };
  const plan = { batches: lineBatches, steps: 10, optimizer };
  const { largestLossDifference, distance, trainer } = await compareTraining(
    engine,
    smallModel('lstm', lines.tokenizer.vocabSize),
    plan,
  );
  trainer.dispose();
  expect(largestLossDifference).toBeLessThan(2e-5);
  expect(distance).toBeLessThan(2e-5);
});

it('carries the state over the chunks of a text, and starts from zeros again with each pass', async () => {
  const engine = await load('cpu');
  const text = new TextDataset('to be or not to be, that is the question. '.repeat(3), {
    seqLen: 8,
    validationFraction: 0,
  });
  const batches = [...text.trainingBatches({ batchSize: 3, epoch: 0 })];
  const plan = {
    batches,
    steps: 12,
    optimizer: { name: 'sgd', learningRate: 0.5 },
    carriesState: true,
  } as const;
  const run = async (carriesState: boolean) => {
    const model = smallModel('lstm', text.tokenizer.vocabSize);
    const { steps, trainer } = await compareTraining(engine, model, { ...plan, carriesState });
    trainer.dispose();
    return steps;
  };
  const carried = await run(true);
  for (const { relative, distance } of carried) {
    expect(relative).toBeLessThan(1e-5);
    expect(distance).toBeLessThan(1e-5);
  }
  expect(batches.length).toBeLessThan(12);
  const fresh = await run(false);
  expect(fresh[0].loss).toEqual(carried[0].loss);
  expect(Math.abs(fresh[1].loss.tensorflow - carried[1].loss.tensorflow)).toBeGreaterThan(1e-4);
  expect(Math.abs(fresh[1].loss.rnnlab - carried[1].loss.rnnlab)).toBeGreaterThan(1e-4);
});

it('holds no memory of TensorFlow behind a run', async () => {
  const engine = await load('cpu');
  const before = engine.tf.memory().numTensors;
  const plan = { batches: lineBatches, steps: 3, optimizer: optimizers[1] };
  const { trainer } = await compareTraining(engine, smallModel('rnn', lines.tokenizer.vocabSize), plan);
  trainer.dispose();
  expect(engine.tf.memory().numTensors).toBe(before);
});

it('measures the weights as often as asked to, and stops when told to', async () => {
  const engine = await load('cpu');
  const controller = new AbortController();
  const seen: number[] = [];
  const { steps, trainer } = await compareTraining(engine, smallModel('rnn', lines.tokenizer.vocabSize), {
    batches: lineBatches,
    steps: 100,
    optimizer: optimizers[0],
    measureEvery: 2,
    signal: controller.signal,
    onStep: ({ step }) => {
      seen.push(step);
      if (step === 5) controller.abort();
    },
  });
  trainer.dispose();
  expect(seen).toEqual([1, 2, 3, 4, 5]);
  expect(steps.map(({ distance }) => distance !== undefined)).toEqual([false, true, false, true, false]);
  expect(Object.keys(steps[1].distances!)).toContain('rnn.weight_hh_l0');
});

it('refuses two biases, whose sum would move twice as far', async () => {
  const engine = await load('cpu');
  const batches = [{ ids: someIds(1), targets: someIds(2), count: 18 }];
  const plan = { batches, steps: 1, optimizer: optimizers[0] };
  await expect(compareTraining(engine, models['lstm, 2 layers, 2 biases'](), plan)).rejects.toThrow(
    'TwinTrainer: the model has recurrentBias: true, whose two biases move their sum twice as far in a step as the one bias of TensorFlow.js. Make it without.',
  );
});
