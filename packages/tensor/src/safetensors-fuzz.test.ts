/**
 * 200,000 damaged files. Each is a valid file with one to four mutations: flipped bits, overwritten, removed,
 * doubled or spliced-in runs, pieces of header grammar, another length field. A refusal must be a CheckpointError, and
 * an accepted file must not give more bytes than it has.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CheckpointError } from './errors';
import { Rng } from './rng';
import { readSafetensors } from './safetensors-read';
import { Tensor } from './tensor';

const runs = 200_000;
const readable = (name: string): Uint8Array[] => {
  const text = readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8');
  const { cases } = JSON.parse(text) as { cases: { base64: string; referenceAccepts: boolean }[] };
  return cases
    .filter(({ referenceAccepts, base64 }) => referenceAccepts && base64.length < 1000)
    .map(({ base64 }) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
};
const seeds = [...readable('safetensors_cases'), ...readable('safetensors_more_cases')];
seeds.push(new Uint8Array(readFileSync(new URL('../fixtures/lstm_official.safetensors', import.meta.url))));
const tokens = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    'null',
    '1e5',
    '-1',
    '0',
    '4',
    '4294967296',
    '18446744073709551615',
  ],
  ...[
    '"F64"',
    '"I64"',
    '"F4"',
    '"dtype"',
    '"shape"',
    '"data_offsets"',
    '"__metadata__"',
    '"__proto__"',
    '\\ud800',
  ],
  ...['[[[[[[[[', '9'.repeat(400), '0.0'],
].map((token) => new TextEncoder().encode(token));

/** Replaces `removed` bytes at `start` by `inserted`. */
function splice(bytes: Uint8Array, start: number, removed: number, inserted: Uint8Array): Uint8Array {
  const end = Math.min(bytes.length, start + removed);
  const result = new Uint8Array(bytes.length - (end - start) + inserted.length);
  result.set(bytes.subarray(0, start));
  result.set(inserted, start);
  result.set(bytes.subarray(end), start + inserted.length);
  return result;
}

function mutate(bytes: Uint8Array, rng: Rng): Uint8Array {
  const at = rng.int(bytes.length + 1);
  const none = new Uint8Array(0);
  switch (rng.int(7)) {
    case 0: {
      const flipped = bytes.slice();
      if (flipped.length) flipped[at % flipped.length] ^= 1 << rng.int(8);
      return flipped;
    }
    case 1:
      return bytes.slice(0, at);
    case 2:
      return splice(bytes, at, rng.int(8), none);
    case 3:
      return splice(bytes, at, 0, bytes.subarray(rng.int(bytes.length + 1)).subarray(0, rng.int(40)));
    case 4: {
      const other = seeds[rng.int(seeds.length)];
      return splice(bytes, at, bytes.length, other.subarray(rng.int(other.length)));
    }
    case 5:
      return splice(bytes, at, rng.int(3), tokens[rng.int(tokens.length)]);
    default: {
      const edited = bytes.slice();
      const length = [bytes.length - 8, rng.int(200), rng.uint32(), 0][rng.int(4)];
      if (edited.length >= 8 && length >= 0) {
        new DataView(edited.buffer).setBigUint64(0, BigInt(length) << BigInt(rng.int(2) * 32), true);
      }
      return edited;
    }
  }
}

/** Sets the length field to what stands before the data, so that mutations of the header reach its parser. */
function repairLength(bytes: Uint8Array, dataLength: number): Uint8Array {
  if (bytes.length >= 8 + dataLength) {
    new DataView(bytes.buffer).setBigUint64(0, BigInt(bytes.length - 8 - dataLength), true);
  }
  return bytes;
}

it(`reads or refuses ${runs} damaged files without another error and without more memory than the file`, () => {
  const rng = new Rng(20260);
  let accepted = 0;
  const refusals = new Set<string>();
  for (let run = 0; run < runs; run++) {
    const seed = seeds[rng.int(seeds.length)];
    const dataLength = seed.length - 8 - Number(new DataView(seed.buffer).getBigUint64(0, true));
    let bytes = seed;
    for (let count = 1 + rng.int(4); count > 0; count--) bytes = mutate(bytes, rng);
    if (rng.int(2)) bytes = repairLength(bytes.slice(), dataLength);
    try {
      const { tensors, metadata } = readSafetensors(bytes);
      accepted++;
      let total = 0;
      for (const value of tensors.values()) {
        total += value instanceof Tensor ? value.data.byteLength : value.bytes.byteLength;
      }
      for (const pair of metadata) total += pair.join('').length;
      if (total > bytes.length) expect.fail(`run ${run}: ${total} bytes out of a file of ${bytes.length}`);
    } catch (error) {
      if (!(error instanceof CheckpointError)) {
        throw new Error(`run ${run}: ${btoa(String.fromCharCode(...bytes))}`, { cause: error });
      }
      if (error.message.length > 700)
        expect.fail(`run ${run}: a message of ${error.message.length} characters`);
      refusals.add(error.message.replace(/"(?:[^"\\]|\\.)*"|\d+/g, '').slice(0, 60));
    }
  }
  // The mutations reach every stage: a good part stays readable, and the refusals are of many kinds.
  expect(accepted).toBeGreaterThan(runs / 100);
  expect(accepted).toBeLessThan(runs / 2);
  expect(refusals.size).toBeGreaterThan(20);
});
