/**
 * What is measured: every workload with its sizes, who takes part and how often.
 *
 * `kind` is what a peer has to know: `train` (one-hot input, recurrent layers, head, cross-entropy, gradients of
 * everything, clip by the common norm, Adam), `sample` (one token after another, batch 1, temperature 1) or `product`
 * (one matrix product). `profile` asks rnnlab where the time of a step goes. `fresh` measures the time from the start of a program to its first loss instead of a rate.
 */
const character = {
  kind: 'train',
  vocabSize: 65,
  seqLen: 64,
  batchSize: 32,
  numLayers: 1,
  learningRate: 0.002,
  clipNorm: 5,
  checkSteps: 3,
};

const everybody = [
  'wasm',
  'wasm-2',
  'blas',
  'blas-2',
  'reference',
  'wasm-2-node20',
  'wasm-2-node22',
  'wasm-2-node26',
  'chromium-wasm',
  'chromium-wasm-2',
  'pytorch-1',
  'pytorch-2',
  'numpy-1',
  'numpy-2',
  'keras-1',
  'keras-2',
  'tfjs-node',
  'tfjs-wasm',
  'chromium-tfjs-wasm',
  'tfjs-cpu',
  'brain',
]; // prettier-ignore
const core = ['wasm', 'wasm-2', 'blas', 'blas-2', 'pytorch-2', 'numpy-2', 'keras-2', 'tfjs-node'];
const oneThread = [
  'wasm',
  'blas',
  'reference',
  'wasm-node20',
  'wasm-node22',
  'wasm-node26',
  'chromium-wasm',
  'pytorch-1',
  'numpy-1',
  'keras-1',
  'tfjs-node',
  'tfjs-wasm',
  'tfjs-cpu',
  'brain',
]; // prettier-ignore
const multipliers = [
  'wasm',
  'wasm-2',
  'wasm-node20',
  'blas',
  'blas-2',
  'pytorch-1',
  'pytorch-2',
  'numpy-1',
  'numpy-2',
  'tfjs-node',
  'tfjs-wasm',
]; // prettier-ignore
const growing = ['wasm', 'wasm-2', 'pytorch-2', 'tfjs-node'];

const train = (id, title, sizes, rest) => ({
  id,
  title,
  unit: 'characters/s',
  ...character,
  ...sizes,
  ...rest,
});
const hiddenSizes = [64, 128, 256, 512];

const products = [
  ['step-64', 'a step of time, H 64', 32, 64, 256],
  ['step-256', 'a step of time, H 256', 32, 256, 1024],
  ['step-512', 'a step of time, H 512', 32, 512, 2048],
  ['inputs-256', 'inputs of a second layer, H 256', 2048, 256, 1024],
  ['gradient-256', 'gradient of W_hh, H 256', 1024, 2048, 256, true],
];

/** All workloads of the page, in its order. */
export const workloads = [
  ...hiddenSizes.map((hiddenSize) =>
    train(
      `train-lstm-${hiddenSize}`,
      `LSTM, H ${hiddenSize}`,
      { cell: 'lstm', hiddenSize },
      { contestants: everybody, rounds: 5, seconds: 0.35 },
    ),
  ),
  ...['gru', 'rnn'].flatMap((cell) =>
    hiddenSizes.map((hiddenSize) =>
      train(
        `train-${cell}-${hiddenSize}`,
        `${cell.toUpperCase()}, H ${hiddenSize}`,
        { cell, hiddenSize },
        { contestants: core, rounds: 3, seconds: 0.25 },
      ),
    ),
  ),
  train(
    'train-lstm-2x256',
    'two LSTM layers, H 256',
    { cell: 'lstm', hiddenSize: 256, numLayers: 2 },
    { contestants: core, rounds: 3, seconds: 0.4 },
  ),
  train(
    'single',
    'one name at a time: LSTM, H 96, B 1, T 16, V 27',
    { cell: 'lstm', hiddenSize: 96, batchSize: 1, seqLen: 16, vocabSize: 27 },
    { contestants: oneThread, rounds: 5, seconds: 0.3 },
  ),
  ...[128, 512].map((hiddenSize) => ({
    ...{
      id: `sample-${hiddenSize}`,
      title: `LSTM, H ${hiddenSize}`,
      unit: 'characters/s',
      kind: 'sample',
      cell: 'lstm',
    },
    ...{ vocabSize: 65, hiddenSize, numLayers: 1, learningRate: 0.002, checkSteps: 20 },
    ...{ contestants: oneThread, rounds: 5, seconds: 0.3 },
  })),
  train(
    'first',
    'LSTM, H 128',
    { cell: 'lstm', hiddenSize: 128, checkSteps: 1 },
    {
      unit: 'ms',
      fresh: true,
      contestants: [
        'wasm',
        'wasm-2',
        'blas',
        'wasm-node20',
        'wasm-node22',
        'wasm-node26',
        'reference',
        'chromium-wasm',
        'numpy-1',
        'pytorch-1',
        'keras-1',
        'tfjs-node',
        'tfjs-wasm',
      ],
      rounds: 3,
    },
  ),
  ...products.map(([name, title, m, k, n, transposeA = false]) => ({
    ...{
      id: `product-${name}`,
      title: `${title}: ${m} × ${k} × ${n}`,
      unit: 'GFLOP/s',
      kind: 'product',
      m,
      k,
      n,
      transposeA,
    },
    ...{ contestants: multipliers, rounds: 5, seconds: 0.12 },
  })),
  ...[
    ['H', 'hiddenSize', [32, 1024]],
    ['T', 'seqLen', [16, 256]],
    ['B', 'batchSize', [1, 8, 128]],
  ].flatMap(([letter, name, sizes]) =>
    sizes.map((size) =>
      train(
        `growth-${letter}-${size}`,
        `LSTM, H 128, but ${letter} ${size}`,
        { cell: 'lstm', hiddenSize: 128, [name]: size },
        { contestants: growing, rounds: 3, seconds: 0.3 },
      ),
    ),
  ),
  ...hiddenSizes.map((hiddenSize) =>
    train(
      `profile-${hiddenSize}`,
      `LSTM, H ${hiddenSize}`,
      { cell: 'lstm', hiddenSize, profile: true },
      { contestants: ['wasm', 'wasm-2', 'blas', 'blas-2'], rounds: 1, seconds: 0.5 },
    ),
  ),
];

/** `--quick`: a part of them, with everybody, in two minutes. */
export const quickWorkloads = workloads
  .filter(({ id }) =>
    ['train-lstm-128', 'single', 'sample-128', 'first', 'product-step-256', 'profile-128'].includes(id),
  )
  .map((workload) => ({ ...workload, rounds: workload.fresh ? 1 : 2, seconds: 0.2 }));

/** `--smoke`: rnnlab alone on the smallest sizes, whether everything still runs. */
export const smokeWorkloads = [
  ...[
    'train-lstm-64',
    'train-gru-64',
    'train-rnn-64',
    'train-lstm-2x256',
    'sample-128',
    'first',
    'product-gradient-256',
    'profile-64',
  ].map((id) => {
    const workload = workloads.find((workload) => workload.id === id);
    const small = workload.kind === 'product' ? { m: 5, k: 7, n: 3 } : { vocabSize: 7, hiddenSize: 5 };
    const shorter = workload.kind === 'train' ? { seqLen: 4, batchSize: 3 } : {};
    return {
      ...workload,
      ...small,
      ...shorter,
      contestants: ['wasm-here', 'wasm-2-here', 'reference-here'],
      rounds: 1,
      seconds: 0.01,
    };
  }),
];

/** Those whose id is named or begins with a name: `train`, `train-gru`, `sample-128`. */
export function chosen(list, only) {
  if (!only) return list;
  const names = only.split(',');
  const strange = names.find((name) => !list.some(({ id }) => id === name || id.startsWith(`${name}-`)));
  if (strange)
    throw new Error(
      `--only: no workload is called "${strange}". There are: ${list.map(({ id }) => id).join(', ')}.`,
    );
  return list.filter(({ id }) => names.some((name) => id === name || id.startsWith(`${name}-`)));
}
