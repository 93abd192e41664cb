import type { DType, FloatDType } from '../dtype';
import type { Rng } from '../rng';
import { Tensor } from '../tensor';

/**
 * A tensor of normally distributed numbers times `scale`: no two elements are alike, so a permuted gate or a
 * transposed matrix shows.
 */
export function randomTensor(
  shape: readonly number[],
  rng: Rng,
  { scale = 1, dtype = 'float32' }: { scale?: number; dtype?: FloatDType } = {},
): Tensor {
  const tensor = Tensor.zeros(shape, dtype);
  for (let k = 0; k < tensor.size; k++) tensor.data[k] = rng.normal(0, scale);
  return tensor;
}

/** A tensor as golden files hold it. */
export interface TensorJson {
  shape: number[];
  /** Row-major; null stands for NaN, which JSON cannot hold. */
  data: (number | null)[];
}

/** A tensor from a golden file. */
export function tensorFromJson({ shape, data }: TensorJson, dtype: DType): Tensor {
  const tensor = Tensor.zeros(shape, dtype);
  if (data.length !== tensor.size)
    throw new Error(`The golden tensor has ${data.length} numbers for shape [${shape.join(', ')}].`);
  data.forEach((value, k) => (tensor.data[k] = value ?? NaN));
  return tensor;
}
