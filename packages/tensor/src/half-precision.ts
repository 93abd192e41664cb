/**
 * Widening of 16-bit floats to float32; every value, infinities, subnormals and NaN payloads included, is exact.
 *
 *   F16   sign 1, exponent 5 (bias 15), fraction 10   IEEE 754 binary16
 *   BF16  sign 1, exponent 8 (bias 127), fraction 7   the upper half of a float32
 */
import { DTypeError } from './errors';
import type { RawTensor } from './safetensors-dtype';
import { Tensor } from './tensor';

/** The bits of the float32 that equals a binary16. */
function widenHalf(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13);
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  // Subnormal: fraction · 2⁻²⁴, whose leading one becomes the implicit bit.
  const shift = Math.clz32(fraction) - 21;
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13);
}

/**
 * A float32 tensor with the values of an F16 or BF16 one.
 *
 * @throws {@link DTypeError} for another dtype.
 *
 * @example
 * ```ts
 * import { toFloat32 } from '@rnnlab/tensor';
 *
 * const half = { dtype: 'F16', shape: [1], bytes: Uint8Array.of(0x00, 0x3e) } as const;
 * console.log(toFloat32(half).toArray()); // [ 1.5 ]
 * ```
 */
export function toFloat32(raw: RawTensor): Tensor {
  if (raw.dtype !== 'F16' && raw.dtype !== 'BF16') {
    throw new DTypeError(`toFloat32: dtype is ${raw.dtype}, expected F16 or BF16.`);
  }
  const { bytes } = raw;
  const words = new Uint32Array(bytes.length / 2);
  for (let i = 0; i < words.length; i++) {
    const half = bytes[2 * i] | (bytes[2 * i + 1] << 8);
    words[i] = raw.dtype === 'F16' ? widenHalf(half) : half << 16;
  }
  return new Tensor(new Float32Array(words.buffer), raw.shape);
}
