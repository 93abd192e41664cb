/**
 * What an optimizer works on: a name, the values, and the gradient of the same length. A `Parameter` of
 * `@rnnlab/tensor` is one, and so is a plain record of typed arrays:
 *
 *   { value: Float32Array.of(1, 2), grad: new Float32Array(2) }
 *
 * Records without a name are called "0", "1", … by their position among all parameters given. Everything that
 * is kept about a parameter (its slots, its step count) is kept under its name, so names are unique.
 */
import { ConfigError, ShapeError } from './errors';

/** The element types that are trained. */
export type FloatArray = Float32Array | Float64Array;

/** Anything with numbers in `data`, such as a `Tensor`. */
export interface Numbers {
  readonly data: FloatArray | Int32Array;
  readonly shape?: readonly number[];
}

/** A trainable array and its gradient. See the header of this file. */
export interface OptimizerParameter {
  readonly name?: string;
  readonly value: FloatArray | Numbers;
  /** Of the length and element type of `value`. */
  readonly grad: FloatArray | Numbers;
  /** For plain typed arrays: what the saved state is checked against. Default `[value.length]`. */
  readonly shape?: readonly number[];
}

/**
 * The typed array behind `value` or `grad`. Asked for at every step and never kept: a backend may move a
 * tensor (a WebAssembly memory that grows leaves its old views empty).
 */
export function dataOf(numbers: FloatArray | Numbers): FloatArray {
  return ((numbers as Numbers | undefined)?.data ?? numbers) as FloatArray;
}

/** The shape of a parameter, `[length]` for a plain array without one. */
export function shapeOf({ value, shape }: OptimizerParameter): readonly number[] {
  return shape ?? (value as Numbers).shape ?? [dataOf(value).length];
}

/** A new array of the element type and length of `value`, filled with `fill`. */
export function arrayLike(value: FloatArray, fill = 0): FloatArray {
  return value.slice().fill(fill);
}

/** E.g. `Float32Array(6)`, or `missing`. */
export function describeArray(array: FloatArray | undefined): string {
  return array ? `${array.constructor.name}(${array.length})` : 'missing';
}

/**
 * The name of the parameter that comes after those `taken`.
 *
 * @throws {@link ShapeError} when value and grad are no float arrays of one length and type.
 * @throws {@link ConfigError} when `taken` has the name.
 */
export function checkParameter(parameter: OptimizerParameter, taken: ReadonlyMap<string, unknown>): string {
  const name = parameter.name ?? `${taken.size}`;
  const value = describeArray(dataOf(parameter.value));
  const grad = describeArray(dataOf(parameter.grad));
  if (value !== grad || !/^Float/.test(value)) {
    throw new ShapeError(
      `parameter '${name}': value is ${value}, grad is ${grad}, expected float arrays of one length.`,
    );
  }
  if (taken.has(name)) throw new ConfigError(`parameter '${name}' comes twice, expected different names.`);
  return name;
}
