/**
 * What Keras 3 makes of our first weights and our batches: writes the fixture that `@rnnlab/tf-compare` is tested with.
 *
 *   node bench/keras-reference.mjs --python PYTHON
 *
 * Every cell with every optimizer below trains 100 steps in float32 on four batches in turn. PYTHON is one with the packages of
 * bench/requirements.txt (`bench/setup.mjs` makes one). Needs `npm run build`. Only to be run when the oracle changes: the numbers
 * are committed, with the versions that made them.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Rng } from '../packages/tensor/dist/index.js';
import { createLanguageModel } from '../packages/train/dist/index.js';

const { values } = parseArgs({ options: { python: { type: 'string', default: 'python3' } } });
const here = (file) => fileURLToPath(new URL(file, import.meta.url));

const sizes = { vocabSize: 7, hiddenSize: 5, seqLen: 6, batchSize: 3 };
const steps = 100;
const optimizers = [
  { name: 'SGD', learningRate: 0.5 },
  { name: 'Adam', learningRate: 0.02 },
  { name: 'RMSprop', learningRate: 0.01 },
  { name: 'Adadelta', learningRate: 1 },
];

const rng = new Rng(5);
const grid = () =>
  Array.from({ length: sizes.seqLen }, () =>
    Array.from({ length: sizes.batchSize }, () => rng.int(sizes.vocabSize)),
  );
const batches = Array.from({ length: 4 }, () => ({ ids: grid(), targets: grid() }));

/** Every weight differs from its neighbours, biases too: those start at zero otherwise. */
function firstWeights(cell, seed) {
  const { vocabSize, hiddenSize } = sizes;
  const model = createLanguageModel({ cell, vocabSize, hiddenSize, seed, init: 'torch' });
  const tensors = model.parameters().map(({ name, value }) => {
    return [name, { shape: value.shape, data: Array.from(value.data) }];
  });
  return Object.fromEntries(tensors);
}

const cases = ['rnn', 'lstm', 'gru'].flatMap((cell, k) =>
  optimizers.map((optimizer) => ({ cell, optimizer, weights: firstWeights(cell, k + 1) })),
);
const inputs = { sizes, steps, batches, cases };
const { status, stdout, stderr } = spawnSync(values.python, [here('keras_reference.py')], {
  input: JSON.stringify(inputs),
  encoding: 'utf8',
  maxBuffer: 2 ** 28,
});
if (status !== 0) throw new Error(`keras_reference.py: ${stderr}`);
const { versions, defaults, answers } = JSON.parse(stdout);
const fixture = {
  oracle: versions,
  defaults,
  ...inputs,
  cases: cases.map((one, k) => ({ ...one, expected: answers[k] })),
};
const path = here('../packages/tf-compare/fixtures/keras-training.json');
writeFileSync(path, `${JSON.stringify(fixture)}\n`);
console.log(`${cases.length} runs of Keras ${versions.keras} on TensorFlow ${versions.tensorflow}: ${path}`);
