/**
 * How good do the three cells get on the dinosaur names, and how fast?
 *
 *   node bench/dinos-quality.mjs [--cells rnn,lstm,gru] [--seeds 1,2,3] [--epochs 15] [--hidden 50] [--batch 16]
 *        [--bucket 8] [--lr 0.01] [--schedule cosine|constant] [--clip 5] [--backend default|reference] [--json]
 *        [--log FILE]
 *
 * Lower-cased names, every 10th is validation, one-hot input, Adam. Prints the best validation loss of every run in
 * nats per character (end of line included), the epoch it was reached in, and the time of the whole run; above it what
 * models reach that only count. With --log appends every run as a line of JSON. Needs
 * `npm run build`. The numbers in docs/baselines.md come from here.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { Adam, cosineSchedule } from '../packages/optimizers/dist/index.js';
import { defaultBackend, referenceBackend } from '../packages/tensor/dist/index.js';
import { createLanguageModel, LinesDataset, referenceLines, Trainer } from '../packages/train/dist/index.js';

const { values } = parseArgs({
  options: {
    cells: { type: 'string', default: 'rnn,lstm,gru' },
    seeds: { type: 'string', default: '1,2,3' },
    epochs: { type: 'string', default: '15' },
    hidden: { type: 'string', default: '50' },
    batch: { type: 'string', default: '16' },
    bucket: { type: 'string', default: '8' },
    lr: { type: 'string', default: '0.01' },
    schedule: { type: 'string', default: 'cosine' },
    clip: { type: 'string', default: '5' },
    backend: { type: 'string', default: 'default' },
    json: { type: 'boolean', default: false },
    log: { type: 'string' },
  },
});

const epochs = Number(values.epochs);
const lr = Number(values.lr);
const backend = values.backend === 'reference' ? referenceBackend : defaultBackend();
const text = readFileSync(new URL('../examples/data/dinos.txt', import.meta.url), 'utf8');
const dataset = new LinesDataset(text, {
  lowerCase: true,
  validationEvery: 10,
  bucketBatches: Number(values.bucket),
});

/** One run: the best evaluation and when it was. */
async function train(cell, seed) {
  const { vocabSize } = dataset.tokenizer;
  const model = createLanguageModel({ cell, vocabSize, hiddenSize: Number(values.hidden), seed, backend });
  const optimizer = new Adam(model.parameters(), { learningRate: lr });
  const batchSize = Number(values.batch);
  const decaySteps = epochs * dataset.batchesPerEpoch(batchSize);
  const learningRate =
    values.schedule === 'cosine' ? cosineSchedule({ learningRate: lr, decaySteps }) : undefined;
  const options = {
    model,
    dataset,
    optimizer,
    batchSize,
    epochs,
    learningRate,
    clipNorm: Number(values.clip),
    seed,
  };
  const curve = [];
  const started = process.cpuUsage();
  let best;
  for await (const event of new Trainer(options).run()) {
    if (event.type === 'evaluation') curve.push(event);
    if (event.type === 'stop') best = event;
  }
  const { user, system } = process.cpuUsage(started);
  const at = curve.find(({ step }) => step === best.bestStep);
  return {
    cell,
    seed,
    loss: at.loss,
    epoch: at.epoch,
    seconds: curve.at(-1).seconds,
    cpuSeconds: (user + system) / 1e6,
    curve: curve.map((e) => e.loss),
  };
}

const runs = [];
for (const cell of values.cells.split(',')) {
  for (const seed of values.seeds.split(',')) runs.push(await train(cell, Number(seed)));
}

if (values.log) {
  const machine = `${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}`;
  for (const run of runs) {
    const line = { bench: 'dinos', machine, backend: backend.name, ...run };
    appendFileSync(values.log, `${JSON.stringify(line)}\n`);
  }
}
if (values.json) {
  console.log(JSON.stringify({ settings: values, runs }));
} else {
  const { training, validation } = dataset.sizes;
  console.log(`${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}, backend ${backend.name}`);
  console.log(
    `${training.items} names to train on, ${validation.items} for validation (${validation.tokens} characters)`,
  );
  console.log(
    `hidden ${values.hidden}, batch ${values.batch}, Adam ${values.lr} (${values.schedule}), clip ${values.clip}, ${epochs} epochs`,
  );

  for (const [name, loss] of Object.entries(referenceLines(dataset)))
    console.log(`${name.padEnd(12)} ${loss.toFixed(3)}`);
  for (const { cell, seed, loss, epoch, seconds, cpuSeconds } of runs) {
    console.log(
      `${cell.padEnd(4)} seed ${seed}  ${loss.toFixed(3)} nats/char in epoch ${String(epoch).padStart(2)}, ${seconds.toFixed(1)} s in all, ${cpuSeconds.toFixed(1)} s of processor time`,
    );
  }
  for (const cell of new Set(runs.map((run) => run.cell))) {
    const losses = runs.filter((run) => run.cell === cell).map((run) => run.loss);
    const mean = losses.reduce((a, b) => a + b) / losses.length;
    console.log(`${cell.padEnd(4)} mean of ${losses.length}: ${mean.toFixed(3)}`);
  }
}
