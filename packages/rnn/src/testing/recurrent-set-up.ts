/** What the contract suite of recurrent cells works with: a layer with random weights, input and states, and small tools. */
import { referenceBackend, Rng, Tensor, type Backend } from '@rnnlab/tensor';
import { randomTensor, tensorMatchers } from '@rnnlab/tensor/testing';
import { expect } from 'vitest';
import type { RecurrentState } from '../cell';
import type { RecurrentLayer } from '../recurrent-layer';
import type { RecurrentOptions } from '../recurrent-options';

expect.extend(tensorMatchers);

/** Makes a layer of the cell under test. */
export type MakeRecurrentLayer = (options: RecurrentOptions) => RecurrentLayer;

/** Settings of `describeRecurrentCell`. */
export interface ContractOptions {
  /**
   * Step of the numerical gradients, see `gradCheck`. A cell with kinks (relu, hard sigmoid) needs a small one,
   * such as 1e-6, so that no difference reaches across a kink, where there is no derivative.
   */
  step?: number;
  /** Parameters of one cell with two biases. Default: `weight_ih`, `weight_hh`, `bias_ih`, `bias_hh`. */
  parameterNames?: readonly string[];
}

/** Pairwise different sizes, so that a transposed matrix or a shifted step shows. */
export const [T, B, I, H] = [5, 3, 4, 2];
export const lengths = [3, 5, 1];
/** One row with a hole, one with padding at its end, one with padding at its beginning. */
export const mask = Tensor.from(
  [
    [1, 1, 0],
    [0, 1, 0],
    [1, 1, 1],
    [0, 0, 1],
    [1, 0, 1],
  ],
  { dtype: 'int32' },
);
export const exact = { rtol: 1e-12, atol: 1e-12 };

/** The reference, but memory that need not be zero holds NaN: what is read before it is written shows. */
const backend: Backend = {
  ...referenceBackend,
  temporary: (shape, dtype, { zeros = true } = {}) => Tensor.full(shape, zeros ? 0 : NaN, dtype),
};

/** Weights of the given scale, random input and random states, all float64. */
export function setUp(make: MakeRecurrentLayer, options: Partial<RecurrentOptions> = {}, scale = 0.5) {
  const rng = new Rng(11);
  const layer = make({ inputSize: I, hiddenSize: H, dtype: 'float64', backend, ...options });
  for (const { value } of layer.parameters())
    value.copyFrom(randomTensor(value.shape, rng, { scale, dtype: 'float64' }));
  const random = (shape: readonly number[]) => randomTensor(shape, rng, { dtype: 'float64' });
  const randomState = () => {
    const state = layer.zeroState(B);
    for (const name of layer.stateNames) state[name]!.copyFrom(random(state[name]!.shape));
    return state;
  };
  const input = random(layer.options.batchFirst ? [B, T, I] : [T, B, I]);
  return { layer, input, initial: randomState(), random, randomState };
}

/** Row b of a time-major tensor or of a state, as a batch of one. */
export function batchRow(x: Tensor, b: number): Tensor {
  const [first, , ...rest] = x.shape;
  const row = Tensor.zeros([first, 1, ...rest], x.dtype);
  for (let t = 0; t < first; t++) row.row(t).row(0).copyFrom(x.row(t).row(b));
  return row;
}

/** The steps of x [T, …] at the given times, in that order. */
export function steps(x: Tensor, times: readonly number[]): Tensor {
  const chosen = Tensor.zeros([times.length, ...x.shape.slice(1)], x.dtype);
  times.forEach((t, k) => chosen.row(k).copyFrom(x.row(t)));
  return chosen;
}

export function mapState(state: RecurrentState, map: (x: Tensor) => Tensor): RecurrentState {
  return Object.fromEntries(
    Object.entries(state).map(([name, x]) => [name, map(x)]),
  ) as unknown as RecurrentState;
}

export function expectSameState(actual: RecurrentState, expected: RecurrentState, name = 'state'): void {
  for (const [key, tensor] of Object.entries(expected)) {
    expect(actual[key as 'h']).toBeCloseToTensor(tensor, { ...exact, name: `${name}.${key}` });
  }
}
