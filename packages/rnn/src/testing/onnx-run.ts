/**
 * Runs an ONNX operator RNN, GRU or LSTM on a layer of ours.
 *
 *   X [S, B, I], initial_h/_c [D, B, H], Y [S, D, B, H], Y_h/Y_c [D, B, H]; with layout 1 the batch axis comes first
 *   W [D, G·H, I], R [D, G·H, H], B [D, 2·G·H] = Wb, Rb; gates i o f c and z r h; P [D, 3H], peepholes i o f
 *
 * `clip` holds what enters the activation of a gate or candidate within ±clip; what enters an LSTM's h(c′) is not clipped, as
 * ONNX Runtime has it. `input_forget` is f = 1 − i, so the block f is dropped. Two directions with activations of their own
 * are run as two layers.
 */
import { Tensor, type Activation } from '@rnnlab/tensor';
import { tensorFromJson, type TensorJson } from '@rnnlab/tensor/testing';
import type { RecurrentState } from '../cell';
import type { RecurrentLayer } from '../recurrent-layer';
import type { RecurrentOptions } from '../recurrent-options';
import { swapLeadingAxes } from '../sequence';
import { clipped, foreignActivations } from './foreign-activations';
import { takeBlocks } from './foreign-layout';

/** The recurrent operators. */
export type OnnxOperator = 'RNN' | 'GRU' | 'LSTM';

/** One node: what it is given. */
export interface OnnxCase {
  readonly attributes: OnnxAttributes;
  readonly inputs: Readonly<Record<string, TensorJson>>;
}

/** Attributes of a node. */
export interface OnnxAttributes {
  readonly hidden_size: number;
  readonly direction?: 'forward' | 'reverse' | 'bidirectional';
  readonly layout?: number;
  readonly linear_before_reset?: number;
  readonly input_forget?: number;
  readonly clip?: number;
  readonly activations?: readonly string[];
  readonly activation_alpha?: readonly number[];
  readonly activation_beta?: readonly number[];
}

/** Options of a layer for ONNX: the activations f, g, h in ONNX' order, and what only an LSTM or a GRU has. */
export interface OnnxOptions extends RecurrentOptions {
  readonly activations: readonly Activation[];
  readonly resetAfter: boolean;
  readonly peephole: boolean;
  readonly coupledGates: boolean;
}

/** Gates and usual activations of each operator. */
export const onnxOperators: Record<
  OnnxOperator,
  { gates: readonly number[]; activations: readonly string[] }
> = {
  RNN: { gates: [0], activations: ['Tanh'] },
  GRU: { gates: [1, 0, 2], activations: ['Sigmoid', 'Tanh'] },
  LSTM: { gates: [0, 2, 3, 1], activations: ['Sigmoid', 'Tanh', 'Tanh'] },
};

const known =
  /^(hidden_size|direction|layout|linear_before_reset|input_forget|clip|activations|activation_alpha|activation_beta)$/;

/** Makes a layer; the options that it does not have are to be left out. */
export type MakeOnnxLayer = (options: OnnxOptions) => RecurrentLayer;

/** Y, Y_h and Y_c of the node. */
export function runOnnxCase(
  op: OnnxOperator,
  golden: OnnxCase,
  make: MakeOnnxLayer,
): Record<string, Tensor | undefined> {
  const { attributes } = golden;
  const unknown = Object.keys(attributes).filter((key) => !known.test(key));
  if (unknown.length) throw new Error(`Unknown attributes: ${unknown.join(', ')}.`);
  const { direction = 'forward', layout = 0 } = attributes;
  const choices = readActivations(
    attributes,
    onnxOperators[op].activations,
    direction === 'bidirectional' ? 2 : 1,
  );
  const alike = choices.every(({ key }) => key === choices[0].key);
  const groups = alike ? [choices.map((_, d) => d)] : [[0], [1]];
  const parts = groups.map((directions) => {
    const { activations } = choices[directions[0]];
    const reverse = direction === 'reverse' || (directions.length === 1 && directions[0] === 1);
    return runDirections(op, golden, directions, reverse, (options) => make({ ...options, activations }));
  });
  const joined = {
    Y: joinDirections(
      parts.map(({ Y }) => Y),
      1,
    ),
    Y_h: joinDirections(
      parts.map(({ Y_h }) => Y_h),
      0,
    ),
  };
  const cells = parts.flatMap(({ Y_c }) => (Y_c ? [Y_c] : []));
  const outputs = { ...joined, Y_c: cells.length ? joinDirections(cells, 0) : undefined };
  if (!layout) return outputs;
  return {
    Y: batchFirst(outputs.Y),
    Y_h: swapLeadingAxes(outputs.Y_h),
    Y_c: outputs.Y_c && swapLeadingAxes(outputs.Y_c),
  };
}

/** The given directions as one layer. */
function runDirections(
  op: OnnxOperator,
  { attributes, inputs }: OnnxCase,
  directions: readonly number[],
  reverse: boolean,
  make: (options: Omit<OnnxOptions, 'activations'>) => RecurrentLayer,
) {
  const { layout = 0, linear_before_reset = 0, input_forget = 0, hidden_size: H } = attributes;
  const { gates } = onnxOperators[op];
  const tensor = (json: TensorJson) => tensorFromJson(json, 'float64');
  /** Time or direction first, whatever the layout. */
  const leading = (json: TensorJson) => (layout ? swapLeadingAxes(tensor(json)) : tensor(json));
  const layer = make({
    inputSize: inputs.X.shape[2],
    hiddenSize: H,
    bidirectional: directions.length === 2,
    reverse,
    bias: inputs.B !== undefined,
    recurrentBias: inputs.B !== undefined,
    resetAfter: linear_before_reset === 1,
    peephole: inputs.P !== undefined,
    coupledGates: input_forget === 1,
    dtype: 'float64',
  });
  const weights = new Map<string, Tensor>();
  const block = (x: Tensor) => takeBlocks(x, input_forget ? [0, 3, 1] : gates, gates.length);
  directions.forEach((d, index) => {
    const suffix = index ? '_l0_reverse' : '_l0';
    weights.set(`weight_ih${suffix}`, block(tensor(inputs.W).row(d)));
    weights.set(`weight_hh${suffix}`, block(tensor(inputs.R).row(d)));
    if (inputs.B) {
      const both = tensor(inputs.B).row(d);
      const half = both.size / 2;
      weights.set(`bias_ih${suffix}`, block(both.slice(0, half)));
      weights.set(`bias_hh${suffix}`, block(both.slice(half, 2 * half)));
    }
    if (inputs.P) weights.set(`weight_ch${suffix}`, takeBlocks(tensor(inputs.P).row(d), [0, 2, 1]));
  });
  layer.loadStateDict(weights);
  const X = leading(inputs.X);
  const initial: RecurrentState = layer.zeroState(X.shape[1]);
  directions.forEach((d, index) => {
    if (inputs.initial_h) initial.h.row(index).copyFrom(leading(inputs.initial_h).row(d));
    if (inputs.initial_c) initial.c!.row(index).copyFrom(leading(inputs.initial_c).row(d));
  });
  const lengths = inputs.sequence_lens?.data as number[] | undefined;
  const { output, state } = layer.forward(X, initial, { lengths });
  return { Y: splitDirections(output, directions.length), Y_h: state.h, Y_c: state.c };
}

/** f, g, h of each direction; α and β are handed out in order to the activations that have them. */
function readActivations(attributes: OnnxAttributes, usual: readonly string[], directions: number) {
  const names = attributes.activations ?? Array.from({ length: directions }, () => usual).flat();
  const [alphas, betas] = [[...(attributes.activation_alpha ?? [])], [...(attributes.activation_beta ?? [])]];
  const made = names.map((name, index) => {
    const { make, alpha, beta } = foreignActivations[name.toLowerCase()];
    const [α, β] = [
      alpha === undefined ? 0 : (alphas.shift() ?? alpha),
      beta === undefined ? 0 : (betas.shift() ?? beta),
    ];
    const limit = index % usual.length < 2 ? attributes.clip : undefined;
    return { key: `${name} ${α} ${β}`, activation: limit ? clipped(make(α, β), limit) : make(α, β) };
  });
  return Array.from({ length: directions }, (_, d) => {
    const own = made.slice(d * usual.length, (d + 1) * usual.length);
    return { key: own.map(({ key }) => key).join(), activations: own.map(({ activation }) => activation) };
  });
}

/** [S, B, D·H] → [S, D, B, H] */
function splitDirections(y: Tensor, directions: number): Tensor {
  const [S, B, width] = y.shape;
  const split = y.reshape([S, B, directions, width / directions]);
  const parts = Tensor.zeros([S, directions, B, width / directions], y.dtype);
  for (let s = 0; s < S; s++) parts.row(s).copyFrom(swapLeadingAxes(split.row(s)));
  return parts;
}

/** Parts with one direction each, after each other on axis 0 or 1. */
function joinDirections(parts: readonly Tensor[], axis: 0 | 1): Tensor {
  if (parts.length === 1) return parts[0];
  const rows = axis === 1 ? parts.map(swapLeadingAxes) : parts;
  const joined = Tensor.zeros([parts.length, ...rows[0].shape.slice(1)], rows[0].dtype);
  rows.forEach((part, d) => joined.row(d).copyFrom(part.row(0)));
  return axis === 1 ? swapLeadingAxes(joined) : joined;
}

/** [S, D, B, H] → [B, S, D, H] */
function batchFirst(y: Tensor): Tensor {
  const [S, D, B, H] = y.shape;
  return swapLeadingAxes(y.reshape([S * D, B, H])).reshape([B, S, D, H]);
}
