/** The element types of the safetensors format and the values that have no {@link Tensor} of their own. */
import { bytesPerElement, type DType } from './dtype';

/**
 * Bits of one element, in the order of alignment by which files are laid out (the last first). The types below
 * 8 bits are packed; a tensor of them is valid only when it fills whole bytes.
 */
const bits = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  C64: 64,
  F64: 64,
  I64: 64,
  U64: 64,
} as const;

/** A dtype as the format spells it, e.g. `'F32'`, `'BF16'`, `'I64'`. */
export type SafetensorsDType = keyof typeof bits;

/** A tensor of any dtype of the format as it lies in the file: little-endian, row-major. */
export interface RawTensor {
  readonly dtype: SafetensorsDType;
  /** Dimensions above 2⁵³ − 1, which only an empty tensor can have, are rounded to the nearest float64. */
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** Bits of one element by dtype name. A Map: names come from files, and `toString` is no dtype. */
export const bitsPerElement: ReadonlyMap<string, number> = new Map(Object.entries(bits));

const order = new Map(Object.keys(bits).map((name, index) => [name, index]));

/** Negative when tensors of `a` lie before tensors of `b` in a file: larger alignment first. */
export function compareAlignment(a: SafetensorsDType, b: SafetensorsDType): number {
  return order.get(b)! - order.get(a)!;
}

/** The format's name of a {@link Tensor}'s dtype. */
export const safetensorsDType: Readonly<Record<DType, SafetensorsDType>> = {
  float32: 'F32',
  float64: 'F64',
  int32: 'I32',
};

/** The dtype of the {@link Tensor} that holds `dtype` exactly, if there is one. */
export const tensorDType: ReadonlyMap<SafetensorsDType, DType> = new Map([
  ['F32', 'float32'],
  ['F64', 'float64'],
  ['I32', 'int32'],
]);

const hostIsLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * Little-endian bytes of `dtype` in the host's order, or back: `bytes` themselves on nearly every host, a
 * reversed copy on a big-endian one.
 */
export function swapToHostOrder<Bytes extends Uint8Array>(
  bytes: Bytes,
  dtype: DType,
  littleEndian: boolean = hostIsLittleEndian,
): Bytes | Uint8Array<ArrayBuffer> {
  if (littleEndian) return bytes;
  const width = bytesPerElement[dtype];
  const swapped = new Uint8Array(bytes);
  for (let start = 0; start < bytes.length; start += width) swapped.subarray(start, start + width).reverse();
  return swapped;
}
