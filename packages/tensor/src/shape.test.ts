import { expect, it } from 'vitest';
import { ShapeError } from './errors';
import { checkShape, formatShape, sameShape, sizeOf } from './shape';

it('counts elements', () => {
  expect([sizeOf([]), sizeOf([3]), sizeOf([2, 3, 4]), sizeOf([2, 0, 4])]).toEqual([1, 3, 24, 0]);
});

it('compares shapes axis by axis', () => {
  expect(sameShape([2, 3], [2, 3])).toBe(true);
  expect(sameShape([2, 3], [3, 2])).toBe(false);
  expect(sameShape([2, 3], [2, 3, 1])).toBe(false);
});

it('says where, what came, what was expected by name, and the remedy', () => {
  const expected = [
    ['seqLen', undefined],
    ['batchSize', undefined],
    ['inputSize', 8],
  ] as const; // prettier-ignore
  expect(() => checkShape('LSTM.forward: input', [5, 4, 8], expected)).not.toThrow();
  expect(() =>
    checkShape('LSTM.forward: input', [32, 10], expected, 'Did you mean batchFirst: true?'),
  ).toThrow(
    new ShapeError(
      'LSTM.forward: input has shape [32, 10], expected [seqLen, batchSize, inputSize=8]. Did you mean batchFirst: true?',
    ),
  );
  expect(() => checkShape('x', [5, 4, 7], expected)).toThrow(
    'x has shape [5, 4, 7], expected [seqLen, batchSize, inputSize=8].',
  );
});

it('has a code for programs', () => {
  expect(new ShapeError('x')).toMatchObject({ name: 'ShapeError', code: 'ERR_SHAPE' });
  expect(formatShape([])).toBe('[]');
});
