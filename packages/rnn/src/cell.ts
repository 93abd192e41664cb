/**
 * The contract between a recurrent cell and everything that runs it.
 *
 * A cell is the mathematics of one time step and its derivative. It knows nothing of layers, directions or
 * padding: `unroll` calls `step` for t = 0 … T−1, and `unrollBackward` calls `stepBackward` for t = T−1 … 0.
 *
 *   before step(t):          gates[t] holds x_t·W_ihᵀ + b_ih (made for all steps at once),
 *                            states.h[t], states.c[t] hold the state that enters the step
 *   after step(t):           states.h[t+1], states.c[t+1] hold the state that leaves it
 *   before stepBackward(t):  dState holds dL/dh_{t+1}, dL/dc_{t+1}
 *   after stepBackward(t):   dState holds dL/dh_t, dL/dc_t; dGates[t] holds dL/d(x_t·W_ihᵀ + b_ih)
 */
import type { PackedMatrix, Tensor } from '@rnnlab/tensor';
import { CellWeights } from './cell-weights';
import type { RecurrentDropout } from './recurrent-dropout';
import { mapState } from './map-state';
import { splitBlocks } from './split-blocks';
import { unroll, unrollBackward, type UnrollCache } from './unroll';

export type { CellOptions } from './cell-weights';

/** The state between two steps: `h` is the output and short-term memory, `c` the cell state of an LSTM. */
export interface RecurrentState {
  h: Tensor;
  c?: Tensor;
}

/** What a cell's forward pass leaves for its backward pass, for T steps of B rows. */
export interface CellCache {
  /** [T, B, G·H] the input projection before the step; after it, what the cell's backward reads. */
  readonly gates: Tensor;
  /** [T+1, B, H] each: the initial state, then the state after every step. */
  readonly states: RecurrentState;
  /** W_hhᵀ, ready for one product a step. */
  readonly recurrent: PackedMatrix;
  /** Set by `unroll` where h is dropped out on its way into the recurrent product. */
  dropout?: RecurrentDropout;
}

/** What a cell's backward pass leaves for the gradients of the weights. */
export interface CellGradients {
  /** [T, B, G·H] dL/d(x_t·W_ihᵀ + b_ih). */
  readonly dGates: Tensor;
  /** W_hh, ready for one product a step. */
  readonly recurrent: PackedMatrix;
}

/** One step of a recurrent network and its derivative. See the header of this file. */
export abstract class Cell<
  Cache extends CellCache = CellCache,
  Gradients extends CellGradients = CellGradients,
> extends CellWeights {
  /** Names of the state tensors: `['h']`, or `['h', 'c']` for an LSTM. */
  abstract readonly stateNames: readonly (keyof RecurrentState)[];
  /** Names of the G blocks of the gates, e.g. `['i', 'f', 'g', 'o']`. */
  abstract readonly gateNames: readonly string[];

  /**
   * Whether `step` and `stepBackward` do all arithmetic with operations of the backend, each of which treats the rows apart:
   * then threads need not wait for each other between steps. See `Backend.rowwise`. Default false.
   */
  get rowwise(): boolean {
    return false;
  }

  /**
   * One step on its own, for loops written by hand.
   *
   * @param x [B, I], or int32 token ids [B].
   * @param state Each [B, H]; zeros by default.
   */
  forward(x: Tensor, state?: RecurrentState): { state: RecurrentState; cache: UnrollCache } {
    const run = unroll(this, x.reshape([1, ...x.shape]), state);
    return { state: mapState(run.state, (tensor) => tensor.clone()), cache: run.cache };
  }

  /**
   * The derivative of {@link forward}. Adds into the gradients of the parameters.
   *
   * @param dState dL/d(the state that `forward` returned), each [B, H]; zeros where left out.
   * @returns dL/dx (absent for ids) and dL/d(the state that `forward` was given).
   */
  backward(cache: UnrollCache, dState: Partial<RecurrentState>): { input?: Tensor; state: RecurrentState } {
    const { input, state } = unrollBackward(this, cache, { state: dState });
    return { input: input?.row(0), state };
  }

  /** Buffers for `seqLen` steps of `batchSize` rows. */
  abstract createCache(seqLen: number, batchSize: number): Cache;
  /** Buffers for the backward pass over `cache`. */
  abstract createGradients(cache: Cache): Gradients;
  /** Whatever can be done for all steps at once, between the input projection and the first step. */
  prepare(_cache: Cache): void {}
  /** The equations of step t. */
  abstract step(cache: Cache, t: number): void;
  /** Their derivative. Reads and replaces `dState`. */
  abstract stepBackward(cache: Cache, gradients: Gradients, t: number, dState: RecurrentState): void;

  /** The gates of step t by name, copies [B, H]: what the step left in their blocks. */
  gatesOf({ gates }: Cache, t: number): Record<string, Tensor> {
    return splitBlocks(gates.row(t), this.gateNames);
  }

  /**
   * Adds dL/dW_hh and dL/db_hh of all steps at once, after the last `stepBackward`. A cell whose recurrent
   * part is more than {@link recurrentProduct} replaces it.
   */
  accumulateRecurrentGradients(cache: Cache, gradients: Gradients): void {
    this.addRecurrentGradients(cache, gradients.dGates);
  }
}
