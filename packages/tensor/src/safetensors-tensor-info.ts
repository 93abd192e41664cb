/**
 * One tensor of a header: { "dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24] }, fields in any order, or
 * the array [dtype, shape, data_offsets], which serde takes for the same.
 *
 * Read twice: once to check it, when the shape is multiplied but not kept, and again when someone asks for it.
 */
import { CheckpointError } from './errors';
import { bitsPerElement, type SafetensorsDType } from './safetensors-dtype';
import { maxUsize, type JsonReader } from './safetensors-json';
import { quoteName, quoteString, startOfString } from './safetensors-string';
import { formatShape } from './shape';

/** A tensor's fields, their size checked against the shape. */
export interface TensorInfo {
  readonly dtype: SafetensorsDType;
  /** Dimensions above 2⁵³ − 1 are rounded. Without `wholeShape` only the first, for messages. */
  readonly shape: number[];
  /** [begin, end) in bytes, from the start of the data. */
  readonly begin: number;
  readonly end: number;
}

interface Declared extends TensorInfo {
  /** The product of the shape; undefined when a partial product passes 2⁶⁴ − 1, as in the reference. */
  readonly elements: number | bigint | undefined;
}

/** Dimensions that a message shows. */
const shownRank = 8;
/** Longer than any of the four field names and any dtype. */
const longestName = 81;

export function refuse(problem: string): never {
  throw new CheckpointError(
    `safetensors: ${problem}. The file is damaged, cut short or no safetensors file: copy, download or save it again.`,
  );
}

/**
 * Reads the value of the key at `key` in `json`.
 *
 * @param wholeShape Whether `shape` gets all dimensions: a header can hold 50 million of them.
 */
export function readTensorInfo(
  reader: JsonReader,
  json: Uint8Array,
  key: number,
  wholeShape = false,
): TensorInfo {
  const fields: { -readonly [Field in keyof Declared]?: Declared[Field] } = {};
  const read = (field: string | number): void => {
    if (field === 'dtype' || field === 0) fields.dtype = readDType(reader, json);
    else if (field === 'shape' || field === 1) Object.assign(fields, readShape(reader, wholeShape));
    else if (field === 'data_offsets' || field === 2) Object.assign(fields, readOffsets(reader));
    else if (typeof field === 'number') reader.fail('only dtype, shape and data_offsets');
    else reader.skip();
  };
  if (reader.startsWith('[')) reader.array(read);
  else reader.object((field) => read(startOfString(json, field, longestName)));
  const { dtype, shape, elements, begin, end } = fields;
  if (dtype === undefined || shape === undefined || begin === undefined || end === undefined) {
    return refuse(`tensor ${quoteString(json, key)} lacks dtype, shape or data_offsets`);
  }
  const bits = elements === undefined ? undefined : BigInt(elements) * BigInt(bitsPerElement.get(dtype)!);
  if (bits !== BigInt(end - begin) * 8n) {
    const dimensions =
      shape.length > shownRank ? `[${shape.slice(0, shownRank).join(', ')}, …]` : formatShape(shape);
    refuse(
      `tensor ${quoteString(json, key)} is ${dtype} ${dimensions} ` +
        `(${bits === undefined ? 'more than 2^64 elements' : `${bits} bits`}), but its data_offsets hold ${end - begin} bytes`,
    );
  }
  return { dtype, shape, begin, end };
}

function readShape(reader: JsonReader, whole: boolean): Pick<Declared, 'shape' | 'elements'> {
  const shape: number[] = [];
  let elements: number | bigint | undefined = 1;
  reader.array(() => {
    const d = reader.unsigned();
    if (whole || shape.length <= shownRank) shape.push(Number(d));
    elements = elements === undefined ? undefined : product(elements, d);
  });
  return { shape, elements };
}

/** Exact; undefined above 2⁶⁴ − 1. */
function product(a: number | bigint, b: number | bigint): number | bigint | undefined {
  if (typeof a === 'number' && typeof b === 'number' && a * b <= Number.MAX_SAFE_INTEGER) return a * b;
  const exact = BigInt(a) * BigInt(b);
  return exact > maxUsize ? undefined : exact;
}

/** Offsets above 2⁵³ are rounded: no file reaches them, so they are refused either way. */
function readOffsets(reader: JsonReader): Pick<Declared, 'begin' | 'end'> {
  const offsets: number[] = [];
  reader.array((index) => {
    if (index === 2) reader.fail('data_offsets of two numbers');
    offsets.push(Number(reader.unsigned()));
  });
  if (offsets.length < 2) reader.fail('data_offsets of two numbers before here');
  return { begin: offsets[0], end: offsets[1] };
}

/** "F32", or {"F32": null}. */
function readDType(reader: JsonReader, json: Uint8Array): SafetensorsDType {
  const names: string[] = [];
  const take = (at: number): void => {
    if (names.length < 2) names.push(startOfString(json, at, longestName));
  };
  if (reader.startsWith('{')) {
    reader.object((key) => {
      take(key);
      reader.null();
    });
  } else take(reader.string());
  if (names.length !== 1 || !bitsPerElement.has(names[0])) {
    const found = names.map(quoteName).join(', ');
    refuse(`dtype is ${found || '{}'}, expected one of ${[...bitsPerElement.keys()].join(', ')}`);
  }
  return names[0] as SafetensorsDType;
}
