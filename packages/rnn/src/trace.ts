/**
 * A look inside a recurrent layer: every gate and state of every step and, after backward, their gradients. One object
 * for tests, lessons and pictures.
 *
 *   steps[t].layers[l][d]   what the cell of layer l and direction d (0 forward, 1 reverse) did at time t
 *     gates                 after their activations, the candidate among them: i f g o, r z n, or n alone
 *     state                 h (and c) after the step
 *     gradients             dL/d(pre-activation) of the gates; dL/dh_t, dL/dc_t from the output and all later steps
 *
 * Everything is copied, so a trace stays as it is when the layer goes on. It costs more memory than a forward pass.
 */
import { norm, type Tensor } from '@rnnlab/tensor';
import type { RecurrentState } from './cell';
import type { ForwardOptions, RecurrentCache, RecurrentLayer, RecurrentUpstream } from './recurrent-layer';
import { splitBlocks } from './split-blocks';

/** What backward adds to the record of one cell at one step. */
export interface TraceGradients<State extends RecurrentState, Gate extends string> {
  /** dL/d(pre-activation), each [B, H]; a gate that has no weights of its own has none. */
  readonly gates: { readonly [name in Gate]?: Tensor };
  /** dL/dh_t (and dL/dc_t), each [B, H]. */
  readonly state: State;
  /** ‖dL/dh_t‖ (and ‖dL/dc_t‖) over all rows and units: how much of the loss still reaches this step. */
  readonly norms: { readonly [name in keyof State]: number };
}

/** One cell at one step. */
export interface CellTrace<State extends RecurrentState, Gate extends string> {
  /** Each [B, H]. */
  readonly gates: { readonly [name in Gate]: Tensor };
  /** Each [B, H]. */
  readonly state: State;
  /** After {@link RecurrentTrace.backward}. */
  gradients?: TraceGradients<State, Gate>;
}

/** All cells at one step. */
export interface TraceStep<State extends RecurrentState, Gate extends string> {
  /** layers[layer][direction] */
  readonly layers: readonly (readonly CellTrace<State, Gate>[])[];
}

/** See the header of this file; made by `layer.trace(input)`. */
export class RecurrentTrace<State extends RecurrentState, Gate extends string> {
  /** What `forward` returns. */
  readonly output: Tensor;
  /** The final state, as `forward` returns it. */
  readonly state: State;
  /** In the order of time. */
  readonly steps: readonly TraceStep<State, Gate>[];
  readonly #layer: RecurrentLayer<State, Gate>;
  readonly #cache: RecurrentCache;

  constructor(
    layer: RecurrentLayer<State, Gate>,
    input: Tensor,
    initial: State | undefined,
    options: ForwardOptions,
  ) {
    const { output, state, cache } = layer.forward(input, initial, options);
    const seqLen = cache.layers[0].directions[0].input.shape[0];
    this.output = output;
    this.state = state;
    this.#layer = layer;
    this.#cache = cache;
    this.steps = Array.from({ length: seqLen }, (_, t) => ({
      layers: cache.layers.map(({ directions }, l) =>
        directions.map(({ steps, reverse }, d) => {
          const step = reverse ? seqLen - 1 - t : t;
          const states = layer.stateNames.map((name) => [name, steps.states[name]!.row(step + 1).clone()]);
          return {
            gates: layer.cells[l][d].gatesOf(steps, step) as Record<Gate, Tensor>,
            state: Object.fromEntries(states) as State,
          };
        }),
      ),
    }));
  }

  /**
   * Backward of the layer, which also fills in `gradients` everywhere. Adds into the gradients of the parameters.
   *
   * @param upstream dL/d(output) and dL/d(final state); zeros where left out.
   * @returns dL/d(input) and dL/d(initial state).
   */
  backward(upstream: RecurrentUpstream<State>): { input?: Tensor; state: State } {
    return this.#layer.backward(this.#cache, upstream, (layer, direction, t, dState, dGates) => {
      const names = this.#layer.cells[layer][direction].gateNames;
      const norms = Object.entries(dState).map(([name, gradient]) => [name, norm(gradient as Tensor)]);
      this.steps[t].layers[layer][direction].gradients = {
        gates: splitBlocks(dGates, names) as TraceGradients<State, Gate>['gates'],
        state: dState as State,
        norms: Object.fromEntries(norms) as TraceGradients<State, Gate>['norms'],
      };
    });
  }
}
