/**
 * Our hand-derived gradients against TensorFlow's automatic ones: of every parameter, of the input and of the initial
 * state, for the loss of one batch.
 */
import { crossEntropy, crossEntropyBackward, type LanguageModel, type RecurrentState } from '@rnnlab/rnn';
import { Tensor } from '@rnnlab/tensor';
import { ignoreIndex } from '@rnnlab/train';
import type * as tfjs from '@tensorflow/tfjs';
import { differenceOf, largestDifference, type Difference } from './difference';
import type { TensorFlow } from './load-tensor-flow';
import { tidied } from './tidied';
import { TensorFlowTwin } from './twin';

/** What both sides are given. */
export interface GradientInput {
  /** int32 [T, B] */
  ids: Tensor;
  /** int32 [T, B]; −100 is not counted. */
  targets: Tensor;
  /** Each [L·D, B, H]; zeros by default. */
  state?: RecurrentState;
}

/** One gradient. */
export interface GradientDifference extends Difference {
  /** Of the parameter, or `x` for the input of the first layer, or `h0`, `c0` for the initial state. */
  name: string;
  shape: readonly number[];
  /** max |g| of TensorFlow's. */
  scale: number;
}

/** See the header of this file. */
export interface GradientComparison {
  largest: Difference;
  gradients: GradientDifference[];
  /** Nats per counted target. */
  loss: { rnnlab: number; tensorflow: number };
}

/**
 * Compares all gradients of the loss. Leaves the model's gradients as they were.
 *
 * @throws {@link ConfigError} for a model that TensorFlow.js has no counterpart of.
 *
 * @example
 * ```ts
 * import { RNN, LanguageModel } from '@rnnlab/rnn';
 * import { Tensor } from '@rnnlab/tensor';
 * import { compareGradients, loadTensorFlow } from '@rnnlab/tf-compare';
 *
 * const engine = await loadTensorFlow({ engine: 'cpu' });
 * const model = new LanguageModel({ vocabSize: 5, recurrent: new RNN({ inputSize: 5, hiddenSize: 4, seed: 1 }) });
 * const ids = Tensor.from([[0], [3], [1]], { dtype: 'int32' });
 * const targets = Tensor.from([[3], [1], [4]], { dtype: 'int32' });
 * const { gradients, largest } = compareGradients(engine, model, { ids, targets });
 * console.log(gradients.length, largest.relative < 1e-5); // 7 true: five parameters, x and h0
 * ```
 */
export function compareGradients(
  engine: { readonly tf: TensorFlow },
  model: LanguageModel,
  input: GradientInput,
): GradientComparison {
  const twin = new TensorFlowTwin(engine.tf, model);
  try {
    const ours = ownGradients(model, input);
    const theirs = tidied(engine.tf, () => theirGradients(twin, input));
    const gradients = [...theirs.gradients].map(([name, theirGradient]): GradientDifference => {
      const own = ours.gradients.get(name)!;
      const scale = theirGradient.reduce((max, g) => Math.max(max, Math.abs(g)), 0);
      return { name, shape: own.shape, scale, ...differenceOf(own.data, theirGradient) };
    });
    const loss = { rnnlab: ours.loss, tensorflow: theirs.loss };
    return { largest: largestDifference(gradients), gradients, loss };
  } finally {
    twin.dispose();
  }
}

interface SideGradients {
  loss: number;
  gradients: Map<string, Float32Array>;
}

/** By our names, in our layout. */
function ownGradients(model: LanguageModel, { ids, targets, state }: GradientInput) {
  const parameters = model.parameters();
  const kept = parameters.map(({ grad }) => grad.clone());
  model.zeroGrad();
  const embedded = model.embedding?.forward(ids);
  // Ids have no gradient; the one-hot vectors that they stand for do.
  const x = embedded?.output ?? oneHot(ids, model.vocabSize);
  const recurrent = model.recurrent.forward(x, state);
  const head = model.head.forward(recurrent.output);
  const scored = crossEntropy(head.output, targets, { reduction: 'mean' });
  const dHead = model.head.backward(head.cache, { output: crossEntropyBackward(scored.cache) });
  const back = model.recurrent.backward(recurrent.cache, { output: dHead.input });
  if (embedded) model.embedding!.backward(embedded.cache, { output: back.input! });
  const gradients = new Map(parameters.map(({ name, grad }) => [name, grad.clone()]));
  gradients.set('x', back.input!);
  for (const name of model.recurrent.stateNames) gradients.set(`${name}0`, back.state[name]!);
  parameters.forEach(({ grad }, k) => grad.copyFrom(kept[k]));
  return { loss: scored.loss, gradients };
}

function theirGradients(twin: TensorFlowTwin, { ids, targets, state }: GradientInput): SideGradients {
  const { tf, model } = twin;
  const [seqLen, batchSize] = ids.shape;
  const count = Array.from(targets.data).filter((target) => target !== ignoreIndex).length;
  // x is embedded(ids) + shift with a shift of zeros: the gradient of the shift is that of x.
  const shift = tf.variable(tf.zeros([batchSize, seqLen, model.recurrent.options.inputSize]), true);
  const initial = twin.stateFrom(state, batchSize).map((cell) => cell.map((part) => tf.variable(part, true)));
  const own = [shift, ...initial.flat()];
  const { value, grads } = tf.variableGrads(() => {
    const x = tf.add(twin.embed(ids), shift);
    return twin.loss(twin.forward(x, initial).logits, { targets, count });
  }, [...twin.weights.map(({ variable }) => variable), ...own]);
  const of = ({ name }: tfjs.Variable) => grads[name].dataSync() as Float32Array;
  const gradients = new Map<string, Float32Array>();
  for (const { names, variable, toOurs } of twin.weights) {
    for (const name of names) gradients.set(name, toOurs(of(variable)));
  }
  gradients.set('x', timeMajor(of(shift), seqLen, batchSize));
  model.recurrent.stateNames.forEach((name, part) => {
    const cells = initial.map((cell) => of(cell[part]));
    gradients.set(`${name}0`, Float32Array.from(cells.flatMap((cell) => Array.from(cell))));
  });
  const loss = value.dataSync()[0];
  for (const variable of own) variable.dispose();
  return { loss, gradients };
}

/** [B, T, I] as [T, B, I]. */
function timeMajor(values: Float32Array, seqLen: number, batchSize: number): Float32Array {
  const size = values.length / (seqLen * batchSize);
  const out = new Float32Array(values.length);
  for (let t = 0; t < seqLen; t++) {
    for (let b = 0; b < batchSize; b++) {
      const from = (b * seqLen + t) * size;
      out.set(values.subarray(from, from + size), (t * batchSize + b) * size);
    }
  }
  return out;
}

/** Ids [T, B] as [T, B, V]. */
function oneHot({ data, shape }: Tensor, vocabSize: number): Tensor {
  const vectors = Tensor.zeros([...shape, vocabSize]);
  data.forEach((id, k) => (vectors.data[k * vocabSize + id] = 1));
  return vectors;
}
