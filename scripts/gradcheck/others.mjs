/** Layers without a recurrence, and the losses. The scale is that of the weights or, for a loss, of the scores. */
import { AdditiveAttention, DotProductAttention } from '@rnnlab/attention';
import {
  crossEntropy,
  crossEntropyBackward,
  Embedding,
  LayerNorm,
  Linear,
  mse,
  mseBackward,
} from '@rnnlab/rnn';
import { Rng, Tensor } from '@rnnlab/tensor';
import { gradCheck, randomTensor } from '@rnnlab/tensor/testing';

const dtype = 'float64';
const scales = [0.01, 0.5, 1, 2];
const random = (shape, seed, scale = 1) => randomTensor(shape, new Rng(seed), { dtype, scale });
const dot = (a, b) => a.data.reduce((sum, value, k) => sum + value * b.data[k], 0);

/** A layer from one tensor to one tensor; `input` undefined for token ids, which have no gradient. */
const layerCheck = (name, make, x) => ({
  layer: name,
  scales,
  report: (scale) => {
    const layer = make();
    layer.parameters().forEach(({ value }, k) => value.copyFrom(random(value.shape, 20 + k, scale)));
    const run = () => layer.forward(x);
    const upstream = random(run().output.shape, 2);
    const input = x.dtype === dtype ? [{ name: 'x', value: x, grad: Tensor.zeros(x.shape, dtype) }] : [];
    return gradCheck({
      loss: () => dot(run().output, upstream),
      backward: () => {
        layer.zeroGrad();
        const back = layer.backward(run().cache, { output: upstream });
        for (const { grad } of input) grad.copyFrom(back.input);
      },
      parameters: [...layer.parameters(), ...input],
    });
  },
});

const attentionCheck = (name, make, scales) => ({
  layer: name,
  scales,
  report: (scale) => {
    const layer = make();
    layer.parameters().forEach(({ value }, k) => value.copyFrom(random(value.shape, 20 + k, scale)));
    const given = { query: random([2, 3, 4], 1), key: random([5, 3, 4], 2), value: random([5, 3, 6], 3) };
    const run = () => layer.forward(given, { lengths: [5, 2, 3] });
    const upstream = { output: random(run().output.shape, 4), weights: random(run().weights.shape, 5) };
    const inputs = Object.entries(given).map(([input, value]) => ({
      name: input,
      value,
      grad: Tensor.zeros(value.shape, dtype),
    }));
    return gradCheck({
      loss: () => {
        const { output, weights } = run();
        return dot(output, upstream.output) + dot(weights, upstream.weights);
      },
      backward: () => {
        layer.zeroGrad();
        const back = layer.backward(run().cache, upstream);
        for (const { name: input, grad } of inputs) grad.copyFrom(back[input]);
      },
      parameters: [...layer.parameters(), ...inputs],
    });
  },
});

const lossCheck = (name, loss, backward, target) => ({
  layer: name,
  scales: [0.5, 1, 5],
  report: (scale) => {
    const x = random([6, 5], 1, scale);
    const grad = Tensor.zeros(x.shape, dtype);
    return gradCheck({
      loss: () => loss(x, target).loss,
      backward: () => grad.copyFrom(backward(loss(x, target).cache)),
      parameters: [{ name: 'input', value: x, grad }],
    });
  },
});

const ids = Tensor.from([2, 4, 0, 2, 1, 3], { dtype: 'int32' });
const options = { ignoreIndex: 4, classWeights: [0.3, 1.7, 0.9, 2.2, 0.4], labelSmoothing: 0.2 };

export const otherChecks = [
  layerCheck('Linear', () => new Linear({ inputSize: 4, outputSize: 3, dtype }), random([5, 2, 4], 1)),
  layerCheck('Embedding', () => new Embedding({ vocabSize: 5, embeddingDim: 3, dtype }), ids.reshape([3, 2])),
  layerCheck('LayerNorm', () => new LayerNorm({ inputSize: 4, dtype }), random([5, 2, 4], 1)),
  attentionCheck('DotProductAttention', () => new DotProductAttention({}), scales),
  // With weights of 0.01 the scores hardly depend on the query: its gradient, about 1e-9, is near the rounding of differences.
  attentionCheck(
    'AdditiveAttention',
    () => new AdditiveAttention({ querySize: 4, keySize: 4, attentionSize: 7, dtype }),
    [0.5, 1, 2],
  ),
  lossCheck('crossEntropy', crossEntropy, crossEntropyBackward, ids),
  lossCheck('crossEntropy, all options', (x, y) => crossEntropy(x, y, options), crossEntropyBackward, ids),
  lossCheck('mse', mse, mseBackward, random([6, 5], 9)),
];
