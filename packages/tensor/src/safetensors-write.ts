/**
 * Writing safetensors files, byte for byte as the reference implementation lays them out: tensors by
 * alignment of their dtype (U64 … BOOL), then by the UTF-8 bytes of their name; compact JSON; the header
 * padded with spaces to a multiple of 8 bytes, so that every tensor is aligned in the file. Metadata keys are
 * sorted too (the reference leaves their order to a hash map): equal content gives equal bytes.
 */
import { CheckpointError } from './errors';
import {
  bitsPerElement,
  compareAlignment,
  safetensorsDType,
  swapToHostOrder,
  type RawTensor,
  type SafetensorsDType,
} from './safetensors-dtype';
import { maxHeaderLength } from './safetensors-header';
import { quoteName } from './safetensors-string';
import { formatShape } from './shape';
import { Tensor } from './tensor';

/** What can be written: tensors by name. Names may be any text except `__metadata__`. */
export type WritableTensors = ReadonlyMap<string, Tensor | RawTensor>;

interface Planned {
  name: string;
  nameBytes: Uint8Array;
  dtype: SafetensorsDType;
  value: Tensor | RawTensor;
  byteLength: number;
}

/**
 * Writes a whole file into memory. For large models prefer {@link safetensorsChunks}.
 *
 * @param metadata Text by name; left out of the file when empty.
 * @throws {@link CheckpointError} for what the format cannot hold, see {@link safetensorsChunks}.
 *
 * @example
 * ```ts
 * import { Tensor, writeSafetensors } from '@rnnlab/tensor';
 *
 * const bytes = writeSafetensors(new Map([['x', Tensor.from([1, 2])]]), new Map([['author', 'me']]));
 * console.log(bytes.length % 8); // 0
 * ```
 */
export function writeSafetensors(
  tensors: WritableTensors,
  metadata?: ReadonlyMap<string, string>,
): Uint8Array {
  const plan = planTensors(tensors);
  const head = encodeHead(plan, metadata);
  const file = new Uint8Array(plan.reduce((size, { byteLength }) => size + byteLength, head.length));
  file.set(head);
  let offset = head.length;
  for (const { value, byteLength } of plan) {
    file.set(bytesOf(value), offset);
    offset += byteLength;
  }
  return file;
}

/**
 * The same file in pieces: the header, then one chunk a tensor, which shares the tensor's memory, so that
 * saving never holds a second copy of the model. Everything is checked before the first chunk comes.
 *
 * @throws {@link CheckpointError} when a name or metadata is no well-formed text, a name is `__metadata__`, a
 *   shape does not fit its bytes, a size passes 2⁵³ − 1, or the header passes 100 MB.
 *
 * @example
 * ```ts
 * import { safetensorsChunks, Tensor } from '@rnnlab/tensor';
 *
 * const chunks = safetensorsChunks(new Map([['x', Tensor.from([1, 2])]]));
 * console.log([...chunks].map((chunk) => chunk.length)); // [ 72, 8 ]
 * ```
 */
export function* safetensorsChunks(
  tensors: WritableTensors,
  metadata?: ReadonlyMap<string, string>,
): Generator<Uint8Array, void, undefined> {
  const plan = planTensors(tensors);
  yield encodeHead(plan, metadata);
  for (const { value } of plan) yield bytesOf(value);
}

function refuse(problem: string): never {
  throw new CheckpointError(`writeSafetensors: ${problem}`);
}

function planTensors(tensors: WritableTensors): Planned[] {
  const encoder = new TextEncoder();
  const plan = [...tensors].map(([name, value]): Planned => {
    checkText(name, 'a tensor name');
    if (name === '__metadata__')
      refuse('no tensor can be named __metadata__. Pass metadata as second argument.');
    const nameBytes = encoder.encode(name);
    const dtype = value instanceof Tensor ? safetensorsDType[value.dtype] : value.dtype;
    const byteLength = bytesOf(value).length;
    const bits = value.shape.reduce((size, d) => size * d, bitsPerElement.get(dtype) ?? Number.NaN);
    if (bits !== byteLength * 8 || !value.shape.every((d) => Number.isSafeInteger(d) && d >= 0)) {
      refuse(
        `tensor ${quoteName(name)} is ${dtype} ${formatShape(value.shape)} with ${byteLength} bytes, ` +
          'expected a dtype of the format, dimensions from 0 to 2^53 - 1 and exactly their bytes.',
      );
    }
    return { name, nameBytes, dtype, value, byteLength };
  });
  return plan.sort((a, b) => compareAlignment(a.dtype, b.dtype) || compareBytes(a.nameBytes, b.nameBytes));
}

/** The length field and the padded JSON header. */
function encodeHead(plan: readonly Planned[], metadata?: ReadonlyMap<string, string>): Uint8Array {
  const fields: string[] = [];
  if (metadata?.size) {
    const pairs = [...metadata].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const pair of pairs) for (const text of pair) checkText(text, 'metadata');
    fields.push(
      `"__metadata__":{${pairs.map((pair) => pair.map((t) => JSON.stringify(t)).join(':')).join(',')}}`,
    );
  }
  let offset = 0;
  for (const { name, dtype, value, byteLength } of plan) {
    const info = { dtype, shape: value.shape, data_offsets: [offset, offset + byteLength] };
    fields.push(`${JSON.stringify(name)}:${JSON.stringify(info)}`);
    offset += byteLength;
  }
  const json = new TextEncoder().encode(`{${fields.join(',')}}`);
  const padded = Math.ceil(json.length / 8) * 8;
  if (padded > maxHeaderLength) {
    refuse(
      `the header takes ${padded} bytes, the format allows ${maxHeaderLength}. Keep large data out of metadata.`,
    );
  }
  const head = new Uint8Array(8 + padded).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(padded), true);
  head.set(json, 8);
  return head;
}

function checkText(text: unknown, what: string): void {
  if (typeof text !== 'string' || /\p{Surrogate}/u.test(text)) {
    refuse(
      `${what} is ${typeof text === 'string' ? quoteName(text) : typeof text}, expected well-formed text. ` +
        'Write other values with JSON.stringify.',
    );
  }
}

/** The file's bytes of a tensor; a view on its memory where the host is little-endian. */
function bytesOf(value: Tensor | RawTensor): Uint8Array {
  if (!(value instanceof Tensor)) return value.bytes;
  const { buffer, byteOffset, byteLength } = value.data;
  const view = new Uint8Array(buffer, byteOffset, byteLength);
  return swapToHostOrder(view, value.dtype);
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}
