/**
 * dL/dz of softmax and cross-entropy with class ids. The reference is in `cross-entropy-ids.ts`.
 *
 *   dz[n, :] = scale[n]·(p[n, :] − [k = ids[n]])           zeros where scale[n] = 0, whatever the id is
 */
import { put, take } from '../../tensor/kernels/partial.as';

export function softmaxMinusOneHot(begin: i32, end: i32, rows: i32, V: i32, p: i32, ids: i32, scale: i32, dz: i32): void {
  for (let n = begin; n < end; n++) {
    const from = p + ((n * V) << 2);
    const to = dz + ((n * V) << 2);
    const factor = load<f32>(scale + (n << 2));
    if (factor == 0) {
      memory.fill(to, 0, V << 2);
      continue;
    }
    const factors = f32x4.splat(factor);
    let k = 0;
    for (; k + 4 <= V; k += 4) v128.store(to + (k << 2), f32x4.mul(factors, v128.load(from + (k << 2))));
    if (k < V) put(to + (k << 2), f32x4.mul(factors, take(from + (k << 2), V - k)), V - k);
    const hit = to + (load<i32>(ids + (n << 2)) << 2);
    store<f32>(hit, load<f32>(hit) - factor);
  }
}
