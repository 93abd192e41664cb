/**
 * Activations that other programs have beside ours, each with its derivative in terms of its output y. ONNX gives them
 * parameters α and β; all of them rise, so that y says on which side of a corner x was.
 *
 *   affine           αx + β                          leakyRelu   x ≥ 0 ? x : αx
 *   scaledTanh       α·tanh(βx)                      elu         x ≥ 0 ? x : α(eˣ − 1)
 *   hardSigmoid      clip(αx + β, 0, 1)              softsign    x / (1 + |x|)
 *   thresholdedRelu  x > α ? x : 0                   softplus    log(1 + eˣ)
 */
import { relu, sigmoid, tanh, type Activation } from '@rnnlab/tensor';

/** An activation from its parameters, and their defaults. */
export interface ForeignActivation {
  readonly make: (alpha: number, beta: number) => Activation;
  readonly alpha?: number;
  readonly beta?: number;
}

/** By ONNX' names in lower case. */
export const foreignActivations: Readonly<Record<string, ForeignActivation>> = {
  tanh: { make: () => tanh },
  sigmoid: { make: () => sigmoid },
  relu: { make: () => relu },
  affine: { make: (α, β) => ({ forward: (x) => α * x + β, derivative: () => α }), alpha: 1, beta: 0 },
  leakyrelu: {
    make: (α) => ({ forward: (x) => (x >= 0 ? x : α * x), derivative: (y) => (y > 0 ? 1 : α) }),
    alpha: 0.01,
  },
  thresholdedrelu: {
    make: (α) => ({ forward: (x) => (x > α ? x : 0), derivative: (y) => (y === 0 ? 0 : 1) }),
    alpha: 1,
  },
  scaledtanh: {
    make: (α, β) => ({
      forward: (x) => α * Math.tanh(β * x),
      derivative: (y) => α * β * (1 - (y / α) ** 2),
    }),
    alpha: 1,
    beta: 1,
  },
  hardsigmoid: {
    make: (α, β) => ({
      forward: (x) => Math.min(1, Math.max(0, α * x + β)),
      derivative: (y) => (y > 0 && y < 1 ? α : 0),
    }),
    alpha: 0.2,
    beta: 0.5,
  },
  elu: {
    make: (α) => ({
      forward: (x) => (x >= 0 ? x : α * Math.expm1(x)),
      derivative: (y) => (y >= 0 ? 1 : y + α),
    }),
    alpha: 1,
  },
  softsign: {
    make: () => ({ forward: (x) => x / (1 + Math.abs(x)), derivative: (y) => (1 - Math.abs(y)) ** 2 }),
  },
  softplus: {
    make: () => ({
      forward: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
      derivative: (y) => -Math.expm1(-y),
    }),
  },
};

/** ONNX' `clip`: φ of an input held within ±limit. */
export function clipped(φ: Activation, limit: number): Activation {
  const [low, high] = [φ.forward(-limit), φ.forward(limit)];
  return {
    forward: (x) => φ.forward(Math.min(limit, Math.max(-limit, x))),
    derivative: (y) => (y > low && y < high ? φ.derivative(y) : 0),
  };
}
