/** Mutations of losses, sampling and randomness. See list.mjs for the form. */

const crossEntropy = [
  'packages/rnn/src/cross-entropy.test.ts',
  'packages/rnn/src/golden-cross-entropy.test.ts',
];
const sampling = ['packages/rnn/src/sample-token.test.ts'];

export const losses = [
  {
    file: 'packages/tensor/src/softmax.ts',
    tests: ['packages/tensor/src/softmax.test.ts'],
    mutations: {
      'softmax without the shift by the largest score': [['max = Math.max(max, z[k])', 'max = 0']],
      'softmax’ gradient without its second term': [['row[k] * (up[k] - inner)', 'row[k] * up[k]']],
    },
  },
  {
    file: 'packages/rnn/src/cross-entropy.ts',
    tests: crossEntropy,
    mutations: {
      'loss averaged over padded positions too': [
        ["reduction === 'mean' ? weight : 1", "reduction === 'mean' ? perRow.size : 1"],
      ],
      'gradient of the mean not divided by the count': [['(n) => up(n) / divisor', '(n) => up(n)']],
      'ignored targets counted': [
        [
          'const counts = (n: number) => soft || targets.data[n] !== ignoreIndex',
          'const counts = (n: number) => n >= 0',
        ],
      ],
      'class weights in the loss but not in its mean': [
        ['weight += soft ? 1 : weightOf(targets.data[n])', 'weight += 1'],
      ],
      'label smoothing spread over the other classes only': [
        ['labelSmoothing / V)', 'labelSmoothing / (V - 1))'],
      ],
    },
  },
  {
    file: 'packages/rnn/src/cross-entropy-ids.ts',
    tests: crossEntropy,
    mutations: {
      'padding gets a gradient': [
        [
          'if (weights.data[n] !== 0) scale.data[n] = weights.data[n] * upstreamOf(n)',
          'scale.data[n] = upstreamOf(n)',
        ],
      ],
    },
  },
  {
    file: 'packages/rnn/src/mse.ts',
    tests: ['packages/rnn/src/element-loss.test.ts'],
    mutations: {
      'squared error: factor 2 of the gradient forgotten': [['2 * (x - y)', 'x - y']],
    },
  },
  {
    file: 'packages/rnn/src/temperature.ts',
    tests: sampling,
    mutations: {
      'temperature multiplied instead of divided': [
        ['(logits[k] - top) / temperature', '(logits[k] - top) * temperature'],
      ],
    },
  },
  {
    file: 'packages/rnn/src/top-k.ts',
    tests: sampling,
    mutations: {
      'top-k keeps one token too many': [['subarray(k)', 'subarray(k + 1)']],
    },
  },
  {
    file: 'packages/rnn/src/top-p.ts',
    tests: sampling,
    mutations: {
      'top-p drops the token that reaches p': [
        ['if (mass >= p) logits', 'if (mass + Math.exp(logits[token] - max) / expSum >= p) logits'],
      ],
    },
  },
  {
    file: 'packages/rnn/src/repetition-penalty.ts',
    tests: sampling,
    mutations: {
      'repetition penalty makes unlikely tokens likelier': [[': z * theta', ': z / theta']],
    },
  },
  {
    file: 'packages/tensor/src/rng.ts',
    tests: ['packages/tensor/src/rng.test.ts'],
    mutations: {
      'xoshiro128**: wrong constant of the rotation': [['rotateLeft(s[3], 11)', 'rotateLeft(s[3], 12)']],
      'integers with modulo bias': [['if (draw < complete) return', 'return']],
    },
  },
  {
    file: 'packages/tensor/src/initializers.ts',
    tests: ['packages/tensor/src/initializers.test.ts'],
    mutations: {
      'Glorot’s limit from fanIn alone': [['Math.sqrt(6 / (fanIn + fanOut))', 'Math.sqrt(6 / fanIn)']],
    },
  },
  {
    file: 'packages/tensor/src/testing/grad-check.ts',
    tests: ['packages/tensor/src/testing/grad-check.test.ts'],
    mutations: {
      'gradCheck: NaN counts as no error': [['Number.isNaN(error) ? Infinity : error', 'error']],
      'gradCheck: every gradient is right': [['relativeError: errors[worst] ?? 0', 'relativeError: 0']],
    },
  },
];
