import { describe, expect, it } from 'vitest';
import type { RawTensor } from './safetensors-dtype';
import { readSafetensors } from './safetensors-read';
import { JsonReader } from './safetensors-json';

/** A file of a JSON header and data bytes. */
function file(json: string, dataLength = 0): Uint8Array {
  const header = new TextEncoder().encode(json);
  const bytes = new Uint8Array(8 + header.length + dataLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  return bytes;
}

const remedy = 'The file is damaged, cut short or no safetensors file: copy, download or save it again.';
const tensor = (fields: string): string => `{"w":{${fields}}}`;

describe('messages of refused files', () => {
  const cases: [string, Uint8Array, string][] = [
    ['too short', new Uint8Array(7), `safetensors: the file has 7 bytes, expected at least 8. ${remedy}`],
    [
      'too long a header',
      Uint8Array.of(1, 0xe1, 0xf5, 5, 0, 0, 0, 0),
      `safetensors: the header's length is 100000001, expected at most 100000000. ${remedy}`,
    ],
    [
      'a header past the end',
      file('{}').subarray(0, 9),
      `safetensors: the header's length is 2, but only 1 bytes follow. ${remedy}`,
    ],
    ['no brace', file('[]'), `safetensors: the header begins with "[", expected "{". ${remedy}`],
    ['an empty header', file(''), `safetensors: the header begins with "", expected "{". ${remedy}`],
    [
      'a wrong number',
      file(tensor('"dtype":"F32","shape":[1.5],"data_offsets":[0,4]')),
      'safetensors header: expected an integer from 0 to 2^64 - 1 at character 29, found "1.5],\\"data_offsets\\":". ' +
        'The file is damaged or no safetensors file: copy or download it again.',
    ],
    [
      'an unfinished header',
      file('{"w":{"dtype":'),
      'safetensors header: expected a string at character 14, found the end.',
    ],
    ['an unknown dtype', file(tensor('"dtype":"f32"')), 'dtype is "f32", expected one of BOOL, F4, F6_E2M3,'],
    [
      'a missing field',
      file(tensor('"dtype":"F32","shape":[]')),
      'tensor "w" lacks dtype, shape or data_offsets',
    ],
    [
      'a hole',
      file(tensor('"dtype":"F32","shape":[1],"data_offsets":[4,8]'), 8),
      'tensor "w" lies at [4, 8), expected to begin at 0',
    ],
    [
      'a wrong size',
      file(tensor('"dtype":"F32","shape":[3],"data_offsets":[0,4]'), 4),
      'tensor "w" is F32 [3] (96 bits), but its data_offsets hold 4 bytes',
    ],
    [
      'an overflow',
      file(tensor('"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]')),
      'tensor "w" is F32 [4294967296, 4294967296] (more than 2^64 elements), but its data_offsets hold 0 bytes',
    ],
    [
      'bytes behind the last tensor',
      file(tensor('"dtype":"F32","shape":[1],"data_offsets":[0,4]'), 5),
      'the tensors cover 4 bytes, but 5 follow the header',
    ],
    [
      'a name that would flood the message',
      file(`{"${'n'.repeat(500)}":{}}`),
      `tensor "${'n'.repeat(80)}…" lacks`,
    ],
    [
      'a duplicate key',
      file('{"__metadata__":{"k":"","\\u006b":""}}'),
      'expected no second key "k" before here at character',
    ],
    [
      'nesting',
      file(`{"w":{"x":${'['.repeat(200_000)}`),
      'expected at most 127 levels of nesting at character',
    ],
  ];
  it.each(cases)('%s', (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(message);
  });
});

it('takes long strings, long numbers and long lists in linear time and constant stack', () => {
  const many = (item: string, count: number): string => Array.from({ length: count }, () => item).join(',');
  const json = `{"__metadata__":{"long":"${'\\u00e9x'.repeat(200_000)}"},"w":{"x":[${many('-1.5e-3', 100_000)}],"y":${'9'.repeat(300)},"z":0.${'1'.repeat(500_000)},"dtype":"U8","shape":[${many('1', 100_000)}],"data_offsets":[0,1]}}`;
  const { tensors, metadata } = readSafetensors(file(json, 1));
  expect(tensors.get('w')?.shape).toHaveLength(100_000);
  expect(metadata.get('long')).toHaveLength(400_000);
});

it('multiplies dimensions exactly where float64 would round, and says so', () => {
  // 2³²·(2³² − 1)·8 bits
  const big = file(tensor('"dtype":"U8","shape":[4294967296,4294967295],"data_offsets":[0,0]'));
  expect(() => readSafetensors(big)).toThrow(
    '(147573952555316674560 bits), but its data_offsets hold 0 bytes',
  );
  const odd = file(tensor('"dtype":"U8","shape":[9007199254740993,3],"data_offsets":[0,0]'));
  expect(() => readSafetensors(odd)).toThrow('(216172782113783832 bits)');
  const none = file(tensor('"dtype":"U8","shape":[ 0 , 18446744073709551615,2 ],"data_offsets":[0,0]'));
  expect(readSafetensors(none).tensors.get('w')?.shape).toEqual([0, 2 ** 64, 2]);
});

it('reads tensors that lie in another order than they are listed, and sees two in one place', () => {
  const at = (begin: number, end: number) =>
    `{"dtype":"U8","shape":[${end - begin}],"data_offsets":[${begin},${end}]}`;
  const bytes = file(`{"c":${at(3, 6)},"a":${at(0, 1)},"b":${at(1, 3)}}`, 6);
  bytes.set([1, 2, 3, 4, 5, 6], bytes.length - 6);
  const read = [...readSafetensors(bytes).tensors].map(([name, value]) => [
    name,
    [...(value as RawTensor).bytes],
  ]);
  expect(read).toEqual([
    ['c', [4, 5, 6]],
    ['a', [1]],
    ['b', [2, 3]],
  ]);
  const twice = file(`{"c":${at(1, 3)},"a":${at(0, 1)},"b":${at(1, 3)}}`, 3);
  expect(() => readSafetensors(twice)).toThrow('tensor "b" lies at [1, 3), expected to begin at 3');
});

it('does not build a number out of a million digits', () => {
  const digits = '9'.repeat(1_000_000);
  expect(() => readSafetensors(file(tensor(`"shape":[${digits}]`)))).toThrow('an integer from 0 to 2^64 - 1');
  expect(() => new JsonReader(new TextEncoder().encode(digits)).skip()).toThrow('no number beyond float64');
});

it('keeps names and metadata keys out of objects and paths', () => {
  const entry = (begin: number): string =>
    `{"dtype":"U8","shape":[1],"data_offsets":[${begin},${begin + 1}]}`;
  const names = ['__proto__', 'constructor', '../../etc/passwd', 'C:\\x', 'a\u0000b'];
  const json = `{"__metadata__":{"__proto__":"p"},${names.map((name, i) => `${JSON.stringify(name)}:${entry(i)}`).join(',')}}`;
  const { tensors, metadata } = readSafetensors(file(json, names.length));
  expect([...tensors.keys()]).toEqual(names);
  expect([...metadata]).toEqual([['__proto__', 'p']]);
  for (const name of ['toString', '__metadata__', 'p', '']) expect(tensors.has(name)).toBe(false);
});
