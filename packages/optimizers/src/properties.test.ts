import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as optimizers from './index';
import type { Convention, Optimizer, OptimizerParameter } from './index';

type Given = Iterable<OptimizerParameter> | Iterable<object>;
type Make = new (parameters: Given, options?: object) => Optimizer;

/** Every optimizer whose parameters do not see each other, under every convention that it has. */
const variants: [string, object][] = [
  'SGD',
  'Momentum',
  'RMSProp',
  'Adam',
  'AMSGrad',
  'AdamW',
  'Adamax',
  'NAdam',
  'RAdam',
  'Adagrad',
  'Adadelta',
  'Lion',
  'Rprop',
].flatMap((name) =>
  [undefined, 'torch', 'keras', 'tfjs', 'optax'].flatMap((convention): [string, object][] => {
    try {
      make(name, [], { convention });
      return [[name, { convention }]];
    } catch (error) {
      if ((error as { code?: string }).code === 'ERR_CONFIG') return [];
      throw error;
    }
  }),
);

function make(name: string, parameters: Given, options: object): Optimizer {
  return new (optimizers as unknown as Record<string, Make>)[name](parameters, options);
}

const number = fc.double({ min: -100, max: 100, noNaN: true });
const sizes = [1, 2, 3];
const steps = 4;

/** Values of three parameters of 1, 2 and 3 elements, and their gradients at 4 steps. */
const arbitrary = fc.record({
  values: fc.tuple(...sizes.map((size) => fc.array(number, { minLength: size, maxLength: size }))),
  grads: fc.tuple(
    ...sizes.map((size) =>
      fc.array(fc.array(number, { minLength: size, maxLength: size }), {
        minLength: steps,
        maxLength: steps,
      }),
    ),
  ),
});

type Sample = { values: number[][]; grads: number[][][] };

const parametersOf = ({ values }: Sample) =>
  values.map((value, p) => ({
    name: `p${p}`,
    value: Float64Array.from(value),
    grad: new Float64Array(value.length),
  }));

type Made = ReturnType<typeof parametersOf>;

/** Steps the optimizers together and returns the values by name. */
function run(sample: Sample, parameters: Made, ...all: Optimizer[]): Map<string, number[]> {
  for (let t = 0; t < steps; t++) {
    for (const { name, grad } of parameters) grad.set(sample.grads[Number(name.slice(1))][t]);
    for (const optimizer of all) optimizer.step();
  }
  return new Map(parameters.map(({ name, value }): [string, number[]] => [name, [...value]]).sort());
}

describe.each(variants)('%s %o', (name, options) => {
  const check = (property: (sample: Sample) => void): void =>
    fc.assert(fc.property(arbitrary, property), { numRuns: 8 });
  const own = { ...options, learningRate: 0.1, weightDecay: 0.01 };

  it('permuting parameters permutes updates', () =>
    check((sample) => {
      const [straight, turned] = [parametersOf(sample), parametersOf(sample).reverse()];
      const expected = run(sample, straight, make(name, straight, own));
      expect(run(sample, turned, make(name, turned, own))).toEqual(expected);
    }));

  it('permuting elements permutes updates', () =>
    check((sample) => {
      const mirrored = {
        values: sample.values.map((value) => value.toReversed()),
        grads: sample.grads.map((steps) => steps.map((grad) => grad.toReversed())),
      };
      const [straight, turned] = [parametersOf(sample), parametersOf(mirrored)];
      const expected = run(sample, straight, make(name, straight, own));
      const actual = run(mirrored, turned, make(name, turned, own));
      for (const [key, value] of actual) expect(value.toReversed()).toEqual(expected.get(key));
    }));

  it('groups equal separate optimizers', () =>
    check((sample) => {
      const each = [
        { learningRate: 0.1, weightDecay: 0 },
        { learningRate: 0.01, weightDecay: 0.1 },
        { maximize: true },
      ];
      const [together, apart] = [parametersOf(sample), parametersOf(sample)];
      const groups = together.map((p, g) => ({ parameters: [p], ...each[g] }));
      const separate = apart.map((p, g) => make(name, [p], { ...own, ...each[g] }));
      expect(run(sample, together, make(name, groups, own))).toEqual(run(sample, apart, ...separate));
    }));

  it('a parameter that the mask leaves out does not decay', () =>
    check((sample) => {
      const [masked, plain] = [parametersOf(sample), parametersOf(sample)];
      const weightDecayMask = ['p1'];
      const expected = run(
        sample,
        plain,
        make(name, [plain[1]], own),
        make(name, [plain[0], plain[2]], { ...own, weightDecay: 0 }),
      );
      expect(run(sample, masked, make(name, masked, { ...own, weightDecayMask }))).toEqual(expected);
    }));

  // From a fresh state. After a step momentum goes on moving with a zero gradient, as it should.
  // tfjs' centered RMSProp, NaN for a zero gradient, is not centered by default.
  it('zero gradients move nothing without decay', () =>
    check((sample) => {
      const zero = { ...sample, grads: sample.grads.map((all) => all.map((grad) => grad.map(() => 0))) };
      const parameters = parametersOf(sample);
      const expected = new Map(parameters.map((p) => [p.name, [...p.value]]));
      expect(run(zero, parameters, make(name, parameters, { ...own, weightDecay: 0 }))).toEqual(expected);
    }));

  // What a zero gradient moves in mid-trajectory is forgotten: the moves die out with the momentum.
  it('after a long time of zero gradients nothing moves', () =>
    check((sample) => {
      const parameters = parametersOf(sample);
      const optimizer = make(name, parameters, { ...own, weightDecay: 0 });
      run(sample, parameters, optimizer);
      if (name === 'Lion') return; // sign(m) is ±1 until m underflows
      for (const { grad } of parameters) grad.fill(0);
      for (let t = 0; t < 500; t++) optimizer.step();
      const before = parameters.map(({ value }) => [...value]);
      for (let t = 0; t < 10; t++) optimizer.step();
      for (const [p, { value }] of parameters.entries()) {
        for (const [i, x] of value.entries()) expect(Math.abs(x - before[p][i])).toBeLessThan(1e-3);
      }
    }));
});

it('every convention of every optimizer is met above', () => {
  const conventions = (name: string): (Convention | undefined)[] =>
    variants.filter(([n]) => n === name).map(([, o]) => (o as { convention?: Convention }).convention);
  expect(conventions('Adam')).toEqual([undefined, 'torch', 'keras', 'tfjs', 'optax']);
  expect(conventions('Lion')).toEqual([undefined, 'keras', 'optax']);
  expect(conventions('RAdam')).toEqual([undefined, 'torch', 'optax']);
});
