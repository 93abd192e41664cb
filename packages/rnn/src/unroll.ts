/**
 * One cell over time in one direction, and back-propagation through time (Werbos 1990). Written once for all cells.
 *
 *   forward:   state_0 → step 0 → state_1 → … → step T−1 → state_T,   output[t] = h after step t
 *   backward:  dState_T = dL/d(final state);   for t = T−1 … 0:  dState.h += dOutput[t], then through step t
 *
 * The reverse direction runs the same loop over the input turned round in time, and turns its output back.
 *
 * A step may keep what was there before it, in whole or in part; its gradient then goes past the cell the same way:
 *   padding   keeps a row's state as it is and outputs zero. So the final state is the one after the last real step, and
 *             in the reverse direction, which meets the padding first, the initial state waits for the sequence to begin.
 *   zoneout   keeps single units of the state, see `zoneout.ts`.
 */
import type { Rng, Tensor } from '@rnnlab/tensor';
import type { Cell, CellCache, RecurrentState } from './cell';
import { drawDropoutMask } from './dropout';
import { projectInput, projectInputBackward } from './input-projection';
import { zeroPadding, type Padding } from './padding';
import { reverseTime } from './sequence';
import { applyZoneout, drawZoneout, partZoneout, type ZoneoutRates } from './zoneout';

/** How a cell is run. */
export interface UnrollOptions {
  /** Run from the last step to the first. Default false. */
  reverse?: boolean;
  /** Padded positions, in the order of time. Default: none. */
  padding?: Padding;
  /** Probabilities of keeping units of the state. Default: none. */
  zoneout?: ZoneoutRates;
  /** Probability of dropping a unit of h on its way into the recurrent product, while training. Default 0. */
  recurrentDropout?: number;
  /** The source of random masks: given while training only. */
  rng?: Rng;
}

/** What {@link unrollBackward} needs. */
export interface UnrollCache {
  readonly reverse: boolean;
  readonly padding?: Padding;
  /** In the order of the steps: turned round when `reverse`. */
  readonly input: Tensor;
  readonly steps: CellCache;
  /** Which units kept their value, [T, B, H] by state, in the order of the steps. */
  readonly zoneout: Partial<RecurrentState>;
}

/**
 * Told of every step on the way back: its time, dL/d(state after it) from the output and from all later steps, and
 * dL/d(pre-activation) of its gates [B, G·H].
 */
export type ObserveStep = (t: number, dState: RecurrentState, dGates: Tensor) => void;

/**
 * Runs `cell` over `input` [T, B, I] (or ids [T, B]) from `initial` (zeros by default, each [B, H]).
 *
 * @returns `output` [T, B, H] in the order of time, the final `state` (in the memory of the cache: copy what is handed on), and
 *   the `cache` for backward.
 */
export function unroll(
  cell: Cell,
  input: Tensor,
  initial: RecurrentState | undefined,
  options: UnrollOptions = {},
): { output: Tensor; state: RecurrentState; cache: UnrollCache } {
  const seqLen = input.shape[0];
  const { reverse = false, padding } = options;
  const x = reverse ? reverseTime(input) : input;
  const { steps, zoneout } = createSteps(cell, x, options);
  const { states } = steps;
  projectInput(cell, x, steps.gates);
  cell.prepare(steps);
  for (const name of cell.stateNames) {
    const first = states[name]!.row(0);
    if (initial) first.copyFrom(initial[name]!);
    else first.fill(0);
  }
  runSteps(cell, steps, !padding && !zoneout.h && !zoneout.c, () => {
    for (let t = 0; t < seqLen; t++) {
      cell.step(steps, t);
      for (const name of cell.stateNames) {
        const d = zoneout[name];
        if (!d && !padding) continue;
        const [before, after] = [states[name]!.row(t), states[name]!.row(t + 1)];
        if (d) applyZoneout(d.row(t), before, after);
        for (const row of paddedRows(padding, reverse, t)) after.row(row).copyFrom(before.row(row));
      }
    }
  });
  const h = states.h.slice(1, seqLen + 1);
  const output = cell.allocateUnset(...h.shape).copyFrom(reverse ? reverseTime(h) : h);
  if (padding) zeroPadding(output, padding);
  const state = mapStates(cell, (name) => states[name]!.row(seqLen));
  return { output, state, cache: { input: x, steps, reverse, padding, zoneout } };
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
  observe?: ObserveStep,
): { input?: Tensor; state: RecurrentState } {
  const { steps, input, reverse, padding, zoneout } = cache;
  const seqLen = input.shape[0];
  const gradients = cell.createGradients(steps);
  const dOutput = upstream.output && outputGradient(upstream.output, cache);
  const dState = mapStates(cell, (name) => {
    const zeros = cell.allocate(...steps.states[name]!.shape.slice(1));
    const given = upstream.state?.[name];
    return given ? zeros.copyFrom(given) : zeros;
  });
  const past: Partial<RecurrentState> = {};
  for (const name of cell.stateNames) {
    if (zoneout[name]) past[name] = cell.allocate(...zoneout[name].shape.slice(1));
  }
  runSteps(cell, steps, !padding && !zoneout.h && !zoneout.c && !observe, () => {
    for (let t = seqLen - 1; t >= 0; t--) {
      if (dOutput) addInto(cell, dState.h, dOutput.row(t));
      const whole = observe && mapStates(cell, (name) => dState[name]!.clone());
      const rows = paddedRows(padding, reverse, t);
      const around = rows.map((row) => mapStates(cell, (name) => dState[name]!.row(row).clone()));
      for (const name of cell.stateNames) {
        for (const row of rows) dState[name]!.row(row).fill(0);
        if (zoneout[name]) partZoneout(zoneout[name].row(t), dState[name]!, past[name]!);
      }
      cell.stepBackward(steps, gradients, t, dState);
      if (whole) observe(reverse ? seqLen - 1 - t : t, whole, gradients.dGates.row(t));
      for (const name of cell.stateNames) {
        if (zoneout[name]) addInto(cell, dState[name]!, past[name]!);
        rows.forEach((row, k) => dState[name]!.row(row).copyFrom(around[k][name]!));
      }
    }
  });
  cell.accumulateRecurrentGradients(steps, gradients);
  const dInput = projectInputBackward(cell, input, gradients.dGates);
  return { input: dInput && reverse ? reverseTime(dInput) : dInput, state: dState };
}

/**
 * Runs the steps of a pass. Where they are nothing but operations of the backend, which no padding, mask or observer
 * comes between, each thread can go through all of them with its own rows.
 */
function runSteps(cell: Cell, { gates, dropout }: CellCache, plain: boolean, run: () => void): void {
  const batchSize = gates.shape[1];
  if (!plain || dropout || !cell.rowwise) run();
  else cell.backend.rowwise(batchSize, batchSize * cell.weightHh.value.size, run);
}

/** Buffers for the steps over `x`, and the random masks of this run. */
function createSteps(cell: Cell, x: Tensor, { zoneout = {}, recurrentDropout: p = 0, rng }: UnrollOptions) {
  const [seqLen, batchSize] = x.shape;
  const steps = cell.createCache(seqLen, batchSize);
  if (rng && p > 0) {
    steps.dropout = {
      mask: drawDropoutMask(cell.allocate(batchSize, cell.outputSize), p, rng),
      h: cell.allocate(seqLen, batchSize, cell.outputSize),
    };
  }
  const kept: Partial<RecurrentState> = {};
  for (const name of cell.stateNames) {
    const rate = zoneout[name];
    if (rate) kept[name] = drawZoneout(cell.allocate(seqLen, batchSize, cell.stateSize(name)), rate, rng);
  }
  return { steps, zoneout: kept };
}

/** dL/d(output) in the order of the steps, without the padded positions, which were constants. */
function outputGradient(dOutput: Tensor, { reverse, padding }: UnrollCache): Tensor {
  const real = padding ? zeroPadding(dOutput.clone(), padding) : dOutput;
  return reverse ? reverseTime(real) : real;
}

/** The rows for which step t (counted in the order of the steps) is padding. */
function paddedRows(padding: Padding | undefined, reverse: boolean, t: number): readonly number[] {
  if (!padding) return [];
  return padding[reverse ? padding.length - 1 - t : t];
}

function mapStates(cell: Cell, make: (name: keyof RecurrentState) => Tensor): RecurrentState {
  const state: Partial<RecurrentState> = {};
  for (const name of cell.stateNames) state[name] = make(name);
  return state as RecurrentState;
}

function addInto(cell: Cell, sum: Tensor, term: Tensor): void {
  cell.rows.addRows(sum.shape[0], sum.shape[1], sum, term);
}
