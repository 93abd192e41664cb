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
 *
 * Of a checked header only its bytes stay, with a table of where its keys stand: names, shapes and metadata
 * are decoded when asked for, because a header of a million tensors would become thirty times as large as objects.
 */
import { Coverage } from './safetensors-coverage';
import type { SafetensorsDType } from './safetensors-dtype';
import { JsonReader } from './safetensors-json';
import { HeaderMap, type HeaderObject } from './safetensors-map';
import { excerpt, startOfString } from './safetensors-string';
import { readTensorInfo, refuse } from './safetensors-tensor-info';

/** Where a tensor lies in a file. */
export interface SafetensorsEntry {
  readonly dtype: SafetensorsDType;
  /** Dimensions above 2⁵³ − 1, which only an empty tensor can have, are rounded to the nearest float64. */
  readonly shape: readonly number[];
  /** First byte, counted from the start of the file. */
  readonly offset: number;
  readonly byteLength: number;
}

/**
 * What a file holds, without the tensors' bytes. Names are data, never paths: do not build file names from them.
 * Both maps are read-only and decode an entry when it is asked for; `new Map(entries)` is a map of your own.
 */
export interface SafetensorsHeader {
  /** In the order of the header. */
  readonly entries: ReadonlyMap<string, SafetensorsEntry>;
  readonly metadata: ReadonlyMap<string, string>;
}

/** Longest header, as in the reference: 100 MB. */
export const maxHeaderLength = 100_000_000;

/** Where the tensors and the metadata of a checked header stand. */
export interface CheckedHeader {
  readonly tensors: HeaderObject;
  readonly metadata: HeaderObject | undefined;
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
 * Checks the JSON header.
 *
 * @param json The header's bytes, without the length field.
 * @param fileSize Of the whole file, in bytes.
 * @throws {@link CheckpointError} when any rule in the head of this file is broken.
 */
export function checkHeader(json: Uint8Array, fileSize: number): CheckedHeader {
  checkUtf8(json);
  if (json[0] !== 0x7b) refuse(`the header begins with ${JSON.stringify(excerpt(json, 0, 1))}, expected "{"`);
  const reader = new JsonReader(json);
  const coverage = new Coverage();
  let metadata: HeaderObject | undefined;
  let metadataKey = -1;
  const keys = reader.object((key) => {
    if (startOfString(json, key, hidden.length + 1) === hidden) {
      metadataKey = key;
      metadata = checkMetadata(reader);
      return;
    }
    const { begin, end } = readTensorInfo(reader, json, key);
    coverage.add(begin, end);
  });
  reader.end();
  coverage.check(json, 0, metadataKey, fileSize - 8 - json.length);
  return { tensors: { keys, start: 0, hidden }, metadata };
}

const hidden = '__metadata__';

/** In pieces that are forgotten at once: the whole as a string would be as large as the header, or twice. */
function checkUtf8(json: Uint8Array): void {
  const piece = 16_384;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for (let start = 0; start < json.length; start += piece) {
      decoder.decode(json.subarray(start, start + piece), { stream: true });
    }
    decoder.decode();
  } catch {
    refuse('the header is not valid UTF-8');
  }
}

function checkMetadata(reader: JsonReader): HeaderObject | undefined {
  if (reader.startsWith('n')) {
    reader.null();
    return undefined;
  }
  const { start } = reader;
  return { keys: reader.object(() => void reader.string()), start };
}

/**
 * The maps of a header that {@link checkHeader} took.
 *
 * @param json The header's bytes, or a copy of them: nobody may change them any more.
 */
export function headerMaps(json: Uint8Array, { tensors, metadata }: CheckedHeader): SafetensorsHeader {
  return {
    entries: new HeaderMap(json, tensors, (reader, key) => {
      const { dtype, shape, begin, end } = readTensorInfo(reader, json, key, true);
      return { dtype, shape, offset: 8 + json.length + begin, byteLength: end - begin };
    }),
    metadata: new HeaderMap(json, metadata, (reader) => reader.text()),
  };
}
