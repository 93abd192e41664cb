import { expect, it } from 'vitest';
import { bytes, duration, integer, nats, plural, shellWord } from './format';

it.each([
  [0.4, '0 s'],
  [59.4, '59 s'],
  [59.6, '1:00 min'],
  [75, '1:15 min'],
  [3599, '59:59 min'],
  [3700, '1:01:40 h'],
  [-1, '0 s'],
])('writes %d seconds as %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

it('writes numbers as English does', () => {
  expect([integer(1234567.4), nats(1.23456), nats(undefined), nats(NaN)]).toEqual([
    '1,234,567',
    '1.235',
    '–',
    '–',
  ]);
  expect([plural(1, 'line'), plural(2000, 'line')]).toEqual(['1 line', '2,000 lines']);
  expect([bytes(999), bytes(1536), bytes(2_345_678)]).toEqual(['999 B', '1.5 kB', '2.3 MB']);
});

it('quotes what a shell would take apart', () => {
  expect(['runs/a-b.safetensors', 'my file', "it's", 'ä'].map(shellWord)).toEqual([
    'runs/a-b.safetensors',
    "'my file'",
    String.raw`'it'\''s'`,
    "'ä'",
  ]);
});
