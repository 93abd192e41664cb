import { checkShape, DTypeError, formatShape, sameShape, ShapeError, type Tensor } from '@rnnlab/tensor';
import type { RecurrentState } from './cell';
import type { RecurrentOptions } from './recurrent-options';

/** Which positions are real, in one of the two forms. */
interface SequenceOptions {
  lengths?: ArrayLike<number>;
  mask?: Tensor;
}

/** What the checks need to know of a layer. */
interface CheckedLayer {
  readonly constructor: { readonly name: string };
  readonly options: RecurrentOptions;
  readonly stateNames: readonly (keyof RecurrentState)[];
  readonly cells: readonly (readonly {
    stateSize(name: keyof RecurrentState): number;
    hiddenSize: number;
  }[])[];
}

/** Checks the arguments of a layer's forward pass, once, at the public edge. */
export function checkForward(
  layer: CheckedLayer,
  input: Tensor,
  initial: Partial<RecurrentState> | undefined,
  { lengths, mask }: SequenceOptions,
): void {
  checkInput(layer, input);
  const [seqLen, batchSize] = layer.options.batchFirst ? [input.shape[1], input.shape[0]] : input.shape;
  if (initial) checkWholeState(layer, 'forward: initial state', initial, batchSize, seqLen);
  if (lengths && mask) {
    throw new ShapeError(
      `${layer.constructor.name}.forward: lengths and mask say the same thing twice, expected one of them.`,
    );
  }
  if (lengths) checkLengths(layer, lengths, seqLen, batchSize);
  if (mask) checkMask(layer, mask, seqLen, batchSize);
}

/** Checks the arguments of a single step: `x` [B, I] or ids [B]. */
export function checkStep(layer: CheckedLayer, x: Tensor, state: Partial<RecurrentState>): void {
  const { inputSize, dtype = 'float32' } = layer.options;
  const where = `${layer.constructor.name}.step: x`;
  const ids = x.dtype === 'int32';
  checkShape(
    where,
    x.shape,
    ids
      ? [['batchSize', undefined]]
      : [
          ['batchSize', undefined],
          ['inputSize', inputSize],
        ],
  );
  if (!ids) checkDType(where, x, dtype);
  else checkIds(where, x, inputSize);
  checkWholeState(layer, 'step: state', state, x.shape[0]);
}

/** As {@link checkState}, and no tensor may be missing. */
export function checkWholeState(
  layer: CheckedLayer,
  where: string,
  state: Partial<RecurrentState>,
  batchSize: number,
  seqLen?: number,
): void {
  for (const name of layer.stateNames) {
    if (state[name]) continue;
    const names = layer.stateNames.join(' and ');
    throw new ShapeError(`${layer.constructor.name}.${where} has no ${name}, expected ${names}.`);
  }
  checkState(layer, where, state, batchSize, seqLen);
}

/** Checks tensors by the names of a state, each [L·D, B, H]. */
export function checkState(
  layer: CheckedLayer,
  where: string,
  state: Partial<RecurrentState> | undefined,
  batchSize: number,
  seqLen?: number,
): void {
  const { dtype = 'float32' } = layer.options;
  const cell = layer.cells[0][0];
  const count = layer.cells.length * layer.cells[0].length;
  for (const name of layer.stateNames) {
    const tensor = state?.[name];
    if (!tensor) continue;
    if (tensor.dtype === dtype && sameShape(tensor.shape, [count, batchSize, cell.stateSize(name)])) continue;
    const label = `${layer.constructor.name}.${where} ${name}`;
    const swapped = tensor.shape[1] === seqLen && tensor.shape[1] !== batchSize;
    const expected = [
      ['numLayers·directions', count],
      ['batchSize', batchSize],
      [cell.stateSize(name) === cell.hiddenSize ? 'hiddenSize' : 'projectionSize', cell.stateSize(name)],
    ] as const;
    checkShape(label, tensor.shape, expected, swapped ? 'Did you mean batchFirst: true?' : undefined);
    checkDType(label, tensor, dtype);
  }
}

/** Checks dL/d(output) against the shape that forward returned. */
export function checkUpstreamOutput(
  layer: CheckedLayer,
  dOutput: Tensor | undefined,
  shape: readonly number[],
): void {
  if (!dOutput) return;
  const where = `${layer.constructor.name}.backward: upstream output`;
  checkShape(
    where,
    dOutput.shape,
    shape.map((size, axis) => [['seqLen', 'batchSize', 'outputSize'][axis], size]),
  );
  checkDType(where, dOutput, layer.options.dtype ?? 'float32');
}

function checkInput(layer: CheckedLayer, input: Tensor): void {
  const { inputSize, batchFirst, dtype = 'float32' } = layer.options;
  const ids = input.dtype === 'int32';
  const rightShape = ids ? input.rank === 2 : input.rank === 3 && input.shape[2] === inputSize;
  if (rightShape && input.size && (ids ? outsideAt(input, inputSize) < 0 : input.dtype === dtype)) return;
  const where = `${layer.constructor.name}.forward: input`;
  const axes = batchFirst ? ['batchSize', 'seqLen'] : ['seqLen', 'batchSize'];
  const leading = axes.map((name) => [name, undefined] as const);
  if (ids) {
    checkShape(where, input.shape, leading, 'An int32 input holds token ids.');
    checkIds(where, input, inputSize);
  } else {
    const remedy =
      input.rank === 2
        ? 'Add the batch axis with reshape, or pass token ids as an int32 tensor.'
        : input.rank === 3 && input.shape[1] === inputSize
          ? 'The features belong on the last axis.'
          : undefined;
    checkShape(where, input.shape, [...leading, ['inputSize', inputSize]], remedy);
    checkDType(where, input, dtype);
  }
  if (input.size === 0) {
    throw new ShapeError(
      `${where} has shape ${formatShape(input.shape)}, expected at least one step and one row.`,
    );
  }
}

function checkIds(where: string, ids: Tensor, count: number): void {
  const outside = outsideAt(ids, count);
  if (outside < 0) return;
  throw new ShapeError(
    `${where} holds the token id ${ids.data[outside]}, expected 0 to inputSize−1 = ${count - 1}.`,
  );
}

/** The place of the first id that is not in [0, count), −1 when there is none. */
function outsideAt({ data }: Tensor, count: number): number {
  for (let n = 0; n < data.length; n++) if (!(data[n] >= 0 && data[n] < count)) return n;
  return -1;
}

function checkMask(layer: CheckedLayer, mask: Tensor, seqLen: number, batchSize: number): void {
  const axes = [
    ['seqLen', seqLen],
    ['batchSize', batchSize],
  ] as const;
  const expected = layer.options.batchFirst ? [axes[1], axes[0]] : axes;
  const swapped = mask.shape[0] === expected[1][1] && mask.shape[1] === expected[0][1];
  const remedy = swapped ? 'The axes look swapped.' : undefined;
  checkShape(`${layer.constructor.name}.forward: mask`, mask.shape, expected, remedy);
}

function checkLengths(
  layer: CheckedLayer,
  lengths: ArrayLike<number>,
  seqLen: number,
  batchSize: number,
): void {
  const where = `${layer.constructor.name}.forward: lengths`;
  if (lengths.length !== batchSize) {
    const swapped = lengths.length === seqLen ? ' Did you mean batchFirst: true?' : '';
    throw new ShapeError(
      `${where} has ${lengths.length} entries, expected batchSize=${batchSize}.${swapped}`,
    );
  }
  const wrong = Array.from(lengths).findIndex(
    (length) => !(Number.isInteger(length) && length >= 1 && length <= seqLen),
  );
  if (wrong >= 0) {
    throw new ShapeError(
      `${where}[${wrong}] is ${lengths[wrong]}, expected an integer from 1 to seqLen=${seqLen}.`,
    );
  }
}

function checkDType(where: string, tensor: Tensor, dtype: string): void {
  if (tensor.dtype !== dtype) {
    throw new DTypeError(
      `${where} is ${tensor.dtype}, expected ${dtype} like the weights. Convert it with clone('${dtype}').`,
    );
  }
}
