import { DTypeError } from './errors';

/** Element types: `float32` is what models train in, `float64` what proofs run in, `int32` holds token ids. */
export type DType = 'float32' | 'float64' | 'int32';

/** The element types that have gradients. */
export type FloatDType = 'float32' | 'float64';

/** The storage of a {@link Tensor}. */
export type TypedArray = Float32Array | Float64Array | Int32Array;

const constructors = { float32: Float32Array, float64: Float64Array, int32: Int32Array } as const;

/** Bytes of one element. */
export const bytesPerElement: Readonly<Record<DType, number>> = { float32: 4, float64: 8, int32: 4 };

/**
 * A typed array of `size` elements: new and zero-filled, or a view into `buffer` from byte `offset` on.
 *
 * @throws {@link DTypeError} for an unknown dtype.
 */
export function allocateData(dtype: DType, size: number, buffer?: ArrayBufferLike, offset = 0): TypedArray {
  const Constructor = constructors[dtype];
  if (!Constructor) {
    throw new DTypeError(`dtype is ${JSON.stringify(dtype)}, expected 'float32', 'float64' or 'int32'.`);
  }
  return buffer ? new Constructor(buffer as ArrayBuffer, offset, size) : new Constructor(size);
}

/** The dtype of a typed array, or `undefined` for other element types (e.g. `Uint8Array`). */
export function dtypeOf(data: unknown): DType | undefined {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Float64Array) return 'float64';
  if (data instanceof Int32Array) return 'int32';
  return undefined;
}
