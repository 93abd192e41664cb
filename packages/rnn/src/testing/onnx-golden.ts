/**
 * Golden cases of the ONNX operators RNN, GRU and LSTM.
 *
 *   X [S, B, I], initial_h/_c [D, B, H], Y [S, D, B, H], Y_h/Y_c [D, B, H]; with layout 1 the batch axis comes first
 *   W [D, G·H, I], R [D, G·H, H], B [D, 2·G·H] = Wb, Rb; gates i o f c and z r h; P [D, 3H], peepholes i o f
 *   `clip` holds the input of every activation within ±clip; `input_forget` is f = 1 − i; both directions share activations here
 */
import type { Activation, Tensor } from '@rnnlab/tensor';
import { tensorFromJson, tensorMatchers, type TensorJson } from '@rnnlab/tensor/testing';
import { describe, expect } from 'vitest';
import type { RecurrentState } from '../cell';
import type { RecurrentLayer } from '../recurrent-layer';
import type { RecurrentOptions } from '../recurrent-options';
import { swapLeadingAxes } from '../sequence';
import { clipped, foreignActivations } from './foreign-activations';
import { takeBlocks } from './foreign-layout';
import { testCases, type OutsideCases } from './listed-cases';

expect.extend(tensorMatchers);

type Operator = 'RNN' | 'GRU' | 'LSTM';

/** `onnx/*_recurrent.json`. */
export interface OnnxFile {
  readonly cases: readonly {
    readonly name: string;
    readonly op: string;
    readonly attributes: OnnxAttributes;
    readonly inputs: Readonly<Record<string, TensorJson>>;
    readonly expected: Readonly<Record<string, TensorJson>>;
  }[];
}

interface OnnxAttributes {
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

const operators: Record<Operator, { gates: readonly number[]; activations: readonly string[] }> = {
  RNN: { gates: [0], activations: ['Tanh'] },
  GRU: { gates: [1, 0, 2], activations: ['Sigmoid', 'Tanh'] },
  LSTM: { gates: [0, 2, 3, 1], activations: ['Sigmoid', 'Tanh', 'Tanh'] },
};

/** α and β are handed out in order to the activations that have them. */
function readActivations(
  attributes: OnnxAttributes,
  usual: readonly string[],
  directions: number,
): Activation[] {
  const names = attributes.activations ?? Array.from({ length: directions }, () => usual).flat();
  const [alphas, betas] = [[...(attributes.activation_alpha ?? [])], [...(attributes.activation_beta ?? [])]];
  const made = names.map((name) => {
    const { make, alpha, beta } = foreignActivations[name.toLowerCase()];
    const [α, β] = [
      alpha === undefined ? 0 : (alphas.shift() ?? alpha),
      beta === undefined ? 0 : (betas.shift() ?? beta),
    ];
    const activation = make(α, β);
    return {
      key: `${name} ${α} ${β}`,
      activation: attributes.clip ? clipped(activation, attributes.clip) : activation,
    };
  });
  const [first, second] = [made.slice(0, usual.length), made.slice(usual.length)];
  if (second.some(({ key }, k) => key !== first[k].key))
    throw new Error('Each direction has activations of its own.');
  return first.map(({ activation }) => activation);
}

const known =
  /^(hidden_size|direction|layout|linear_before_reset|input_forget|clip|activations|activation_alpha|activation_beta)$/;

/** @param op The cases of other operators belong to the tests of their packages. */
export function describeOnnxLayers(
  file: OnnxFile,
  op: Operator,
  make: (options: OnnxOptions) => RecurrentLayer,
  outside: OutsideCases = {},
): void {
  const tolerance = { rtol: 3e-6, atol: 3e-6 };
  describe('ONNX golden operators', () => {
    const cases = file.cases.filter((golden) => {
      if (!Object.hasOwn(operators, golden.op)) throw new Error(`Unknown operator ${golden.op}.`);
      return golden.op === op;
    });
    testCases(cases, outside, ({ attributes, inputs, expected }) => {
      const unknown = Object.keys(attributes).filter((key) => !known.test(key));
      if (unknown.length) throw new Error(`Unknown attributes: ${unknown.join(', ')}.`);
      const { gates, activations } = operators[op];
      const { direction = 'forward', layout = 0, linear_before_reset = 0, input_forget = 0 } = attributes;
      const tensor = (json: TensorJson) => tensorFromJson(json, 'float64');
      /** Time or direction first, whatever the layout. */
      const leading = (json: TensorJson) => (layout ? swapLeadingAxes(tensor(json)) : tensor(json));
      const directions = direction === 'bidirectional' ? 2 : 1;
      const H = attributes.hidden_size;
      const layer = make({
        inputSize: inputs.X.shape[2],
        hiddenSize: H,
        bidirectional: directions === 2,
        reverse: direction === 'reverse',
        bias: inputs.B !== undefined,
        recurrentBias: inputs.B !== undefined,
        activations: readActivations(attributes, activations, directions),
        resetAfter: linear_before_reset === 1,
        peephole: inputs.P !== undefined,
        coupledGates: input_forget === 1,
        dtype: 'float64',
      });
      const weights = new Map<string, Tensor>();
      // Coupled gates have no block f: i g o of i o f c.
      const order = input_forget ? [0, 3, 1] : gates;
      for (let d = 0; d < directions; d++) {
        const suffix = d ? '_l0_reverse' : '_l0';
        const block = (x: Tensor) => takeBlocks(x, order, gates.length);
        weights.set(`weight_ih${suffix}`, block(tensor(inputs.W).row(d)));
        weights.set(`weight_hh${suffix}`, block(tensor(inputs.R).row(d)));
        if (inputs.B) {
          const both = tensor(inputs.B).row(d);
          const half = both.size / 2;
          weights.set(`bias_ih${suffix}`, block(both.slice(0, half)));
          weights.set(`bias_hh${suffix}`, block(both.slice(half, 2 * half)));
        }
        if (inputs.P) weights.set(`weight_ch${suffix}`, takeBlocks(tensor(inputs.P).row(d), [0, 2, 1]));
      }
      layer.loadStateDict(weights);
      const X = leading(inputs.X);
      const initial: RecurrentState = layer.zeroState(X.shape[1]);
      if (inputs.initial_h) initial.h.copyFrom(leading(inputs.initial_h));
      if (inputs.initial_c) initial.c!.copyFrom(leading(inputs.initial_c));
      const { output, state } = layer.forward(X, initial, {
        lengths: inputs.sequence_lens?.data as number[] | undefined,
      });
      const actual: Record<string, Tensor | undefined> = {
        Y: splitDirections(output, directions),
        Y_h: state.h,
        Y_c: state.c,
      };
      expect(Object.keys(expected).length).toBeGreaterThan(0);
      for (const [name, json] of Object.entries(expected)) {
        // In layout 1, Y is [B, S, D, H]: its batch axis moves from the third place to the first.
        const theirs = tensor(json);
        const ours = layout ? batchFirst(actual[name]!, name) : actual[name]!;
        expect(ours, name).toBeCloseToTensor(theirs, { ...tolerance, name });
      }
    });
  });
}

/** [S, B, D·H] → [S, D, B, H] */
function splitDirections(y: Tensor, directions: number): Tensor {
  const [S, B, width] = y.shape;
  const split = y.reshape([S, B, directions, width / directions]).clone();
  const parts = y.clone().reshape([S, directions, B, width / directions]);
  for (let s = 0; s < S; s++) parts.row(s).copyFrom(swapLeadingAxes(split.row(s)));
  return parts;
}

/** [S, D, B, H] → [B, S, D, H], or [D, B, H] → [B, D, H]. */
function batchFirst(x: Tensor, name: string): Tensor {
  if (name !== 'Y') return swapLeadingAxes(x);
  const [S, D, B, H] = x.shape;
  return swapLeadingAxes(x.reshape([S * D, B, H])).reshape([B, S, D, H]);
}
