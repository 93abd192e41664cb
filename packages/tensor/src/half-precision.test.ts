import { expect, it } from 'vitest';
import { DTypeError } from './errors';
import { toFloat32 } from './half-precision';

const words = (values: readonly number[]): Uint8Array => new Uint8Array(Uint16Array.from(values).buffer);

/** The value of a binary16 by its definition: (−1)^s · 2^(e−15) · (1 + f/1024), subnormal (−1)^s · 2^−14 · f/1024. */
function valueOf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = (half & 1023) / 1024;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent ? sign * 2 ** (exponent - 15) * (1 + fraction) : sign * 2 ** -14 * fraction;
}

it('widens all 65536 values of F16 exactly', () => {
  const all = Array.from({ length: 0x10000 }, (_, i) => i);
  const wide = toFloat32({ dtype: 'F16', shape: [256, 256], bytes: words(all) });
  expect(wide.shape).toEqual([256, 256]);
  expect(all.filter((half) => !Object.is(wide.data[half], valueOf(half)))).toEqual([]);
});

it('widens BF16, the upper half of a float32', () => {
  const bytes = words([0x3f80, 0xc000, 0x8000, 0x7f80, 0x0001]);
  const wide = toFloat32({ dtype: 'BF16', shape: [5], bytes }).data;
  expect([...wide]).toEqual([1, -2, -0, Number.POSITIVE_INFINITY, 2 ** -133]);
});

it('keeps the payload of a NaN', () => {
  const wide = toFloat32({ dtype: 'F16', shape: [1], bytes: words([0xfe01]) });
  expect(new Uint32Array(wide.data.buffer)[0]).toBe(0xffc02000);
});

it('refuses other dtypes', () => {
  const raw = { dtype: 'I16', shape: [1], bytes: new Uint8Array(2) } as const;
  expect(() => toFloat32(raw)).toThrow(DTypeError);
  expect(() => toFloat32(raw)).toThrow('toFloat32: dtype is I16, expected F16 or BF16.');
});
