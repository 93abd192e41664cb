/**
 * Copies of small tensors, many in one allocation.
 *
 * A typed array of more than 64 bytes costs V8 about a microsecond and work for the garbage collector, a view of one that
 * is there a tenth of that. A step of generation copies a state and a row of scores: with arrays of their own, copying
 * took as long as multiplying.
 */
import { Tensor, type DType } from '@rnnlab/tensor';

/** Elements of one allocation; it lives as long as any of its copies. */
const SLAB = 4096;

/** See the header of this file. */
export class SmallCopies {
  readonly #slabs = new Map<DType, { data: Tensor['data']; used: number }>();

  /** A copy that shares its buffer with others, and no element. */
  of(tensor: Tensor): Tensor {
    const { size, dtype, shape } = tensor;
    if (4 * size > SLAB) return tensor.clone();
    let slab = this.#slabs.get(dtype);
    if (!slab || slab.used + size > SLAB) {
      slab = { data: Tensor.zeros([SLAB], dtype).data, used: 0 };
      this.#slabs.set(dtype, slab);
    }
    const data = slab.data.subarray(slab.used, (slab.used += size));
    data.set(tensor.data);
    return new Tensor(data, shape);
  }
}
