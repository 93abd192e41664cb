import { checkShape, ConfigError, DTypeError, formatShape, ShapeError, type Tensor } from '@rnnlab/tensor';
import { checkChoice } from './recurrent-options';

/** What a loss does with the losses of its rows or elements: their mean, their sum, or nothing. */
export type Reduction = 'mean' | 'sum' | 'none';

/** @throws {@link ConfigError} for an unknown name. */
export function checkReduction(where: string, reduction: Reduction = 'mean'): void {
  checkChoice(where, 'reduction', reduction, ['mean', 'sum', 'none']);
}

/** Checks what the losses over V classes have in common. */
export function checkClassOptions(
  where: string,
  options: { reduction?: Reduction; classWeights?: ArrayLike<number>; labelSmoothing?: number },
  V: number,
): void {
  const { reduction, classWeights, labelSmoothing = 0 } = options;
  checkReduction(where, reduction);
  if (classWeights && classWeights.length !== V) {
    throw new ShapeError(
      `${where}: classWeights has ${classWeights.length} entries, expected one for each of the ${V} classes.`,
    );
  }
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new ConfigError(`${where}: labelSmoothing is ${labelSmoothing}, expected a number from 0 to 1.`);
  }
}

/** Checks class ids [...] against scores [..., V]. */
export function checkClassIds(where: string, scores: Tensor, targets: Tensor, ignoreIndex: number): void {
  const V = scores.shape[scores.rank - 1];
  const leading = scores.shape.slice(0, -1).map((size, axis) => [`rows${axis}`, size] as const);
  checkShape(`${where}: targets`, targets.shape, leading, 'One class id for each row of the scores.');
  if (targets.dtype !== 'int32') {
    throw new DTypeError(`${where}: targets is ${targets.dtype}, expected int32 class ids.`);
  }
  const wrong = targets.data.findIndex((y) => y !== ignoreIndex && (y < 0 || y >= V));
  if (wrong < 0) return;
  throw new ShapeError(
    `${where}: targets[${wrong}] is ${targets.data[wrong]}, expected 0 to ${V - 1} or ignoreIndex=${ignoreIndex}.`,
  );
}

/** Checks distributions [..., V] against scores [..., V]. */
export function checkDistributions(where: string, scores: Tensor, targets: Tensor): void {
  const named = scores.shape.map(
    (size, axis) => [axis === scores.rank - 1 ? 'classes' : `rows${axis}`, size] as const,
  );
  checkShape(`${where}: targets`, targets.shape, named, 'Class ids must be int32.');
  if (targets.dtype !== scores.dtype) {
    throw new DTypeError(
      `${where}: targets is ${targets.dtype}, expected ${scores.dtype} like the scores, or int32 class ids.`,
    );
  }
}

/** Checks that a target stands beside every prediction. */
export function checkElementTargets(where: string, prediction: Tensor, target: Tensor): void {
  const named = prediction.shape.map((size, axis) => [`d${axis}`, size] as const);
  checkShape(`${where}: target`, target.shape, named, 'One target for each element of the prediction.');
  if (prediction.dtype === 'int32' || target.dtype !== prediction.dtype) {
    throw new DTypeError(
      `${where}: prediction is ${prediction.dtype} and target ${target.dtype}, expected float32 or float64 for both. Convert with clone('float32').`,
    );
  }
}

/** The upstream gradient of row or element n: the same number for all, or one each. */
export function upstreamOfRows(
  where: string,
  upstream: number | Tensor,
  count: number,
): (n: number) => number {
  if (typeof upstream === 'number') return () => upstream;
  if (upstream.size !== count) {
    throw new ShapeError(
      `${where}: upstream has shape ${formatShape(upstream.shape)}, expected ${count} numbers, one for each loss that was not reduced.`,
    );
  }
  return (n) => upstream.data[n];
}
