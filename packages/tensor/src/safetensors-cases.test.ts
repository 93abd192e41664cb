import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CheckpointError } from './errors';
import { bitsPerElement, safetensorsDType, type RawTensor } from './safetensors-dtype';
import { readSafetensors } from './safetensors-read';
import { writeSafetensors } from './safetensors-write';
import { Tensor } from './tensor';

interface Case {
  name?: string;
  header?: string;
  base64: string;
  referenceAccepts: boolean;
  tensors: Record<string, { dtype: string; shape: number[]; base64: string }> | null;
}

const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const cases: Case[] = ['safetensors_cases', 'safetensors_more_cases'].flatMap(
  (name) =>
    (
      JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8')) as {
        cases: Case[];
      }
    ).cases,
);

/** Where we are stricter than the reference: by name or header, with the sentence of the format that asks for it. */
const mustBeginWithBrace = 'the header begins with';
const duplicateKeys = 'expected no second key';
const stricter = new Map([
  // "The header data MUST begin with a { character (0x7B)."
  ['leading_whitespace', mustBeginWithBrace],
  [' {}', mustBeginWithBrace],
  // "Duplicate keys are disallowed."
  ['duplicate_tensor', duplicateKeys],
  ['{"__metadata__":{"a":"1","a":"2"}}', duplicateKeys],
  ['{"a":{"x":1,"x":2,"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', duplicateKeys],
]);

/** A tensor as the fixtures write it. */
function describeTensor(value: Tensor | RawTensor): unknown {
  const ours = value instanceof Tensor;
  const bytes = ours
    ? new Uint8Array(value.data.buffer, value.data.byteOffset, value.data.byteLength)
    : value.bytes;
  return {
    dtype: ours ? safetensorsDType[value.dtype] : value.dtype,
    shape: value.shape,
    base64: btoa(String.fromCharCode(...bytes)),
  };
}

describe('safetensors: decisions of the reference implementation', () => {
  it('knows the case of every exception', () => {
    const names = cases.map(({ name, header }) => name ?? header);
    expect([...stricter.keys()].filter((name) => !names.includes(name))).toEqual([]);
    expect(cases.length).toBeGreaterThan(120);
  });

  it.each(cases.map((c) => [c.name ?? c.header!, c] as const))(
    '%s',
    (name, { base64, referenceAccepts, tensors }) => {
      const bytes = fromBase64(base64);
      const reason = stricter.get(name);
      if (!referenceAccepts || reason !== undefined) {
        let error: unknown;
        try {
          readSafetensors(bytes);
        } catch (thrown) {
          error = thrown;
        }
        expect(error).toBeInstanceOf(CheckpointError);
        expect((error as CheckpointError).code).toBe('ERR_CHECKPOINT');
        expect((error as CheckpointError).message).toContain(reason ?? 'safetensors');
        return;
      }
      const read = readSafetensors(bytes).tensors;
      expect(new Map([...read].map(([key, value]) => [key, describeTensor(value)]))).toEqual(
        new Map(Object.entries(tensors!)),
      );
    },
  );
});

describe('safetensors: a file of PyTorch', () => {
  const bytes = new Uint8Array(
    readFileSync(new URL('../fixtures/lstm_official.safetensors', import.meta.url)),
  );
  const expected: {
    header: string;
    tensors: Record<string, { dtype: string; shape: number[]; data: number[] }>;
  } = JSON.parse(readFileSync(new URL('../fixtures/lstm_official.expected.json', import.meta.url), 'utf8'));

  it('gives its numbers', () => {
    const { tensors, metadata } = readSafetensors(bytes);
    expect(new Map(metadata)).toEqual(new Map([['format', 'pt']]));
    expect(new Set(tensors.keys())).toEqual(new Set(Object.keys(expected.tensors)));
    let compared = 0;
    for (const [name, { dtype, shape, data }] of Object.entries(expected.tensors)) {
      if (dtype !== 'torch.float64') continue;
      const tensor = tensors.get(name) as Tensor;
      expect(tensor.dtype).toBe('float64');
      expect(tensor.shape).toEqual(shape);
      expect(Array.from(tensor.data)).toEqual(data);
      compared++;
    }
    expect(compared).toBe(5);
    expect(tensors.get('step')).toEqual({
      dtype: 'I64',
      shape: [],
      bytes: Uint8Array.of(7, 0, 0, 0, 0, 0, 0, 0),
    });
  });

  it('is written again byte for byte', () => {
    const { tensors, metadata } = readSafetensors(bytes);
    const reversed = new Map([...tensors].reverse());
    expect(writeSafetensors(reversed, metadata)).toEqual(bytes);
  });
});

it('knows every dtype of the format', () => {
  // In the order of alignment, as the reference lays files out.
  expect([...bitsPerElement]).toHaveLength(22);
  expect([...bitsPerElement].reduce((sum, [, bits]) => sum + bits, 0)).toBe(
    4 + 6 + 6 + 8 * 8 + 16 * 4 + 32 * 3 + 64 * 4,
  );
});
