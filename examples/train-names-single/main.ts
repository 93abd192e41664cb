/**
 * Dinosaur names one at a time: each name is one optimizer step, as in the lab that this project grew from.
 *
 * There: a tanh RNN of 50 units, plain gradient descent with a learning rate of 0.01, gradient elements cut to
 * ±5. Same here, so that the two can be compared; mini-batches and Adam (../train-names) learn much faster.
 */
import { readFileSync } from 'node:fs';
import { SGD } from '@rnnlab/optimizers';
import { createLanguageModel, LinesDataset, Trainer } from '@rnnlab/train';

const quick = process.argv.includes('--quick');

const text = readFileSync(new URL('../data/dinos.txt', import.meta.url), 'utf8');
const dataset = new LinesDataset(text, { lowerCase: true, validationEvery: 10 });
const { vocabSize } = dataset.tokenizer;

const model = createLanguageModel({ cell: 'rnn', vocabSize, hiddenSize: 50, seed: 1 });
const trainer = new Trainer({
  model,
  dataset,
  optimizer: new SGD(model.parameters(), { learningRate: 0.01 }),
  batchSize: 1,
  evaluationBatchSize: 32,
  steps: quick ? 3_000 : 35_000,
  clipValue: 5,
  evaluateEvery: { steps: quick ? 1_500 : 2_500 },
  seed: 1,
  sample: { every: { steps: 1_000_000 }, count: 10, temperature: 0.8 },
});

let best = Infinity;
for await (const event of trainer.run()) {
  if (event.type === 'evaluation') {
    const { step, trainingLoss = NaN, loss } = event;
    console.log(`step ${step}: training ${trainingLoss.toFixed(3)}, validation ${loss.toFixed(3)} nats/char`);
  }
  if (event.type === 'stop') best = event.bestLoss ?? Infinity;
}

console.log(`\nBest validation: ${best.toFixed(3)} nats/char. Ten names of its own:`);
for (const name of await trainer.sample()) {
  console.log(`  ${name}${dataset.originOf(name) === 'new' ? '' : '  (in the list)'}`);
}

const wanted = quick ? 2.3 : 1.85;
if (!(best < wanted)) throw new Error(`The loss is ${best.toFixed(3)}, expected below ${wanted}.`);
