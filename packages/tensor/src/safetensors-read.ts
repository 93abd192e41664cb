/**
 * Reading safetensors files: whole from memory, or one tensor at a time from a random-access source.
 *
 * float32, float64 and int32 come as {@link Tensor}; every other dtype of the format comes as
 * {@link RawTensor}, its bytes untouched ({@link toFloat32} widens F16 and BF16).
 *
 * Memory: whatever a file says, reading it allocates less than four times its size (and some ten kilobytes),
 * refused files included. A file in memory is copied once it was found valid; its tensors are views of that
 * copy, except those that lie at an offset where their type cannot, which own their bytes. Beside the copy
 * there is only the table of safetensors-keys.ts; names, shapes, tensors and metadata are made when asked for.
 */
import { bytesPerElement, type DType } from './dtype';
import { swapToHostOrder, tensorDType, type RawTensor, type SafetensorsDType } from './safetensors-dtype';
import { checkHeader, headerLength, headerMaps, type SafetensorsHeader } from './safetensors-header';
import { HeaderMap } from './safetensors-map';
import { quoteName } from './safetensors-string';
import { readTensorInfo, refuse } from './safetensors-tensor-info';
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
 * The tensors share one copy of the file: they do not see what happens to `bytes` later, and each keeps the whole
 * of the copy alive. To keep a few tensors of a large file, use {@link openSafetensors}, or `clone()` them.
 *
 * @returns Read-only maps in the order of the header. An entry is made when first asked for: `get` gives
 *   the same tensor each time.
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
  tensors: ReadonlyMap<string, Tensor | RawTensor>;
  metadata: ReadonlyMap<string, string>;
} {
  const length = headerLength(bytes, bytes.length);
  const checked = checkHeader(bytes.subarray(8, 8 + length), bytes.length);
  // Not slice(): that of a Node Buffer is a view.
  const copy = new Uint8Array(bytes);
  const json = copy.subarray(8, 8 + length);
  const data = copy.subarray(8 + length);
  const made = new Map<number, Tensor | RawTensor>();
  const tensors = new HeaderMap(json, checked.tensors, (reader, key) => {
    let tensor = made.get(key);
    if (!tensor) {
      const { dtype, shape, begin, end } = readTensorInfo(reader, json, key, true);
      tensor = toTensor(dtype, shape, data.subarray(begin, end));
      made.set(key, tensor);
    }
    return tensor;
  });
  return { tensors, metadata: headerMaps(json, checked).metadata };
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
  const json = new Uint8Array(bytes.subarray(8, 8 + length));
  return headerMaps(json, checkHeader(json, fileSize));
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
  const json = new Uint8Array(await read(8, length));
  const header = headerMaps(json, checkHeader(json, source.size));
  return {
    ...header,
    async load(name) {
      const entry = header.entries.get(name);
      if (!entry) {
        const names: string[] = [];
        for (const other of header.entries.keys()) if (names.push(quoteName(other)) === 20) break;
        return refuse(`there is no tensor ${quoteName(name)}, the file holds ${names.join(', ') || 'none'}`);
      }
      const bytes = await read(entry.offset, entry.byteLength);
      return toTensor(entry.dtype, entry.shape, new Uint8Array(bytes));
    },
  };
}

const constructors = { float32: Float32Array, float64: Float64Array, int32: Int32Array } as const;

/** @param bytes Nobody else's; copied only where the element type cannot lie at their offset. */
function toTensor(
  dtype: SafetensorsDType,
  shape: readonly number[],
  bytes: Uint8Array<ArrayBuffer>,
): Tensor | RawTensor {
  const ours: DType | undefined = tensorDType.get(dtype);
  if (!ours) return { dtype, shape, bytes };
  const aligned = bytes.byteOffset % bytesPerElement[ours] === 0 ? bytes : new Uint8Array(bytes);
  const { buffer, byteOffset, byteLength } = swapToHostOrder(aligned, ours);
  return new Tensor(new constructors[ours](buffer, byteOffset, byteLength / bytesPerElement[ours]), shape);
}
