/**
 * A training loop of one's own in TensorFlow.js, with clipping and Adam, beside the trainer of rnnlab: both start from the same
 * weights and read the same batches, so every loss must be the same.
 */
import { readFileSync } from 'node:fs';
import { Adam } from '@rnnlab/optimizers';
import { fitManually, loadTensorFlow, TFCharRNN } from '@rnnlab/tf-compare';
import { createLanguageModel, LinesDataset, Trainer } from '@rnnlab/train';

const quick = process.argv.includes('--quick');
const maxSteps = quick ? 20 : 200;

const text = readFileSync(new URL('../data/dinos.txt', import.meta.url), 'utf8');
const dataset = new LinesDataset(text, { lowerCase: true, validationEvery: 10 });
const config = {
  cell: 'gru',
  resetAfter: false, // the only form that TensorFlow.js has
  vocabSize: dataset.tokenizer.vocabSize,
  hiddenSize: quick ? 16 : 50,
  seed: 1,
} as const;
const shared = { batchSize: 32, clipNorm: 5, seed: 1 };

const { tf, engine, version } = await loadTensorFlow();
console.log(`TensorFlow.js ${version}, engine ${engine}`);
const twin = new TFCharRNN(tf, config);
const firstWeights = twin.stateDict();
const optimizer = tf.train.adam(0.01, 0.9, 0.999, 1e-7);
const theirs = await fitManually(twin, dataset, { ...shared, epochs: 10, maxSteps, optimizer });

const model = createLanguageModel(config);
model.loadStateDict(firstWeights);
const trainer = new Trainer({
  ...shared,
  model,
  dataset,
  steps: maxSteps,
  optimizer: new Adam(model.parameters(), { learningRate: 0.01, convention: 'tfjs' }),
});
const ours: number[] = [];
for await (const event of trainer.run()) if (event.type === 'step') ours.push(event.loss);

let apart = 0;
for (const { step, loss, gradientNorm = NaN } of theirs) {
  const own = ours[step - 1];
  apart = Math.max(apart, Math.abs(loss - own) / loss);
  if (step % (maxSteps / 10)) continue;
  console.log(
    `step ${step}: ${loss.toFixed(4)} there, ${own.toFixed(4)} here, gradient norm ${gradientNorm.toFixed(2)}`,
  );
}
console.log(`The losses were at most ${apart.toExponential(1)} of their size apart.`);
if (!(apart < 1e-4)) throw new Error(`The runs drift apart: ${apart.toExponential(1)}, expected below 1e-4.`);
const tail = theirs.slice(-maxSteps / 4).map(({ loss }) => loss); // lines of one length come together: single losses jump
const last = tail.reduce((sum, loss) => sum + loss) / tail.length;
const wanted = quick ? 2.85 : 2.1;
if (!(last < wanted))
  throw new Error(`The mean loss of the last steps is ${last.toFixed(3)}, expected below ${wanted}.`);
optimizer.dispose();
twin.dispose();
