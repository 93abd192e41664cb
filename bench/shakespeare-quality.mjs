/**
 * How good do the three cells get on tiny-shakespeare?
 *
 *   node bench/shakespeare-quality.mjs [--cells lstm,gru,rnn] [--layers 1] [--hidden 128] [--epochs 20] [--seed 1]
 *        [--init keras] [--schedule constant] [--log FILE]
 *   node bench/shakespeare-quality.mjs --setting char-rnn [--epochs 5] [--seed 1] [--log FILE]
 *
 * One long text: the last tenth is validation, one-hot input, 32 streams with carried state in chunks of 64 steps, Adam
 * with learning rate 0.002 (constant, or falling to 0 along a cosine over all epochs), gradient norm clipped at 5.
 *
 * `--setting char-rnn` is Karpathy's program of 2015 with its defaults: LSTM 2×128, 50 streams in chunks of 50 steps, the
 * last twentieth of every stream is validation, RMSProp (learning rate 0.002, ρ 0.95), every element of the gradient clipped
 * at 5. Its learning rate falls behind epoch 10 only. First weights are ours, not its U(−0.08, 0.08).
 *
 * Prints the validation loss after every epoch in nats per character, and with --log appends every evaluation as a line of
 * JSON. Needs `npm run build`. The numbers in docs/baselines.md come from here.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { Adam, cosineSchedule, RMSProp } from '../packages/optimizers/dist/index.js';
import { defaultBackend } from '../packages/tensor/dist/index.js';
import { createLanguageModel, referenceLines, TextDataset, Trainer } from '../packages/train/dist/index.js';

const settings = {
  common: {
    shape: { numLayers: 1, hiddenSize: 128 },
    batchSize: 32,
    data: { seqLen: 64, validationFraction: 0.1 },
    clip: { clipNorm: 5 },
    optimizer: (parameters) => new Adam(parameters, { learningRate: 0.002 }),
    defaults: { cells: 'lstm,gru,rnn', epochs: '20' },
  },
  'char-rnn': {
    shape: { numLayers: 2, hiddenSize: 128 },
    batchSize: 50,
    data: { seqLen: 50, validationFraction: 0.05, validationStreams: 50 },
    clip: { clipValue: 5 },
    optimizer: (parameters) => new RMSProp(parameters, { learningRate: 0.002, rho: 0.95 }),
    defaults: { cells: 'lstm', epochs: '5' },
  },
};

const { values } = parseArgs({
  options: {
    setting: { type: 'string', default: 'common' },
    cells: { type: 'string' },
    layers: { type: 'string' },
    hidden: { type: 'string' },
    epochs: { type: 'string' },
    seed: { type: 'string', default: '1' },
    init: { type: 'string', default: 'keras' },
    schedule: { type: 'string', default: 'constant' },
    log: { type: 'string' },
  },
});
if (!(values.setting in settings))
  throw new Error(`--setting ${values.setting}: expected common or char-rnn.`);
const { shape, batchSize, data, clip, optimizer: makeOptimizer, defaults } = settings[values.setting];
const { cells, epochs: epochCount } = { ...defaults, ...values };

const text = readFileSync(new URL('../examples/data/tinyshakespeare.txt', import.meta.url), 'utf8');
const dataset = new TextDataset(text, data);
const [epochs, seed] = [Number(epochCount), Number(values.seed)];
const hiddenSize = Number(values.hidden ?? shape.hiddenSize);
const numLayers = Number(values.layers ?? shape.numLayers);
const { init, schedule } = values;
const { training, validation } = dataset.sizes;

const machine = `${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}`;
const backend = defaultBackend().name;
console.log(`${machine}, backend ${backend}`);
console.log(`${training.tokens} characters to train on, ${validation.tokens} for validation`);
for (const [name, loss] of Object.entries(referenceLines(dataset))) {
  console.log(`${name.padEnd(12)} ${loss.toFixed(3)}`);
}

function learningRateOf(rate) {
  if (schedule === 'constant') return undefined;
  if (schedule !== 'cosine') throw new Error(`--schedule ${schedule}: expected constant or cosine.`);
  return cosineSchedule({ learningRate: rate, decaySteps: epochs * dataset.batchesPerEpoch(batchSize) });
}

for (const cell of cells.split(',')) {
  const { vocabSize } = dataset.tokenizer;
  const model = createLanguageModel({ cell, vocabSize, hiddenSize, numLayers, init, seed });
  const optimizer = makeOptimizer(model.parameters());
  const learningRate = learningRateOf(optimizer.learningRate);
  const trainer = new Trainer({ model, dataset, optimizer, learningRate, batchSize, epochs, ...clip, seed });
  const started = process.cpuUsage();
  for await (const event of trainer.run()) {
    if (event.type === 'evaluation') {
      const { user, system } = process.cpuUsage(started);
      const cpuSeconds = (user + system) / 1e6;
      const { epoch, loss, trainingLoss, seconds } = event;
      console.log(
        `${cell} ${numLayers}×${hiddenSize} epoch ${String(epoch).padStart(2)}: ${loss.toFixed(4)} (training ${trainingLoss.toFixed(4)}), ${cpuSeconds.toFixed(0)} s of processor time`,
      );
      const run = {
        bench: 'shakespeare',
        machine,
        backend,
        setting: values.setting,
        cell,
        hiddenSize,
        numLayers,
        init,
        schedule,
        epochs,
        seed,
      };
      const line = { ...run, epoch, loss, trainingLoss, seconds, cpuSeconds };
      if (values.log) appendFileSync(values.log, `${JSON.stringify(line)}\n`);
    }
    if (event.type === 'stop') {
      console.log(`${cell} best ${event.bestLoss.toFixed(4)} at step ${event.bestStep}`);
    }
  }
}
