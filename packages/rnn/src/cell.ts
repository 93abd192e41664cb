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
import { defaultBackend, Parameter, Rng, rowKernels } from '@rnnlab/tensor';
import type { Backend, FloatDType, PackedMatrix, Tensor } from '@rnnlab/tensor';
import { initialWeights, type InitialPreset } from './initial-weights';
import { unroll, unrollBackward, type UnrollCache } from './unroll';

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
}

/** What a cell's backward pass leaves for the gradients of the weights. */
export interface CellGradients {
  /** [T, B, G·H] dL/d(x_t·W_ihᵀ + b_ih). */
  readonly dGates: Tensor;
  /** W_hh, ready for one product a step. */
  readonly recurrent: PackedMatrix;
}

/** What every cell is made from. */
export interface CellOptions {
  /** I, the size of x_t. */
  inputSize: number;
  /** H, the size of h_t. */
  hiddenSize: number;
  /** Whether there is a bias `biasIh`. Default true. */
  bias?: boolean;
  /** Whether the recurrent product has a bias of its own, `biasHh`, as in PyTorch. Default false. */
  recurrentBias?: boolean;
  /** Default `'float32'`. */
  dtype?: FloatDType;
  /** Where the tensors live and who multiplies them. Default: `defaultBackend()`. */
  backend?: Backend;
  /** How the first weights are drawn. Default `'keras'`. */
  init?: InitialPreset;
  /** The source of the first weights. Default: a generator with seed 0. */
  rng?: Rng;
  /** Appended to the parameters' names, e.g. `_l0` or `_l1_reverse`. Default: nothing. */
  suffix?: string;
}

/** One step of a recurrent network and its derivative. See the header of this file. */
export abstract class Cell<
  Cache extends CellCache = CellCache,
  Gradients extends CellGradients = CellGradients,
> {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly dtype: FloatDType;
  readonly backend: Backend;
  /** [G·H, I] */
  readonly weightIh: Parameter;
  /** [G·H, H] */
  readonly weightHh: Parameter;
  /** [G·H], absent with `bias: false`. */
  readonly biasIh?: Parameter;
  /** [G·H], the second bias of PyTorch's form, present with `recurrentBias: true`. */
  readonly biasHh?: Parameter;
  /** Names of the state tensors: `['h']`, or `['h', 'c']` for an LSTM. */
  abstract readonly stateNames: readonly (keyof RecurrentState)[];

  /** @param gateCount G: 1 for RNN, 4 for LSTM (i f g o), 3 for GRU (r z n). */
  constructor(options: CellOptions, gateCount: number) {
    const { inputSize, hiddenSize, bias = true, recurrentBias = false, suffix = '' } = options;
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.dtype = options.dtype ?? 'float32';
    this.backend = options.backend ?? defaultBackend();
    const rows = gateCount * hiddenSize;
    const parameter = (name: string, ...shape: number[]) =>
      new Parameter(
        `${name}${suffix}`,
        this.backend.allocate(shape, this.dtype),
        this.backend.allocate(shape, this.dtype),
      );
    this.weightIh = parameter('weight_ih', rows, inputSize);
    this.weightHh = parameter('weight_hh', rows, hiddenSize);
    if (bias) this.biasIh = parameter('bias_ih', rows);
    if (bias && recurrentBias) this.biasHh = parameter('bias_hh', rows);
    const rng = options.rng ?? new Rng(0);
    const initial = initialWeights(options.init ?? 'keras', hiddenSize);
    initial.input(this.weightIh.value, rng);
    initial.recurrent(this.weightHh.value, rng);
    for (const b of [this.biasIh, this.biasHh]) if (b) initial.bias(b.value, rng);
  }

  /** The row operations of the backend: biases, their gradients, and one-hot inputs. */
  get rows(): typeof rowKernels.reference {
    return this.backend.load(rowKernels);
  }

  /** The parameters of this cell, in PyTorch's order. */
  parameters(): Parameter[] {
    return [this.weightIh, this.weightHh, this.biasIh, this.biasHh].filter((p) => p !== undefined);
  }

  /** Zeros for one pass, in the dtype of this cell. */
  allocate(...shape: number[]): Tensor {
    return this.backend.temporary(shape, this.dtype);
  }

  /**
   * One step on its own, for loops written by hand.
   *
   * @param x [B, I], or int32 token ids [B].
   * @param state Each [B, H]; zeros by default.
   */
  forward(x: Tensor, state?: RecurrentState): { state: RecurrentState; cache: UnrollCache } {
    return unroll(this, x.reshape([1, ...x.shape]), state);
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
  /** The equations of step t. */
  abstract step(cache: Cache, t: number): void;
  /** Their derivative. Reads and replaces `dState`. */
  abstract stepBackward(cache: Cache, gradients: Gradients, t: number, dState: RecurrentState): void;

  /** W_hh, transposed for the forward pass, for products of `batchSize` rows at every step. */
  protected packRecurrent(batchSize: number, transposed: boolean): PackedMatrix {
    return this.backend.pack(this.weightHh.value, batchSize, { transposed });
  }

  /** a += W_hh·h + b_hh: the state's part of the gates of one step. */
  protected addRecurrentProduct(recurrent: PackedMatrix, h: Tensor, a: Tensor): void {
    this.backend.gemmPacked(h, recurrent, a, { accumulate: true });
    if (this.biasHh) this.rows.addRowVector(h.shape[0], a.shape[1], a, this.biasHh.value);
  }

  /**
   * Adds dL/dW_hh and dL/db_hh of all steps at once, after the last `stepBackward`. A cell whose recurrent
   * part is more than {@link addRecurrentProduct} replaces it.
   */
  accumulateRecurrentGradients(cache: Cache, gradients: Gradients): void {
    this.addRecurrentGradients(gradients.dGates, cache.states.h);
  }

  /** dW_hh += Σₜ da_tᵀ·h_t and db_hh += Σₜ da_t, as one product over all T·B rows. */
  protected addRecurrentGradients(dA: Tensor, h: Tensor): void {
    const [seqLen, , width] = dA.shape;
    const da = dA.reshape([-1, width]);
    const before = h.slice(0, seqLen).reshape([-1, this.hiddenSize]);
    this.backend.gemm(da, before, this.weightHh.grad, { transposeA: true, accumulate: true });
    if (this.biasHh) this.rows.columnSums(da.shape[0], width, da, this.biasHh.grad);
  }
}
