/**
 * The same LSTM here and in TensorFlow, from the same weights on the same batches: gates, gradients, a hundred steps of
 * training, speed.
 */
import { readFileSync } from 'node:fs';
import {
  compareForward,
  compareGradients,
  compareSpeed,
  compareTraining,
  loadTensorFlow,
} from '@rnnlab/tf-compare';
import { createLanguageModel, LinesDataset } from '@rnnlab/train';

const quick = process.argv.includes('--quick');
const steps = quick ? 10 : 100;

const text = readFileSync(new URL('../data/dinos.txt', import.meta.url), 'utf8');
const dataset = new LinesDataset(text, { lowerCase: true, validationEvery: 10 });
const config = {
  cell: 'lstm',
  vocabSize: dataset.tokenizer.vocabSize,
  hiddenSize: quick ? 16 : 50,
  seed: 1,
} as const;
const model = createLanguageModel(config);
const batches = [...dataset.trainingBatches({ batchSize: 32, epoch: 0, seed: 1 })];

const engine = await loadTensorFlow();
console.log(`TensorFlow.js ${engine.version}, engine ${engine.engine} ${engine.tensorflowVersion ?? ''}`);

const forward = compareForward(engine, model, batches[0]);
for (const { name, largest } of forward.tensors)
  console.log(`  ${name.padEnd(7)} ${power(largest.relative)}`);

const gradients = compareGradients(engine, model, batches[0]);
for (const { name, relative } of gradients.gradients)
  console.log(`  d ${name.padEnd(17)} ${power(relative)}`);

const optimizer = { name: 'adam', learningRate: 0.01 } as const;
const training = await compareTraining(engine, model, { batches, steps, optimizer, clipNorm: 5 });
training.trainer.dispose();
for (const { step, loss, relative, distance = NaN } of training.steps) {
  if (step % (steps / 5)) continue;
  const losses = `${loss.rnnlab.toFixed(4)} here, ${loss.tensorflow.toFixed(4)} there`;
  console.log(`step ${step}: ${losses}; apart: loss ${power(relative)}, weights ${power(distance)}`);
}

const speed = await compareSpeed(engine, {
  model: config,
  seqLen: 12,
  batchSize: 32,
  milliseconds: quick ? 50 : 500,
});
console.log(
  `characters per second: ${Math.round(speed.rnnlab.tokensPerSecond)} here, ${Math.round(speed.tensorflow.tokensPerSecond)} there`,
);

require(forward.largest.relative < 1e-5, 'the forward passes differ');
require(gradients.largest.relative < 1e-5, 'the gradients differ');
require(training.largestLossDifference < 1e-4 && training.distance < 1e-4, 'the training runs drift apart');
require(training.steps.at(-1)!.loss.rnnlab < training.steps[0].loss.rnnlab - 0.2, 'nothing was learned');

function require(holds: boolean, problem: string): void {
  if (!holds) throw new Error(`This should not be: ${problem}.`);
}

function power(x: number): string {
  return x.toExponential(1);
}
