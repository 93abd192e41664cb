/**
 * Runs a case of Keras or tfjs on a layer of ours, and gives the numbers back by their conventions:
 *
 *   order     with go_backwards the outputs are in the order of processing, ours in the order of time
 *   masks     a masked step repeats the output before it (zeros before the first real one), ours is zero, as theirs is
 *             with zero_output_for_mask and in both directions of a Bidirectional that returns sequences
 *   last      without return_sequences only the last output in the order of processing
 *   states    one tensor for each direction and name: h, c, then those of the other direction
 *
 * All of that is picking and adding, so gradients go back the same way.
 */
import { Tensor } from '@rnnlab/tensor';
import { tensorFromJson, type TensorJson } from '@rnnlab/tensor/testing';
import type { ActivationOption } from '../activation-option';
import type { RecurrentState } from '../cell';
import { mergeDirections, mergeDirectionsBackward, type Merge } from '../directions';
import type { RecurrentLayer } from '../recurrent-layer';
import type { RecurrentOptions } from '../recurrent-options';
import { fromKeras } from './foreign-layout';
import { foreignActivations } from './foreign-activations';
import type { KerasCase, KerasMerge } from './keras-case';

/** What the layers of the three packages are made from. */
export interface ForeignOptions extends RecurrentOptions {
  activation: ActivationOption;
  recurrentActivation: ActivationOption;
  resetAfter: boolean;
}

/** Makes a layer; the options that it does not have are to be left out. */
export type MakeForeignLayer = (options: ForeignOptions) => RecurrentLayer;

const merges: Record<KerasMerge, Merge> = {
  concat: 'concat',
  ave: 'mean',
  sum: 'sum',
  mul: 'product',
  none: 'concat',
};

/** Our activation of that name, else one of the foreign ones. */
function kerasActivation(name: string): ActivationOption {
  if (name === 'linear' || name === 'hardSigmoid' || name === 'hardSigmoidTfjs') return name;
  const foreign = foreignActivations[name.toLowerCase()];
  if (!foreign) throw new Error(`Unknown activation ${name}.`);
  return foreign.make(foreign.alpha ?? 0, foreign.beta ?? 0);
}

const float64 = (json: TensorJson) => tensorFromJson(json, 'float64');

/** Runs the case. */
export function runKerasCase(golden: KerasCase, make: MakeForeignLayer) {
  const { kind, units, merge, weights, returnSequences } = golden;
  const input = float64(golden.input);
  const [batchSize, seqLen, inputSize] = input.shape;
  const perCell = merge ? weights.length / 2 : weights.length;
  const suffixes = merge ? ['_l0', '_l0_reverse'] : ['_l0'];
  const named = (tensors: readonly TensorJson[]): Map<string, Tensor> =>
    new Map(
      suffixes.flatMap((suffix, d) => [
        ...fromKeras(kind, tensors.slice(d * perCell, (d + 1) * perCell).map(float64), suffix),
      ]),
    );
  const layer = make({
    inputSize,
    hiddenSize: units,
    bidirectional: merge !== undefined,
    merge: merge && merges[merge],
    reverse: golden.goBackwards,
    bias: golden.useBias,
    activation: kerasActivation(golden.activation),
    recurrentActivation: kerasActivation(golden.recurrentActivation),
    resetAfter: golden.resetAfter,
    batchFirst: true,
    dtype: 'float64',
  });
  layer.loadStateDict(named(weights));
  const names = layer.stateNames;
  const direction = (index: number) => Math.floor(index / names.length);
  const partOf = (state: RecurrentState, index: number) =>
    state[names[index % names.length]]!.row(direction(index));

  const mask = golden.mask ? booleans(golden.mask) : undefined;
  let initial = layer.zeroState(batchSize);
  initialStates(golden).forEach((tensor, index) => partOf(initial, index).copyFrom(tensor));
  let run = layer.forward(input, initial, { mask });
  for (let call = 0; call < golden.callsBefore; call++) {
    initial = run.state;
    run = layer.forward(input, initial, { mask });
  }

  const cell = layer.cells[0][0];
  const sources = sourceSteps(golden, mask, batchSize, seqLen);
  const lasts = () => suffixes.map((_, d) => run.state.h.row(d).reshape([1, batchSize, units]));
  const stateCount = suffixes.length * names.length;

  /** The outputs, main ones first. */
  function outputs(): Tensor[] {
    const states = Array.from({ length: stateCount }, (_, index) => partOf(run.state, index));
    if (!merge) {
      const all = pick(run.output, sources);
      return [returnSequences ? all : lastStep(all), ...states];
    }
    if (returnSequences) return [...(merge === 'none' ? halves(run.output) : [run.output]), ...states];
    if (merge === 'none') return [...lasts().map((h) => h.row(0)), ...states];
    return [mergeDirections(cell, merges[merge], lasts()).row(0), ...states];
  }

  /** Gradients by the names of our parameters, from one for each output. */
  function backward(upstream: readonly Tensor[]) {
    const dState = layer.zeroState(batchSize);
    let dOutput: Tensor | undefined;
    if (merge === 'none') throw new Error('Gradients of unmerged directions are in no file.');
    if (!merge) {
      const whole = Tensor.zeros([batchSize, seqLen, units], 'float64');
      if (returnSequences) whole.copyFrom(upstream[0]);
      else
        for (let b = 0; b < batchSize; b++)
          whole
            .row(b)
            .row(seqLen - 1)
            .copyFrom(upstream[0].row(b));
      dOutput = putBack(whole, sources);
    } else if (returnSequences) dOutput = upstream[0];
    else {
      const dy = upstream[0].reshape([1, ...upstream[0].shape]);
      mergeDirectionsBackward(cell, merges[merge], lasts(), dy).forEach((dh, d) =>
        dState.h.row(d).copyFrom(dh.row(0)),
      );
    }
    upstream.slice(1).forEach((tensor, index) => {
      const part = partOf(dState, index);
      for (let k = 0; k < part.size; k++) part.data[k] += tensor.data[k];
    });
    const back = layer.backward(run.cache, { output: dOutput, state: dState });
    return {
      input: back.input!,
      initial: Array.from({ length: stateCount }, (_, index) => partOf(back.state, index)),
      parameters: new Map(layer.parameters().map(({ name, grad }) => [name, grad])),
    };
  }

  return { outputs: outputs(), backward, named };
}

/** Keras' states; one that was given as the list of its rows becomes a tensor again. */
function initialStates({ initialState }: KerasCase): Tensor[] {
  const tensors = (initialState ?? []).map(float64);
  if (!tensors.length || tensors[0].rank === 2) return tensors;
  const rows = Tensor.zeros([tensors.length, tensors[0].size], 'float64');
  tensors.forEach((row, b) => rows.row(b).copyFrom(row));
  return [rows];
}

/** From which of our steps each of their outputs comes; −1 is zeros. [B][T] in the order of processing. */
function sourceSteps(
  golden: KerasCase,
  mask: Tensor | undefined,
  batchSize: number,
  seqLen: number,
): number[][] {
  return Array.from({ length: batchSize }, (_, b) => {
    const sources: number[] = [];
    for (let step = 0; step < seqLen; step++) {
      const t = golden.goBackwards ? seqLen - 1 - step : step;
      const real = !mask || mask.at(b, t) !== 0;
      const repeated = golden.zeroOutputForMask || step === 0 ? -1 : sources[step - 1];
      sources.push(real ? t : repeated);
    }
    return sources;
  });
}

function pick(y: Tensor, sources: readonly (readonly number[])[]): Tensor {
  const picked = Tensor.zeros(y.shape, y.dtype);
  sources.forEach((row, b) =>
    row.forEach((t, step) => t >= 0 && picked.row(b).row(step).copyFrom(y.row(b).row(t))),
  );
  return picked;
}

/** The transpose of {@link pick}. */
function putBack(dPicked: Tensor, sources: readonly (readonly number[])[]): Tensor {
  const dy = Tensor.zeros(dPicked.shape, dPicked.dtype);
  sources.forEach((row, b) =>
    row.forEach((t, step) => {
      if (t < 0) return;
      const [to, from] = [dy.row(b).row(t).data, dPicked.row(b).row(step).data];
      for (let k = 0; k < to.length; k++) to[k] += from[k];
    }),
  );
  return dy;
}

function lastStep(y: Tensor): Tensor {
  const [batchSize, seqLen, features] = y.shape;
  const last = Tensor.zeros([batchSize, features], y.dtype);
  for (let b = 0; b < batchSize; b++) last.row(b).copyFrom(y.row(b).row(seqLen - 1));
  return last;
}

/** [B, T, 2U] → two of [B, T, U]. */
function halves(y: Tensor): Tensor[] {
  const U = y.shape[2] / 2;
  return [0, 1].map((half) => {
    const part = Tensor.zeros([y.shape[0], y.shape[1], U], y.dtype);
    for (let k = 0; k < part.size; k++) part.data[k] = y.data[Math.floor(k / U) * 2 * U + half * U + (k % U)];
    return part;
  });
}

function booleans({ shape, data }: TensorJson): Tensor {
  return Tensor.from(Int32Array.from(data, Number), { shape });
}
