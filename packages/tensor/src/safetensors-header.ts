/**
 * The header of a safetensors file, wholly checked before anything is allocated for its tensors.
 *
 *   bytes 0–7     N, the header's length, unsigned 64-bit little-endian
 *   bytes 8–N+7   UTF-8 JSON: { "__metadata__": { key: string, … }, "name": { dtype, shape, data_offsets }, … }
 *   the rest      the tensors' bytes; data_offsets [begin, end) count from its start
 *
 * Sorted by offset, the tensors must cover the rest of the file exactly: no hole, no overlap, nothing behind
 * them. Decisions follow the reference implementation (Hugging Face safetensors 0.8), down to what serde
 * makes of a header: unknown fields are passed over, `"__metadata__": null` counts as absent, a tensor may be
 * written as [dtype, shape, data_offsets] and a dtype as {"F32": null}. Stricter only where the format's
 * text says MUST: the header begins with '{', and duplicate keys are disallowed.
 */
import { CheckpointError } from './errors';
import { bitsPerElement, type SafetensorsDType } from './safetensors-dtype';
import { JsonReader, maxUsize, quoteName } from './safetensors-json';
import { formatShape } from './shape';

/** Where a tensor lies in a file. */
export interface SafetensorsEntry {
  readonly dtype: SafetensorsDType;
  /** Dimensions above 2⁵³ − 1, which only an empty tensor can have, are rounded to the nearest float64. */
  readonly shape: readonly number[];
  /** First byte, counted from the start of the file. */
  readonly offset: number;
  readonly byteLength: number;
}

/** What a file holds, without the tensors' bytes. Names are data, never paths: do not build file names from them. */
export interface SafetensorsHeader {
  /** In the order of the header. */
  readonly entries: Map<string, SafetensorsEntry>;
  readonly metadata: Map<string, string>;
}

/** Longest header, as in the reference: 100 MB. */
export const maxHeaderLength = 100_000_000;

/** A tensor's fields as the file gives them, not yet checked against each other. */
interface Declared {
  dtype: SafetensorsDType;
  shape: number[];
  /** The product of the shape; undefined when a partial product passes 2⁶⁴ − 1, as in the reference. */
  elements: number | bigint | undefined;
  /** Offsets above 2⁵³ are rounded: no file reaches them, so they are refused either way. */
  begin: number;
  end: number;
}

export function refuse(problem: string): never {
  throw new CheckpointError(
    `safetensors: ${problem}. The file is damaged, cut short or no safetensors file: copy, download or save it again.`,
  );
}

/**
 * Length of the JSON header.
 *
 * @param start The file's first 8 bytes (fewer if the file is shorter).
 * @throws {@link CheckpointError} when it is over 100 MB or past the end of the file.
 */
export function headerLength(start: Uint8Array, fileSize: number): number {
  if (fileSize < 8 || start.length < 8) refuse(`the file has ${fileSize} bytes, expected at least 8`);
  const length = new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(maxHeaderLength)) {
    refuse(`the header's length is ${length}, expected at most ${maxHeaderLength}`);
  }
  if (Number(length) > fileSize - 8) {
    refuse(`the header's length is ${length}, but only ${fileSize - 8} bytes follow`);
  }
  return Number(length);
}

/**
 * Parses and checks the JSON header.
 *
 * @param json The header's bytes, without the length field.
 * @param fileSize Of the whole file, in bytes.
 * @throws {@link CheckpointError} when any rule in the head of this file is broken.
 */
export function parseHeader(json: Uint8Array, fileSize: number): SafetensorsHeader {
  let text = '';
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(json);
  } catch {
    refuse('the header is not valid UTF-8');
  }
  if (text[0] !== '{') refuse(`the header begins with ${JSON.stringify(text.slice(0, 1))}, expected "{"`);
  const dataStart = 8 + json.length;
  const entries = new Map<string, SafetensorsEntry>();
  let metadata: Map<string, string> | undefined;
  const reader = new JsonReader(text);
  reader.object(
    (name) => {
      if (name === '__metadata__') metadata = readMetadata(reader);
      else entries.set(name, toEntry(name, readTensorInfo(reader, name), dataStart));
    },
    (name) => (name === '__metadata__' ? metadata !== undefined : entries.has(name)),
  );
  reader.end();
  checkCoverage(entries, dataStart, fileSize);
  return { entries, metadata: metadata ?? new Map() };
}

function readMetadata(reader: JsonReader): Map<string, string> {
  const metadata = new Map<string, string>();
  if (reader.peek() === 'n') reader.null();
  else {
    reader.object(
      (key) => void metadata.set(key, reader.string()),
      (key) => metadata.has(key),
    );
  }
  return metadata;
}

function readTensorInfo(reader: JsonReader, name: string): Declared {
  const fields: Partial<Declared> = {};
  const read = (field: string | number): void => {
    if (field === 'dtype' || field === 0) fields.dtype = readDType(reader);
    else if (field === 'shape' || field === 1) Object.assign(fields, readShape(reader));
    else if (field === 'data_offsets' || field === 2) Object.assign(fields, readOffsets(reader));
    else if (typeof field === 'number') reader.fail('only dtype, shape and data_offsets');
    else reader.skip();
  };
  if (reader.peek() === '[') reader.array(read);
  else reader.object(read);
  const { dtype, shape, elements, begin, end } = fields;
  if (dtype === undefined || shape === undefined || begin === undefined || end === undefined) {
    return refuse(`tensor ${quoteName(name)} lacks dtype, shape or data_offsets`);
  }
  return { dtype, shape, elements, begin, end };
}

/** Longest array that is made in one piece: a longer one would become a hash table. */
const longestArray = 2 ** 25;

function readShape(reader: JsonReader): Pick<Declared, 'shape' | 'elements'> {
  const shape: number[] = [];
  let elements: number | bigint | undefined = 1;
  if (reader.peek() === '[') shape.length = Math.min(Math.max(reader.countNumbers(), 0), longestArray);
  let rank = 0;
  reader.array(() => {
    const d = reader.unsigned();
    shape[rank++] = Number(d);
    elements = elements === undefined ? undefined : product(elements, d);
  });
  shape.length = rank;
  return { shape, elements };
}

/** Exact; undefined above 2⁶⁴ − 1. */
function product(a: number | bigint, b: number | bigint): number | bigint | undefined {
  if (typeof a === 'number' && typeof b === 'number' && a * b <= Number.MAX_SAFE_INTEGER) return a * b;
  const exact = BigInt(a) * BigInt(b);
  return exact > maxUsize ? undefined : exact;
}

function readOffsets(reader: JsonReader): Pick<Declared, 'begin' | 'end'> {
  const offsets: number[] = [];
  reader.array((index) => {
    if (index === 2) reader.fail('data_offsets of two numbers');
    offsets.push(Number(reader.unsigned()));
  });
  if (offsets.length < 2) reader.fail('data_offsets of two numbers before here');
  return { begin: offsets[0], end: offsets[1] };
}

function readDType(reader: JsonReader): SafetensorsDType {
  const names: string[] = [];
  if (reader.peek() === '{') {
    reader.object((key) => {
      names.push(key);
      reader.null();
    });
  } else names.push(reader.string());
  if (names.length !== 1 || !bitsPerElement.has(names[0])) {
    const found = names.slice(0, 2).map(quoteName).join(', ');
    refuse(`dtype is ${found || '{}'}, expected one of ${[...bitsPerElement.keys()].join(', ')}`);
  }
  return names[0] as SafetensorsDType;
}

/** Checks that the size agrees with the shape. */
function toEntry(
  name: string,
  { dtype, shape, elements, begin, end }: Declared,
  dataStart: number,
): SafetensorsEntry {
  const bits = elements === undefined ? undefined : BigInt(elements) * BigInt(bitsPerElement.get(dtype)!);
  if (bits !== BigInt(end - begin) * 8n) {
    const dimensions = shape.length > 8 ? `[${shape.slice(0, 8).join(', ')}, …]` : formatShape(shape);
    refuse(
      `tensor ${quoteName(name)} is ${dtype} ${dimensions} ` +
        `(${bits === undefined ? 'more than 2^64 elements' : `${bits} bits`}), but its data_offsets hold ${end - begin} bytes`,
    );
  }
  return { dtype, shape, offset: dataStart + begin, byteLength: end - begin };
}

/** The tensors cover the bytes from `dataStart` to `fileSize` without hole or overlap. */
function checkCoverage(
  entries: ReadonlyMap<string, SafetensorsEntry>,
  dataStart: number,
  fileSize: number,
): void {
  let covered = dataStart;
  for (const [name, { offset, byteLength }] of inOrder(entries)) {
    if (offset !== covered) {
      const [begin, end] = [offset - dataStart, offset - dataStart + byteLength];
      refuse(
        `tensor ${quoteName(name)} lies at [${begin}, ${end}), expected to begin at ${covered - dataStart}`,
      );
    }
    covered += byteLength;
  }
  if (covered !== fileSize) {
    refuse(`the tensors cover ${covered - dataStart} bytes, but ${fileSize - dataStart} follow the header`);
  }
}

/** By offset: as they stand, where that is their order, as in most files. */
function inOrder(
  entries: ReadonlyMap<string, SafetensorsEntry>,
): Iterable<readonly [string, SafetensorsEntry]> {
  let last = 0;
  for (const { offset, byteLength } of entries.values()) {
    if (offset < last) {
      return [...entries].sort(([, a], [, b]) => a.offset - b.offset || a.byteLength - b.byteLength);
    }
    last = offset + byteLength;
  }
  return entries;
}
