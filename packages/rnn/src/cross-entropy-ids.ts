/**
 * The case of cross-entropy that training spends its time on: one class id a row, no label smoothing.
 *
 *   ℓ[n]  = w[y]·(ln Σ exp(z − max z) − (z[y] − max z)),   y = ids[n]
 *   dz    = scale[n]·(p − [k = y]),                        scale[n] = w[y]·dL/dℓ[n]
 *
 * w[y] is the class weight, and 0 in rows that are not counted. The general case, of which this is one, is in
 * `cross-entropy.ts`; the wasm twin is `kernels/cross-entropy.as.ts`.
 */
import { rowKernels, type Backend, type KernelSet, type Tensor } from '@rnnlab/tensor';
import { wasm } from './generated/kernels.wasm';

const reference = {
  softmaxMinusOneHot(rows: number, V: number, p: Tensor, ids: Tensor, scale: Tensor, dz: Tensor): void {
    for (let n = 0; n < rows; n++) {
      const factor = scale.data[n];
      for (let k = 0; k < V; k++) dz.data[n * V + k] = factor * p.data[n * V + k];
      if (factor !== 0) dz.data[n * V + ids.data[n]] -= factor;
    }
  },
};

/** The loop of the backward pass, in the form that each backend runs. */
export const crossEntropyKernels: KernelSet<typeof reference> = { reference, wasm };

/** What {@link idsLossBackward} needs. */
export interface IdsLossCache {
  /** [N, V] */
  readonly probabilities: Tensor;
  /** int32 [N] */
  readonly ids: Tensor;
  /** [N] w[y], 0 in rows that are not counted. */
  readonly weights: Tensor;
}

/** `perRow` [N] is ℓ, in nats. `logits` is [N, V], `ids` int32 [N], `weightOf(y)` is w[y]. */
export function idsLoss(
  backend: Backend,
  logits: Tensor,
  ids: Tensor,
  weightOf: (y: number) => number,
): { perRow: Tensor; cache: IdsLossCache } {
  const [rows, V] = logits.shape;
  const column = () => backend.temporary([rows], logits.dtype);
  const probabilities = backend.temporary([rows, V], logits.dtype, { zeros: false });
  const [max, expSum] = [column(), column()];
  const [perRow, weights] = [column(), column()];
  backend.load(rowKernels).softmaxRows(rows, V, logits, probabilities, max, expSum);
  for (let n = 0; n < rows; n++) {
    const y = ids.data[n];
    const w = (weights.data[n] = weightOf(y));
    if (w !== 0) perRow.data[n] = w * (Math.log(expSum.data[n]) - (logits.data[n * V + y] - max.data[n]));
  }
  return { perRow, cache: { probabilities, ids, weights } };
}

/** dL/dz [N, V] from dL/dℓ, one number a row. */
export function idsLossBackward(
  backend: Backend,
  cache: IdsLossCache,
  upstreamOf: (n: number) => number,
): Tensor {
  const { probabilities, ids, weights } = cache;
  const [rows, V] = probabilities.shape;
  const scale = backend.temporary([rows], probabilities.dtype);
  // A row that is not counted stays 0 even where there is no mean to take a share of, and upstream is NaN.
  for (let n = 0; n < rows; n++) if (weights.data[n] !== 0) scale.data[n] = weights.data[n] * upstreamOf(n);
  const dz = backend.temporary([rows, V], probabilities.dtype, { zeros: false });
  backend.load(crossEntropyKernels).softmaxMinusOneHot(rows, V, probabilities, ids, scale, dz);
  return dz;
}
