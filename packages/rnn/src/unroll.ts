/**
 * One cell over time in one direction, and back-propagation through time (Werbos 1990). Written once for all cells.
 *
 *   forward:   state_0 → step 0 → state_1 → … → step T−1 → state_T,   output[t] = h after step t
 *   backward:  dState_T = dL/d(final state);   for t = T−1 … 0:  dState.h += dOutput[t], then through step t
 *
 * The reverse direction runs the same loop over the input turned round in time, and turns its output back.
 *
 * A row b with lengths[b] < T has padding behind its sequence. A padded step keeps the row's state as it is
 * and outputs zero, so the final state is the one after the last real step, and in the reverse direction,
 * which meets the padding first, the initial state waits until the sequence begins.
 */
import type { Tensor } from '@rnnlab/tensor';
import type { Cell, CellCache, CellGradients, RecurrentState } from './cell';
import { projectInput, projectInputBackward } from './input-projection';
import { reverseTime, zeroPadding } from './sequence';

/** Direction and lengths of a run. */
export interface UnrollOptions {
  /** Run from the last step to the first. Default false. */
  reverse?: boolean;
  /** Real steps of each row, 1 to T; all T by default. */
  lengths?: ArrayLike<number>;
}

/** What {@link unrollBackward} needs. */
export interface UnrollCache extends UnrollOptions {
  /** In the order of the steps: turned round when `reverse`. */
  readonly input: Tensor;
  readonly steps: CellCache;
}

/**
 * Runs `cell` over `input` [T, B, I] (or ids [T, B]) from `initial` (zeros by default, each [B, H]).
 *
 * @returns `output` [T, B, H] in the order of time, the final `state`, and the `cache` for backward.
 */
export function unroll(
  cell: Cell,
  input: Tensor,
  initial: RecurrentState | undefined,
  options: UnrollOptions = {},
): { output: Tensor; state: RecurrentState; cache: UnrollCache } {
  const [seqLen, batchSize] = input.shape;
  const { reverse = false, lengths } = options;
  const x = reverse ? reverseTime(input) : input;
  const steps = cell.createCache(seqLen, batchSize);
  projectInput(cell, x, steps.gates);
  if (initial) forEachState(cell, (name) => steps.states[name]!.row(0).copyFrom(initial[name]!));
  for (let t = 0; t < seqLen; t++) {
    cell.step(steps, t);
    for (const row of paddedRows(options, t, seqLen)) {
      forEachState(cell, (name) => {
        const state = steps.states[name]!;
        state
          .row(t + 1)
          .row(row)
          .copyFrom(state.row(t).row(row));
      });
    }
  }
  const h = steps.states.h.slice(1, seqLen + 1);
  const output = cell.allocate(...h.shape).copyFrom(reverse ? reverseTime(h) : h);
  if (lengths) zeroPadding(output, lengths);
  const state = mapStates(cell, (name) => steps.states[name]!.row(seqLen).clone());
  return { output, state, cache: { input: x, steps, reverse, lengths } };
}

/**
 * Back-propagation through time. Adds into the gradients of the cell's parameters.
 *
 * @param upstream dL/d(output) [T, B, H] and dL/d(final state); zeros where left out.
 * @returns dL/d(input), unless the input was ids, and dL/d(initial state).
 */
export function unrollBackward(
  cell: Cell,
  cache: UnrollCache,
  upstream: { output?: Tensor; state?: Partial<RecurrentState> },
): { input?: Tensor; state: RecurrentState; gradients: CellGradients } {
  const { steps, input, reverse } = cache;
  const seqLen = input.shape[0];
  const gradients = cell.createGradients(steps);
  const dOutput = upstream.output && outputGradient(upstream.output, cache);
  const dState = mapStates(cell, (name) => {
    const zeros = cell.allocate(...steps.states[name]!.shape.slice(1));
    const given = upstream.state?.[name];
    return given ? zeros.copyFrom(given) : zeros;
  });
  for (let t = seqLen - 1; t >= 0; t--) {
    if (dOutput) addInto(dState.h, dOutput.row(t));
    // A padded row's state passed through unchanged, so its gradient does too, around the cell.
    const passed = paddedRows(cache, t, seqLen).map((row) => {
      const kept = mapStates(cell, (name) => dState[name]!.row(row).clone());
      forEachState(cell, (name) => dState[name]!.row(row).fill(0));
      return { row, kept };
    });
    cell.stepBackward(steps, gradients, t, dState);
    for (const { row, kept } of passed) {
      forEachState(cell, (name) => dState[name]!.row(row).copyFrom(kept[name]!));
    }
  }
  cell.accumulateRecurrentGradients(steps, gradients);
  const dInput = projectInputBackward(cell, input, gradients.dGates);
  return { input: dInput && reverse ? reverseTime(dInput) : dInput, state: dState, gradients };
}

/** dL/d(output) in the order of the steps, without the padded positions, which were constants. */
function outputGradient(dOutput: Tensor, { reverse, lengths }: UnrollCache): Tensor {
  const real = lengths ? zeroPadding(dOutput.clone(), lengths) : dOutput;
  return reverse ? reverseTime(real) : real;
}

/** The rows for which step t (counted in the order of the steps) is padding. */
function paddedRows({ lengths, reverse }: UnrollOptions, t: number, seqLen: number): number[] {
  if (!lengths) return [];
  const time = reverse ? seqLen - 1 - t : t;
  return Array.from(lengths).flatMap((length, row) => (time >= length ? [row] : []));
}

function forEachState(cell: Cell, visit: (name: keyof RecurrentState) => void): void {
  cell.stateNames.forEach(visit);
}

function mapStates(cell: Cell, make: (name: keyof RecurrentState) => Tensor): RecurrentState {
  return Object.fromEntries(cell.stateNames.map((name) => [name, make(name)])) as unknown as RecurrentState;
}

function addInto(sum: Tensor, term: Tensor): void {
  for (let i = 0; i < sum.size; i++) sum.data[i] += term.data[i];
}
