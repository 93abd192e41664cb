/**
 * What every attention takes, and the checks that stand at its public edge.
 *
 * Shapes, time-major: query [Tq, B, D], key [Tk, B, K], value [Tk, B, E]; with `batchFirst` the first two axes change
 * places. Row (t, b) of such a tensor is row t·B + b, or b·T + t.
 */
import { checkShape, ConfigError, DTypeError, ShapeError } from '@rnnlab/tensor';
import type { DType, FloatDType, Tensor } from '@rnnlab/tensor';

/** The tensors that attention reads. */
export interface AttentionInputs {
  /** What asks, e.g. the states of a decoder: [Tq, B, D]. */
  query: Tensor;
  /** What is compared with the query, e.g. the outputs of an encoder: [Tk, B, K]. */
  key: Tensor;
  /** What is mixed, [Tk, B, E]; the key by default. */
  value?: Tensor;
}

/** Options of one forward pass. */
export interface AttentionForwardOptions {
  /** Real keys of each row of the batch, 1 to Tk: keys behind get no weight and no gradient. */
  lengths?: ArrayLike<number>;
}

/** Upstream gradients. */
export interface AttentionUpstream {
  /** dL/d(output) [Tq, B, E]. */
  output: Tensor;
  /** dL/d(weights) [Tq, B, Tk], for a loss on the weights themselves; zero by default. */
  weights?: Tensor;
}

/** Sizes of one pass and which keys a query sees. */
export interface AttentionLayout {
  readonly queries: number;
  readonly keys: number;
  readonly batchSize: number;
  /** Row of the query, the output and the weights. */
  queryRow(i: number, b: number): number;
  /** Row of the key and the value. */
  keyRow(j: number, b: number): number;
  /** Query i sees the keys 0 to visible(i, b) − 1. */
  visible(i: number, b: number): number;
}

/** Checks the inputs and lays them out. `fixed` are D, K and the dtype, where the layer has settled them. */
export function layOut(
  where: string,
  { query, key, value = key }: AttentionInputs,
  { lengths }: AttentionForwardOptions,
  options: { batchFirst?: boolean; causal?: boolean },
  fixed: { query?: number; key?: number; dtype?: FloatDType },
): AttentionLayout {
  const { batchFirst = false, causal = false } = options;
  const axes = (time: [string, number?], batch: [string, number?], last: [string, number?]) =>
    (batchFirst ? [batch, time, last] : [time, batch, last]).map(([name, size]) => [name, size] as const);
  checkShape(`${where}: query`, query.shape, axes(['queries'], ['batchSize'], ['querySize', fixed.query]));
  const [queries, batchSize] = batchFirst ? [query.shape[1], query.shape[0]] : query.shape;
  const swapped = key.rank === 3 && key.shape[batchFirst ? 1 : 0] === batchSize;
  const remedy = swapped ? `Did you mean batchFirst: ${!batchFirst}?` : undefined;
  checkShape(
    `${where}: key`,
    key.shape,
    axes(['keys'], ['batchSize', batchSize], ['keySize', fixed.key]),
    remedy,
  );
  const keys = key.shape[batchFirst ? 1 : 0];
  checkShape(`${where}: value`, value.shape, axes(['keys', keys], ['batchSize', batchSize], ['valueSize']));
  if (query.dtype === 'int32') {
    throw new DTypeError(`${where}: query is int32, expected float32 or float64. Embed token ids first.`);
  }
  for (const [name, tensor] of Object.entries({ query, key, value })) {
    checkDType(where, name, tensor, fixed.dtype ?? query.dtype);
  }
  if (lengths) checkLengths(where, lengths, batchSize, keys);
  return {
    queries,
    keys,
    batchSize,
    queryRow: batchFirst ? (i, b) => b * queries + i : (i, b) => i * batchSize + b,
    keyRow: batchFirst ? (j, b) => b * keys + j : (j, b) => j * batchSize + b,
    visible: (i, b) => Math.min(lengths?.[b] ?? keys, causal ? i + 1 : keys),
  };
}

/** Checks upstream gradients against what forward returned. */
export function checkUpstream(
  where: string,
  upstream: AttentionUpstream,
  output: Tensor,
  weights: Tensor,
): void {
  for (const [name, given, like] of [
    ['output', upstream.output, output],
    ['weights', upstream.weights, weights],
  ] as const) {
    if (!given) continue;
    const named = like.shape.map((size, axis) => [`d${axis}`, size] as const);
    checkShape(`${where}: upstream ${name}`, given.shape, named);
    checkDType(where, `upstream ${name}`, given, output.dtype);
  }
}

function checkDType(where: string, name: string, tensor: Tensor, dtype: DType): void {
  if (tensor.dtype === dtype) return;
  throw new DTypeError(
    `${where}: ${name} is ${tensor.dtype}, expected ${dtype}. Convert it with clone('${dtype}').`,
  );
}

function checkLengths(where: string, lengths: ArrayLike<number>, batchSize: number, keys: number): void {
  if (lengths.length !== batchSize) {
    throw new ShapeError(`${where}: lengths has ${lengths.length} entries, expected batchSize=${batchSize}.`);
  }
  const wrong = Array.from(lengths).findIndex((n) => !(Number.isInteger(n) && n >= 1 && n <= keys));
  if (wrong < 0) return;
  throw new ShapeError(
    `${where}: lengths[${wrong}] is ${lengths[wrong]}, expected an integer from 1 to keys=${keys}.`,
  );
}

/** @throws {@link ConfigError} unless `scale` is a finite number above 0. */
export function checkScale(where: string, scale: number): void {
  if (scale > 0 && scale < Infinity) return;
  throw new ConfigError(`${where}: scale is ${scale}, expected a number > 0 (1 is no scaling).`);
}

/** @throws {@link ConfigError} for any size that is no integer ≥ 1. */
export function checkSizes(where: string, sizes: Record<string, number>): void {
  for (const [name, size] of Object.entries(sizes)) {
    if (Number.isInteger(size) && size >= 1) continue;
    throw new ConfigError(`${where}: ${name} is ${size}, expected an integer ≥ 1.`);
  }
}
