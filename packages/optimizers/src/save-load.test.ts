import { describe, expect, it } from 'vitest';
import * as optimizers from './index';
import { LearningRateScheduler, Optimizer, WeightAverage, warmupSchedule, cosineSchedule } from './index';
import type { FloatArray, OptimizerParameter, OptimizerState } from './index';

type Make = new (parameters: Iterable<OptimizerParameter>, options?: object) => Optimizer;

/** Every optimizer with options that give it all its slots. */
const cases: [string, object][] = [
  ['SGD', { momentum: 0.9, nesterov: true, dampening: 0, weightDecay: 0.01 }],
  ['Momentum', { dampening: 0.5 }],
  ['RMSProp', { momentum: 0.9, centered: true, biasCorrection: true, initialScale: 0.1 }],
  ['Adam', { amsgrad: true, weightDecay: 0.1 }],
  ['AMSGrad', { convention: 'optax' }],
  ['AdamW', { convention: 'keras' }],
  ['Adamax', { learningRateDecay: 0.1 }],
  ['NAdam', {}],
  ['RAdam', { beta2: 0.9 }],
  ['Adagrad', { initialAccumulator: 0.1, learningRateDecay: 0.1 }],
  ['Adadelta', { convention: 'tfjs' }],
  ['Lion', { weightDecay: 0.1 }],
  ['Rprop', {}],
  ['LBFGS', { lineSearch: true, maxIterations: 3, historySize: 4 }],
];

const make = (name: string, parameters: OptimizerParameter[], options: object): Optimizer =>
  new (optimizers as unknown as Record<string, Make>)[name](parameters, options);

/** Two parameters, and a bumpy loss whose gradient differs from step to step. */
function problem(Type: Float32ArrayConstructor | Float64ArrayConstructor) {
  const w = {
    name: 'layer.w',
    value: Type.of(0.5, -1.5, 2, 0.25, -0.75, 1),
    grad: new Type(6),
    shape: [3, 2],
  };
  const b = { name: 'layer.b', value: Type.of(1, -2), grad: new Type(2) };
  const parameters = [w, b];
  const evaluate = (t: number) => (): number => {
    let loss = 0;
    for (const { value, grad } of parameters) {
      for (const [i, x] of value.entries()) {
        loss += (i + 1) * x * x + Math.sin(x + t);
        grad[i] = 2 * (i + 1) * x + Math.cos(x + t);
      }
    }
    return loss;
  };
  const values = (): number[] => parameters.flatMap(({ value }) => [...value]);
  return { parameters, evaluate, values };
}

/** The way through a file: JSON text and raw bytes. */
function throughFile({ slots, ...json }: OptimizerState): OptimizerState {
  const bytes = Array.from(slots, ([key, array]) => {
    const Type = array.constructor as Float64ArrayConstructor;
    return [key, new Type(new Uint8Array(array.buffer.slice(0)).buffer)] as [string, FloatArray];
  });
  return { ...JSON.parse(JSON.stringify(json)), slots: new Map(bytes) };
}

describe.each([Float32Array, Float64Array])('%o', (Type) => {
  it.each(cases)('%s continues bit for bit', (name, options) => {
    const whole = problem(Type);
    const first = make(name, whole.parameters, options);
    for (let t = 0; t < 7; t++) first.step(whole.evaluate(t));
    const state = throughFile(first.stateDict());

    const resumed = problem(Type);
    for (const [i, { value }] of resumed.parameters.entries()) value.set(whole.parameters[i].value);
    const second = make(name, resumed.parameters, { learningRate: 0.777 });
    second.loadStateDict(state);
    expect(second.learningRate).toBe(first.learningRate);
    for (let t = 7; t < 14; t++) {
      first.step(whole.evaluate(t));
      second.step(resumed.evaluate(t));
      expect(resumed.values()).toEqual(whole.values());
    }
    expect(second.stateDict()).toEqual(first.stateDict());
    expect(whole.values().every(Number.isFinite)).toBe(true);
  });
});

it('every optimizer that is exported is in this file', () => {
  const exported = Object.entries(optimizers)
    .filter(([, value]) => (value as { prototype?: object }).prototype instanceof Optimizer)
    .map(([name]) => name);
  expect(cases.map(([name]) => name).sort()).toEqual(exported.sort());
});

it('a saved state is a copy', () => {
  const { parameters, evaluate } = problem(Float64Array);
  const adam = make('Adam', parameters, {});
  const before = adam.stateDict();
  adam.step(evaluate(0));
  expect(before.slots.get('layer.w.m')).toEqual(new Float64Array(6));
  expect(before.groups[0].parameters[0]).toEqual({ name: 'layer.w', shape: [3, 2], step: 0, decays: true });
});

describe('loadStateDict refuses and changes nothing', () => {
  const saved = (): OptimizerState => {
    const { parameters, evaluate } = problem(Float64Array);
    const adam = make('Adam', parameters, { learningRate: 0.3 });
    adam.step(evaluate(0));
    return adam.stateDict();
  };
  const refusals: [string, (state: OptimizerState) => void, string][] = [
    ['another optimizer', (s) => (s.type = 'SGD'), 'type is SGD, expected Adam.'],
    ['another number of groups', (s) => s.groups.push(s.groups[0]), 'group count is 2, expected 1.'],
    [
      'a parameter more',
      (s) => s.groups[0].parameters.push({ name: 'c', shape: [1], step: 0, decays: true }),
      'size of group 0 is 3, expected 2.',
    ],
    [
      'another name',
      (s) => (s.groups[0].parameters[1].name = 'layer.c'),
      "shape of 'layer.b' is missing, expected 2.",
    ],
    [
      'a step that is none',
      (s) => (s.groups[0].parameters[0].step = 1.5),
      "step of 'layer.w' is 1.5, expected 1.",
    ],
    [
      'another shape',
      (s) => (s.groups[0].parameters[0].shape = [2, 3]),
      "shape of 'layer.w' is 2,3, expected 3,2.",
    ],
    [
      'a missing slot',
      (s) => s.slots.delete('layer.b.v'),
      "slot 'v' of 'layer.b' is missing, expected Float64Array(2).",
    ],
    [
      'a short slot',
      (s) => s.slots.set('layer.b.m', new Float64Array(1)),
      "slot 'm' of 'layer.b' is Float64Array(1), expected Float64Array(2).",
    ],
    [
      'another element type',
      (s) => s.slots.set('layer.b.m', new Float32Array(2)),
      "slot 'm' of 'layer.b' is Float32Array(2), expected Float64Array(2).",
    ],
  ];
  it.each(refusals)('%s', (_, damage, message) => {
    const state = saved();
    damage(state);
    const { parameters, evaluate } = problem(Float64Array);
    const adam = make('Adam', parameters, { learningRate: 0.1 });
    adam.step(evaluate(3));
    const before = adam.stateDict();
    expect(() => adam.loadStateDict(state)).toThrow(
      expect.objectContaining({
        code: 'ERR_CHECKPOINT',
        name: 'CheckpointError',
        message: `Adam.loadStateDict: ${message}`,
      }),
    );
    expect(adam.stateDict()).toEqual(before);
  });

  it('an option that is none', () => {
    const state = saved();
    state.groups[0].options.beta1 = 2;
    const adam = make('Adam', problem(Float64Array).parameters, {});
    expect(() => adam.loadStateDict(state)).toThrow('Adam: beta1 is 2, expected a number in [0, 1).');
  });
});

it('a schedule goes on where it was', () => {
  const run = (steps: number, resume?: { optimizer: OptimizerState; scheduler: never; values: number[] }) => {
    const { parameters, evaluate, values } = problem(Float64Array);
    const optimizer = make('Adam', parameters, {});
    const schedule = cosineSchedule({ learningRate: 0.1, decaySteps: 10 });
    const scheduler = new LearningRateScheduler(optimizer, warmupSchedule({ schedule, warmupSteps: 4 }));
    if (resume) {
      parameters[0].value.set(resume.values.slice(0, 6));
      parameters[1].value.set(resume.values.slice(6));
      optimizer.loadStateDict(resume.optimizer);
      scheduler.loadStateDict(resume.scheduler);
    }
    for (let t = resume ? 6 : 0; t < steps; t++) {
      optimizer.step(evaluate(t));
      scheduler.step();
    }
    return { optimizer: optimizer.stateDict(), scheduler: scheduler.stateDict() as never, values: values() };
  };
  expect(run(12, run(6))).toEqual(run(12));
  const other = new LearningRateScheduler(
    make('Adam', problem(Float64Array).parameters, {}),
    cosineSchedule({ learningRate: 1, decaySteps: 2 }),
  );
  expect(() => other.loadStateDict(run(1).scheduler)).toThrow(
    /^LearningRateScheduler\.loadStateDict: list of schedules is .*warmup.*, expected .*cosine/,
  );
});

it('an average of weights goes on where it was', () => {
  const { parameters, evaluate, values } = problem(Float32Array);
  const sgd = make('SGD', parameters, { learningRate: 0.01 });
  const average = new WeightAverage(parameters, { decay: 0.5, debias: true });
  sgd.step(evaluate(0));
  average.update();
  const again = new WeightAverage(parameters, { decay: 0.5, debias: true });
  again.loadStateDict(average.stateDict());
  sgd.step(evaluate(1));
  const weights = values();
  average.update();
  again.update();
  average.swap();
  const averaged = values();
  expect(averaged).not.toEqual(weights);
  average.swap();
  expect(values()).toEqual(weights);
  again.swap();
  expect(values()).toEqual(averaged);
  expect(() => again.update()).toThrow('WeightAverage.update: the average is in use. Call swap() first.');
  expect(() => average.loadStateDict({ updates: 1, averages: new Map() })).toThrow(
    "WeightAverage.loadStateDict: average of 'layer.w' is missing, expected Float32Array(6).",
  );
});
