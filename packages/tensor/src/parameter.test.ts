import { expect, it } from 'vitest';
import { ShapeError } from './errors';
import { Parameter } from './parameter';
import { Tensor } from './tensor';

it('has a gradient of zeros like its value', () => {
  const weight = new Parameter('weight', Tensor.full([2, 3], 7, 'float64'));
  expect(weight.grad.shape).toEqual([2, 3]);
  expect(weight.grad.dtype).toBe('float64');
  expect(weight.grad.data.every((g) => g === 0)).toBe(true);
});

it('zeroGrad clears the gradient and nothing else', () => {
  const weight = new Parameter('weight', Tensor.from([1, 2]), Tensor.from([3, 4]));
  weight.zeroGrad();
  expect([weight.value.toArray(), weight.grad.toArray()]).toEqual([
    [1, 2],
    [0, 0],
  ]); // prettier-ignore
});

it.each([Tensor.zeros([3, 2]), Tensor.zeros([2, 3], 'float64')])(
  'refuses a gradient unlike its value: %s',
  (grad) => {
    const message = `Parameter w: grad is ${grad.dtype} [${grad.shape.join(', ')}], expected float32 [2, 3] like value.`;
    expect(() => new Parameter('w', Tensor.zeros([2, 3]), grad)).toThrow(new ShapeError(message));
  },
);
