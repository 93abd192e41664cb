/**
 * TensorFlow.js' side of every kind of work, for Node and for a browser alike.
 *
 * Its LSTM and SimpleRNN can be made equal to PyTorch's; its GRU has the reset gate before the product only, so there the
 * amount of work is alike and the numbers are not. `fit` cannot clip by the common norm: the step is written out.
 */
const layers = { lstm: 'lstm', gru: 'gru', rnn: 'simpleRNN' };
const gates = { lstm: 4, gru: 3, rnn: 1 };

/** [rows, columns] of PyTorch as the kernel [columns, rows] of Keras. GRU: r z n of PyTorch is z r h of Keras. */
function kernel(tf, cell, data, rows, columns) {
  return tf.tidy(() => {
    const blocks = tf.split(tf.tensor(data, [rows, columns]), gates[cell], 0);
    if (cell === 'gru') [blocks[0], blocks[1]] = [blocks[1], blocks[0]];
    return tf.concat(blocks, 0).transpose();
  });
}

function weightsOf(tf, { cell, vocabSize, hiddenSize, numLayers }, given) {
  const rows = gates[cell] * hiddenSize;
  const weights = [];
  for (let layer = 0; layer < numLayers; layer++) {
    const inputSize = layer === 0 ? vocabSize : hiddenSize;
    weights.push(
      kernel(tf, cell, given[`rnn.weight_ih_l${layer}`], rows, inputSize),
      kernel(tf, cell, given[`rnn.weight_hh_l${layer}`], rows, hiddenSize),
      kernel(tf, cell, given[`rnn.bias_ih_l${layer}`], rows, 1).reshape([rows]),
    );
  }
  const head = tf.tensor(given['head.weight'], [vocabSize, hiddenSize]).transpose();
  return [...weights, head, tf.tensor(given['head.bias'])];
}

function modelOf(tf, workload, given) {
  const { cell, vocabSize, hiddenSize, numLayers, seqLen = 1, stateful } = workload;
  const model = tf.sequential();
  const batchInputShape = stateful ? [1, 1, vocabSize] : [null, seqLen, vocabSize];
  for (let layer = 0; layer < numLayers; layer++) {
    model.add(
      tf.layers[layers[cell]]({
        units: hiddenSize,
        returnSequences: true,
        stateful,
        activation: 'tanh',
        ...(cell !== 'rnn' && { recurrentActivation: 'sigmoid' }),
        // the default, orthogonal, takes seconds and is overwritten
        kernelInitializer: 'zeros',
        recurrentInitializer: 'zeros',
        ...(layer === 0 && { batchInputShape }),
      }),
    );
  }
  model.add(tf.layers.dense({ units: vocabSize, kernelInitializer: 'zeros' }));
  model.setWeights(weightsOf(tf, workload, given));
  return model;
}

/** The [T, B] ids as one-hot vectors [B, T, V]. */
const oneHot = (tf, ids, { seqLen, batchSize, vocabSize }) =>
  tf.tidy(() => tf.oneHot(tf.tensor(ids, [seqLen, batchSize], 'int32').transpose(), vocabSize).toFloat());

const kinds = {
  async train(tf, workload, given) {
    const { seqLen, batchSize, vocabSize, learningRate, clipNorm, checkSteps } = workload;
    const model = modelOf(tf, workload, given);
    const optimizer = tf.train.adam(learningRate, 0.9, 0.999, 1e-8);
    const [x, y] = [oneHot(tf, given.ids, workload), oneHot(tf, given.targets, workload)];
    const variables = model.trainableWeights.map((weight) => weight.val);
    const losses = [];
    const step = () => {
      const loss = tf.tidy(() => {
        const { value, grads } = tf.variableGrads(() => {
          const logits = model.apply(x, { training: true });
          return tf.losses.softmaxCrossEntropy(y.reshape([-1, vocabSize]), logits.reshape([-1, vocabSize]));
        }, variables);
        const names = Object.keys(grads);
        const squares = names.map((name) => tf.sum(tf.square(grads[name])));
        const norm = tf.sqrt(tf.addN(squares));
        const scale = tf.minimum(1, tf.div(clipNorm, tf.add(norm, 1e-6)));
        optimizer.applyGradients(Object.fromEntries(names.map((name) => [name, tf.mul(grads[name], scale)])));
        return value.dataSync()[0];
      });
      if (losses.length < checkSteps) losses.push(loss);
      return seqLen * batchSize;
    };
    while (losses.length < checkSteps) step();
    return { check: losses, step };
  },

  async sample(tf, workload, given) {
    const { vocabSize, checkSteps } = workload;
    const model = modelOf(tf, { ...workload, stateful: true }, given);
    const read = (id) => model.predict(tf.oneHot([[id]], vocabSize).toFloat()).reshape([1, vocabSize]);
    let last = 0;
    const greedy = [];
    while (greedy.length < checkSteps) {
      tf.tidy(() => {
        const logits = read(last);
        last = tf.argMax(logits, 1).dataSync()[0];
        greedy.push(tf.max(tf.logSoftmax(logits)).dataSync()[0]);
      });
    }
    let seed = 1;
    const step = () => {
      last = tf.tidy(() => tf.multinomial(read(last), 1, seed++).dataSync()[0]);
      return 1;
    };
    step();
    return { check: greedy, step };
  },

  async product(tf, { m, k, n, transposeA }, given) {
    const a = tf.tensor(given.a, transposeA ? [k, m] : [m, k]);
    const b = tf.tensor(given.b, [k, n]);
    const multiply = () => tf.matMul(a, b, transposeA);
    const out = multiply().dataSync();
    const step = () => {
      const result = multiply();
      result.dataSync(); // products may be put off until somebody reads them
      result.dispose();
      return 2 * m * k * n;
    };
    return { check: [out[0], out.at(-1), out.reduce((sum, value) => sum + value, 0)], step };
  },
};

/** @returns what `serve` of serve.mjs runs; `tf` with its backend set */
export async function prepare(tf, workload, given) {
  const note = workload.cell === 'gru' ? 'its GRU has the reset gate before the product only' : undefined;
  const { check, step } = await kinds[workload.kind](tf, workload, given);
  return { check: note ? [] : check, note, step, versions: { 'TensorFlow.js': tf.version.tfjs } };
}
