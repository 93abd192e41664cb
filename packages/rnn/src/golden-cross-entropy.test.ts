/** Cross-entropy and negative log-likelihood against PyTorch (float64) and ONNX (float32): every case of both files. */
import { logSoftmax, softmax, Tensor } from '@rnnlab/tensor';
import { tensorFromJson, tensorMatchers, type TensorJson } from '@rnnlab/tensor/testing';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { crossEntropy, crossEntropyBackward, type CrossEntropyOptions } from './cross-entropy';
import { nll } from './nll';

expect.extend(tensorMatchers);

const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));

/** The axis `from` of a tensor moved to `to`: PyTorch and ONNX keep the classes on axis 1, we on the last. */
function moveAxis(x: Tensor, from: number, to: number): Tensor {
  const order = x.shape.map((_, axis) => axis).filter((axis) => axis !== from);
  order.splice(to, 0, from);
  const moved = Tensor.zeros(
    order.map((axis) => x.shape[axis]),
    x.dtype,
  );
  for (let k = 0; k < moved.size; k++) {
    const index: number[] = [];
    let rest = k;
    for (let axis = order.length - 1; axis >= 0; axis--) {
      index[order[axis]] = rest % moved.shape[axis];
      rest = Math.floor(rest / moved.shape[axis]);
    }
    moved.data[k] = x.at(...index);
  }
  return moved;
}

const classesLast = (x: Tensor) => moveAxis(x, 1, x.rank - 1);
const classesSecond = (x: Tensor) => moveAxis(x, x.rank - 1, 1);

/** The loss as the file has it: a scalar, or one number a target. */
const lossTensor = (loss: number, perRow: Tensor, json: TensorJson, reduction: unknown) =>
  reduction === 'none'
    ? perRow.reshape(json.shape)
    : Tensor.from([loss], { shape: json.shape, dtype: perRow.dtype });

describe('PyTorch golden cross-entropy', () => {
  interface Case {
    name: string;
    logits: TensorJson;
    target: TensorJson;
    options: {
      reduction?: 'mean' | 'sum' | 'none';
      ignore_index?: number;
      weight?: TensorJson;
      label_smoothing?: number;
    };
    upstream: TensorJson;
    expected: { loss: TensorJson; gradLogits: TensorJson };
  }
  const known = ['reduction', 'ignore_index', 'weight', 'label_smoothing'];
  it.each(fixture('cross_entropy.json').cases as Case[])('$name', (golden) => {
    const { options, expected } = golden;
    expect(known).toEqual(expect.arrayContaining(Object.keys(options)));
    const logits = classesLast(tensorFromJson(golden.logits, 'float64'));
    const soft = golden.target.shape.length === golden.logits.shape.length;
    const targets = tensorFromJson(golden.target, soft ? 'float64' : 'int32');
    const { loss, perRow, cache } = crossEntropy(logits, soft ? classesLast(targets) : targets, {
      reduction: options.reduction,
      ignoreIndex: options.ignore_index,
      classWeights: options.weight && tensorFromJson(options.weight, 'float64').data,
      labelSmoothing: options.label_smoothing,
    });
    const tolerance = { rtol: 1e-9, atol: 1e-11 };
    expect(lossTensor(loss, perRow, expected.loss, options.reduction)).toBeCloseToTensor(
      tensorFromJson(expected.loss, 'float64'),
      { ...tolerance, name: 'loss' },
    );
    const upstream = tensorFromJson(golden.upstream, 'float64');
    const gradient = crossEntropyBackward(cache, upstream.rank ? upstream : upstream.data[0]);
    expect(classesSecond(gradient)).toBeCloseToTensor(tensorFromJson(expected.gradLogits, 'float64'), {
      ...tolerance,
      name: 'dL/dlogits',
    });
  });
});

describe('ONNX golden losses', () => {
  interface Case {
    name: string;
    op: string;
    attributes: { reduction?: 'mean' | 'sum' | 'none'; ignore_index?: number; axis?: number };
    inputs: Record<string, TensorJson>;
    expected: Record<string, TensorJson>;
  }
  const tolerance = { rtol: 3e-6, atol: 3e-6 };
  const float = (json: TensorJson) => tensorFromJson(json, 'float32');
  const optionsOf = ({ attributes }: Case, weight?: TensorJson): CrossEntropyOptions => ({
    reduction: attributes.reduction,
    ignoreIndex: attributes.ignore_index,
    classWeights: weight && float(weight).data,
  });
  const overAxis = ({ attributes, inputs, expected }: Case, f: (x: Tensor) => Tensor) => {
    const x = float(inputs.x);
    const axis = ((attributes.axis ?? -1) + x.rank) % x.rank;
    const y = moveAxis(f(moveAxis(x, axis, x.rank - 1)), x.rank - 1, axis);
    expect(y).toBeCloseToTensor(float(expected.y), { ...tolerance, name: 'y' });
  };
  const runs: Record<string, (golden: Case) => void> = {
    Softmax: (golden) => overAxis(golden, softmax),
    LogSoftmax: (golden) => overAxis(golden, logSoftmax),
    NegativeLogLikelihoodLoss: (golden) => {
      const { input, target, weight } = golden.inputs;
      const options = optionsOf(golden, weight);
      const { loss, perRow } = nll(classesLast(float(input)), tensorFromJson(target, 'int32'), options);
      const { loss: json } = golden.expected;
      const got = lossTensor(loss, perRow, json, options.reduction);
      expect(got).toBeCloseToTensor(float(json), { ...tolerance, name: 'loss' });
    },
    SoftmaxCrossEntropyLoss: (golden) => {
      const { x, y, w } = golden.inputs;
      const options = optionsOf(golden, w);
      const logits = classesLast(float(x));
      const { loss, perRow } = crossEntropy(logits, tensorFromJson(y, 'int32'), options);
      const { z, log_prob: logProbability } = golden.expected;
      const got = lossTensor(loss, perRow, z, options.reduction);
      expect(got).toBeCloseToTensor(float(z), { ...tolerance, name: 'z' });
      if (!logProbability) return;
      const l = classesSecond(logSoftmax(logits));
      expect(l).toBeCloseToTensor(float(logProbability), { ...tolerance, name: 'log_prob' });
    },
  };
  it.each(fixture('onnx_node_losses.json').cases as Case[])('$name', (golden) => {
    expect(Object.keys(runs)).toContain(golden.op);
    runs[golden.op](golden);
  });
});
