import { describe, expect, it } from 'vitest';
import { CheckpointError } from './errors';
import { Rng } from './rng';
import { swapToHostOrder, type RawTensor } from './safetensors-dtype';
import { openSafetensors, readSafetensors, readSafetensorsHeader } from './safetensors-read';
import { safetensorsChunks, writeSafetensors } from './safetensors-write';
import { Tensor } from './tensor';

const headerText = (file: Uint8Array): string =>
  new TextDecoder().decode(file.subarray(8, 8 + Number(new DataView(file.buffer).getBigUint64(0, true))));

const some = (): Map<string, Tensor | RawTensor> => {
  const rng = new Rng(5);
  return new Map<string, Tensor | RawTensor>([
    ['flags', { dtype: 'BOOL', shape: [3], bytes: Uint8Array.of(1, 0, 1) }],
    [
      'b',
      Tensor.from(
        Float32Array.from({ length: 6 }, () => rng.normal()),
        { shape: [2, 3] },
      ),
    ],
    ['a', Tensor.from(Float64Array.from({ length: 5 }, () => rng.normal()))],
    ['ids', Tensor.from(Int32Array.of(-2147483648, 7, 2147483647))],
    ['scalar', Tensor.from(Float32Array.of(0.1), { shape: [] })],
    ['empty', Tensor.zeros([2, 0, 3])],
  ]);
};

describe('writeSafetensors', () => {
  it('orders by alignment, then name, and pads the header to 8 bytes', () => {
    const file = writeSafetensors(
      some(),
      new Map([
        ['z', '1'],
        ['a', 'quote " and \u0001 é'],
      ]),
    );
    const text = headerText(file);
    expect(text.trimEnd()).toBe(
      '{"__metadata__":{"a":"quote \\" and \\u0001 é","z":"1"},' +
        '"a":{"dtype":"F64","shape":[5],"data_offsets":[0,40]},' +
        '"b":{"dtype":"F32","shape":[2,3],"data_offsets":[40,64]},' +
        '"empty":{"dtype":"F32","shape":[2,0,3],"data_offsets":[64,64]},' +
        '"scalar":{"dtype":"F32","shape":[],"data_offsets":[64,68]},' +
        '"ids":{"dtype":"I32","shape":[3],"data_offsets":[68,80]},' +
        '"flags":{"dtype":"BOOL","shape":[3],"data_offsets":[80,83]}}',
    );
    expect(Number(new DataView(file.buffer).getBigUint64(0, true)) % 8).toBe(0);
  });

  it('gives equal bytes for equal content in any order', () => {
    const reversed = new Map([...some()].reverse());
    const file = writeSafetensors(
      some(),
      new Map([
        ['x', '1'],
        ['y', '2'],
      ]),
    );
    expect(
      writeSafetensors(
        reversed,
        new Map([
          ['y', '2'],
          ['x', '1'],
        ]),
      ),
    ).toEqual(file);
    expect(new Map(readSafetensors(file).tensors)).toEqual(
      new Map(['a', 'b', 'empty', 'scalar', 'ids', 'flags'].map((k) => [k, some().get(k)])),
    );
  });

  it('orders names by their UTF-8 bytes, not by UTF-16 units', () => {
    const one = Tensor.from([1]);
    const file = writeSafetensors(
      new Map([
        ['\u{1f600}', one],
        ['\uff5e', one],
        ['a', one],
        ['aa', one],
        ['', one],
      ]),
    );
    expect([...readSafetensors(file).tensors.keys()]).toEqual(['', 'a', 'aa', '\uff5e', '\u{1f600}']);
  });

  it('keeps −0, infinities, subnormals and the payload of every NaN', () => {
    const words = Uint32Array.of(0x80000000, 0x7f800000, 0xff800000, 0x7fc00001, 0xffabcdef, 0x7f800001, 1);
    const doubles = BigUint64Array.of(0x8000000000000000n, 0x7ff0000000000001n, 0xfff8dead0000beefn, 1n);
    const file = writeSafetensors(
      new Map([
        ['single', new Tensor(new Float32Array(words.buffer), [7])],
        ['double', new Tensor(new Float64Array(doubles.buffer), [4])],
      ]),
    );
    const { tensors } = readSafetensors(file);
    const [single, double] = ['single', 'double'].map((name) => (tensors.get(name) as Tensor).data);
    expect(new Uint32Array(single.buffer, single.byteOffset, 7)).toEqual(words);
    expect(new BigUint64Array(double.buffer, double.byteOffset, 4)).toEqual(doubles);
  });

  it('writes only the part of a buffer that a tensor covers', () => {
    const whole = Tensor.from([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    const { tensors } = readSafetensors(writeSafetensors(new Map([['row', whole.row(1)]])));
    expect(tensors.get('row')).toEqual(Tensor.from([3, 4]));
  });

  it('yields the same file in chunks that share the tensors’ memory', () => {
    const tensors = some();
    const chunks = [...safetensorsChunks(tensors)];
    expect(chunks).toHaveLength(1 + tensors.size);
    expect(chunks[1].buffer).toBe((tensors.get('a') as Tensor).data.buffer);
    expect(Uint8Array.from(chunks.flatMap((chunk) => [...chunk]))).toEqual(writeSafetensors(tensors));
  });

  const refused: [string, () => unknown, string][] = [
    [
      'a reserved name',
      () => writeSafetensors(new Map([['__metadata__', Tensor.from([1])]])),
      'writeSafetensors: no tensor can be named __metadata__. Pass metadata as second argument.',
    ],
    [
      'half a surrogate pair',
      () => writeSafetensors(new Map([['\ud800', Tensor.from([1])]])),
      'writeSafetensors: a tensor name is "\\ud800", expected well-formed text. Write other values with JSON.stringify.',
    ],
    [
      'metadata that is no text',
      () => writeSafetensors(new Map(), new Map([['step', 3 as unknown as string]])),
      'writeSafetensors: metadata is number, expected well-formed text. Write other values with JSON.stringify.',
    ],
    [
      'bytes that do not fit',
      () =>
        writeSafetensors(new Map([['w', { dtype: 'I64', shape: [2], bytes: new Uint8Array(8) } as const]])),
      'writeSafetensors: tensor "w" is I64 [2] with 8 bytes, expected a dtype of the format, dimensions from 0 to 2^53 - 1 and exactly their bytes.',
    ],
    [
      'half a byte',
      () =>
        writeSafetensors(new Map([['w', { dtype: 'F4', shape: [3], bytes: new Uint8Array(2) } as const]])),
      'tensor "w" is F4 [3] with 2 bytes',
    ],
    [
      'an unknown dtype',
      () =>
        writeSafetensors(
          new Map([['w', { dtype: 'toString' as 'U8', shape: [1], bytes: new Uint8Array(1) }]]),
        ),
      'tensor "w" is toString [1] with 1 bytes',
    ],
    [
      'a dimension beyond 2^53 of an empty tensor',
      () => writeSafetensors(new Map([['w', Tensor.zeros([0, 2 ** 53])]])),
      'tensor "w" is F32 [0, 9007199254740992] with 0 bytes',
    ],
  ];
  it.each(refused)('refuses %s', (_, write, message) => {
    expect(write).toThrow(CheckpointError);
    expect(write).toThrow(message);
  });

  it('refuses a header over 100 MB before it yields anything', () => {
    const long = 'x'.repeat(100_000_000);
    expect(() => safetensorsChunks(new Map(), new Map([['notes', long]])).next()).toThrow(
      'writeSafetensors: the header takes 100000032 bytes, the format allows 100000000. Keep large data out of metadata.',
    );
  });
});

describe('openSafetensors', () => {
  const file = writeSafetensors(some(), new Map([['format', 'pt']]));

  it.each(['synchronous', 'asynchronous'])('loads tensors one at a time from a %s source', async (kind) => {
    const reads: [number, number][] = [];
    const opened = await openSafetensors({
      size: file.length,
      read(offset, length) {
        reads.push([offset, length]);
        const bytes = file.subarray(offset, offset + length);
        return kind === 'synchronous' ? bytes : Promise.resolve(bytes);
      },
    });
    expect(new Map(opened.metadata)).toEqual(new Map([['format', 'pt']]));
    expect(reads).toHaveLength(2);
    for (const [name, value] of some()) expect(await opened.load(name)).toEqual(value);
    const { offset, byteLength } = opened.entries.get('ids')!;
    expect(reads.filter(([start]) => start === offset)).toEqual([[offset, byteLength]]);
  });

  it('says which tensors there are', async () => {
    const opened = await openSafetensors({ size: file.length, read: (o, n) => file.subarray(o, o + n) });
    await expect(opened.load('c')).rejects.toThrow(
      'safetensors: there is no tensor "c", the file holds "a", "b", "empty", "scalar", "ids", "flags".',
    );
  });

  it('notices a file that was cut while open', async () => {
    let size = file.length;
    const opened = await openSafetensors({ size, read: (o, n) => file.subarray(o, Math.min(size, o + n)) });
    size = 20;
    await expect(opened.load('a')).rejects.toThrow('the file has become shorter');
  });
});

it('reads a header from the start of a file', () => {
  const file = writeSafetensors(some());
  const { offset } = readSafetensorsHeader(file).entries.get('a')!;
  const header = readSafetensorsHeader(file.subarray(0, offset), file.length);
  expect(header).toEqual(readSafetensorsHeader(file));
  expect(header.entries.get('b')).toEqual({
    dtype: 'F32',
    shape: [2, 3],
    offset: offset + 40,
    byteLength: 24,
  });
  expect(() => readSafetensorsHeader(file.subarray(0, offset - 1), file.length)).toThrow(
    `only ${offset - 1} bytes are given, expected the whole header of ${offset}`,
  );
});

it('reads a file that starts inside a larger buffer', () => {
  const file = writeSafetensors(some());
  const buffer = new Uint8Array(file.length + 3);
  buffer.set(file, 3);
  expect(readSafetensors(buffer.subarray(3))).toEqual(readSafetensors(file));
});

it('reverses elements for a big-endian host, in a copy', () => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  expect(swapToHostOrder(bytes, 'float32', true)).toBe(bytes);
  expect(swapToHostOrder(bytes, 'float32', false)).toEqual(Uint8Array.of(4, 3, 2, 1, 8, 7, 6, 5));
  expect(swapToHostOrder(bytes, 'float64', false)).toEqual(Uint8Array.of(8, 7, 6, 5, 4, 3, 2, 1));
  expect(bytes[0]).toBe(1);
});
