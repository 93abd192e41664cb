import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  activations,
  hardSigmoid,
  hardSigmoidTfjs,
  relu,
  sigmoid,
  tanh,
  type Activation,
  type ActivationName,
} from './activations';

const names = Object.keys(activations) as ActivationName[];

describe.each(names)('%s', (name) => {
  const { forward, derivative } = activations[name];

  it.each([-1e4, -800, -710, -40, -1e-300, 0, 1e-300, 40, 800, 1e4])('is finite at x = %d', (x) => {
    expect(Number.isFinite(forward(x))).toBe(true);
    expect(Number.isFinite(derivative(forward(x)))).toBe(true);
  });

  it.each([-4.1, -1.7, -0.3, 0.2, 1.1, 3.9])('has the derivative of its output at x = %d', (x) => {
    const step = 1e-5;
    const slope = (forward(x + step) - forward(x - step)) / (2 * step);
    expect(derivative(forward(x))).toBeCloseTo(slope, 8);
  });

  it('passes NaN on', () => {
    expect(forward(NaN)).toBeNaN();
  });
});

it('keeps the sigmoid accurate far from 0', () => {
  expect(sigmoid.forward(-40)).toBeCloseTo(Math.exp(-40), 30);
  expect(sigmoid.forward(-1e4)).toBe(0);
  expect(sigmoid.forward(1e4)).toBe(1);
});

it('tells the two hard sigmoids apart', () => {
  expect([hardSigmoid.forward(1), hardSigmoidTfjs.forward(1)]).toEqual([0.5 + 1 / 6, 0.7]);
  expect([hardSigmoid.forward(2.8), hardSigmoidTfjs.forward(2.8)]).toEqual([0.5 + 2.8 / 6, 1]);
});

it('has slope 0 at the kink of relu', () => {
  expect(relu.derivative(relu.forward(0))).toBe(0);
});

describe('PyTorch golden activations', () => {
  const file = new URL('../fixtures/torch_activations.json', import.meta.url);
  type Numbers = { data: number[] };
  const golden: {
    cases: { name: string; input: Numbers; expected: { output: Numbers; derivative: Numbers } }[];
  } = JSON.parse(readFileSync(file, 'utf8'));
  const close = (actual: number, wanted: number) =>
    expect(Math.abs(actual - wanted)).toBeLessThanOrEqual(1e-11 + 1e-9 * Math.abs(wanted));

  // The slope in PyTorch's backward pass is the float32 nearest to ⅙, in float64 too; its forward pass is exact.
  const torchSlope: Activation = {
    forward: hardSigmoid.forward,
    derivative: (y) => hardSigmoid.derivative(y) * 6 * Math.fround(1 / 6),
  };

  const run: Record<string, Activation> = {
    activation_tanh: tanh,
    activation_sigmoid: sigmoid,
    activation_relu: relu,
    'activation_hardsigmoid_torch_x/6+.5': torchSlope,
  };
  const notMonotonic = 'its derivative is no function of its output, which is what a cell keeps';
  const notOffered =
    'no gate or state of the frameworks compared uses it; a cell takes an object with forward and derivative';
  const outside: Record<string, string> = {
    activation_gelu_erf: notMonotonic,
    activation_silu: notMonotonic,
    'activation_leaky_relu_.01': notOffered,
    activation_selu: notOffered,
    activation_logsigmoid: notOffered,
  };

  it.each(golden.cases.filter(({ name }) => !(name in outside)))('$name', ({ name, input, expected }) => {
    expect(Object.keys(run)).toContain(name); // neither run nor listed
    const { forward, derivative } = run[name];
    input.data.forEach((x, k) => {
      close(forward(x), expected.output.data[k]);
      close(derivative(forward(x)), expected.derivative.data[k]);
    });
  });
});
