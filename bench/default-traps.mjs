/**
 * What does it cost to take a default of TensorFlow.js, Keras or PyTorch for that of another? Measured on the dinosaur names.
 *
 *   node bench/default-traps.mjs [--only gates,adam] [--seeds 1,2,3] [--epochs 15]     measures, writes the numbers
 *   node bench/default-traps.mjs --page                                                 writes docs/guide/default-traps.md
 *
 * LSTM of 50 units on the training part, batches of 16 names, Adam 0.01 falling along a cosine, gradient norm clipped at 5:
 * the setting of docs/baselines.md, changed in one thing at a time. A number is the best validation loss in nats per
 * character, the mean of the seeds. "As it is" rows take trained weights and run them under the other default. The numbers go
 * to packages/tf-compare/src/generated/default-effects.ts, which `explainDefaults()` tells. Needs `npm run build`, after
 * measuring once more before --page.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { GRU } from '../packages/gru/dist/index.js';
import { LSTM } from '../packages/lstm/dist/index.js';
import { Adadelta, Adam, cosineSchedule, RMSProp } from '../packages/optimizers/dist/index.js';
import { LanguageModel } from '../packages/rnn/dist/index.js';
import { glorotNormal, Rng } from '../packages/tensor/dist/index.js';
import { evaluate, LinesDataset, Trainer } from '../packages/train/dist/index.js';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seeds: { type: 'string', default: '1,2,3' },
    epochs: { type: 'string', default: '15' },
    page: { type: 'boolean', default: false },
  },
});
const path = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url));
const numbersPath = path('packages/tf-compare/src/generated/default-effects.ts');
const pagePath = path('docs/guide/default-traps.md');

if (values.page) {
  const { defaultTrapsPage } = await import('./default-traps-page.mjs');
  writeFileSync(pagePath, defaultTrapsPage());
  console.log(pagePath);
  process.exit();
}

const text = readFileSync(path('examples/data/dinos.txt'), 'utf8');
const dataset = new LinesDataset(text, { lowerCase: true, validationEvery: 10 });
const { vocabSize } = dataset.tokenizer;
const seeds = values.seeds.split(',').map(Number);
const epochs = Number(values.epochs);

function modelOf(Layer, options, seed) {
  const seeds = new Rng(seed);
  const shared = { inputSize: vocabSize, hiddenSize: 50, seed: seeds.uint32(), ...options };
  return new LanguageModel({ vocabSize, recurrent: new Layer(shared), seed: seeds.uint32() });
}

/** The best validation loss, and the model with the weights that reached it. */
async function train(model, seed, makeOptimizer) {
  const optimizer = makeOptimizer(model.parameters());
  const batchSize = 16;
  const learningRate = cosineSchedule({
    learningRate: optimizer.learningRate,
    decaySteps: epochs * dataset.batchesPerEpoch(batchSize),
  });
  const trainer = new Trainer({
    model,
    dataset,
    optimizer,
    batchSize,
    epochs,
    learningRate,
    clipNorm: 5,
    seed,
  });
  for await (const event of trainer.run()) if (event.type === 'stop') return event.bestLoss;
}

const adam =
  (options = {}) =>
  (parameters) =>
    new Adam(parameters, { learningRate: 0.01, ...options });

/** The mean of the seeds. `prepare` may change the first weights. */
async function meanOf(Layer, options, { optimizer = adam(), prepare } = {}) {
  let sum = 0;
  for (const seed of seeds) {
    const model = modelOf(Layer, options, seed);
    prepare?.(model, seed);
    sum += await train(model, seed, optimizer);
  }
  return sum / seeds.length;
}

/** The loss of `model`'s weights in a network of other options, after training in its own. */
async function asItIs(Layer, own, other, convert = (state) => state) {
  let sum = 0;
  for (const seed of seeds) {
    const model = modelOf(Layer, own, seed);
    await train(model, seed, adam());
    const stranger = modelOf(Layer, other, seed);
    stranger.loadStateDict(convert(model.stateDict()));
    sum += (await evaluate(stranger, dataset)).loss;
  }
  return sum / seeds.length;
}

/** One bias where there were two, by their sum. */
function sumBiases(state) {
  const out = new Map(state);
  for (const [name, second] of state) {
    if (!name.includes('bias_hh')) continue;
    const first = name.replace('bias_hh', 'bias_ih');
    const sum = state.get(first).clone();
    for (let k = 0; k < sum.data.length; k++) sum.data[k] += second.data[k];
    out.set(first, sum);
    out.delete(name);
  }
  return out;
}

const redraw = (initializer) => (model, seed) => {
  for (const { name, value } of model.parameters()) {
    if (name === 'rnn.weight_ih_l0' || name === 'head.weight') initializer(value, new Rng(seed + 100));
  }
};
const make = (Optimizer, options) => ({ optimizer: (parameters) => new Optimizer(parameters, options) });
const before = { resetAfter: false };

/** By trap: what was run, and how. The first row of each is what the others are to be compared with. */
const experiments = {
  gates: [
    ['sigmoid (Keras 3, PyTorch)', () => meanOf(LSTM, {})],
    ['hard sigmoid x/5 + ½ (tfjs)', () => meanOf(LSTM, { recurrentActivation: 'hardSigmoidTfjs' })],
    [
      'trained with sigmoid, run with x/5 + ½ as it is',
      () => asItIs(LSTM, {}, { recurrentActivation: 'hardSigmoidTfjs' }),
    ],
    [
      'trained with sigmoid, run with x/6 + ½ as it is',
      () => asItIs(LSTM, {}, { recurrentActivation: 'hardSigmoid' }),
    ],
  ],
  forgetBias: [
    ['1 (Keras)', () => meanOf(LSTM, {})],
    ['0 (tfjs)', () => meanOf(LSTM, { forgetBias: 0 })],
  ],
  initialWeights: [
    ['Glorot uniform, orthogonal (Keras)', () => meanOf(LSTM, {})],
    ['Glorot normal, orthogonal (tfjs)', () => meanOf(LSTM, {}, { prepare: redraw(glorotNormal) })],
    ['U(±1/√H), biases too (PyTorch)', () => meanOf(LSTM, { init: 'torch' })],
  ],
  twoBiases: [
    ['one (Keras, tfjs)', () => meanOf(LSTM, {})],
    ['two (PyTorch)', () => meanOf(LSTM, { recurrentBias: true })],
  ],
  resetGate: [
    ['after the product (Keras, PyTorch)', () => meanOf(GRU, {})],
    ['before the product (tfjs)', () => meanOf(GRU, before)],
    ['trained after, run before as it is', () => asItIs(GRU, {}, before, sumBiases)],
  ],
  adamEpsilon: [
    ['1e-8 (PyTorch)', () => meanOf(LSTM, {})],
    ['1e-7 (tfjs)', () => meanOf(LSTM, {}, { optimizer: adam({ convention: 'tfjs' }) })],
    ['1e-7 as ε̂ (Keras)', () => meanOf(LSTM, {}, { optimizer: adam({ convention: 'keras' }) })],
  ],
  rmsprop: [
    ['PyTorch: rate 0.01, ρ 0.99, ε outside', () => meanOf(LSTM, {}, make(RMSProp, {}))],
    ['Keras: rate 0.001, ρ 0.9, ε inside', () => meanOf(LSTM, {}, make(RMSProp, { convention: 'keras' }))],
    [
      'tfjs: no default rate, here 0.01; ρ 0.9, ε inside',
      () => meanOf(LSTM, {}, make(RMSProp, { convention: 'tfjs' })),
    ],
  ],
  adadelta: [
    ['PyTorch: rate 1, ρ 0.9, ε 1e-6', () => meanOf(LSTM, {}, make(Adadelta, {}))],
    ['Keras: rate 0.001, ρ 0.95, ε 1e-7', () => meanOf(LSTM, {}, make(Adadelta, { convention: 'keras' }))],
    ['tfjs: rate 0.001, ρ 0.95, ε 1e-7', () => meanOf(LSTM, {}, make(Adadelta, { convention: 'tfjs' }))],
    ['Keras at rate 1', () => meanOf(LSTM, {}, make(Adadelta, { convention: 'keras', learningRate: 1 }))],
    ['tfjs at rate 1', () => meanOf(LSTM, {}, make(Adadelta, { convention: 'tfjs', learningRate: 1 }))],
  ],
};

const memory = new Map();
const wanted = values.only?.split(',') ?? Object.keys(experiments);
const effects = {};
for (const trap of wanted) {
  effects[trap] = [];
  for (const [setting, run] of experiments[trap]) {
    const key = String(run); // the baseline stands in several traps: run once
    let loss = memory.get(key);
    if (loss === undefined) {
      loss = await run().catch((error) => {
        if (error.code === 'ERR_DIVERGENCE') return Infinity;
        throw error;
      });
      memory.set(key, loss);
    }
    effects[trap].push({ setting, loss: Number.isFinite(loss) ? Number(loss.toFixed(3)) : null });
    console.log(`${trap.padEnd(15)} ${setting.padEnd(52)} ${loss.toFixed(3)}`);
  }
}
if (!values.only) {
  const measured = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0].model}, ${cpus().length} cores`,
    seeds,
    epochs,
  };
  writeFileSync(
    numbersPath,
    `// Written by bench/default-traps.mjs. Best validation loss on the dinosaur names, nats per character, mean of the seeds.
export const effectsMeasured = ${JSON.stringify(measured, null, 2)};

/** \`loss\` is null where training diverged. */
export const defaultEffects: Record<string, { setting: string; loss: number | null }[]> = ${JSON.stringify(effects, null, 2)};
`,
  );
  console.log(numbersPath);
}
