/**
 * How weights start.
 *
 *   glorotUniform       U(−a, a), a = √(6 / (fanIn + fanOut))          Glorot & Bengio 2010
 *   glorotNormal        N(0, σ²), σ = √(2 / (fanIn + fanOut))          Glorot & Bengio 2010
 *   heUniform           U(−a, a), a = √(6 / fanIn)                     He et al. 2015
 *   heNormal            N(0, σ²), σ = √(2 / fanIn)                     He et al. 2015
 *   orthogonal          columns (rows, if wide) orthonormal            Saxe, McClelland & Ganguli 2013
 *   uniformInverseSqrt  U(−1/√H, 1/√H)                                 PyTorch's recurrent layers
 *   normal              N(0, σ²)
 *   uniform             U(low, high)
 *   identity            1 on the diagonal                              Le, Jaitly & Hinton 2015 (IRNN)
 *   zeros
 *
 * Weights are stored [fanOut, fanIn]. Keras truncates its glorotNormal and heNormal at 2σ; these are plain, as PyTorch's.
 */
import { ShapeError } from './errors';
import { checkShape, formatShape } from './shape';
import type { Rng } from './rng';
import type { Tensor } from './tensor';

/** Fills a tensor in place with numbers drawn from `rng`. */
export type Initializer = (tensor: Tensor, rng: Rng) => void;

const fill = (tensor: Tensor, draw: () => number): void => {
  for (let k = 0; k < tensor.size; k++) tensor.data[k] = draw();
};

const fans = (where: string, tensor: Tensor): { fanIn: number; fanOut: number } => {
  checkShape(`${where}: tensor`, tensor.shape, [
    ['fanOut', undefined],
    ['fanIn', undefined],
  ]); // prettier-ignore
  return { fanOut: tensor.shape[0], fanIn: tensor.shape[1] };
};

/** All zeros. */
export const zeros: Initializer = (tensor) => void tensor.fill(0);

/** U(low, high). */
export const uniform =
  (low: number, high: number): Initializer =>
  (tensor, rng) =>
    fill(tensor, () => rng.uniform(low, high));

/** N(0, standardDeviation²). */
export const normal =
  (standardDeviation: number): Initializer =>
  (tensor, rng) =>
    fill(tensor, () => rng.normal(0, standardDeviation));

/** U(−1/√H, 1/√H) for H = `hiddenSize`, whatever the shape: how PyTorch starts all of a recurrent layer. */
export const uniformInverseSqrt = (hiddenSize: number): Initializer =>
  uniform(-1 / Math.sqrt(hiddenSize), 1 / Math.sqrt(hiddenSize));

/**
 * U(±√(6 / (fanIn + fanOut))): keeps the variance of activations and of gradients about equal across a linear layer.
 *
 * @example
 * ```ts
 * import { glorotUniform, Rng, Tensor } from '@rnnlab/tensor';
 *
 * const weight = Tensor.zeros([3, 5]);
 * glorotUniform(weight, new Rng(1));
 * console.log(weight.data.every((w) => Math.abs(w) <= Math.sqrt(6 / 8))); // true
 * ```
 */
export const glorotUniform: Initializer = (tensor, rng) => {
  const { fanIn, fanOut } = fans('glorotUniform', tensor);
  const a = Math.sqrt(6 / (fanIn + fanOut));
  fill(tensor, () => rng.uniform(-a, a));
};

/** N(0, 2 / (fanIn + fanOut)). */
export const glorotNormal: Initializer = (tensor, rng) => {
  const { fanIn, fanOut } = fans('glorotNormal', tensor);
  fill(tensor, () => rng.normal(0, Math.sqrt(2 / (fanIn + fanOut))));
};

/** U(±√(6 / fanIn)): keeps the variance of activations across a layer with relu. */
export const heUniform: Initializer = (tensor, rng) => {
  const a = Math.sqrt(6 / fans('heUniform', tensor).fanIn);
  fill(tensor, () => rng.uniform(-a, a));
};

/** N(0, 2 / fanIn). */
export const heNormal: Initializer = (tensor, rng) => {
  const { fanIn } = fans('heNormal', tensor);
  fill(tensor, () => rng.normal(0, Math.sqrt(2 / fanIn)));
};

/** 1 on the diagonal, 0 elsewhere, blocks of square matrices below each other each on their own: relu networks that remember. */
export const identity: Initializer = (tensor) => {
  const { fanIn } = fans('identity', tensor);
  for (let k = 0; k < tensor.size; k++) tensor.data[k] = Math.floor(k / fanIn) % fanIn === k % fanIn ? 1 : 0;
};

/**
 * A matrix whose columns (of a tall matrix; rows of a wide one) have length 1 and are at right angles, so that
 * a product with it keeps lengths: gradients through many steps neither vanish nor explode at first.
 * Drawn evenly: random normal columns, made orthonormal one after the other (Gram & Schmidt, each twice,
 * since once leaves rounding errors).
 */
export const orthogonal: Initializer = (tensor, rng) => {
  const { fanIn, fanOut } = fans('orthogonal', tensor);
  if (tensor.size === 0)
    throw new ShapeError(
      `orthogonal: tensor has shape ${formatShape(tensor.shape)}, expected no empty axis.`,
    );
  const [count, length] = [Math.min(fanIn, fanOut), Math.max(fanIn, fanOut)];
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    const v = Float64Array.from({ length }, () => rng.normal());
    for (let pass = 0; pass < 2; pass++) {
      for (const u of basis) {
        let along = 0;
        for (let k = 0; k < length; k++) along += u[k] * v[k];
        for (let k = 0; k < length; k++) v[k] -= along * u[k];
      }
    }
    const size = Math.sqrt(v.reduce((total, x) => total + x * x, 0));
    if (size > 1e-6) basis.push(v.map((x) => x / size)); // else v was within the others' span: draw again
  }
  basis.forEach((v, b) => {
    for (let k = 0; k < length; k++) tensor.data[fanOut >= fanIn ? k * fanIn + b : b * fanIn + k] = v[k];
  });
};
