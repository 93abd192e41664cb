/**
 * A tensor: a typed array and a shape, row-major and always contiguous.
 *
 * The element at index (i₀, i₁, …, iₙ₋₁) of a tensor of shape [d₀, d₁, …, dₙ₋₁] is
 * data[((i₀·d₁ + i₁)·d₂ + i₂)·… + iₙ₋₁]. There are no strides: a view is another shape on the same
 * numbers (`reshape`) or a run of rows (`slice`, `row`), so every kernel can walk `data` in order.
 */
import { allocateData, dtypeOf, type DType, type TypedArray } from './dtype';
import { DTypeError, ShapeError } from './errors';
import { flattenNested, nest, type NestedNumbers } from './nested-array';
import { formatShape, sameShape, sizeOf } from './shape';

/** Typed array + shape. See the header of this file for the layout. */
export class Tensor {
  readonly data: TypedArray;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly #owner: object | undefined;
  #rows: Tensor[] | undefined;
  #reshaped: Tensor | undefined;
  #sliced: { start: number; end: number; view: Tensor } | undefined;

  /**
   * Wraps `data` without copying it.
   *
   * @param owner Kept alive as long as this tensor or any view of it: a backend learns from it when its memory is free.
   * @throws {@link ShapeError} when the shape does not hold exactly `data.length` elements.
   */
  constructor(data: TypedArray, shape: readonly number[], owner?: object) {
    const dtype = dtypeOf(data);
    if (!dtype) {
      throw new DTypeError(
        'Tensor: data is no Float32Array, Float64Array or Int32Array. Use Tensor.from for other arrays.',
      );
    }
    if (sizeOf(shape, 'Tensor') !== data.length) {
      throw new ShapeError(
        `Tensor: shape ${formatShape(shape)} holds ${sizeOf(shape)} elements, data has ${data.length}.`,
      );
    }
    this.data = data;
    this.shape = shape;
    this.dtype = dtype;
    this.#owner = owner;
  }

  /**
   * Copies nested arrays, a flat array (with `shape`) or a typed array into a new tensor.
   *
   * @param values Nested arrays such as `[[1, 2], [3, 4]]`, or flat values when `shape` is given.
   * @param options `dtype` defaults to the typed array's own, else float32.
   * @throws {@link ShapeError} when rows differ in length or the shape does not fit.
   *
   * @example
   * ```ts
   * import { Tensor } from '@rnnlab/tensor';
   *
   * const x = Tensor.from([[1, 2, 3], [4, 5, 6]]);
   * console.log(x.shape, x.at(1, 2)); // [ 2, 3 ] 6
   * ```
   */
  static from(
    values: NestedNumbers | TypedArray,
    options: { shape?: readonly number[]; dtype?: DType } = {},
  ): Tensor {
    const flat = ArrayBuffer.isView(values)
      ? { data: values, shape: [values.length] }
      : flattenNested(values);
    const shape = options.shape ?? flat.shape;
    const data = allocateData(options.dtype ?? dtypeOf(values) ?? 'float32', flat.data.length);
    data.set(flat.data);
    return new Tensor(data, shape);
  }

  /** A new tensor of zeros. */
  static zeros(shape: readonly number[], dtype: DType = 'float32'): Tensor {
    return new Tensor(allocateData(dtype, sizeOf(shape, 'Tensor.zeros')), shape);
  }

  /** A new tensor with `value` everywhere. */
  static full(shape: readonly number[], value: number, dtype: DType = 'float32'): Tensor {
    return Tensor.zeros(shape, dtype).fill(value);
  }

  /** Number of elements: the product of the shape. */
  get size(): number {
    return this.data.length;
  }

  /** Number of axes. */
  get rank(): number {
    return this.shape.length;
  }

  /**
   * The same numbers under another shape; one dimension may be -1 and is worked out. Shares memory; asking again for the
   * shape that was asked for last gives the same object, so that loops make no garbage.
   *
   * @throws {@link ShapeError} when the element counts differ.
   */
  reshape(shape: readonly number[]): Tensor {
    if (this.#reshaped && this.size && fits(this.#reshaped.shape, shape)) return this.#reshaped;
    let target = shape;
    const free = shape.indexOf(-1);
    if (free >= 0) {
      const known = shape.reduce((product, d, axis) => (axis === free ? product : product * d), 1);
      target = shape.map((d, axis) => (axis === free ? this.size / known : d));
    }
    if (target.some((d) => !Number.isInteger(d) || d < 0) || sizeOf(target) !== this.size) {
      throw new ShapeError(
        `Tensor.reshape: cannot view ${formatShape(this.shape)} (${this.size} elements) as ${formatShape(shape)}.`,
      );
    }
    return (this.#reshaped = new Tensor(this.data, target, this.#owner));
  }

  /**
   * Rows `start` (inclusive) to `end` (exclusive) of the first axis. Shares memory; asking again for the rows that were
   * asked for last gives the same object.
   *
   * @throws {@link ShapeError} when the range leaves the axis.
   */
  slice(start: number, end: number): Tensor {
    const last = this.#sliced;
    if (last && last.start === start && last.end === end) return last.view;
    const [rows = 0, ...rest] = this.shape;
    if (
      !this.rank ||
      !Number.isInteger(start) ||
      !Number.isInteger(end) ||
      start < 0 ||
      end > rows ||
      start > end
    ) {
      throw new ShapeError(
        `Tensor.slice: rows ${start} to ${end} are not inside ${formatShape(this.shape)}.`,
      );
    }
    const rowSize = sizeOf(rest);
    const view = new Tensor(
      this.data.subarray(start * rowSize, end * rowSize),
      [end - start, ...rest],
      this.#owner,
    );
    this.#sliced = { start, end, view };
    return view;
  }

  /**
   * Row `index` of the first axis, without that axis. Shares memory; asking again gives the same object, so that
   * loops over time make no garbage.
   *
   * @throws {@link ShapeError} when there is no such row.
   */
  row(index: number): Tensor {
    this.#rows ??= [];
    return (this.#rows[index] ??= this.#row(index));
  }

  #row(index: number): Tensor {
    const one = this.shape[0] === 1 && index === 0 ? this : this.slice(index, index + 1);
    return new Tensor(one.data, this.shape.slice(1), this.#owner);
  }

  /**
   * The element at `index` (one number an axis).
   *
   * @throws {@link ShapeError} when the index leaves the tensor.
   */
  at(...index: number[]): number {
    const outside = index.some((i, axis) => !Number.isInteger(i) || i < 0 || i >= this.shape[axis]);
    if (index.length !== this.rank || outside) {
      throw new ShapeError(
        `Tensor.at: index ${formatShape(index)} is not inside shape ${formatShape(this.shape)}.`,
      );
    }
    return this.data[index.reduce((offset, i, axis) => offset * this.shape[axis] + i, 0)];
  }

  /** Sets every element to `value`. Returns this tensor. */
  fill(value: number): this {
    this.data.fill(value);
    return this;
  }

  /**
   * Copies the elements of `source`, which has the same shape, into this tensor. Returns this tensor.
   *
   * @throws {@link ShapeError} when the shapes differ.
   */
  copyFrom(source: Tensor): this {
    if (!sameShape(source.shape, this.shape)) {
      throw new ShapeError(
        `Tensor.copyFrom: source has shape ${formatShape(source.shape)}, expected ${formatShape(this.shape)}.`,
      );
    }
    this.data.set(source.data);
    return this;
  }

  /** A copy with its own memory, in another dtype if asked. */
  clone(dtype: DType = this.dtype): Tensor {
    return Tensor.from(this.data, { shape: this.shape, dtype });
  }

  /** Nested arrays: `[[1, 2], [3, 4]]` for a tensor of shape [2, 2], a number for a scalar. */
  toArray(): NestedNumbers {
    return nest(this.data, this.shape);
  }

  toString(): string {
    return `Tensor(${this.dtype}, ${formatShape(this.shape)})`;
  }
}

/** Whether `asked`, in which the first −1 stands for any number, is `shape`. */
function fits(shape: readonly number[], asked: readonly number[]): boolean {
  if (shape.length !== asked.length) return false;
  let free = true;
  for (let axis = 0; axis < shape.length; axis++) {
    if (asked[axis] === shape[axis]) continue;
    if (asked[axis] !== -1 || !free) return false;
    free = false;
  }
  return true;
}
