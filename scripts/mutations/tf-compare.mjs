/** Mutations of what stands between our weights and TensorFlow's. See list.mjs for the form. */

const weights = ['packages/tf-compare/src/keras-weights.test.ts'];
const twin = ['packages/tf-compare/src/tf-char-rnn.test.ts'];
const fit = ['packages/tf-compare/src/fit-manually.test.ts'];
const model = ['packages/tf-compare/src/fit-with-model.test.ts'];
const cpu = 'engine cpu';

export const tfCompare = [
  {
    file: 'packages/tf-compare/src/keras-layout.ts',
    tests: weights,
    mutations: {
      'Keras: blocks r and z of a GRU not swapped': [['gru: [1, 0, 2]', 'gru: [0, 1, 2]']],
    },
  },
  {
    file: 'packages/tf-compare/src/keras-weights.ts',
    tests: weights,
    mutations: {
      'Keras: the second bias left out of the sum': [
        ['sum.data[k] += second.data[k]', 'sum.data[k] += 0 * second.data[k]'],
      ],
      'Keras: both biases of a GRU are the first': [
        [
          'both.row(1).copyFrom(toKerasLayout(cell, second))',
          'both.row(1).copyFrom(toKerasLayout(cell, first))',
        ],
      ],
    },
  },
  {
    file: 'packages/tf-compare/src/keras-model.ts',
    tests: twin,
    only: cpu,
    mutations: {
      'TFCharRNN: gates of tfjs’ default, the hard sigmoid': [
        ["recurrentActivation: 'sigmoid'", "recurrentActivation: 'hardSigmoid'"],
      ],
    },
  },
  {
    file: 'packages/tf-compare/src/one-hot.ts',
    tests: model,
    only: cpu,
    mutations: {
      'TFCharRNN: padding goes in as token 0': [['lengths ? lengths[b] : seqLen', 'seqLen']],
    },
  },
  {
    file: 'packages/tf-compare/src/masked-cross-entropy.ts',
    tests: twin,
    only: cpu,
    mutations: {
      'TFCharRNN: the loss divided by the number of rows, padding included': [
        ['tf.maximum(tf.sum(y), 1)', 'y.size / y.shape[2]!'],
      ],
    },
  },
  {
    file: 'packages/tf-compare/src/tf-char-rnn.ts',
    tests: twin,
    only: cpu,
    mutations: {
      'TFCharRNN: a layer starts from the state of another': [
        ['state?.slice(l * size, (l + 1) * size)', 'state?.slice(0, size)'],
      ],
    },
  },
  {
    file: 'packages/tf-compare/src/fit-manually.ts',
    tests: fit,
    only: cpu,
    mutations: {
      'fitManually: the state of a text not carried': [['carriesState ? state : undefined', 'undefined']],
      'fitManually: the norm is half of what it is': [
        ['gradientNorm = norm.dataSync()[0]', 'gradientNorm = norm.dataSync()[0] / 2'],
      ],
      'fitManually: the state behind a batch never let go': [['model.tf.dispose([...(before ?? [])]);', '']],
    },
  },
  {
    file: 'packages/tf-compare/src/fit-with-model.ts',
    tests: model,
    only: cpu,
    mutations: {
      'fitWithModel: the state of stateful layers not reset at the start of an epoch': [
        ['stateful ? [reset] : []', 'stateful ? [] : []'],
      ],
    },
  },
];
