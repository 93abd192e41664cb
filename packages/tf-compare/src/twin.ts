/**
 * The twin of a language model in TensorFlow.js: the same network of TensorFlow's own layers, with the same weights.
 *
 *   x_t      = one-hot(id_t) or a row of the embedding's table
 *   h_t      = tf.layers.simpleRNN, lstm or gru, one for every layer and direction
 *   logits_t = W_head·h_t + b_head
 *   loss     = mean over the counted targets of −ln softmax(logits_t)[target_t]
 *
 * Ids and targets are int32 [T, B] as for ours; inside, sequences are batch-first, as TensorFlow's layers want them.
 */
import type { LanguageModel, RecurrentState } from '@rnnlab/rnn';
import { Tensor } from '@rnnlab/tensor';
import type { Batch } from '@rnnlab/train';
import { ignoreIndex } from '@rnnlab/train';
import type * as tfjs from '@tensorflow/tfjs';
import { checkTwin } from './check-twin';
import type { TensorFlow } from './load-tensor-flow';
import { TwinCell, type TwinWeight } from './twin-cell';

/** States of all cells in our order, l0 forward, l0 reverse, l1 forward, …: each [h] or [h, c] of [B, H]. */
export type TwinState = readonly (readonly tfjs.Tensor[])[];

/** What a forward pass leaves. */
export interface TwinPass {
  /** [B, T, V] */
  logits: tfjs.Tensor;
  state: TwinState;
  /** outputs[layer][direction] [B, T, H], in the order of time. */
  outputs: tfjs.Tensor[][];
  /** inputs[layer] [B, T, I] */
  inputs: tfjs.Tensor[];
}

/** See the header of this file. */
export class TensorFlowTwin {
  readonly model: LanguageModel;
  readonly tf: TensorFlow;
  /** cells[layer][direction] */
  readonly cells: readonly (readonly TwinCell[])[];
  readonly weights: readonly TwinWeight[];
  readonly #own: tfjs.Variable[] = [];
  readonly #embedding?: tfjs.Variable;
  readonly #head: tfjs.Variable;
  readonly #headBias?: tfjs.Variable;

  /**
   * @param model Its weights are copied; later changes of either side stay its own until {@link readWeights}.
   * @throws {@link ConfigError} for what TensorFlow.js has no counterpart of, with the reason.
   */
  constructor(tf: TensorFlow, model: LanguageModel) {
    checkTwin(model);
    this.tf = tf;
    this.model = model;
    this.cells = model.recurrent.cells.map((cells) =>
      cells.map((cell, direction) => {
        return new TwinCell(
          tf,
          model.recurrent,
          cell,
          direction === 1 || model.recurrent.options.reverse === true,
        );
      }),
    );
    const { embedding, head } = model;
    const tied = head.weight.value === embedding?.weight.value;
    const own = (name: string, { shape }: Tensor): TwinWeight => {
      const variable = tf.tidy(() => tf.variable(tf.zeros([...shape]), true)); // a tidy leaves variables alone
      this.#own.push(variable);
      const same = (values: ArrayLike<number>) => Float32Array.from(values);
      return { names: [name], variable, fromOurs: same, toOurs: same };
    };
    const table = embedding && own('embedding.weight', embedding.weight.value);
    const matrix = tied ? table! : own('head.weight', head.weight.value);
    const bias = head.bias && own('head.bias', head.bias.value);
    this.#embedding = table?.variable;
    this.#head = matrix.variable;
    this.#headBias = bias?.variable;
    this.weights = [
      ...(table ? [table] : []),
      ...this.cells.flat().flatMap((cell) => cell.weights),
      ...(tied ? [] : [matrix]),
      ...(bias ? [bias] : []),
    ];
    this.readWeights();
  }

  /** Takes the model's weights, as they are now. Where ours has two biases, TensorFlow gets their sum. */
  readWeights(): void {
    const ours = this.model.stateDict();
    for (const { names, variable, fromOurs } of this.weights) {
      const [first, second] = names.map((name) => ours.get(name)!.data);
      const sum = second ? Float64Array.from(first, (value, k) => value + second[k]) : first;
      this.tf.tidy(() => variable.assign(this.tf.tensor(fromOurs(sum as Float32Array), variable.shape)));
    }
  }

  /** TensorFlow's weights by our names and in our layout; a second bias of ours is zero here. */
  stateDict(): Map<string, Tensor> {
    const ours = this.model.stateDict();
    return new Map(
      this.weights.flatMap(({ names, variable, toOurs }) =>
        names.map((name, k): [string, Tensor] => {
          const { shape } = ours.get(name)!;
          const data =
            k === 0 ? toOurs(variable.dataSync() as Float32Array) : new Float32Array(variable.size);
          return [name, Tensor.from(data, { shape })];
        }),
      ),
    );
  }

  /** The input of the first layer, [B, T, I], for ids [T, B]. */
  embed(ids: Tensor): tfjs.Tensor {
    const { tf } = this;
    const [seqLen, batchSize] = ids.shape;
    const rows = tf.tensor1d(batchFirst(ids), 'int32');
    const oneHot = tf.cast(tf.oneHot(rows, this.model.vocabSize), 'float32');
    // A row of the table is its product with a one-hot vector: not every backend has the gradient of a gather.
    const x = this.#embedding ? tf.matMul(oneHot, this.#embedding) : oneHot;
    return tf.reshape(x, [batchSize, seqLen, -1]);
  }

  /** A state as tensors of TensorFlow; zeros for `undefined`. */
  stateFrom(state: RecurrentState | undefined, batchSize: number): TwinState {
    const { recurrent } = this.model;
    const from = state ?? (recurrent.zeroState(batchSize) as RecurrentState);
    return this.cells.flat().map((_, index) =>
      recurrent.stateNames.map((name) => {
        const { data, shape } = from[name]!.row(index);
        return this.tf.tensor(Float32Array.from(data), [...shape]);
      }),
    );
  }

  /** All layers and the head over x [B, T, I]. */
  forward(x: tfjs.Tensor, initial: TwinState): TwinPass {
    const { tf } = this;
    const state: tfjs.Tensor[][] = [];
    const inputs: tfjs.Tensor[] = [];
    let input = x;
    const outputs = this.cells.map((cells) => {
      inputs.push(input);
      const runs = cells.map((cell) => {
        const run = cell.run(input, initial[state.length]);
        state.push(run.state);
        return run.output;
      });
      input = runs.length === 1 ? runs[0] : tf.concat(runs, 2);
      return runs;
    });
    const [batchSize, seqLen, size] = input.shape;
    const rows = tf.matMul(tf.reshape(input, [-1, size!]), this.#head, false, true);
    const scores = this.#headBias ? tf.add(rows, this.#headBias) : rows;
    return { logits: tf.reshape(scores, [batchSize, seqLen!, -1]), state, outputs, inputs };
  }

  /** Nats per counted target, a scalar. */
  loss(logits: tfjs.Tensor, { targets, count }: Pick<Batch, 'targets' | 'count'>): tfjs.Scalar {
    const { tf } = this;
    const wanted = batchFirst(targets);
    const counted = Float32Array.from(wanted, (target) => Number(target !== ignoreIndex));
    const ids = tf.tensor1d(
      wanted.map((target) => Math.max(0, target)),
      'int32',
    );
    const oneHot = tf.mul(tf.oneHot(ids, this.model.vocabSize), tf.tensor(counted, [counted.length, 1]));
    const logP = tf.logSoftmax(tf.reshape(logits, [-1, this.model.vocabSize]));
    return tf.div(tf.neg(tf.sum(tf.mul(oneHot, logP))), Math.max(1, count));
  }

  /** Lets go of TensorFlow's memory. */
  dispose(): void {
    for (const cell of this.cells.flat()) cell.dispose();
    for (const variable of this.#own) variable.dispose();
  }
}

/** [T, B] as [B, T]. */
function batchFirst({ data, shape: [seqLen, batchSize] }: Tensor): Int32Array {
  return Int32Array.from(data, (_, k) => data[(k % seqLen) * batchSize + Math.floor(k / seqLen)]);
}
