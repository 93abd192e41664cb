/**
 * How good do the three cells get on tiny-shakespeare?
 *
 *   node bench/shakespeare-quality.mjs [--cells lstm,gru,rnn] [--layers 1] [--hidden 128] [--epochs 20] [--seed 1]
 *        [--log FILE]
 *
 * One long text: the last tenth is validation, one-hot input, 32 streams with carried state in chunks of 64 steps, Adam
 * with learning rate 0.002, gradient norm clipped at 5. Prints the validation loss after every epoch in nats per
 * character, and with --log appends every evaluation as a line of JSON. Needs `npm run build`. The numbers in
 * docs/baselines.md come from here.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { Adam } from '../packages/optimizers/dist/index.js';
import { defaultBackend } from '../packages/tensor/dist/index.js';
import { createLanguageModel, referenceLines, TextDataset, Trainer } from '../packages/train/dist/index.js';

const { values } = parseArgs({
  options: {
    cells: { type: 'string', default: 'lstm,gru,rnn' },
    layers: { type: 'string', default: '1' },
    hidden: { type: 'string', default: '128' },
    epochs: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    log: { type: 'string' },
  },
});

const text = readFileSync(new URL('../examples/data/tinyshakespeare.txt', import.meta.url), 'utf8');
const dataset = new TextDataset(text, { seqLen: 64, validationFraction: 0.1 });
const [epochs, seed] = [Number(values.epochs), Number(values.seed)];
const { training, validation } = dataset.sizes;

console.log(
  `${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}, backend ${defaultBackend().name}`,
);
console.log(`${training.tokens} characters to train on, ${validation.tokens} for validation`);
for (const [name, loss] of Object.entries(referenceLines(dataset))) {
  console.log(`${name.padEnd(12)} ${loss.toFixed(3)}`);
}

for (const cell of values.cells.split(',')) {
  const shape = { hiddenSize: Number(values.hidden), numLayers: Number(values.layers) };
  const model = createLanguageModel({ cell, vocabSize: dataset.tokenizer.vocabSize, ...shape, seed });
  const optimizer = new Adam(model.parameters(), { learningRate: 0.002 });
  const trainer = new Trainer({ model, dataset, optimizer, batchSize: 32, epochs, clipNorm: 5, seed });
  const started = process.cpuUsage();
  for await (const event of trainer.run()) {
    if (event.type === 'evaluation') {
      const { user, system } = process.cpuUsage(started);
      const cpuSeconds = (user + system) / 1e6;
      const { epoch, loss, trainingLoss, seconds } = event;
      console.log(
        `${cell} ${values.layers}×${values.hidden} epoch ${String(epoch).padStart(2)}: ${loss.toFixed(4)} (training ${trainingLoss.toFixed(4)}), ${cpuSeconds.toFixed(0)} s of processor time`,
      );
      const line = { cell, ...shape, seed, epoch, loss, trainingLoss, seconds, cpuSeconds };
      if (values.log) appendFileSync(values.log, `${JSON.stringify(line)}\n`);
    }
    if (event.type === 'stop') {
      console.log(`${cell} best ${event.bestLoss.toFixed(4)} at step ${event.bestStep}`);
    }
  }
}
