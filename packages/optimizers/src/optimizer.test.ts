import { describe, expect, it } from 'vitest';
import { Parameter, Tensor } from '@rnnlab/tensor';
import { Adam, AdamW, LBFGS, Lion, Momentum, RAdam, SGD, type OptimizerParameter } from './index';

const record = (...grad: number[]) => ({
  value: new Float64Array(grad.length),
  grad: Float64Array.from(grad),
});

describe('parameters', () => {
  it('may be Parameters and records side by side, float32 and float64', () => {
    const tensor = new Parameter('weight', Tensor.from([[1, 2]]));
    tensor.grad.data.set([10, 20]);
    const plain = { value: Float64Array.of(3), grad: Float64Array.of(30) };
    const optimizer = new SGD([tensor, plain], { learningRate: 0.1, momentum: 0.5 });
    optimizer.step();
    expect([...tensor.value.data, ...plain.value]).toEqual([0, 0, 0]);
    const { groups, slots } = optimizer.stateDict();
    expect(groups[0].parameters.map(({ name, shape }) => [name, ...shape])).toEqual([['weight', 1, 2], ['1', 1]]); // biome-ignore format: a table
    expect([slots.get('weight.v'), slots.get('1.v')]).toEqual([Float32Array.of(10, 20), Float64Array.of(30)]);
    optimizer.zeroGrad();
    expect([...tensor.grad.data, ...plain.grad]).toEqual([0, 0, 0]);
  });

  it('are read anew at every step, since a backend may move them', () => {
    const holder = { value: { data: Float32Array.of(1) }, grad: { data: Float32Array.of(1) } };
    const optimizer = new SGD([holder], { learningRate: 1 });
    const moved = (holder.value.data = Float32Array.of(5));
    optimizer.step();
    expect(moved[0]).toBe(4);
  });

  it('may be none', () => {
    expect(new Adam([]).step(() => 3)).toBe(3);
  });

  it.each<[string, OptimizerParameter, string]>([
    [
      'another length',
      { value: new Float32Array(2), grad: new Float32Array(3) },
      'value is Float32Array(2), grad is Float32Array(3)',
    ],
    [
      'another type',
      { value: new Float32Array(2), grad: new Float64Array(2) },
      'value is Float32Array(2), grad is Float64Array(2)',
    ],
    [
      'integers',
      { value: { data: new Int32Array(2) }, grad: { data: new Int32Array(2) } },
      'value is Int32Array(2), grad is Int32Array(2)',
    ],
    [
      'no gradient',
      { value: new Float32Array(2) } as OptimizerParameter,
      'value is Float32Array(2), grad is missing',
    ],
  ])('are refused with %s', (_, parameter, message) => {
    expect(() => new Adam([parameter])).toThrow(
      expect.objectContaining({
        code: 'ERR_SHAPE',
        name: 'ShapeError',
        message: `parameter '0': ${message}, expected float arrays of one length.`,
      }),
    );
  });

  it('need names of their own', () => {
    const w = { name: 'w', ...record(1) };
    const message = "parameter 'w' comes twice, expected different names.";
    expect(() => new SGD([w, w])).toThrow(message);
    const optimizer = new SGD([w]);
    expect(() => optimizer.addParameters([record(2), w])).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG', message }),
    );
    expect(optimizer.groups).toHaveLength(1);
    expect(() => new SGD([{ name: '1', ...record(1) }, record(2)])).toThrow("parameter '1' comes twice");
    expect(
      () =>
        new SGD([
          { name: '__proto__', ...record(1) },
          { name: 'constructor', ...record(2) },
        ]),
    ).not.toThrow();
  });
});

describe('groups', () => {
  it('have options of their own, and names by position over all groups', () => {
    const [a, b, c] = [record(1), record(1), record(1)];
    const optimizer = new SGD([{ parameters: [a], learningRate: 1 }, { parameters: [b] }], {
      learningRate: 0.5,
    });
    optimizer.addParameters([c], { learningRate: 0.25, maximize: true });
    optimizer.step();
    expect([a, b, c].map(({ value }) => value[0])).toEqual([-1, -0.5, 0.25]);
    expect(optimizer.groups.map(({ entries }) => entries[0].name)).toEqual(['0', '1', '2']);
    expect(optimizer.learningRate).toBe(1);
    optimizer.learningRate = 2;
    expect(optimizer.groups.map(({ options }) => options.learningRate)).toEqual([2, 2, 2]);
  });

  it('count steps for each parameter from when it came', () => {
    const [a, b] = [record(1), record(1)];
    const adam = new Adam([a], { learningRate: 0.1 });
    adam.step();
    adam.addParameters([b]);
    adam.step();
    expect(adam.stateDict().groups.map(({ parameters }) => parameters[0].step)).toEqual([2, 1]);
    expect(b.value[0]).toBeCloseTo(-0.1, 8);
  });

  it.each<[string, readonly string[] | ((name: string) => boolean)]>([
    ['a list', ['w', 'elsewhere']],
    ['a function', (name) => name === 'w'],
  ])('decay under a mask, %s', (_, weightDecayMask) => {
    const [w, b] = [
      { name: 'w', value: Float64Array.of(2), grad: new Float64Array(1) },
      { name: 'b', value: Float64Array.of(2), grad: new Float64Array(1) },
    ];
    const optimizer = new AdamW([w, b], { learningRate: 0.5, weightDecay: 0.5, weightDecayMask });
    optimizer.step();
    expect([w.value[0], b.value[0]]).toEqual([1.5, 2]);
    const state = JSON.parse(JSON.stringify(optimizer.stateDict().groups));
    expect(state[0].parameters.map(({ decays }: { decays: boolean }) => decays)).toEqual([true, false]);
  });

  it('pass a mask of the constructor on, unless they bring one', () => {
    const parameters = ['a', 'b', 'c'].map((name) => ({
      name,
      value: Float64Array.of(2),
      grad: new Float64Array(1),
    }));
    const [a, b, c] = parameters;
    const groups = [{ parameters: [a] }, { parameters: [b, c], weightDecayMask: ['c'] }];
    new SGD(groups, { learningRate: 1, weightDecay: 0.5, weightDecayMask: [] }).step();
    expect(parameters.map(({ value }) => value[0])).toEqual([2, 2, 1]);
  });
});

describe('options', () => {
  it.each<[object, string]>([
    [{ lr: 1 }, "Adam: option 'lr' is unknown, expected one of learningRate,weightDecay,"],
    [{ toString: 1 }, "Adam: option 'toString' is unknown"],
    [{ learningRate: -1 }, 'Adam: learningRate is -1, expected a number in [0, Infinity).'],
    [{ learningRate: NaN }, 'Adam: learningRate is NaN, expected a number in [0, Infinity).'],
    [{ learningRate: '0.1' }, 'Adam: learningRate is 0.1, expected a number in [0, Infinity).'],
    [{ beta1: 1 }, 'Adam: beta1 is 1, expected a number in [0, 1).'],
    [{ amsgrad: 1 }, 'Adam: amsgrad is 1, expected a boolean.'],
    [{ convention: 'jax' }, "Adam: convention 'jax' is unknown, expected one of torch,keras,tfjs,optax."],
  ])('%o', (options, message) => {
    expect(() => new Adam([record(1)], options)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG' }));
    expect(() => new Adam([record(1)], options)).toThrow(message);
  });

  it('are checked in groups and when the learning rate is set', () => {
    expect(() => new SGD([{ parameters: [record(1)], momentum: -1 }])).toThrow('SGD: momentum is -1');
    const sgd = new SGD([record(1)], { learningRate: 0.5 });
    expect(() => (sgd.learningRate = Infinity)).toThrow('SGD: learningRate is Infinity');
    expect(sgd.learningRate).toBe(0.5);
  });

  it('given explicitly win over the convention, and undefined is not given', () => {
    const [{ options }] = new Adam([], { convention: 'keras', epsilon: 0.5, beta1: undefined }).groups;
    expect(options).toMatchObject({ epsilon: 0.5, epsilonHat: true, beta1: 0.9 });
  });

  it('know who has which optimizer', () => {
    expect(() => new Lion([], { convention: 'torch' })).toThrow(
      "Lion: convention 'torch' is unknown, expected one of keras,optax.",
    );
    expect(() => new RAdam([], { convention: 'tfjs' })).toThrow("RAdam: convention 'tfjs' is unknown");
  });
});

describe('Momentum', () => {
  it('is SGD with momentum 0.9, and their states fit each other', () => {
    const [a, b] = [record(1), record(1)];
    const momentum = new Momentum([a], { learningRate: 0.1 });
    momentum.step();
    b.value.set(a.value);
    const sgd = new SGD([b]);
    sgd.loadStateDict(momentum.stateDict());
    for (const optimizer of [momentum, sgd]) optimizer.step();
    expect(b.value).toEqual(a.value);
    expect(b.value[0]).toBeCloseTo(-0.1 - 0.19, 12);
  });
});

describe('LBFGS', () => {
  it('needs a closure and one group', () => {
    expect(() => new LBFGS([record(1)]).step()).toThrow(
      'LBFGS.step: expected a closure that computes the loss and the gradients.',
    );
    expect(() => new LBFGS([record(1)]).addParameters([record(2)])).toThrow(
      'LBFGS: it has one group, as its step is one for all parameters.',
    );
    expect(() => new LBFGS([record(1)], { weightDecay: 1 } as object)).toThrow(
      "LBFGS: option 'weightDecay' is unknown",
    );
  });

  it.each([false, true])('solves a quadratic over two parameters, line search %s', (lineSearch) => {
    const [a, b] = [
      { value: Float64Array.of(3, -1), grad: new Float64Array(2) },
      { value: Float64Array.of(2), grad: new Float64Array(1) },
    ];
    const optimizer = new LBFGS([a, b], { lineSearch, historySize: 2, toleranceChange: 1e-15 });
    const loss = (): number => {
      const [x, y, z] = [...a.value, ...b.value];
      a.grad.set([x - 1 + 0.5 * y, 4 * y + 0.5 * x]);
      b.grad.set([10 * (z + 1)]);
      return 0.5 * x * x - x + 0.5 * x * y + 2 * y * y + 5 * (z + 1) ** 2;
    };
    for (let t = 0; t < 5; t++) optimizer.step(loss);
    loss();
    for (const g of [...a.grad, ...b.grad]) expect(Math.abs(g)).toBeLessThan(1e-5);
  });

  it('stays where the gradient is zero', () => {
    const p = { value: Float64Array.of(1), grad: new Float64Array(1) };
    expect(new LBFGS([p]).step(() => 7)).toBe(7);
    expect(p.value[0]).toBe(1);
  });
});
