/**
 * The contract that every recurrent cell keeps, as one test suite. A new cell calls it with a function that
 * makes a layer of it; what is cell-specific (equations, golden numbers) stays in the cell's own test.
 *
 * Sizes are pairwise different and every number differs from its neighbours, so that a swapped gate, a
 * transposed matrix or a shifted step shows.
 */
import { Rng, Tensor } from '@rnnlab/tensor';
import { expectGradients, gradCheck, randomTensor, tensorMatchers } from '@rnnlab/tensor/testing';
import { describe, expect, it } from 'vitest';
import type { RecurrentState } from '../cell';
import type { ForwardOptions, RecurrentLayer } from '../recurrent-layer';
import type { RecurrentOptions } from '../recurrent-options';

expect.extend(tensorMatchers);

/** Makes a layer of the cell under test. */
export type MakeRecurrentLayer = (options: RecurrentOptions) => RecurrentLayer;

const [T, B, I, H] = [5, 3, 4, 2];
const lengths = [3, 5, 1];
const exact = { rtol: 1e-12, atol: 1e-12 };

/** Weights of the given scale, random input and random states, all float64. */
function setUp(make: MakeRecurrentLayer, options: Partial<RecurrentOptions> = {}, scale = 0.5) {
  const rng = new Rng(11);
  const layer = make({ inputSize: I, hiddenSize: H, dtype: 'float64', ...options });
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
function batchRow(x: Tensor, b: number): Tensor {
  const [first, , ...rest] = x.shape;
  const row = Tensor.zeros([first, 1, ...rest], x.dtype);
  for (let t = 0; t < first; t++) row.row(t).row(0).copyFrom(x.row(t).row(b));
  return row;
}

function mapState(state: RecurrentState, map: (x: Tensor) => Tensor): RecurrentState {
  return Object.fromEntries(
    Object.entries(state).map(([name, x]) => [name, map(x)]),
  ) as unknown as RecurrentState;
}

function expectSameState(actual: RecurrentState, expected: RecurrentState, name = 'state'): void {
  for (const [key, tensor] of Object.entries(expected)) {
    expect(actual[key as 'h']).toBeCloseToTensor(tensor, { ...exact, name: `${name}.${key}` });
  }
}

/** Numerical against hand-derived gradients of every parameter, of x and of the initial states. */
function checkGradients(
  make: MakeRecurrentLayer,
  options: Partial<RecurrentOptions>,
  scale: number,
  { step, ...run }: ForwardOptions & ContractOptions,
) {
  const { layer, input, initial, random, randomState } = setUp(make, options, scale);
  const masks = layer.rng.state;
  const forward = () => {
    layer.rng.state = masks; // the same dropout masks every time
    return layer.forward(input, initial, run);
  };
  const upstream = { output: random(forward().output.shape), state: randomState() };
  const dInput = Tensor.zeros(input.shape, 'float64');
  const dInitial = mapState(initial, (x) => Tensor.zeros(x.shape, 'float64'));
  const report = gradCheck({
    step,
    loss: () => {
      const { output, state } = forward();
      let loss = dot(output, upstream.output);
      for (const name of layer.stateNames) loss += dot(state[name]!, upstream.state[name]!);
      return loss;
    },
    backward: () => {
      layer.zeroGrad();
      const back = layer.backward(forward().cache, upstream);
      dInput.copyFrom(back.input!);
      for (const name of layer.stateNames) dInitial[name]!.copyFrom(back.state[name]!);
    },
    parameters: [
      ...layer.parameters(),
      { name: 'x', value: input, grad: dInput },
      ...layer.stateNames.map((name) => ({ name: `${name}0`, value: initial[name]!, grad: dInitial[name]! })),
    ],
  });
  expectGradients(report, 1e-6);
}

function dot(a: Tensor, b: Tensor): number {
  let sum = 0;
  for (let k = 0; k < a.size; k++) sum += a.data[k] * b.data[k];
  return sum;
}

/** Settings of {@link describeRecurrentCell}. */
export interface ContractOptions {
  /**
   * Step of the numerical gradients, see `gradCheck`. A cell with kinks (relu, hard sigmoid) needs a small one,
   * such as 1e-6, so that no difference reaches across a kink, where there is no derivative.
   */
  step?: number;
}

/** Describes the contract of the cell that `make` builds layers of. */
export function describeRecurrentCell(
  name: string,
  make: MakeRecurrentLayer,
  contract: ContractOptions = {},
): void {
  describe(`${name} keeps the recurrent contract`, () => {
    describe('gradients equal central differences', () => {
      it.each([0.01, 0.5, 1, 2])('one layer, weight scale %s', (scale) =>
        checkGradients(make, {}, scale, contract),
      );
      it.each([0.01, 0.5, 1, 2])('two biases, weight scale %s', (scale) =>
        checkGradients(make, { recurrentBias: true }, scale, contract),
      );
      it('no bias', () => checkGradients(make, { bias: false }, 0.5, contract));
      it('two layers, both directions, lengths', () =>
        checkGradients(make, { numLayers: 2, bidirectional: true }, 0.5, { ...contract, lengths }));
      it.each(['sum', 'mean', 'product'] as const)('directions merged by %s', (merge) =>
        checkGradients(make, { numLayers: 2, bidirectional: true, merge }, 0.5, contract),
      );
      it('batchFirst', () => checkGradients(make, { batchFirst: true }, 0.5, { ...contract, lengths }));
      it('dropout with fixed masks', () =>
        checkGradients(make, { numLayers: 3, dropout: 0.4 }, 0.5, { ...contract, training: true }));
    });

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
      { numLayers: 1, bidirectional: false, features: H },
      { numLayers: 3, bidirectional: false, features: H },
      { numLayers: 2, bidirectional: true, features: 2 * H },
    ])('returns the documented shapes: %o', ({ features, ...options }) => {
      const { layer, input } = setUp(make, options);
      const { output, state } = layer.forward(input);
      expect(output.shape).toEqual([T, B, features]);
      const states = options.numLayers * (options.bidirectional ? 2 : 1);
      for (const key of layer.stateNames) expect(state[key]!.shape).toEqual([states, B, H]);
    });

    it('gives the same in chunks as in one run, forward and backward', () => {
      const { layer, input, initial, random, randomState } = setUp(make, { numLayers: 2 });
      const upstream = { output: random([T, B, H]), state: randomState() };
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
        ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'].map((kind) => `${kind}_${suffix}`),
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
      const weights = (seed: number, init?: 'keras' | 'torch' | 'seed') =>
        make({ inputSize: I, hiddenSize: H, seed, init })
          .parameters()
          .flatMap(({ value }) => [...value.data]);
      expect(weights(3)).toEqual(weights(3));
      expect(weights(3)).not.toEqual(weights(4));
      expect(weights(3, 'torch').every((weight) => Math.abs(weight) <= 1 / Math.sqrt(H))).toBe(true);
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

    it('refuses what does not fit, naming what came, what was expected and the remedy', () => {
      const layer = make({ inputSize: I, hiddenSize: H });
      const where = layer.constructor.name;
      const zeros = (...shape: number[]) => Tensor.zeros(shape);
      expect(() => layer.forward(zeros(5, 4))).toThrow(
        `${where}.forward: input has shape [5, 4], expected [seqLen, batchSize, inputSize=4]. Add the batch axis with reshape, or pass token ids as an int32 tensor.`,
      );
      expect(() => layer.forward(zeros(5, 3, 7))).toThrow(
        'input has shape [5, 3, 7], expected [seqLen, batchSize, inputSize=4].',
      );
      expect(() => layer.forward(Tensor.zeros([5, 3, 4], 'float64'))).toThrow(
        `${where}.forward: input is float64, expected float32 like the weights. Convert it with clone('float32').`,
      );
      expect(() => layer.forward(Tensor.full([2, 3], 4, 'int32'))).toThrow(
        'input holds the token id 4, expected 0 to inputSize−1 = 3.',
      );
      expect(() =>
        layer.forward(
          zeros(5, 3, 4),
          mapState(layer.zeroState(5), (x) => x),
        ),
      ).toThrow(
        'initial state h has shape [1, 5, 2], expected [numLayers·directions=1, batchSize=3, hiddenSize=2]. Did you mean batchFirst: true?',
      );
      expect(() => layer.forward(zeros(5, 3, 4), undefined, { lengths: [5, 6, 1] })).toThrow(
        'lengths[1] is 6, expected an integer from 1 to seqLen=5.',
      );
      expect(() => layer.forward(zeros(5, 3, 4), undefined, { lengths: [5, 1] })).toThrow(
        'lengths has 2 entries, expected batchSize=3.',
      );
      const { cache } = layer.forward(zeros(5, 3, 4));
      expect(() => layer.backward(cache, { output: zeros(5, 3, 4) })).toThrow(
        'backward: upstream output has shape [5, 3, 4], expected [seqLen=5, batchSize=3, outputSize=2].',
      );
      expect(() => make({ inputSize: 0, hiddenSize: H })).toThrow(
        `${where}: inputSize is 0, expected an integer ≥ 1.`,
      );
      expect(() => make({ inputSize: I, hiddenSize: H, dropout: 0.1 })).toThrow(
        'dropout acts between layers and numLayers is 1',
      );
      expect(() => make({ inputSize: I, hiddenSize: H, numLayers: 2, dropout: 1 })).toThrow(
        'dropout is 1, expected a probability from 0 to below 1.',
      );
    });
  });
}
