import { ShapeError } from './errors';

/** `[2, 3]`, as error messages and logs print a shape. */
export function formatShape(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

/**
 * Number of elements of a shape; 1 for the scalar shape [].
 *
 * @param where When given, the shape is checked and the error starts with it.
 * @throws {@link ShapeError} when a dimension is no integer ≥ 0.
 */
export function sizeOf(shape: readonly number[], where?: string): number {
  let size = 1;
  for (const d of shape) {
    if (where !== undefined && (!Number.isInteger(d) || d < 0)) {
      throw new ShapeError(`${where}: shape ${formatShape(shape)} must hold integers ≥ 0.`);
    }
    size *= d;
  }
  return size;
}

/** Whether two shapes are the same. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}

/** A named dimension: `['seqLen', undefined]` accepts any size, `['inputSize', 8]` only 8. */
export type NamedDimension = readonly [name: string, size: number | undefined];

/**
 * Checks a shape against named dimensions and says which came and which was expected.
 *
 * @param where The public function and argument, e.g. `'LSTM.forward: input'`.
 * @param remedy One sentence that follows the message, e.g. `'Did you mean batchFirst: true?'`.
 * @throws {@link ShapeError} e.g. `LSTM.forward: input has shape [32, 10], expected [seqLen, batchSize, inputSize=8].`
 */
export function checkShape(
  where: string,
  shape: readonly number[],
  expected: readonly NamedDimension[],
  remedy?: string,
): void {
  const fits =
    shape.length === expected.length &&
    expected.every(([, size], axis) => size === undefined || size === shape[axis]);
  if (fits) return;
  const names = expected.map(([name, size]) => (size === undefined ? name : `${name}=${size}`));
  throw new ShapeError(
    `${where} has shape ${formatShape(shape)}, expected [${names.join(', ')}].${remedy ? ` ${remedy}` : ''}`,
  );
}
