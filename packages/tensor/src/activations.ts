/**
 * Activation functions of one number, each with its derivative written in terms of its *output* y: that is what
 * a cell's cache holds, so backward never needs the pre-activation again.
 *
 *   sigmoid            y = 1 / (1 + e⁻ˣ)                       y′ = y(1 − y)
 *   tanh               y = tanh x                              y′ = 1 − y²
 *   relu               y = max(0, x)                           y′ = [y > 0]
 *   linear             y = x                                   y′ = 1
 *   hardSigmoid        y = clip(x/6 + ½, 0, 1)                 y′ = ⅙ where 0 < y < 1      (Keras 3, PyTorch)
 *   hardSigmoidTfjs    y = clip(x/5 + ½, 0, 1)                 y′ = ⅕ where 0 < y < 1      (TensorFlow.js, Keras 2, ONNX)
 *
 * All are finite and free of NaN for every finite x: e⁻ˣ overflows to ∞ for x < −709, and 1/∞ is the 0 that is
 * wanted. At the kink of relu and at the corners of the hard sigmoids the derivative is 0, as in PyTorch.
 */

/** A function of one number and its derivative. */
export interface Activation {
  /** y = φ(x) */
  forward(x: number): number;
  /** φ′ as a function of the output y, not of x. */
  derivative(y: number): number;
}

/** y = 1 / (1 + e⁻ˣ), y′ = y(1 − y). */
export const sigmoid: Activation = {
  forward: (x) => 1 / (1 + Math.exp(-x)),
  derivative: (y) => y * (1 - y),
};

/** y = tanh x, y′ = 1 − y². */
export const tanh: Activation = {
  forward: Math.tanh,
  derivative: (y) => 1 - y * y,
};

/** y = max(0, x), y′ = [y > 0]. NaN stays NaN. */
export const relu: Activation = {
  forward: (x) => (x <= 0 ? 0 : x),
  derivative: (y) => (y > 0 ? 1 : 0),
};

/** y = x, y′ = 1. */
export const linear: Activation = {
  forward: (x) => x,
  derivative: () => 1,
};

const hard = (slope: number): Activation => ({
  forward: (x) => Math.min(1, Math.max(0, slope * x + 0.5)),
  derivative: (y) => (y > 0 && y < 1 ? slope : 0),
});

/** y = clip(x/6 + ½, 0, 1): the form of Keras 3 and PyTorch. */
export const hardSigmoid: Activation = hard(1 / 6);

/** y = clip(x/5 + ½, 0, 1): the form of TensorFlow.js, Keras 2 and ONNX, and the default of tfjs' LSTM gates. */
export const hardSigmoidTfjs: Activation = hard(0.2);

/**
 * The activations by name.
 *
 * @example
 * ```ts
 * import { activations } from '@rnnlab/tensor';
 *
 * const { forward, derivative } = activations.sigmoid;
 * const y = forward(0);
 * console.log(y, derivative(y)); // 0.5 0.25
 * ```
 */
export const activations = { sigmoid, tanh, relu, linear, hardSigmoid, hardSigmoidTfjs } as const;

/** Name of an activation, e.g. `'tanh'`. */
export type ActivationName = keyof typeof activations;
