import { ShapeError } from './errors';
import { sizeOf } from './shape';

/** A number, or arrays of them nested to any depth. */
export type NestedNumbers = number | readonly NestedNumbers[];

/**
 * Nested arrays to flat row-major numbers and their shape.
 *
 * @throws {@link ShapeError} when siblings differ in length or depth.
 */
export function flattenNested(values: NestedNumbers): { data: number[]; shape: number[] } {
  const shape: number[] = [];
  for (let level: NestedNumbers | undefined = values; typeof level === 'object'; level = level[0]) {
    shape.push(level.length);
  }
  const data: number[] = [];
  const visit = (level: NestedNumbers, axis: number, path: string): void => {
    if (typeof level === 'number') {
      if (axis === shape.length) return void data.push(level);
    } else if (axis < shape.length && level.length === shape[axis]) {
      return level.forEach((child, i) => visit(child, axis + 1, `${path}[${i}]`));
    }
    const came = typeof level === 'number' ? 'a number' : `${level.length} elements`;
    const wanted = axis < shape.length ? `${shape[axis]} elements` : 'a number';
    throw new ShapeError(`Tensor.from: values${path} is ${came}, expected ${wanted} like its siblings.`);
  };
  visit(values, 0, '');
  return { data, shape };
}

/** Flat row-major numbers to nested arrays of the given shape. */
export function nest(data: ArrayLike<number>, shape: readonly number[], offset = 0): NestedNumbers {
  if (shape.length === 0) return data[offset];
  const [length, ...rest] = shape;
  const stride = sizeOf(rest);
  return Array.from({ length }, (_, i) => nest(data, rest, offset + i * stride));
}
