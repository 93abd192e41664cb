/**
 * The defaults in which TensorFlow.js, Keras 3 and PyTorch differ, and what each difference does. Read from their sources and
 * checked against the running programs: those of tfjs by explain-defaults.test.ts, those of Keras by
 * fixtures/keras-training.json, the optimizers' formulas by the golden runs of `@rnnlab/optimizers`.
 */

/** A default that differs. */
export interface DefaultTrap {
  /** Key of the measured effects. */
  id: string;
  /** What is decided by default. */
  title: string;
  /** Who decides how. */
  tfjs: string;
  keras: string;
  pytorch: string;
  rnnlab: string;
  /** What happens when one is taken for the other. */
  consequence: string;
  /** What to write so that nothing is left to a default. */
  remedy: string;
}

export const defaultTraps: readonly DefaultTrap[] = [
  {
    id: 'gates',
    title: 'Activation of the gates of LSTM and GRU',
    tfjs: "'hardSigmoid': clip(x/5 + ½, 0, 1)",
    keras: "'sigmoid'; its 'hard_sigmoid' is clip(x/6 + ½, 0, 1)",
    pytorch: 'sigmoid, not to be changed',
    rnnlab: "'sigmoid'",
    consequence:
      'Weights that were trained with one run under the other without a complaint. On short names it costs little, which makes it hard to find; gates that ought to be all but open or shut differ most. And the two hard ones are not the same function.',
    remedy:
      "tf.layers.lstm({ recurrentActivation: 'sigmoid' }); the other way, new LSTM({ recurrentActivation: 'hardSigmoidTfjs' }), or 'hardSigmoid' for that of Keras 3",
  },
  {
    id: 'forgetBias',
    title: 'First bias of the forget gate of the LSTM',
    tfjs: '0: unitForgetBias is off unless given, whatever its documentation says',
    keras: '1 (unit_forget_bias=True)',
    pytorch: 'U(−1/√H, 1/√H) in each of two biases',
    rnnlab: "1; as PyTorch with init: 'torch'",
    consequence:
      'With 0 half of the cell state is forgotten in every step at first. Names of a dozen letters do not tell; over long distances the gradient has to find its way through these halves (Jozefowicz, Zaremba & Sutskever 2015).',
    remedy: 'tf.layers.lstm({ unitForgetBias: true }); new LSTM({ forgetBias: 0 })',
  },
  {
    id: 'initialWeights',
    title: 'First weights',
    tfjs: 'kernels Glorot normal, recurrent kernels orthogonal, biases 0; also of dense',
    keras: 'kernels Glorot uniform, recurrent kernels orthogonal, biases 0; also of Dense',
    pytorch: 'everything U(−1/√H, 1/√H), biases too; Linear U(±1/√fan-in)',
    rnnlab: "as Keras; init: 'torch' is as PyTorch",
    consequence:
      'Two runs cannot be compared step by step, nor by one seed. What is reached in the end differs little at these sizes.',
    remedy: 'copy the weights (toKerasWeights), or name the initialisers on both sides',
  },
  {
    id: 'twoBiases',
    title: 'How many biases a cell has',
    tfjs: 'one',
    keras: 'one; a GRU with reset_after has two',
    pytorch: 'two, added (bias_ih, bias_hh)',
    rnnlab: 'one; recurrentBias: true adds the second',
    consequence:
      'Two biases get the same gradient, so their sum moves twice as far in a step as one bias would. Weights convert by adding them; training does not go the same way, here by as much as seeds differ.',
    remedy: 'new LSTM({ recurrentBias: true }) to follow PyTorch',
  },
  {
    id: 'resetGate',
    title: 'Where the reset gate of the GRU acts',
    tfjs: 'before the recurrent product, U·(r ⊙ h); resetAfter: true throws',
    keras: 'after it, r ⊙ (U·h + b) (reset_after=True)',
    pytorch: 'after it, not to be changed',
    rnnlab: 'after it; resetAfter: false is the other',
    consequence:
      'Two networks whose weights have nearly the same shapes. Either learns as well as the other, but weights of one in the other give wrong scores and no error, and no conversion exists.',
    remedy: 'new GRU({ resetAfter: false }) for weights of tfjs; there is no way to bring the others to tfjs',
  },
  {
    id: 'adamEpsilon',
    title: 'ε of Adam',
    tfjs: '1e-7 beside √v̂ (1e-4 on a float16 backend)',
    keras: '1e-7 beside √v, before the correction: larger in early steps',
    pytorch: '1e-8 beside √v̂',
    rnnlab: "1e-8; convention: 'tfjs' or 'keras'",
    consequence:
      'It shows only where gradients are about as small as ε: in rows of a matrix that hardly ever get one, and in very long runs. Not here.',
    remedy: "new Adam(parameters, { convention: 'tfjs' }), or epsilon on both sides",
  },
  {
    id: 'rmsprop',
    title: 'Numbers and formula of RMSProp',
    tfjs: 'ρ 0.9, ε 1e-7 inside the root, no default rate; centered subtracts ε, which gives NaN',
    keras: 'rate 0.001, ρ 0.9, ε 1e-7 inside the root',
    pytorch: 'rate 0.01, ρ (alpha) 0.99, ε 1e-8 outside the root',
    rnnlab: "as PyTorch; convention: 'tfjs' or 'keras'",
    consequence:
      'Of one name and with another rate, memory and ε: ρ 0.99 remembers ten times as many steps. Most of what is seen is the rate.',
    remedy: "name rate, ρ and ε; new RMSProp(parameters, { convention: 'keras', learningRate: 0.01 })",
  },
  {
    id: 'adadelta',
    title: 'Rate and formula of Adadelta',
    tfjs: 'rate 0.001, ρ 0.95, ε 1e-7; divides by the accumulator from before this gradient',
    keras: 'rate 0.001, ρ 0.95, ε 1e-7',
    pytorch: 'rate 1, as in the paper; ρ 0.9, ε 1e-6',
    rnnlab: "as PyTorch; convention: 'tfjs' or 'keras'",
    consequence:
      'With a rate of 0.001 Adadelta hardly moves in any run of usual length: its steps have no need of a rate, and are shrunk a thousandfold. tfjs has another first step, and another path, at the same numbers.',
    remedy: 'give the rate 1',
  },
];
