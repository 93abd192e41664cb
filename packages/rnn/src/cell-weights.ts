/**
 * The parameters of a recurrent cell, and what all cells do with the recurrent ones:
 *
 *   forward    a += W_hh·ĥ + b_hh             ĥ = h, or h through the dropout mask of the sequence
 *   backward   dĥ = da·W_hh
 *   sums       dW_hh += Σₜ da_tᵀ·ĥ_t,   db_hh += Σₜ da_t
 *
 * Shapes: h [B, H], a [B, G·H]; W_ih [G·H, I], W_hh [G·H, H], b [G·H], the blocks of the G gates below each other.
 */
import { defaultBackend, Parameter, Rng, rowKernels } from '@rnnlab/tensor';
import type { Backend, FloatDType, PackedMatrix, Tensor } from '@rnnlab/tensor';
import type { CellCache, CellGradients, RecurrentState } from './cell';
import { initialWeights, type InitialWeights, type RecurrentPreset } from './initial-weights';
import { addDropped, dropState } from './recurrent-dropout';

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
  init?: RecurrentPreset;
  /** The source of the first weights. Default: a generator with seed 0. */
  rng?: Rng;
  /** Appended to the parameters' names, e.g. `_l0` or `_l1_reverse`. Default: nothing. */
  suffix?: string;
}

/** See the header of this file. */
export class CellWeights {
  readonly inputSize: number;
  readonly hiddenSize: number;
  /** Size of h: H, unless the cell projects its output. */
  readonly outputSize: number;
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

  readonly #suffix: string;
  readonly #initial: InitialWeights;
  readonly #rng: Rng;

  /**
   * @param gateCount G: 1 for RNN, 4 for LSTM (i f g o), 3 for GRU (r z n).
   * @param outputSize Size of h where it is not H.
   */
  constructor(options: CellOptions, gateCount: number, outputSize = options.hiddenSize) {
    const { inputSize, hiddenSize, bias = true, recurrentBias = false } = options;
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.outputSize = outputSize;
    this.dtype = options.dtype ?? 'float32';
    this.backend = options.backend ?? defaultBackend();
    this.#suffix = options.suffix ?? '';
    this.#initial = initialWeights(options.init ?? 'keras', hiddenSize);
    this.#rng = options.rng ?? new Rng(0);
    const rows = gateCount * hiddenSize;
    this.weightIh = this.createParameter('weight_ih', [rows, inputSize], 'input');
    this.weightHh = this.createParameter('weight_hh', [rows, outputSize], 'recurrent');
    if (bias) this.biasIh = this.createParameter('bias_ih', [rows], 'bias');
    if (bias && recurrentBias) this.biasHh = this.createParameter('bias_hh', [rows], 'bias');
  }

  /** The row operations of the backend: biases, their gradients, and one-hot inputs. */
  get rows(): typeof rowKernels.reference {
    return this.backend.load(rowKernels);
  }

  /** The parameters of this cell, in PyTorch's order. */
  parameters(): Parameter[] {
    return [this.weightIh, this.weightHh, this.biasIh, this.biasHh].filter((p) => p !== undefined);
  }

  /** Features of h or c. */
  stateSize(name: keyof RecurrentState): number {
    return name === 'h' ? this.outputSize : this.hiddenSize;
  }

  /** Zeros for one pass, in the dtype of this cell. */
  allocate(...shape: number[]): Tensor {
    return this.backend.temporary(shape, this.dtype);
  }

  /** As {@link allocate}, of any numbers: for what is written as a whole before it is read. */
  allocateUnset(...shape: number[]): Tensor {
    return this.backend.temporary(shape, this.dtype, { zeros: false });
  }

  /** A parameter in the memory of the backend, drawn as the preset draws its kind. */
  protected createParameter(name: string, shape: readonly number[], kind: keyof InitialWeights): Parameter {
    const [value, grad] = [
      this.backend.allocate(shape, this.dtype),
      this.backend.allocate(shape, this.dtype),
    ];
    this.#initial[kind](value, this.#rng);
    return this.named(name, { value, grad });
  }

  /** The same tensors as a parameter whose name ends as all of this cell do. */
  protected named(name: string, { value, grad }: { value: Tensor; grad: Tensor }): Parameter {
    return new Parameter(`${name}${this.#suffix}`, value, grad);
  }

  /** W_hh, transposed for the forward pass, for products of `batchSize` rows at every step. */
  protected packRecurrent(batchSize: number, transposed: boolean): PackedMatrix {
    return this.backend.pack(this.weightHh.value, batchSize, { transposed });
  }

  /** h_t as the recurrent product sees it: dropped out if the sequence has a mask. */
  protected recurrentInput({ states, dropout }: CellCache, t: number): Tensor {
    const h = states.h.row(t);
    return dropout ? dropState(dropout, h, t) : h;
  }

  /** a = W_hh·h + b_hh, or `+=` with `accumulate`: the state's part of the gates of step t. */
  protected recurrentProduct(cache: CellCache, t: number, a: Tensor, accumulate = false): void {
    this.backend.gemmPacked(this.recurrentInput(cache, t), cache.recurrent, a, { accumulate });
    if (this.biasHh) this.rows.addRowVector(a.shape[0], a.shape[1], a, this.biasHh.value);
  }

  /** dh = da·W_hh, or `+=` with `accumulate`: the way back through {@link recurrentProduct}. */
  protected recurrentProductBackward(
    { dropout }: CellCache,
    { recurrent }: CellGradients,
    da: Tensor,
    dh: Tensor,
    accumulate = false,
  ): void {
    if (!dropout) {
      this.backend.gemmPacked(da, recurrent, dh, { accumulate });
      return;
    }
    const dDropped = this.allocate(...dh.shape);
    this.backend.gemmPacked(da, recurrent, dDropped);
    if (!accumulate) dh.fill(0);
    addDropped(dropout, dDropped, dh);
  }

  /** dW_hh += Σₜ da_tᵀ·h_t and db_hh += Σₜ da_t, as one product over all T·B rows. */
  protected addRecurrentGradients({ states, dropout }: CellCache, dA: Tensor): void {
    const [seqLen, , width] = dA.shape;
    const da = dA.reshape([-1, width]);
    const before = (dropout?.h ?? states.h.slice(0, seqLen)).reshape([-1, this.outputSize]);
    this.backend.gemm(da, before, this.weightHh.grad, { transposeA: true, accumulate: true });
    if (this.biasHh) this.rows.columnSums(da.shape[0], width, da, this.biasHh.grad);
  }
}
