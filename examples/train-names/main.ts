/**
 * Dinosaur names with the trainer: mini-batches of 32 names, every 10th name held out to measure on.
 */
import { readFileSync } from 'node:fs';
import { Adam } from '@rnnlab/optimizers';
import { createLanguageModel, LinesDataset, Trainer } from '@rnnlab/train';

const quick = process.argv.includes('--quick');

const text = readFileSync(new URL('../data/dinos.txt', import.meta.url), 'utf8');
const dataset = new LinesDataset(text, { lowerCase: true, validationEvery: 10 });
const { vocabSize } = dataset.tokenizer;

const model = createLanguageModel({ cell: 'lstm', vocabSize, hiddenSize: 50, seed: 1 });
const trainer = new Trainer({
  model,
  dataset,
  optimizer: new Adam(model.parameters(), { learningRate: 0.01 }),
  batchSize: 32,
  epochs: quick ? 4 : 20,
  clipNorm: 5,
  seed: 1,
  sample: { count: 10, temperature: 0.8 },
});

let best = Infinity;
for await (const event of trainer.run()) {
  if (event.type === 'evaluation') {
    const { epoch, trainingLoss = NaN, loss } = event;
    console.log(
      `epoch ${epoch}: training ${trainingLoss.toFixed(3)}, validation ${loss.toFixed(3)} nats/char`,
    );
  }
  if (event.type === 'stop') best = event.bestLoss ?? Infinity;
}

// The model now holds the weights of the best evaluation.
console.log(`\nBest validation: ${best.toFixed(3)} nats/char. Ten names of its own:`);
for (const name of await trainer.sample()) {
  console.log(`  ${name}${dataset.originOf(name) === 'new' ? '' : '  (in the list)'}`);
}

const wanted = quick ? 2 : 1.7;
if (!(best < wanted)) throw new Error(`The loss is ${best.toFixed(3)}, expected below ${wanted}.`);
