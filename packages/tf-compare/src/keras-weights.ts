/**
 * The weights of a whole model between rnnlab (PyTorch's names and rows) and Keras and tfjs (columns).
 *
 *   rnn.weight_ih_l0           → rnn/l0/kernel             [I, G·H]
 *   rnn.weight_hh_l0_reverse   → rnn/l0_reverse/recurrent_kernel   [H, G·H]
 *   rnn.bias_ih_l0 (+ bias_hh) → rnn/l0/bias               [G·H], for a GRU with resetAfter [2, 3H]
 *   embedding.weight           → embedding/embeddings      [V, E], as it is
 *   head.weight, head.bias     → head/kernel [H, V], head/bias [V]
 *
 * The weights of a layer come in the order of its `getWeights()`, those of a bidirectional one forward first. The state dict
 * of a layer alone has no `rnn.` and gives `l0/kernel`.
 *
 * Biases: Keras has one where PyTorch has two that are added anyway. Two become their sum, and come back as (sum, 0): the
 * same network, not the same numbers. Only a GRU that resets after the product needs both, and Keras keeps both.
 */
import { CheckpointError, ConfigError, formatShape, Tensor } from '@rnnlab/tensor';
import type { CellType } from '@rnnlab/train';
import { blocksOf, fromKerasLayout, toKerasLayout, transpose } from './keras-layout';

/** What the weights belong to. */
export interface KerasWeightsOptions {
  cell: CellType;
  /** Only for `gru`. Default true, as for the layer. */
  resetAfter?: boolean;
}

/** Options of {@link toKerasWeights}. */
export interface ToKerasWeightsOptions extends KerasWeightsOptions {
  /** `'tfjs'` refuses what TensorFlow.js cannot run. Default `'keras'`. */
  target?: 'keras' | 'tfjs';
}

/** Options of {@link fromKerasWeights}. */
export interface FromKerasWeightsOptions extends KerasWeightsOptions {
  /** Whether the model has a second bias; it is zero then (except of a GRU with `resetAfter`, which has its own). Default false. */
  recurrentBias?: boolean;
}

const ofCell = /^(.*?)\.?(weight_ih|weight_hh|bias_ih|bias_hh)_(l\d+(?:_reverse)?)$/;
const ofKerasCell = /^(?:(.+)\/)?(l\d+(?:_reverse)?)\/(kernel|recurrent_kernel|bias)$/;

/**
 * The weights of a model or layer as Keras names and orders them.
 *
 * @param state `model.stateDict()` of a language model or of a recurrent layer.
 * @returns New tensors in the dtype they had.
 * @throws {@link ConfigError} for a GRU with `resetAfter` to tfjs; {@link CheckpointError} for a name that is unknown.
 *
 * @example
 * ```ts
 * import { LSTM } from '@rnnlab/lstm';
 * import { toKerasWeights } from '@rnnlab/tf-compare';
 *
 * const lstm = new LSTM({ inputSize: 3, hiddenSize: 5, seed: 1 });
 * const weights = toKerasWeights(lstm.stateDict(), { cell: 'lstm' });
 * for (const [name, { shape }] of weights) console.log(name, shape);
 * // l0/kernel [ 3, 20 ]   l0/recurrent_kernel [ 5, 20 ]   l0/bias [ 20 ]
 * ```
 */
export function toKerasWeights(
  state: ReadonlyMap<string, Tensor>,
  options: ToKerasWeightsOptions,
): Map<string, Tensor> {
  const { cell, resetAfter = true, target = 'keras' } = options;
  if (target === 'tfjs') requireTfjsCell('toKerasWeights', cell, resetAfter);
  const keras = new Map<string, Tensor>();
  const unknown: string[] = [];
  for (const [name, tensor] of state) {
    const [, prefix = '', kind, place] = ofCell.exec(name) ?? [];
    const path = `${prefix && `${prefix}/`}${place}`;
    if (kind === 'weight_ih') keras.set(`${path}/kernel`, toKerasLayout(cell, tensor));
    else if (kind === 'weight_hh') keras.set(`${path}/recurrent_kernel`, toKerasLayout(cell, tensor));
    else if (kind === 'bias_ih') {
      const second = state.get(name.replace('bias_ih', 'bias_hh'));
      keras.set(`${path}/bias`, joinBiases(cell, resetAfter, name, tensor, second));
    } else if (kind === 'bias_hh') {
      if (!state.has(name.replace('bias_hh', 'bias_ih'))) unknown.push(`${name} without its bias_ih`);
    } else if (name === 'embedding.weight') keras.set('embedding/embeddings', tensor.clone());
    else if (name === 'head.weight') keras.set('head/kernel', transpose(tensor));
    else if (name === 'head.bias') keras.set('head/bias', tensor.clone());
    else unknown.push(name);
  }
  if (unknown.length) {
    throw new CheckpointError(
      `toKerasWeights: ${unknown.join(', ')}: expected the names of a language model or of a recurrent layer, e.g. rnn.weight_ih_l0, weight_hh_l0_reverse, head.bias.`,
    );
  }
  return keras;
}

/**
 * The way back: weights that Keras or tfjs holds, by the names of {@link toKerasWeights}, for `model.loadStateDict`.
 *
 * @throws {@link CheckpointError} for an unknown name or a bias that does not fit the cell.
 *
 * @example
 * ```ts
 * import { GRU } from '@rnnlab/gru';
 * import { fromKerasWeights, toKerasWeights } from '@rnnlab/tf-compare';
 *
 * const gru = new GRU({ inputSize: 3, hiddenSize: 5, bidirectional: true, seed: 1 });
 * const weights = toKerasWeights(gru.stateDict(), { cell: 'gru' });
 * gru.loadStateDict(fromKerasWeights(weights, { cell: 'gru' })); // every number is where it was
 * ```
 */
export function fromKerasWeights(
  weights: ReadonlyMap<string, Tensor>,
  options: FromKerasWeightsOptions,
): Map<string, Tensor> {
  const { cell } = options;
  const state = new Map<string, Tensor>();
  const unknown: string[] = [];
  for (const [name, tensor] of weights) {
    const [, prefix, place, kind] = ofKerasCell.exec(name) ?? [];
    const ours = (part: string) => `${prefix ? `${prefix}.` : ''}${part}_${place}`;
    if (kind === 'kernel') state.set(ours('weight_ih'), fromKerasLayout(cell, tensor));
    else if (kind === 'recurrent_kernel') state.set(ours('weight_hh'), fromKerasLayout(cell, tensor));
    else if (kind === 'bias') {
      const [first, second] = splitBias(name, tensor, options);
      state.set(ours('bias_ih'), first);
      if (second) state.set(ours('bias_hh'), second);
    } else if (name === 'embedding/embeddings') state.set('embedding.weight', tensor.clone());
    else if (name === 'head/kernel') state.set('head.weight', transpose(tensor));
    else if (name === 'head/bias') state.set('head.bias', tensor.clone());
    else unknown.push(name);
  }
  if (unknown.length) {
    throw new CheckpointError(
      `fromKerasWeights: ${unknown.join(', ')}: expected the names that toKerasWeights gives, e.g. rnn/l0/kernel, l0_reverse/bias, head/kernel.`,
    );
  }
  return state;
}

/**
 * @throws {@link ConfigError} for a GRU that resets after the product: tfjs' GRU layer computes only the other form.
 */
export function requireTfjsCell(where: string, cell: CellType, resetAfter: boolean): void {
  if (cell !== 'gru' || !resetAfter) return;
  throw new ConfigError(
    `${where}: cell 'gru' has resetAfter: true, which TensorFlow.js cannot run: its GRU resets before the recurrent product (Cho et al. 2014) and no conversion of weights makes one out of the other. Build the model with resetAfter: false.`,
  );
}

function joinBiases(
  cell: CellType,
  resetAfter: boolean,
  name: string,
  first: Tensor,
  second?: Tensor,
): Tensor {
  if (cell === 'gru' && resetAfter) {
    if (!second) {
      throw new CheckpointError(
        `toKerasWeights: ${name} stands without its bias_hh, and a GRU with resetAfter: true always has both. Give resetAfter: false if it is the other form.`,
      );
    }
    const both = Tensor.zeros([2, first.size], first.dtype);
    both.row(0).copyFrom(toKerasLayout(cell, first));
    both.row(1).copyFrom(toKerasLayout(cell, second));
    return both;
  }
  const sum = first.clone();
  if (second) for (let k = 0; k < sum.size; k++) sum.data[k] += second.data[k];
  return toKerasLayout(cell, sum);
}

function splitBias(name: string, bias: Tensor, options: FromKerasWeightsOptions): [Tensor, Tensor?] {
  const { cell, resetAfter = true, recurrentBias = false } = options;
  const needsBoth = cell === 'gru' && resetAfter;
  if (bias.rank !== (needsBoth ? 2 : 1) || bias.shape.at(-1)! % blocksOf(cell) !== 0) {
    const expected = needsBoth ? '[2, 3·hiddenSize]' : `[${blocksOf(cell)}·hiddenSize]`;
    const other = cell === 'gru' ? ` Is it a GRU with resetAfter: ${!resetAfter}?` : '';
    throw new CheckpointError(
      `fromKerasWeights: ${name} has shape ${formatShape(bias.shape)}, expected ${expected}.${other}`,
    );
  }
  if (needsBoth) return [fromKerasLayout(cell, bias.row(0)), fromKerasLayout(cell, bias.row(1))];
  const first = fromKerasLayout(cell, bias);
  return [first, recurrentBias ? Tensor.zeros(first.shape, first.dtype) : undefined];
}
