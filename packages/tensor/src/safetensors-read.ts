/**
 * Reading safetensors files: whole from memory, or one tensor at a time from a random-access source.
 *
 * float32, float64 and int32 come as {@link Tensor}; every other dtype of the format comes as
 * {@link RawTensor}, its bytes untouched ({@link toFloat32} widens F16 and BF16). Each tensor owns a copy of
 * its bytes: a file may place a float64 at any offset, a typed array may not. The copies together are no
 * larger than the file, because the header was checked to cover it exactly once.
 *
 * Memory: beside those copies, names, shapes and the objects that hold them, at the worst about 30 bytes for each byte of
 * the header. Measured with Node 20 as the peak of the process: 30 with a million empty tensors of 24 header bytes each
 * (15 for the header alone), 10 with 400,000 of 70 bytes, 9 with two million metadata keys, 5 to 8 with one tensor of 15 to
 * 49 million dimensions. A usual header is a small part of its file; the longest that is read has 100 MB.
 */
import type { DType } from './dtype';
import { swapToHostOrder, tensorDType, type RawTensor } from './safetensors-dtype';
import {
  headerLength,
  parseHeader,
  refuse,
  type SafetensorsEntry,
  type SafetensorsHeader,
} from './safetensors-header';
import { quoteName } from './safetensors-json';
import { Tensor } from './tensor';

/** Bytes that can be read from any place, e.g. an open file. `read` may be synchronous or not. */
export interface ByteSource {
  /** Bytes in total. */
  readonly size: number;
  /** Exactly `length` bytes from `offset` on. */
  read(offset: number, length: number): Uint8Array | Promise<Uint8Array>;
}

/** A safetensors file whose tensors are loaded when asked for. */
export interface SafetensorsFile extends SafetensorsHeader {
  /**
   * Loads one tensor.
   *
   * @throws {@link CheckpointError} when the file has no such tensor or has become shorter.
   */
  load(name: string): Promise<Tensor | RawTensor>;
}

/**
 * Reads a whole file that is in memory.
 *
 * @throws {@link CheckpointError} when the file breaks the format.
 *
 * @example
 * ```ts
 * import { readSafetensors, Tensor, writeSafetensors } from '@rnnlab/tensor';
 *
 * const bytes = writeSafetensors(new Map([['weight', Tensor.from([[1, 2, 3]])]]));
 * console.log(String(readSafetensors(bytes).tensors.get('weight'))); // Tensor(float32, [1, 3])
 * ```
 */
export function readSafetensors(bytes: Uint8Array): {
  tensors: Map<string, Tensor | RawTensor>;
  metadata: Map<string, string>;
} {
  const { entries, metadata } = readSafetensorsHeader(bytes);
  const tensors = new Map<string, Tensor | RawTensor>();
  for (const [name, entry] of entries) {
    const { offset, byteLength } = entry;
    tensors.set(name, toTensor(entry, new Uint8Array(bytes.subarray(offset, offset + byteLength))));
  }
  return { tensors, metadata };
}

/**
 * Reads names, shapes and metadata only.
 *
 * @param bytes The start of the file, at least up to the end of its header.
 * @param fileSize Of the whole file in bytes; `bytes.length` by default.
 * @throws {@link CheckpointError} when the header breaks the format or does not fit the size.
 */
export function readSafetensorsHeader(bytes: Uint8Array, fileSize: number = bytes.length): SafetensorsHeader {
  const length = headerLength(bytes, fileSize);
  if (bytes.length < 8 + length) {
    refuse(`only ${bytes.length} bytes are given, expected the whole header of ${8 + length}`);
  }
  return parseHeader(bytes.subarray(8, 8 + length), fileSize);
}

/**
 * Opens a file of any size: reads the header now and each tensor when asked for.
 *
 * @throws {@link CheckpointError} when the header breaks the format or does not fit the source's size.
 *
 * @example
 * ```ts
 * import { openSafetensors, Tensor, writeSafetensors } from '@rnnlab/tensor';
 *
 * const bytes = writeSafetensors(new Map([['bias', Tensor.from([0.5, -1])]]));
 * const read = (offset: number, length: number) => bytes.subarray(offset, offset + length);
 * const source = { size: bytes.length, read };
 * const file = await openSafetensors(source);
 * console.log((await file.load('bias')).shape); // [ 2 ]
 * ```
 */
export async function openSafetensors(source: ByteSource): Promise<SafetensorsFile> {
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    const bytes = await source.read(offset, length);
    if (bytes.length !== length) {
      refuse(`reading ${length} bytes at ${offset} gave ${bytes.length}; the file has become shorter`);
    }
    return bytes;
  };
  const length = headerLength(await read(0, Math.min(8, source.size)), source.size);
  const header = parseHeader(await read(8, length), source.size);
  return {
    ...header,
    async load(name) {
      const entry = header.entries.get(name);
      if (!entry) {
        const names = [...header.entries.keys()].slice(0, 20).map(quoteName).join(', ');
        return refuse(`there is no tensor ${quoteName(name)}, the file holds ${names || 'none'}`);
      }
      const bytes = await read(entry.offset, entry.byteLength);
      return toTensor(entry, new Uint8Array(bytes));
    },
  };
}

const constructors = { float32: Float32Array, float64: Float64Array, int32: Int32Array } as const;

/** `bytes` belong to the new tensor alone and start their buffer, so that any element type is aligned. */
function toTensor({ dtype, shape }: SafetensorsEntry, bytes: Uint8Array<ArrayBuffer>): Tensor | RawTensor {
  const ours: DType | undefined = tensorDType.get(dtype);
  if (!ours) return { dtype, shape, bytes };
  return new Tensor(new constructors[ours](swapToHostOrder(bytes, ours).buffer), shape);
}
