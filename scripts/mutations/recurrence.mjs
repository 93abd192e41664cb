/** Mutations of what all cells share: weights, unrolling, layers, directions, dropout. See list.mjs for the form. */

const rnn = ['packages/rnn/src/rnn.test.ts'];
const contract = 'RNN .tanh. keeps the recurrent contract';

export const recurrence = [
  {
    file: 'packages/rnn/src/cell-weights.ts',
    tests: rnn,
    only: contract,
    mutations: {
      'W_hh transposed in the backward pass': [
        [
          'this.weightHh.value, batchSize, { transposed }',
          'this.weightHh.value, batchSize, { transposed: true }',
        ],
      ],
      'dW_hh from the states after each step instead of before it': [
        ['states.h.slice(0, seqLen)', 'states.h.slice(1, seqLen + 1)'],
      ],
      'db_hh not summed over time: one step only': [
        [
          'columnSums(da.shape[0], width, da, this.biasHh.grad)',
          'columnSums(dA.shape[1], width, da, this.biasHh.grad)',
        ],
      ],
      'dW_hh replaced instead of added to': [
        [
          'this.weightHh.grad, { transposeA: true, accumulate: true }',
          'this.weightHh.grad, { transposeA: true }',
        ],
      ],
    },
  },
  {
    file: 'packages/rnn/src/input-projection.ts',
    tests: rnn,
    only: contract,
    mutations: {
      'db_ih not summed over time: the first step only': [
        ['columnSums(N, J, dz, biasIh.grad)', 'columnSums(dGates.shape[1], J, dz, biasIh.grad)'],
      ],
      'W_ih multiplied without transposing it': [['z, { transposeB: true }', 'z, {}']],
    },
  },
  {
    file: 'packages/rnn/src/unroll.ts',
    tests: rnn,
    only: contract,
    mutations: {
      'state not carried into a chunk: it starts from zeros': [
        ['if (initial) first.copyFrom', 'if (initial === null) first.copyFrom'],
      ],
      'dL/d(final state) left out': [
        ['return given ? zeros.copyFrom(given) : zeros', 'return given ? zeros : zeros'],
      ],
      'output of the reverse direction not turned back in time': [
        ['copyFrom(reverse ? reverseTime(h) : h)', 'copyFrom(h)'],
      ],
      'dL/dx of the reverse direction not turned back in time': [
        ['dInput && reverse ? reverseTime(dInput) : dInput', 'dInput'],
      ],
      'lengths ignored in the backward pass': [
        ['const rows = paddedRows(padding, reverse, t);', 'const rows: number[] = [];'],
      ],
      'padded steps move the state': [
        ['after.row(row).copyFrom(before.row(row))', 'void [after, before, row]'],
      ],
      'outputs of padded steps not zero': [['if (padding) zeroPadding(output, padding);', '']],
      'padding of the reverse direction looked up in the wrong order': [
        ['padding[reverse ? padding.length - 1 - t : t]', 'padding[t]'],
      ],
    },
  },
  {
    file: 'packages/rnn/src/recurrent-layer.ts',
    tests: rnn,
    only: contract,
    mutations: {
      'dropout mask not used again in the backward pass': [
        ['dx && mask ? applyDropoutMask(dx, mask) : dx', 'dx'],
      ],
      'dropout also at inference': [['const dropped = options.training && ', 'const dropped = ']],
      'one direction’s dL/dx replaces the other’s': [
        ['dx && run.input ? add(dx, run.input) : run.input', 'run.input'],
      ],
    },
  },
  {
    file: 'packages/rnn/src/directions.ts',
    tests: rnn,
    only: contract,
    mutations: {
      'mean of the directions: gradient not halved': [
        ["const share = merge === 'mean' ? 0.5 : 1", 'const share = 1'],
      ],
    },
  },
  {
    file: 'packages/rnn/src/dropout.ts',
    tests: ['packages/rnn/src/dropout-layer.test.ts'],
    mutations: {
      'dropout mask not scaled by 1/(1 − p)': [['< p ? 0 : 1 / (1 - p)', '< p ? 0 : 1']],
    },
  },
  {
    file: 'packages/rnn/src/zoneout.ts',
    tests: ['packages/rnn/src/zoneout.test.ts'],
    mutations: {
      'zoneout: the gradient of what was kept does not go past the cell': [
        ['ds.data[k] -= past.data[k]', 'ds.data[k] -= 0'],
      ],
    },
  },
  {
    file: 'packages/rnn/src/recurrent-dropout.ts',
    tests: rnn,
    only: contract,
    mutations: {
      'recurrent dropout: mask not used again in the backward pass': [
        ['mask.data[k] * dDropped.data[k]', 'dDropped.data[k]'],
      ],
    },
  },
  {
    file: 'packages/rnn/src/embedding.ts',
    tests: ['packages/rnn/src/embedding.test.ts'],
    mutations: {
      'embedding: a repeated token keeps only its last gradient': [
        ['dW[id * E + k] += dy[n * E + k]', 'dW[id * E + k] = dy[n * E + k]'],
      ],
    },
  },
  {
    file: 'packages/rnn/src/layer-norm.ts',
    tests: ['packages/rnn/src/layer-norm.test.ts'],
    mutations: {
      'layer norm: the mean’s part in the gradient left out': [['* dy[k] - meanDn - n[k]', '* dy[k] - n[k]']],
    },
  },
  {
    file: 'packages/rnn/src/linear.ts',
    tests: ['packages/rnn/src/linear.test.ts'],
    mutations: {
      'linear: bias gradient from the first row only': [
        ['columnSums(dy.shape[0], outputSize, dy', 'columnSums(1, outputSize, dy'],
      ],
    },
  },
  {
    file: 'packages/attention/src/attend.ts',
    tests: ['packages/attention/src/attention.test.ts'],
    mutations: {
      'attention: softmax’ gradient without its second term': [
        ['alpha[j] * (de[j] - inner)', 'alpha[j] * de[j]'],
      ],
    },
  },
];
