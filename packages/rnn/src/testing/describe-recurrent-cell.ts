/**
 * The contract that every recurrent cell keeps, as one test suite. A new cell calls it with a function that
 * makes a layer of it; what is cell-specific (equations, golden numbers) stays in the cell's own test.
 *
 * Sizes are pairwise different and every number differs from its neighbours, so that a swapped gate, a
 * transposed matrix or a shifted step shows.
 */
import { Rng, Tensor } from '@rnnlab/tensor';
import { randomTensor } from '@rnnlab/tensor/testing';
import { describe, expect, it } from 'vitest';
import type { RecurrentState } from '../cell';
import type { RecurrentPreset } from '../initial-weights';
import { describeGradients } from './recurrent-gradients';
import { describeRefusals } from './recurrent-refusals';
import {
  B,
  batchRow,
  exact,
  expectSameState,
  H,
  I,
  lengths,
  mapState,
  mask,
  setUp,
  steps,
  T,
  type ContractOptions,
  type MakeRecurrentLayer,
} from './recurrent-set-up';

const deepOptions = { numLayers: 2, bidirectional: true };

/** Describes the contract of the cell that `make` builds layers of. */
export function describeRecurrentCell(
  name: string,
  make: MakeRecurrentLayer,
  contract: ContractOptions = {},
): void {
  const { parameterNames = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'] } = contract;
  describe(`${name} keeps the recurrent contract`, () => {
    describeGradients(make, contract);

    it('adds into gradients instead of replacing them', () => {
      const { layer, input, initial, random } = setUp(make);
      const { output, cache } = layer.forward(input, initial);
      const upstream = { output: random(output.shape) };
      layer.backward(cache, upstream);
      const once = layer.parameters().map(({ grad }) => grad.clone());
      layer.backward(cache, upstream);
      layer.parameters().forEach(({ name, grad }, k) => {
        once[k].data.forEach((value, j) => (once[k].data[j] = 2 * value));
        expect(grad).toBeCloseToTensor(once[k], { ...exact, name });
      });
      layer.zeroGrad();
      expect(layer.parameters().every(({ grad }) => grad.data.every((value) => value === 0))).toBe(true);
    });

    it.each([
      { numLayers: 1, bidirectional: false },
      { numLayers: 3, bidirectional: false },
      { numLayers: 2, bidirectional: true },
    ])('returns the documented shapes: %o', (options) => {
      const { layer, input } = setUp(make, options);
      const { output, state } = layer.forward(input);
      const directions = options.bidirectional ? 2 : 1;
      const [cell] = layer.cells[0];
      expect(output.shape).toEqual([T, B, directions * cell.outputSize]);
      expect(layer.outputSize).toBe(directions * cell.outputSize);
      for (const key of layer.stateNames) {
        expect(state[key]!.shape).toEqual([
          options.numLayers * directions,
          B,
          key === 'h' ? cell.outputSize : cell.hiddenSize,
        ]);
      }
    });

    it('gives the same in chunks as in one run, forward and backward', () => {
      const { layer, input, initial, random, randomState } = setUp(make, { numLayers: 2 });
      const upstream = { output: random([T, B, layer.outputSize]), state: randomState() };
      const whole = layer.forward(input, initial);
      const wholeBack = layer.backward(whole.cache, upstream);
      const wholeGrads = layer.parameters().map(({ grad }) => grad.clone());

      layer.zeroGrad();
      const first = layer.forward(input.slice(0, 2), initial);
      const second = layer.forward(input.slice(2, T), first.state);
      expect(first.output).toBeCloseToTensor(whole.output.slice(0, 2), { ...exact, name: 'first output' });
      expect(second.output).toBeCloseToTensor(whole.output.slice(2, T), { ...exact, name: 'second output' });
      expectSameState(second.state, whole.state, 'final state');
      const late = layer.backward(second.cache, {
        output: upstream.output.slice(2, T),
        state: upstream.state,
      });
      const early = layer.backward(first.cache, { output: upstream.output.slice(0, 2), state: late.state });
      expectSameState(early.state, wholeBack.state, 'dL/d(initial state)');
      layer.parameters().forEach(({ name: parameter, grad }, k) => {
        expect(grad).toBeCloseToTensor(wholeGrads[k], { ...exact, name: parameter });
      });
    });

    it.each([{}, { numLayers: 2, zoneout: 0.2 }])(
      'gives step by step what it gives in one run: %o',
      (options) => {
        const { layer, input, initial } = setUp(make, options);
        const whole = layer.forward(input, initial);
        const state = mapState(initial, (x) => x.clone());
        for (let t = 0; t < T; t++) {
          const output = layer.step(input.row(t), state);
          expect(output).toBeCloseToTensor(whole.output.row(t), { ...exact, name: `output of step ${t}` });
        }
        expectSameState(state, whole.state, 'final state');
      },
    );

    it('treats every row of the batch on its own', () => {
      const { layer, input, initial } = setUp(make, { numLayers: 2, bidirectional: true });
      const together = layer.forward(input, initial);
      for (let b = 0; b < B; b++) {
        const alone = layer.forward(
          batchRow(input, b),
          mapState(initial, (x) => batchRow(x, b)),
        );
        expect(alone.output).toBeCloseToTensor(batchRow(together.output, b), { ...exact, name: `row ${b}` });
        expectSameState(
          alone.state,
          mapState(together.state, (x) => batchRow(x, b)),
          `state of row ${b}`,
        );
      }
    });

    it('gives padded rows what separate runs without padding give', () => {
      const { layer, input, initial, random, randomState } = setUp(make, {
        numLayers: 2,
        bidirectional: true,
      });
      const padded = layer.forward(input, initial, { lengths });
      const upstream = { output: random(padded.output.shape), state: randomState() };
      const back = layer.backward(padded.cache, upstream);
      const grads = layer.parameters().map(({ grad }) => grad.clone());
      layer.zeroGrad();
      for (let b = 0; b < B; b++) {
        const rowOf = (x: Tensor) => batchRow(x, b).slice(0, lengths[b]);
        const stateOf = (state: RecurrentState) => mapState(state, (x) => batchRow(x, b));
        const alone = layer.forward(rowOf(input), stateOf(initial));
        expect(alone.output).toBeCloseToTensor(rowOf(padded.output), { ...exact, name: `row ${b}` });
        expectSameState(alone.state, stateOf(padded.state), `state of row ${b}`);
        const behind = batchRow(padded.output, b).slice(lengths[b], T);
        expect(behind.data.every((value) => value === 0)).toBe(true);
        const backAlone = layer.backward(alone.cache, {
          output: rowOf(upstream.output),
          state: stateOf(upstream.state),
        });
        expect(backAlone.input!).toBeCloseToTensor(rowOf(back.input!), { ...exact, name: `dx of row ${b}` });
        expectSameState(backAlone.state, stateOf(back.state), `dL/d(initial state) of row ${b}`);
      }
      layer.parameters().forEach(({ name: parameter, grad }, k) => {
        expect(grad).toBeCloseToTensor(grads[k], { ...exact, name: parameter });
      });
    });

    it('skips masked steps, wherever they are, as if they were not there', () => {
      const { layer, input, initial, random, randomState } = setUp(make, { bidirectional: true });
      const masked = layer.forward(input, initial, { mask });
      const upstream = { output: random(masked.output.shape), state: randomState() };
      const back = layer.backward(masked.cache, upstream);
      for (let b = 0; b < B; b++) {
        const real = Array.from({ length: T }, (_, t) => t).filter((t) => mask.at(t, b));
        const rowOf = (x: Tensor) => steps(batchRow(x, b), real);
        const stateOf = (state: RecurrentState) => mapState(state, (x) => batchRow(x, b));
        const alone = layer.forward(rowOf(input), stateOf(initial));
        expect(alone.output).toBeCloseToTensor(rowOf(masked.output), { ...exact, name: `row ${b}` });
        expectSameState(alone.state, stateOf(masked.state), `state of row ${b}`);
        for (let t = 0; t < T; t++) {
          if (!mask.at(t, b))
            expect(
              batchRow(masked.output, b)
                .row(t)
                .data.every((y) => y === 0),
            ).toBe(true);
        }
        const backAlone = layer.backward(alone.cache, {
          output: rowOf(upstream.output),
          state: stateOf(upstream.state),
        });
        expect(backAlone.input!).toBeCloseToTensor(rowOf(back.input!), { ...exact, name: `dx of row ${b}` });
        expectSameState(backAlone.state, stateOf(back.state), `dL/d(initial state) of row ${b}`);
      }
    });

    it('runs from the last step to the first with reverse: true', () => {
      const forward = setUp(make);
      const reverse = setUp(make, { reverse: true });
      const backwards = Array.from({ length: T }, (_, t) => T - 1 - t);
      const expected = forward.layer.forward(steps(forward.input, backwards), forward.initial);
      const actual = reverse.layer.forward(forward.input, forward.initial);
      expect(actual.output).toBeCloseToTensor(steps(expected.output, backwards), {
        ...exact,
        name: 'output',
      });
      expectSameState(actual.state, expected.state);
    });

    it('reads token ids as one-hot vectors', () => {
      const { layer } = setUp(make, { bidirectional: true });
      const ids = Tensor.from(
        [
          [3, 0, 2],
          [1, 1, 0],
          [2, 3, 3],
        ],
        { dtype: 'int32' },
      );
      const oneHot = Tensor.zeros([3, 3, I], 'float64');
      ids.data.forEach((id, n) => (oneHot.data[n * I + id] = 1));
      const [sparse, dense] = [layer.forward(ids), layer.forward(oneHot)];
      expect(sparse.output).toBeCloseToTensor(dense.output, { ...exact, name: 'output' });
      const upstream = { output: randomTensor(dense.output.shape, new Rng(5), { dtype: 'float64' }) };
      layer.backward(dense.cache, upstream);
      const grads = layer.parameters().map(({ grad }) => grad.clone());
      layer.zeroGrad();
      expect(layer.backward(sparse.cache, upstream).input).toBeUndefined();
      layer.parameters().forEach(({ name: parameter, grad }, k) => {
        expect(grad).toBeCloseToTensor(grads[k], { ...exact, name: parameter });
      });
    });

    it('runs in float32 like in float64, up to rounding', () => {
      const { layer, input, initial } = setUp(make, { numLayers: 2 });
      const single = make({ ...layer.options, dtype: 'float32' });
      single.loadStateDict(layer.stateDict());
      const double = layer.forward(input, initial);
      const rounded = single.forward(
        input.clone('float32'),
        mapState(initial, (x) => x.clone('float32')),
      );
      expect(rounded.output.dtype).toBe('float32');
      expect(rounded.output.clone('float64')).toBeCloseToTensor(double.output, {
        rtol: 1e-5,
        atol: 1e-5,
        name: 'output',
      });
    });

    it('saves and loads its weights by PyTorch names', () => {
      const { layer, input } = setUp(make, { numLayers: 2, bidirectional: true, recurrentBias: true });
      const names = ['l0', 'l0_reverse', 'l1', 'l1_reverse'].flatMap((suffix) =>
        parameterNames.map((kind) => `${kind}_${suffix}`),
      );
      expect([...layer.stateDict().keys()]).toEqual(names);
      const copy = make({ ...layer.options, seed: 99 });
      expect(copy.forward(input).output.data).not.toEqual(layer.forward(input).output.data);
      copy.loadStateDict(layer.stateDict());
      expect(copy.forward(input).output.data).toEqual(layer.forward(input).output.data);
    });

    it('refuses weights that do not fit, and changes nothing', () => {
      const { layer } = setUp(make);
      const before = layer.parameters().map(({ value }) => value.clone());
      const state = new Map(layer.stateDict());
      state.delete('weight_hh_l0');
      state.set('weight_ih_l0', Tensor.zeros([1, 1], 'float64'));
      state.set('weight_ih_l7', Tensor.zeros([1], 'float64'));
      expect(() => layer.loadStateDict(state)).toThrow(
        /loadStateDict: weight_ih_l0 has shape \[1, 1\], expected \[\d+, 4\]; weight_hh_l0 is missing; weight_ih_l7 is unknown\./,
      );
      layer.parameters().forEach(({ value }, k) => expect(value.data).toEqual(before[k].data));
    });

    it('draws its first weights from the seed', () => {
      const { hiddenSize } = make({ inputSize: I, hiddenSize: H }).cells[0][0];
      const weights = (seed: number, init?: RecurrentPreset) =>
        make({ inputSize: I, hiddenSize: H, seed, init })
          .parameters()
          .filter(({ name: parameter }) => /^(weight|bias)_[ih]h/.test(parameter))
          .flatMap(({ value }) => [...value.data]);
      expect(weights(3)).toEqual(weights(3));
      expect(weights(3)).not.toEqual(weights(4));
      expect(weights(3, 'torch').every((weight) => Math.abs(weight) <= 1 / Math.sqrt(hiddenSize))).toBe(true);
      expect(weights(3, 'torch').every((weight) => weight !== 0)).toBe(true);
      expect(new Set([weights(3), weights(3, 'torch'), weights(3, 'seed')].map(String)).size).toBe(3);
    });

    it('drops only while training, and differently each time', () => {
      const { layer, input } = setUp(make, { numLayers: 2, dropout: 0.5 });
      const plain = layer.forward(input).output.data;
      expect(layer.forward(input).output.data).toEqual(plain);
      const dropped = layer.forward(input, undefined, { training: true }).output.data;
      expect(dropped).not.toEqual(plain);
      expect(layer.forward(input, undefined, { training: true }).output.data).not.toEqual(dropped);
    });

    it('traces what forward computes and what backward passes on', () => {
      const { layer, input, initial, random, randomState } = setUp(make, deepOptions);
      const upstream = { output: random([T, B, layer.outputSize]), state: randomState() };
      const run = layer.forward(input, initial, { lengths });
      const back = layer.backward(run.cache, upstream);
      const trace = layer.trace(input, initial, { lengths });
      expect(trace.output).toBeCloseToTensor(run.output, { ...exact, name: 'output' });
      expectSameState(trace.state, run.state, 'final state');
      const last = trace.steps[T - 1].layers;
      const first = trace.steps[0].layers;
      layer.cells.forEach((cells, l) => {
        expect(Object.keys(last[l][0].gates).length).toBeGreaterThan(0);
        // The reverse direction ends at the first step.
        cells.forEach((_, d) => {
          const ended = d ? first[l][d] : last[l][d];
          expectSameState(
            ended.state,
            mapState(run.state, (x) => x.row(l * cells.length + d)),
            `layer ${l}`,
          );
        });
      });
      expectSameState(trace.backward(upstream).state, back.state, 'dL/d(initial state)');
      const { gradients } = last[1][0];
      const arriving = mapState(upstream.state, (x) => x.row(2)); // at the last step: the final state's own, and the output's
      for (let b = 0; b < B; b++) {
        const own = upstream.output.row(T - 1).row(b);
        if (lengths[b] === T) {
          const h = arriving.h.row(b);
          for (let k = 0; k < h.size; k++) h.data[k] += own.data[k];
        }
      }
      expectSameState(gradients!.state, arriving, 'dL/d(state of the last step)');
      expect(gradients!.norms.h).toBeCloseTo(Math.hypot(...arriving.h.data), 12);
      for (const { layers } of trace.steps) {
        for (const { gates, gradients: found } of layers.flat()) {
          for (const [gate, gradient] of Object.entries(found!.gates)) {
            expect(gradient!.shape).toEqual(gates[gate].shape);
          }
        }
      }
    });

    it('traces gradients that chunks pass from one to the other', () => {
      const { layer, input, initial, random, randomState } = setUp(make);
      const upstream = { output: random([T, B, layer.outputSize]), state: randomState() };
      const trace = layer.trace(input, initial);
      trace.backward(upstream);
      const first = layer.forward(input.slice(0, 2), initial);
      const second = layer.forward(input.slice(2, T), first.state);
      const late = layer.backward(second.cache, {
        output: upstream.output.slice(2, T),
        state: upstream.state,
      });
      const expected = mapState(late.state, (x) => x.row(0));
      for (let k = 0; k < expected.h.size; k++) expected.h.data[k] += upstream.output.row(1).data[k];
      const found = trace.steps[1].layers[0][0];
      expectSameState(found.gradients!.state, expected, 'dL/d(state after step 1)');
      expectSameState(
        found.state,
        mapState(first.state, (x) => x.row(0)),
        'state after step 1',
      );
    });

    it.each([{ recurrentDropout: 0.5 }, { zoneout: 0.5 }])(
      'is random only while training, and differently each time: %o',
      (options) => {
        const { layer, input, initial } = setUp(make, options);
        const outputOf = (training: boolean) => [...layer.forward(input, initial, { training }).output.data];
        expect(outputOf(false)).toEqual(outputOf(false));
        const first = outputOf(true);
        expect(first).not.toEqual(outputOf(false));
        expect(first).not.toEqual(outputOf(true));
      },
    );

    describeRefusals(make);
  });
}
