/**
 * One cell in one direction as a layer of TensorFlow.js, with the weights of ours. Where each number lies on either side:
 * keras-layout.ts.
 *
 * Everything that tf.layers would decide by a default of its own is said here: the activations, that there is no dropout,
 * that the reset gate acts before the product. Inputs are batch-first, [B, T, I].
 */
import type { LSTMOptions } from '@rnnlab/lstm';
import type { ActivationOption, Cell, RecurrentLayer } from '@rnnlab/rnn';
import { Tensor } from '@rnnlab/tensor';
import type { CellType } from '@rnnlab/train';
import type * as tfjs from '@tensorflow/tfjs';
import { fromKerasLayout, toKerasLayout } from './keras-layout';
import type { TensorFlow } from './load-tensor-flow';
import { tfjsActivation } from './tfjs-activation';

/** One weight on both sides. */
export interface TwinWeight {
  /** Of ours, `rnn.weight_ih_l0`; two when ours has two biases where TensorFlow has their sum. */
  readonly names: readonly string[];
  readonly variable: tfjs.Variable;
  /** TensorFlow's numbers, or a gradient of them, in the order of ours. */
  toOurs(values: ArrayLike<number>): Float32Array;
  /** Our numbers in the order of TensorFlow's. */
  fromOurs(values: ArrayLike<number>): Float32Array;
}

/** See the header of this file. */
export class TwinCell {
  readonly type: CellType;
  readonly reverse: boolean;
  readonly weights: readonly TwinWeight[];
  readonly #tf: TensorFlow;
  readonly #layer: tfjs.RNN;
  readonly #activation: string;
  readonly #recurrentActivation: string;

  constructor(tf: TensorFlow, recurrent: RecurrentLayer, cell: Cell, reverse: boolean) {
    this.type = recurrent.type as CellType;
    this.reverse = reverse;
    this.#tf = tf;
    const options = recurrent.options as LSTMOptions & { nonlinearity?: ActivationOption };
    const where = `TensorFlowTwin: the activation of ${recurrent.type.toUpperCase()}`;
    const activation = this.type === 'rnn' ? options.nonlinearity : options.activation;
    this.#activation = tfjsActivation(where, activation ?? 'tanh');
    this.#recurrentActivation = tfjsActivation(where, options.recurrentActivation ?? 'sigmoid');
    this.#layer = this.#createLayer(cell);
    this.#layer.build([null, null, cell.inputSize]);
    this.#layer.built = true; // or its first use would make other weights
    this.weights = this.#pair(cell);
  }

  /**
   * The layer over x [B, T, I] from `initial` ([h] or [h, c], each [B, H]).
   *
   * @returns `output` [B, T, H] in the order of time and the final state.
   */
  run(x: tfjs.Tensor, initial: readonly tfjs.Tensor[]): { output: tfjs.Tensor; state: tfjs.Tensor[] } {
    const kwargs = { initialState: [...initial] };
    const [output, ...state] = this.#layer.apply(x, kwargs) as tfjs.Tensor[];
    return { output: this.reverse ? this.#tf.reverse(output, 1) : output, state };
  }

  /**
   * The same step by step from elementary operations of TensorFlow, which show the gates that the layer keeps to itself.
   *
   * @returns Each gate and state by name for every step, in the order of time, each [B, H].
   */
  trace(x: tfjs.Tensor, initial: readonly tfjs.Tensor[]): Record<string, tfjs.Tensor>[] {
    const steps = this.#tf.unstack(x, 1);
    if (this.reverse) steps.reverse();
    let state = initial;
    const traced = steps.map((xt) => {
      const { gates, next } = this.#step(xt, state);
      state = next;
      return { ...gates, h: next[0], ...(next[1] && { c: next[1] }) };
    });
    return this.reverse ? traced.reverse() : traced;
  }

  dispose(): void {
    for (const { variable } of this.weights) variable.dispose();
  }

  #step(
    x: tfjs.Tensor,
    [h, c]: readonly tfjs.Tensor[],
  ): { gates: Record<string, tfjs.Tensor>; next: tfjs.Tensor[] } {
    const tf = this.#tf;
    const [kernel, recurrent, bias] = this.weights.map(({ variable }) => variable);
    const σ = (a: tfjs.Tensor) => activate(tf, this.#recurrentActivation, a);
    const φ = (a: tfjs.Tensor) => activate(tf, this.#activation, a);
    const product = tf.matMul(x, kernel);
    const input = bias ? tf.add(product, bias) : product;
    if (this.type === 'rnn') {
      const n = φ(tf.add(input, tf.matMul(h, recurrent)));
      return { gates: { n }, next: [n] };
    }
    if (this.type === 'lstm') {
      const [i, f, g, o] = tf.split(tf.add(input, tf.matMul(h, recurrent)), 4, 1);
      const gates = { i: σ(i), f: σ(f), g: φ(g), o: σ(o) };
      const cNext = tf.add(tf.mul(gates.f, c), tf.mul(gates.i, gates.g));
      return { gates, next: [tf.mul(gates.o, φ(cNext)), cNext] };
    }
    const [xz, xr, xn] = tf.split(input, 3, 1);
    const [uz, ur, un] = tf.split(recurrent, 3, 1);
    const r = σ(tf.add(xr, tf.matMul(h, ur)));
    const z = σ(tf.add(xz, tf.matMul(h, uz)));
    const n = φ(tf.add(xn, tf.matMul(tf.mul(r, h), un)));
    return { gates: { r, z, n }, next: [tf.add(tf.mul(z, h), tf.mul(tf.sub(1, z), n))] };
  }

  #createLayer({ hiddenSize, biasIh }: Cell): tfjs.RNN {
    const { layers } = this.#tf;
    const shared = {
      units: hiddenSize,
      useBias: biasIh !== undefined,
      activation: this.#activation as 'tanh',
      returnSequences: true,
      returnState: true,
      goBackwards: this.reverse,
      dropout: 0,
      recurrentDropout: 0,
      // Ours come in: an orthogonal draw would be made for nothing, and takes seconds.
      kernelInitializer: 'zeros',
      recurrentInitializer: 'zeros',
    } as const;
    const recurrentActivation = this.#recurrentActivation as 'sigmoid';
    switch (this.type) {
      case 'rnn':
        return layers.simpleRNN(shared) as tfjs.RNN;
      case 'lstm':
        return layers.lstm({ ...shared, recurrentActivation, unitForgetBias: false }) as tfjs.RNN;
      case 'gru':
        return layers.gru({ ...shared, recurrentActivation }) as tfjs.RNN;
    }
  }

  /** Our parameters with the layer's variables, which get our numbers. */
  #pair(cell: Cell): TwinWeight[] {
    const { weightIh, weightHh, biasIh, biasHh } = cell;
    const biases = [biasIh, biasHh].filter((bias) => bias !== undefined);
    const pairs = [[weightIh], [weightHh], ...(biasIh ? [biases] : [])];
    return pairs.map((parameters, k): TwinWeight => {
      const { shape } = parameters[0].value;
      const variable = this.#layer.trainableWeights[k].read() as tfjs.Variable;
      const tensor = (values: ArrayLike<number>, of: readonly number[]) =>
        new Tensor(Float32Array.from(values), of);
      return {
        names: parameters.map(({ name }) => `rnn.${name}`),
        variable,
        fromOurs: (values) => toKerasLayout(this.type, tensor(values, shape)).data as Float32Array,
        toOurs: (values) => fromKerasLayout(this.type, tensor(values, variable.shape)).data as Float32Array,
      };
    });
  }
}

function activate(tf: TensorFlow, name: string, a: tfjs.Tensor): tfjs.Tensor {
  switch (name) {
    case 'sigmoid':
      return tf.sigmoid(a);
    case 'tanh':
      return tf.tanh(a);
    case 'relu':
      return tf.relu(a);
    case 'hardSigmoid':
      return tf.clipByValue(tf.add(tf.mul(a, 0.2), 0.5), 0, 1);
    default:
      return a;
  }
}
