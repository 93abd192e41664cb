/** The tables of docs/math/optimizers.md: what the frameworks do differently, and what it does to one number. */
import * as optimizers from '@rnnlab/optimizers';

/** x after three steps from 1 with gradients 1, 0.5, −0.25; the rate is 0.1, and 0.05 from the third step on. */
function walk(name, options, more = 0) {
  const p = { value: Float64Array.of(1), grad: new Float64Array(1) };
  const optimizer = new optimizers[name]([p], { learningRate: 0.1, ...options });
  for (const [t, g] of [1, 0.5, -0.25, ...Array(more).fill(0.5)].entries()) {
    if (t === 2) optimizer.learningRate /= 2;
    p.grad[0] = g;
    optimizer.step();
  }
  return p.value[0];
}

/** Optimizer, what differs, who does it, common options, the option that switches it. */
const differences = [
  ['SGD', 'learning rate inside the velocity', 'Keras', { momentum: 0.9 }, { learningRateInVelocity: true }],
  [
    'SGD',
    'weight decay decoupled (λ = 0.1, μ = 0.9)',
    'Keras',
    { momentum: 0.9, weightDecay: 0.1 },
    { decoupledWeightDecay: true },
  ],
  [
    'RMSProp',
    'ε under the root (ε = 0.01)',
    'Keras, tfjs, optax',
    { epsilon: 0.01 },
    { epsilonInRoot: true },
  ],
  [
    'RMSProp',
    'learning rate inside the momentum',
    'Keras, tfjs, optax',
    { momentum: 0.9 },
    { learningRateInVelocity: true },
  ],
  [
    'RMSProp',
    'centered with −ε for +ε (ε = 0.001)',
    'tfjs',
    { centered: true, epsilonInRoot: true, epsilon: 0.001 },
    { centeredSubtractsEpsilon: true },
  ],
  ['Adam', 'ε̂: ε beside √v, not √v̂ (ε = 0.01)', 'Keras, ONNX', { epsilon: 0.01 }, { epsilonHat: true }],
  [
    'Adam',
    'weight decay decoupled (λ = 0.1)',
    'Keras; AdamW anywhere',
    { weightDecay: 0.1 },
    { decoupledWeightDecay: true },
  ],
  ['AMSGrad', 'maximum over v̂, not v', 'optax', {}, { maxOfCorrected: true }],
  [
    'Adamax',
    'ε beside u, not in the maximum (ε = 0.1)',
    'Keras, tfjs',
    { epsilon: 0.1 },
    { epsilonInMax: false },
  ],
  ['NAdam', 'momentum decay ψ = 1, not 0.004', 'Keras', {}, { momentumDecay: 1 }],
  ['NAdam', 'no momentum schedule', 'optax', {}, { momentumSchedule: false }],
  [
    'RAdam',
    'ε beside √v̂, not √v (ε = 0.1, β₂ = 0.9, 5 steps more with g = 0.5)',
    'optax',
    { epsilon: 0.1, beta2: 0.9 },
    { epsilonHat: false },
    5,
  ],
  ['Adagrad', 'the sum starts at 0.1', 'Keras, tfjs, optax', {}, { initialAccumulator: 0.1 }],
  [
    'Adagrad',
    'ε under the root (ε = 0.01)',
    'Keras, tfjs, optax',
    { epsilon: 0.01 },
    { epsilonInRoot: true },
  ],
  [
    'Adadelta',
    'divides by the v from before the step (ε = 0.01)',
    'tfjs',
    { epsilon: 0.01 },
    { previousAccumulator: true },
  ],
  ['Rprop', 'moves one step late', 'optax', {}, { delayed: true }],
];

const names = [
  'SGD',
  'Momentum',
  'RMSProp',
  'Adam',
  'AMSGrad',
  'AdamW',
  'Adamax',
  'NAdam',
  'RAdam',
  'Adagrad',
  'Adadelta',
  'Lion',
  'Rprop',
  'LBFGS',
];

/** The default options under a convention, or `undefined` when the framework lacks the optimizer. */
function defaults(name, convention) {
  try {
    return new optimizers[name]([], { convention }).groups[0].options;
  } catch (error) {
    if (error.code === 'ERR_CONFIG') return undefined;
    throw error;
  }
}

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function conventionTables() {
  const numbers = differences.map(([name, what, who, common, change, more]) => {
    const [a, b] = [walk(name, common, more), walk(name, { ...common, ...change }, more)];
    if (!(Math.abs(a - b) > 0)) throw new Error(`${name}, ${what}: no difference`);
    const option = Object.entries(change).map(([key, value]) => `\`${key}: ${value}\``);
    return [name, what, who, option, a.toFixed(5), b.toFixed(5)];
  });
  const presets = names.map((name) => {
    const own = defaults(name);
    const cells = ['torch', 'keras', 'tfjs', 'optax'].map((convention) => {
      const options = defaults(name, convention);
      if (!options) return '–';
      const differing = Object.entries(options).filter(([key, value]) => value !== own[key]);
      return differing.length
        ? differing.map(([key, value]) => `${key} ${value}`).join('<br>')
        : 'the defaults';
    });
    return [name, ...cells];
  });
  return [
    table(['optimizer', 'what differs', 'who does it', 'option here', '$x$ without', '$x$ with'], numbers),
    '',
    'And what each `convention` sets, beside the defaults (a dash: the framework lacks the optimizer):',
    '',
    table(['optimizer', "`'torch'`", "`'keras'`", "`'tfjs'`", "`'optax'`"], presets),
  ].join('\n');
}
