/**
 * Recurrent layers of any depth and in one or both directions: what RNN, LSTM and GRU share beyond their cell.
 *
 *   x⁰ = input;   xˡ⁺¹ = dropout(merge(forward cell over xˡ, reverse cell over xˡ));   output = x of the last layer
 *
 * Shapes, with D = 1 or 2 directions and L layers: input [T, B, I] or int32 ids [T, B]; output [T, B, D·H]
 * (H when the directions are summed, averaged or multiplied); states [L·D, B, H], ordered
 * l0 forward, l0 reverse, l1 forward, … as in PyTorch.
 */
import { add, ConfigError, Rng, type Parameter, type Tensor } from '@rnnlab/tensor';
import type { Cell, CellOptions, RecurrentState } from './cell';
import { mergeDirections, mergeDirectionsBackward } from './directions';
import { applyDropoutMask, drawDropoutMask } from './dropout';
import { Module } from './module';
import { paddingBehind, paddingOfMask, type Padding } from './padding';
import { checkForward, checkState, checkStep, checkUpstreamOutput } from './recurrent-checks';
import { checkRecurrentOptions, type RecurrentOptions } from './recurrent-options';
import { swapLeadingAxes } from './sequence';
import { RecurrentTrace } from './trace';
import { unroll, unrollBackward, type ObserveStep, type UnrollCache, type UnrollOptions } from './unroll';
import type { ZoneoutRates } from './zoneout';

/** Options of one forward pass. */
export interface ForwardOptions {
  /** Real steps of each row, 1 to T. Outputs behind are zero, states are those of the last real step. */
  lengths?: ArrayLike<number>;
  /**
   * [T, B], or [B, T] with `batchFirst`, of any dtype: zero marks padding, which may lie anywhere. Outputs there are zero
   * and the state stays as it is. Instead of `lengths`.
   */
  mask?: Tensor;
  /** Whether dropout and zoneout are random. Default false. */
  training?: boolean;
}

/** What {@link RecurrentLayer.backward} needs from {@link RecurrentLayer.forward}. */
export interface RecurrentCache {
  readonly layers: readonly {
    readonly directions: readonly UnrollCache[];
    readonly outputs: readonly Tensor[];
    /** [T, B, D·H], only where dropout acted on the output. */
    readonly mask?: Tensor;
  }[];
}

/** Upstream gradients; what is left out counts as zero. */
export interface RecurrentUpstream<State extends RecurrentState> {
  /** dL/d(output), in the shape of the output. */
  output?: Tensor;
  /** dL/d(final state), each [L·D, B, H]. */
  state?: Partial<State>;
}

/** The common part of {@link RNN}, LSTM and GRU. See the header of this file. */
export abstract class RecurrentLayer<
  State extends RecurrentState = RecurrentState,
  Gate extends string = string,
> extends Module {
  /** `'rnn'`, `'lstm'` or `'gru'`. */
  abstract readonly type: string;
  readonly options: Readonly<RecurrentOptions>;
  /** cells[layer][direction] */
  readonly cells: readonly (readonly Cell[])[];
  /** Features of one step of the output: D·H, or H when the directions are not concatenated (P for H where a cell projects). */
  readonly outputSize: number;
  /** The source of dropout masks; its `state` belongs into a checkpoint. */
  readonly rng: Rng;

  /** @param createCell Makes the cell of one layer and direction. */
  constructor(name: string, options: RecurrentOptions, createCell: (options: CellOptions) => Cell) {
    super();
    checkRecurrentOptions(name, options);
    this.options = options;
    const { bidirectional, merge = 'concat' } = options;
    const rng = new Rng(options.seed ?? 0);
    const suffixes = bidirectional ? ['', '_reverse'] : [''];
    const cells: Cell[][] = [];
    let inputSize = options.inputSize;
    for (let layer = 0; layer < (options.numLayers ?? 1); layer++) {
      const make = (suffix: string) =>
        createCell({ ...options, inputSize, rng, suffix: `_l${layer}${suffix}` });
      cells.push(suffixes.map(make));
      const { outputSize } = cells[layer][0];
      inputSize = bidirectional && merge === 'concat' ? 2 * outputSize : outputSize;
    }
    this.cells = cells;
    this.outputSize = inputSize;
    this.rng = rng.split();
  }

  /** Names of the state tensors: `['h']`, or `['h', 'c']` for an LSTM. */
  get stateNames(): readonly (keyof RecurrentState)[] {
    return this.cells[0][0].stateNames;
  }

  override parameters(): Parameter[] {
    return this.cells.flat().flatMap((cell) => cell.parameters());
  }

  /** A state of zeros for `batchSize` rows: what forward starts from by default. */
  zeroState(batchSize: number): State {
    const cell = this.cells[0][0];
    const count = this.cells.length * this.cells[0].length;
    return this.#stateOf((name) => cell.allocate(count, batchSize, cell.stateSize(name)));
  }

  /**
   * Runs the layers over a batch of sequences.
   *
   * @param input float [T, B, I], or int32 token ids [T, B], each standing for its one-hot vector ([B, T, …] with `batchFirst`).
   * @param initial The state to start from; zeros by default. Pass the state of the chunk before to go on.
   * @returns `output`, the final `state` (copies, so backward never reaches into an earlier chunk: truncated BPTT), and the `cache` for {@link backward}.
   * @throws {@link ShapeError} or {@link DTypeError} when input, state or lengths do not fit.
   */
  forward(
    input: Tensor,
    initial?: State,
    options: ForwardOptions = {},
  ): { output: Tensor; state: State; cache: RecurrentCache } {
    checkForward(this, input, initial, options);
    const { batchFirst, merge = 'concat', dropout = 0 } = this.options;
    let x = batchFirst ? swapLeadingAxes(input) : input;
    const run = this.#runOptions(options, x.shape[0]);
    const state = this.zeroState(x.shape[1]);
    const layers: RecurrentCache['layers'][number][] = [];
    for (const [layer, cells] of this.cells.entries()) {
      const directions: UnrollCache[] = [];
      const outputs: Tensor[] = [];
      for (const [direction, cell] of cells.entries()) {
        const index = layer * cells.length + direction;
        const from = initial && this.#stateOf((name) => initial[name]!.row(index));
        run.reverse = direction === 1 || this.options.reverse === true;
        const result = unroll(cell, x, from, run);
        for (const name of this.stateNames) state[name]!.row(index).copyFrom(result.state[name]!);
        directions.push(result.cache);
        outputs.push(result.output);
      }
      x = mergeDirections(cells[0], merge, outputs);
      const dropped = options.training && dropout > 0 && layer < this.cells.length - 1;
      const mask = dropped ? drawDropoutMask(cells[0].allocate(...x.shape), dropout, this.rng) : undefined;
      if (mask) x = applyDropoutMask(x, mask);
      layers.push({ directions, outputs, mask });
    }
    return { output: batchFirst ? swapLeadingAxes(x) : x, state, cache: { layers } };
  }

  /**
   * One step of inference, for whoever reads one token or one frame after another: the same numbers as {@link forward} with
   * T = 1, without what only a backward pass or a longer sequence needs.
   *
   * @param x [B, I], or int32 token ids [B].
   * @param state Each [L, B, H]; it moves on in place.
   * @returns [B, H], in the memory of the present `Workspace.run`, if there is one.
   * @throws {@link ConfigError} for a bidirectional layer, which would need the steps that are still to come.
   * @throws {@link ShapeError} or {@link DTypeError} when x or state do not fit.
   *
   * @example
   * ```ts
   * import { RNN } from '@rnnlab/rnn';
   * import { Tensor } from '@rnnlab/tensor';
   *
   * const rnn = new RNN({ inputSize: 3, hiddenSize: 4 });
   * const state = rnn.zeroState(2);
   * for (let t = 0; t < 5; t++) console.log(rnn.step(Tensor.full([2, 3], 0.1 * t), state).shape); // [ 2, 4 ]
   * ```
   */
  step(x: Tensor, state: State): Tensor {
    if (this.options.bidirectional) {
      throw new ConfigError(
        `${this.constructor.name}.step: the layer is bidirectional and needs the whole sequence. Use forward.`,
      );
    }
    checkStep(this, x, state);
    const run = this.#runOptions({}, 1);
    let output = x.reshape([1, ...x.shape]);
    for (let layer = 0; layer < this.cells.length; layer++) {
      const before = this.#stateOf((name) => state[name]!.row(layer));
      const { state: after, output: y } = unroll(this.cells[layer][0], output, before, run);
      for (const name of this.stateNames) before[name]!.copyFrom(after[name]!);
      output = y;
    }
    return output.row(0);
  }

  /**
   * Back-propagation through time over all layers. Adds into the gradients of the parameters.
   *
   * @param observe Told of every step, for traces.
   * @returns dL/d(input) in the shape of the input (absent for token ids) and dL/d(initial state).
   * @throws {@link ShapeError} when an upstream gradient has not the shape of what it belongs to.
   */
  backward(
    cache: RecurrentCache,
    upstream: RecurrentUpstream<State>,
    observe?: (layer: number, direction: number, ...step: Parameters<ObserveStep>) => void,
  ): { input?: Tensor; state: State } {
    const { batchFirst, merge = 'concat' } = this.options;
    const [seqLen, batchSize] = cache.layers[0].directions[0].input.shape;
    const leading = batchFirst ? [batchSize, seqLen] : [seqLen, batchSize];
    checkUpstreamOutput(this, upstream.output, [...leading, this.outputSize]);
    checkState(this, 'backward: upstream state', upstream.state, batchSize);
    const dState = this.zeroState(batchSize);
    let dx: Tensor | undefined = upstream.output;
    if (dx && batchFirst) dx = swapLeadingAxes(dx);
    for (let layer = this.cells.length - 1; layer >= 0; layer--) {
      const cells = this.cells[layer];
      const { directions, outputs, mask } = cache.layers[layer];
      const dy: Tensor | undefined = dx && mask ? applyDropoutMask(dx, mask) : dx;
      const dOutputs: Tensor[] = dy ? mergeDirectionsBackward(cells[0], merge, outputs, dy) : [];
      dx = undefined;
      cells.forEach((cell, direction) => {
        const index = layer * cells.length + direction;
        const state = upstream.state && this.#stateOf((name) => upstream.state![name]?.row(index) as Tensor);
        const run = unrollBackward(
          cell,
          directions[direction],
          { output: dOutputs[direction], state },
          observe && ((...step) => observe(layer, direction, ...step)),
        );
        for (const name of this.stateNames) dState[name]!.row(index).copyFrom(run.state[name]!);
        dx = dx && run.input ? add(dx, run.input) : run.input;
      });
    }
    return { input: dx && batchFirst ? swapLeadingAxes(dx) : dx, state: dState };
  }

  /**
   * Runs the layers and records every gate and state of every step, see {@link RecurrentTrace}.
   *
   * @throws as {@link forward}.
   *
   * @example
   * ```ts
   * import { RNN } from '@rnnlab/rnn';
   * import { Tensor } from '@rnnlab/tensor';
   *
   * const rnn = new RNN({ inputSize: 3, hiddenSize: 4, seed: 1 });
   * const trace = rnn.trace(Tensor.full([5, 2, 3], 0.1));
   * console.log(trace.steps.length, trace.steps[4].layers[0][0].gates.n.shape); // 5 [ 2, 4 ]
   * trace.backward({ state: { h: Tensor.full([1, 2, 4], 1) } }); // a loss of the last state
   * const norms = trace.steps.map(({ layers }) => layers[0][0].gradients!.norms.h);
   * console.log(norms[0] < norms[4]); // true: less and less of it reaches the first step
   * ```
   */
  trace(input: Tensor, initial?: State, options: ForwardOptions = {}): RecurrentTrace<State, Gate> {
    return new RecurrentTrace(this, input, initial, options);
  }

  /** What all cells of a pass are run with; masks are drawn only where there is a generator. */
  #runOptions({ lengths, mask, training }: ForwardOptions, seqLen: number): UnrollOptions {
    const { recurrentDropout, zoneout = 0, batchFirst } = this.options;
    let padding: Padding | undefined;
    if (lengths) padding = paddingBehind(lengths, seqLen);
    else if (mask) padding = paddingOfMask(batchFirst ? swapLeadingAxes(mask) : mask);
    const rates: ZoneoutRates = typeof zoneout === 'number' ? { h: zoneout, c: zoneout } : zoneout;
    return { padding, recurrentDropout, zoneout: rates, rng: training ? this.rng : undefined };
  }

  #stateOf(make: (name: keyof RecurrentState) => Tensor): State {
    const state: Partial<RecurrentState> = {};
    for (const name of this.stateNames) state[name] = make(name);
    return state as State;
  }
}
