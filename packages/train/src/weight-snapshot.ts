import type { Parameter, Tensor } from '@rnnlab/tensor';

/** A copy of the values of all parameters, by name. */
export type WeightSnapshot = Map<string, Tensor>;

/** Copies the values; into `reuse` when given, so that a copy a step allocates nothing. */
export function takeSnapshot(parameters: readonly Parameter[], reuse?: WeightSnapshot): WeightSnapshot {
  if (!reuse) return new Map(parameters.map(({ name, value }) => [name, value.clone()]));
  for (const { name, value } of parameters) reuse.get(name)!.copyFrom(value);
  return reuse;
}

/** Puts the values back. */
export function restoreSnapshot(parameters: readonly Parameter[], snapshot: WeightSnapshot): void {
  for (const { name, value } of parameters) value.copyFrom(snapshot.get(name)!);
}

/** ‖w − w₀‖ / ‖w‖ of every parameter; 0 where both are zero. */
export function updateToWeightRatio(
  parameters: readonly Parameter[],
  before: WeightSnapshot,
): Record<string, number> {
  const ratios: [string, number][] = parameters.map(({ name, value }) => {
    const old = before.get(name)!.data;
    let [change, weight] = [0, 0];
    for (let k = 0; k < value.size; k++) {
      change += (value.data[k] - old[k]) ** 2;
      weight += value.data[k] ** 2;
    }
    return [name, change === 0 ? 0 : Math.sqrt(change / weight)];
  });
  return Object.fromEntries(ratios);
}
