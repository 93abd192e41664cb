/**
 * The same weights and the same input through both: how far is every tensor apart, at every time step?
 *
 * The outputs h come from TensorFlow's own layers. Its layers keep their gates and all but the last cell state to
 * themselves, so these are computed again from elementary operations of TensorFlow (see `TwinCell.trace`); `byHand` says
 * how far the h of these operations is from the h of the layers: it is the witness that the gates belong to them.
 */
import type { LanguageModel, RecurrentState } from '@rnnlab/rnn';
import type { Tensor } from '@rnnlab/tensor';
import type { Batch } from '@rnnlab/train';
import { differenceOf, largestDifference, type Difference } from './difference';
import type { TensorFlow } from './load-tensor-flow';
import { tidied } from './tidied';
import { TensorFlowTwin } from './twin';

/** What both sides are given. */
export interface ForwardInput {
  /** int32 [T, B] */
  ids: Tensor;
  /** int32 [T, B]; with them the loss is compared too. */
  targets?: Tensor;
  /** How many targets count. Default: all. */
  count?: number;
  /** Each [L·D, B, H]; zeros by default. */
  state?: RecurrentState;
}

/** One tensor over time. */
export interface TensorOverTime {
  /** `l0.i`, `l0.h`, `l1_reverse.c`, …, `logits`. */
  name: string;
  /** Of one step, e.g. [B, H]. */
  shape: readonly number[];
  /** The largest of {@link steps}. */
  largest: Difference;
  /** For every time step, in the order of time. */
  steps: Difference[];
  /** [T] numbers of row 0 of both sides, with `keepValues`. */
  values?: { rnnlab: number[][]; tensorflow: number[][] };
}

/** See the header of this file. */
export interface ForwardComparison {
  /** The largest of all tensors. */
  largest: Difference;
  /** Gates, states and outputs of every cell in the order of the layers, then the logits. */
  tensors: TensorOverTime[];
  /** TensorFlow's layers against TensorFlow's elementary operations. */
  byHand: Difference;
  /** Nats per counted target; absent without targets. */
  loss?: { rnnlab: number; tensorflow: number };
}

/**
 * Compares a forward pass.
 *
 * @param engine What `loadTensorFlow` gives.
 * @param options `keepValues`: keep the numbers of row 0 too, for pictures. Default false.
 * @throws {@link ConfigError} for a model that TensorFlow.js has no counterpart of.
 *
 * @example
 * ```ts
 * import { LSTM } from '@rnnlab/lstm';
 * import { LanguageModel } from '@rnnlab/rnn';
 * import { Tensor } from '@rnnlab/tensor';
 * import { compareForward, loadTensorFlow } from '@rnnlab/tf-compare';
 *
 * const engine = await loadTensorFlow({ engine: 'cpu' });
 * const model = new LanguageModel({ vocabSize: 5, recurrent: new LSTM({ inputSize: 5, hiddenSize: 4, seed: 1 }) });
 * const ids = Tensor.from([[0], [3], [1]], { dtype: 'int32' }); // 3 steps, 1 row
 * const { largest, tensors } = compareForward(engine, model, { ids });
 * console.log(largest.relative < 1e-5, tensors.map(({ name }) => name).join(' ')); // true l0.i l0.f l0.g l0.o l0.h l0.c logits
 * ```
 */
export function compareForward(
  engine: { readonly tf: TensorFlow },
  model: LanguageModel,
  input: ForwardInput,
  options: { keepValues?: boolean } = {},
): ForwardComparison {
  const twin = new TensorFlowTwin(engine.tf, model);
  try {
    return tidied(engine.tf, () => compare(twin, input, options.keepValues ?? false));
  } finally {
    twin.dispose();
  }
}

function compare(twin: TensorFlowTwin, input: ForwardInput, keepValues: boolean): ForwardComparison {
  const { model, tf } = twin;
  const { ids, targets, state, count = targets?.size ?? 0 } = input;
  const [seqLen, batchSize] = ids.shape;
  const ours = model.forward(ids, targets, { state });
  const initial = twin.stateFrom(state, batchSize);
  const theirs = twin.forward(twin.embed(ids), initial);
  const traced = traceOurs(model, ids, state);
  const byHand: Difference[] = [];
  const cells = twin.cells.flatMap((directions, layer) =>
    directions.flatMap((cell, direction) => {
      const index = layer * directions.length + direction;
      const steps = cell.trace(theirs.inputs[layer], initial[index]);
      const outputs = tf.unstack(theirs.outputs[layer][direction], 1);
      byHand.push(...steps.map(({ h }, t) => differenceOf(h.dataSync(), outputs[t].dataSync())));
      return Object.keys(steps[0]).map((name) => {
        const own = steps.map((_, t) => valueAt(traced.steps[t].layers[layer][direction], name));
        // h is the layer's own; the rest is what elementary operations show.
        const other = steps.map((step, t) => (name === 'h' ? outputs[t] : step[name]).dataSync());
        const suffix = direction === 1 ? '_reverse' : '';
        return overTime(`l${layer}${suffix}.${name}`, own, other, batchSize, keepValues);
      });
    }),
  );
  const logits = tf.unstack(theirs.logits, 1).map((step) => step.dataSync());
  const ownLogits = logits.map((_, t) => ours.logits.row(t).data);
  const tensors = [...cells, overTime('logits', ownLogits, logits, batchSize, false)];
  const loss = targets && {
    rnnlab: ours.loss,
    tensorflow: twin.loss(theirs.logits, { targets, count } as Batch).dataSync()[0],
  };
  if (seqLen !== tensors[0].steps.length) throw new RangeError('compareForward: the steps do not line up.');
  return {
    largest: largestDifference(tensors.map((tensor) => tensor.largest)),
    tensors,
    byHand: largestDifference(byHand),
    loss,
  };
}

/** Gates and states of ours, from the embedding on. */
function traceOurs(model: LanguageModel, ids: Tensor, state: RecurrentState | undefined) {
  const input = model.embedding?.forward(ids).output ?? ids;
  return model.recurrent.trace(input, state);
}

function valueAt(
  { gates, state }: { gates: Readonly<Record<string, Tensor | undefined>>; state: RecurrentState },
  name: string,
): ArrayLike<number> {
  return (gates[name] ?? state[name as keyof RecurrentState])!.data;
}

function overTime(
  name: string,
  ours: readonly ArrayLike<number>[],
  theirs: readonly ArrayLike<number>[],
  batchSize: number,
  keepValues: boolean,
): TensorOverTime {
  const steps = ours.map((own, t) => differenceOf(own, theirs[t]));
  const size = theirs[0].length / batchSize;
  const firstRow = (all: readonly ArrayLike<number>[]) => all.map((step) => Array.from(step).slice(0, size));
  return {
    name,
    shape: [batchSize, size],
    largest: largestDifference(steps),
    steps,
    ...(keepValues && { values: { rnnlab: firstRow(ours), tensorflow: firstRow(theirs) } }),
  };
}
