/**
 * A million characters of Shakespeare: 32 parallel streams, the state carried from chunk to chunk, back-propagation
 * through 64 steps. The last tenth of the text is held out to measure on.
 */
import { readFileSync } from 'node:fs';
import { Adam } from '@rnnlab/optimizers';
import { createLanguageModel, TextDataset, Trainer } from '@rnnlab/train';

const quick = process.argv.includes('--quick');

const whole = readFileSync(new URL('../data/tinyshakespeare.txt', import.meta.url), 'utf8');
const text = quick ? whole.slice(0, 60_000) : whole;
const dataset = new TextDataset(text, { seqLen: 64, validationFraction: 0.1 });
const { vocabSize } = dataset.tokenizer;

const model = createLanguageModel({ cell: 'lstm', vocabSize, hiddenSize: quick ? 48 : 128, seed: 1 });
const trainer = new Trainer({
  model,
  dataset,
  optimizer: new Adam(model.parameters(), { learningRate: quick ? 0.01 : 0.002 }),
  batchSize: 32,
  epochs: 5,
  clipNorm: 5,
  seed: 1,
  sample: { count: 1, maxNewTokens: 400, temperature: 0.8 },
});

let best = Infinity;
for await (const event of trainer.run()) {
  if (event.type === 'evaluation') {
    const { epoch, trainingLoss = NaN, loss, seconds } = event;
    const losses = `training ${trainingLoss.toFixed(3)}, validation ${loss.toFixed(3)} nats/char`;
    console.log(`epoch ${epoch}, ${seconds.toFixed(0)} s: ${losses}`);
  }
  if (event.type === 'stop') best = event.bestLoss ?? Infinity;
}

console.log(`\nBest validation: ${best.toFixed(3)} nats/char. A passage of its own:\n`);
const [passage] = await trainer.sample();
console.log(passage.trim());

const wanted = quick ? 2.5 : 1.95;
if (!(best < wanted)) throw new Error(`The loss is ${best.toFixed(3)}, expected below ${wanted}.`);
