/** Mutations of the optimizers. See list.mjs for the form. */

const golden = ['packages/optimizers/src/golden.test.ts'];
const clipping = ['packages/optimizers/src/clipping.test.ts'];

export const optimizers = [
  {
    file: 'packages/optimizers/src/adam.ts',
    tests: golden,
    mutations: {
      'Adam: ε inside the root': [
        [
          '(Math.sqrt(divisor[i] / c + epsilonRoot) + epsilon)',
          'Math.sqrt(divisor[i] / c + epsilonRoot + epsilon)',
        ],
      ],
      'Adam: bias correction missing': [
        ['1 - beta1 ** age', '1'],
        ['1 - beta2 ** age', '1'],
      ],
      'Adam: bias correction with the power of the next step': [
        ['o.biasCorrection ? t :', 'o.biasCorrection ? t + 1 :'],
      ],
      'Adam: m not weighted by 1 − β₁': [
        ['m[i] = beta1 * m[i] + (1 - beta1) * g;', 'm[i] = beta1 * m[i] + g;'],
      ],
      'AMSGrad: the latest v instead of the largest': [['Math.max(vMax[i], v[i] / cMax)', 'v[i] / cMax']],
    },
  },
  {
    file: 'packages/optimizers/src/rmsprop.ts',
    tests: golden,
    mutations: {
      'RMSProp: ε inside the root in PyTorch’s form': [
        ['o.epsilonInRoot ? (wrong ? -epsilon : epsilon) : 0', 'epsilon'],
        ['o.epsilonInRoot ? 0 : epsilon', '0'],
      ],
      'RMSProp: centered without the mean': [['variance -= (a[i] / c) ** 2', 'variance -= 0']],
    },
  },
  {
    file: 'packages/optimizers/src/sgd.ts',
    tests: golden,
    mutations: {
      'SGD: learning rate inside the velocity': [
        ['o.learningRateInVelocity ? lr : 1', 'lr'],
        ['o.learningRateInVelocity ? 1 : lr', '1'],
      ],
      'SGD: Nesterov does not look ahead': [['nesterov ? d + momentum * v[i] : v[i]', 'v[i]']],
      'SGD: first step dampened': [['t > 1 ? 1 - dampening : 1', '1 - dampening']],
    },
  },
  {
    file: 'packages/optimizers/src/optimizer.ts',
    tests: golden,
    mutations: {
      'weight decay coupled where it should be decoupled': [['o.decoupledWeightDecay ? decay : 0', '0']],
    },
  },
  {
    file: 'packages/optimizers/src/clipping.ts',
    tests: clipping,
    mutations: {
      'clipping: every tensor by its own norm': [
        [
          "return clip('clipGradNorm', arrays, maxNorm, options);",
          "for (const array of arrays) clip('', [array], maxNorm, options);\n  return clip('clipGradNorm', arrays, maxNorm, options);",
        ],
      ],
      'clipping grows small norms': [['if (scale < 1) {', 'if (scale > 0) {']],
      'clipping multiplies by NaN': [['if (Number.isFinite(total)) {', 'if (true) {']],
    },
  },
];
