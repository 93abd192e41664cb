import { describe, expect, it } from 'vitest';
import { clipGradNorm, clipGradValue } from './clipping';
import { GradientAccumulation } from './gradient-accumulation';
import { expectClose, readGolden, runAll, type GoldenCase, type GoldenTensors } from './golden-fixtures';
import { makeOptimizer, optionsOf, translateOptions } from './golden-optimizers';
import type { Convention, Optimizer } from './index';
import type { FloatArray } from './parameter';
import { WeightAverage } from './weight-average';

type Made = { name: string; value: FloatArray; grad: FloatArray; shape: number[] };

function makeParameters(
  initial: GoldenTensors,
  Type: Float64ArrayConstructor | Float32ArrayConstructor,
): Made[] {
  return Object.entries(initial).map(([name, { shape, data }]) => ({
    name,
    shape,
    value: Type.from(data as number[]),
    grad: new Type(data.length),
  }));
}

const identity = (value: number): number => value;

/**
 * Keras' coefficient is maxNorm/norm with the norm or the result rounded to float32, in a float64 model too. Asked for
 * a maxNorm that leads to the same coefficient, ours agrees to float64.
 */
function clipAsKeras(
  parameters: Made[],
  maxNorm: number,
  roundNorm: (value: number) => number,
  roundScale: (value: number) => number,
): void {
  const norm = clipGradNorm(parameters, Number.MAX_VALUE);
  const scale = roundScale(maxNorm / Math.max(roundNorm(norm), maxNorm));
  clipGradNorm(parameters, norm * scale, { epsilon: 0 });
}

/** One gradient in, one step; Keras' clipping, averaging and accumulation are arguments of its optimizers. */
function makeStep(
  c: GoldenCase,
  parameters: Made[],
  optimizer: Optimizer,
): (gradients: GoldenTensors) => void {
  const { clipnorm, global_clipnorm, clipvalue, use_ema, ema_momentum, ema_overwrite_frequency } =
    c.config ?? {};
  const batches = (c.config?.gradient_accumulation_steps as number | null) ?? 1;
  const average = use_ema ? new WeightAverage(parameters, { decay: ema_momentum as number }) : undefined;
  const accumulation = new GradientAccumulation(optimizer, {
    batches,
    beforeStep: () => {
      if (clipnorm) for (const p of parameters) clipAsKeras([p], clipnorm as number, Math.fround, identity);
      if (global_clipnorm) clipAsKeras(parameters, global_clipnorm as number, identity, Math.fround);
      if (clipvalue) clipGradValue(parameters, clipvalue as number);
    },
  });
  let steps = 0;
  const step = (gradients: GoldenTensors): void => {
    if (c.lrPerStep) optimizer.learningRate = c.lrPerStep[steps];
    steps++;
    for (const { name, grad } of parameters) {
      for (let i = 0; i < grad.length; i++) grad[i] += gradients[name].data[i] as number;
    }
    accumulation.step();
    average?.update();
    if (average && ema_overwrite_frequency && steps % (ema_overwrite_frequency as number) === 0)
      average.overwrite();
  };
  return Object.assign(step, { average });
}

const kerasOnly = new Set(
  'clipnorm global_clipnorm clipvalue use_ema ema_momentum ema_overwrite_frequency gradient_accumulation_steps'.split(
    ' ',
  ),
);

/** The optimizer's own options. */
function ownOptions(c: GoldenCase) {
  const config = Object.entries(c.config ?? {}).filter(([key]) => !kerasOnly.has(key) && key !== 'groups');
  return optionsOf({ ...c, config: Object.fromEntries(config) } as Parameters<typeof optionsOf>[0]);
}

/** A 20-step trajectory. */
function runTrajectory(
  convention: Convention,
  atol: number,
  rtol: number,
  Type: typeof Float64Array | typeof Float32Array,
) {
  return (c: GoldenCase, file: Record<string, any>): void => {
    const parameters = makeParameters(file.initial, Type as Float64ArrayConstructor);
    const groups = c.config?.groups as Record<string, Record<string, unknown>> | undefined;
    const given = groups
      ? parameters.map((p) => ({ parameters: [p], ...translateOptions(groups[p.name]) }))
      : parameters;
    const optimizer = makeOptimizer(convention, c.optimizer, given, ownOptions(c));
    const step = makeStep(c, parameters, optimizer);
    for (const [t, expected] of (c.trajectory as GoldenTensors[]).entries()) {
      step(file.gradients[c.gradients][t]);
      for (const { name, value } of parameters) {
        expectClose(`step ${t + 1}, ${name}`, value, expected[name].data, atol, rtol);
      }
    }
    if (c.finalState) checkFinalState(c, optimizer, atol, rtol);
    if (c.finalizedWithEma) {
      (step as unknown as { average: WeightAverage }).average.swap();
      for (const { name, value } of parameters) {
        expectClose(`average of ${name}`, value, c.finalizedWithEma[name].data, atol, rtol);
      }
    }
  };
}

/** PyTorch's names of what we keep. */
const stateNames: Record<string, string> = {
  exp_avg: 'm',
  exp_avg_sq: 'v',
  max_exp_avg_sq: 'vMax',
  exp_inf: 'u',
  mu_product: 'momentumProduct',
  sum: 's',
  square_avg: 'v',
  grad_avg: 'a',
  acc_delta: 'u',
  prev: 'p',
  step_size: 'h',
};

function checkFinalState(c: GoldenCase, optimizer: Optimizer, atol: number, rtol: number): void {
  const { slots, groups } = optimizer.stateDict();
  const steps = new Map(groups.flatMap((group) => group.parameters.map((p) => [p.name, p.step])));
  for (const [name, state] of Object.entries(c.finalState as Record<string, Record<string, any>>)) {
    for (const [key, expected] of Object.entries(state)) {
      if (key === 'step') {
        expect(steps.get(name)).toBe(expected);
        continue;
      }
      const slot = key === 'momentum_buffer' ? (c.optimizer === 'SGD' ? 'v' : 'b') : stateNames[key];
      const actual = slots.get(`${name}.${slot}`);
      expect(actual, `slot for ${key}`).toBeDefined();
      expectClose(`${name}.${slot}`, actual!, expected.data ?? [expected], atol, rtol);
    }
  }
}

const notListed = 'not among the optimizers of this package';

describe('trajectories', () => {
  runAll(
    'optimizers/torch.json',
    { ASGD: notListed, Adafactor: notListed },
    runTrajectory('torch', 1e-11, 1e-9, Float64Array),
  );
  runAll(
    'optimizers/keras.json',
    { Ftrl: notListed, Lamb: notListed },
    runTrajectory('keras', 1e-11, 1e-9, Float64Array),
  );
  runAll(
    'optimizers/optax.json',
    {
      lamb: notListed,
      lars: notListed,
      adabelief: notListed,
      yogi: notListed,
      novograd: notListed,
      adan: notListed,
      sm3: notListed,
    },
    runTrajectory('optax', 1e-11, 1e-9, Float64Array),
  );
  runAll('optimizers/tfjs.json', {}, runTrajectory('tfjs', 1e-6, 1e-3, Float32Array));
});

/** Loss and gradient of the problems, as torch_problems.json writes them. */
function problemOf(name: string, file: Record<string, any>): (x: FloatArray, g: FloatArray) => number {
  const data = file.problems[name].data as Record<string, { shape: number[]; data: number[] }>;
  if (name === 'quadratic') {
    const [A, b] = [data.A.data, data.b.data];
    const n = b.length;
    return (x, g) => {
      let loss = 0;
      for (let i = 0; i < n; i++) {
        let [Ax, ATx] = [0, 0];
        for (let j = 0; j < n; j++) {
          Ax += A[i * n + j] * x[j];
          ATx += A[j * n + i] * x[j];
        }
        g[i] = (Ax + ATx) / 2 - b[i];
        loss += x[i] * (Ax / 2 - b[i]);
      }
      return loss;
    };
  }
  if (name === 'logistic') {
    const [X, y, l2] = [data.X.data, data.y.data, data.l2.data[0]];
    const [rows, n] = data.X.shape;
    return (p, g) => {
      let loss = 0;
      g.fill(0);
      for (let r = 0; r < rows; r++) {
        let z = p[n];
        for (let j = 0; j < n; j++) z += X[r * n + j] * p[j];
        loss += (Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - y[r] * z) / rows;
        const dz = (1 / (1 + Math.exp(-z)) - y[r]) / rows;
        for (let j = 0; j < n; j++) g[j] += dz * X[r * n + j];
        g[n] += dz;
      }
      for (let j = 0; j < n; j++) {
        loss += 0.5 * l2 * p[j] * p[j];
        g[j] += l2 * p[j];
      }
      return loss;
    };
  }
  if (name !== 'rosenbrock') throw new Error(`no problem ${name}`);
  return (p, g) => {
    const [x, y] = p;
    g.set([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)]);
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
  };
}

describe('problems', () => {
  runAll('optimizers/torch_problems.json', { ASGD: notListed, Adafactor: notListed }, (c, file) => {
    const problem = problemOf(c.problem!, file);
    const value = Float64Array.from(file.problems[c.problem!].x0.data as number[]);
    const p = { name: 'p', value, grad: new Float64Array(value.length) };
    const options = translateOptions(c.config);
    if (c.name?.startsWith('strong_wolfe')) options.lineSearch = true;
    const optimizer = makeOptimizer('torch', c.optimizer, [p], options);
    const rows = c.params.data.length / value.length;
    for (let t = 0; t < rows; t++) {
      const loss = optimizer.step(() => problem(p.value, p.grad))!;
      if (c.lossBefore) expectClose(`loss before step ${t}`, [loss], [c.lossBefore[t]], 1e-11, 1e-9);
      const row = c.params.data.slice(t * value.length, (t + 1) * value.length);
      expectClose(`parameters after step ${t}`, value, row, 1e-11, 1e-9);
    }
    if (c.finalLoss !== undefined)
      expectClose('final loss', [problem(value, p.grad)], [c.finalLoss], 1e-11, 1e-9);
  });
});

describe("Keras' own tests", () => {
  runAll('keras/own_tests_optimizer_golden.json', { Ftrl: notListed, Lamb: notListed }, (c) => {
    const parameters = makeParameters({ x: c.initial }, Float64Array);
    const step = makeStep(c, parameters, makeOptimizer('keras', c.optimizer, parameters, ownOptions(c)));
    for (const x of c.gradients) step({ x });
    expectClose('x', parameters[0].value, c.golden.data, 1e-4, 1e-4);
  });
});

interface OnnxCase {
  name: string;
  op: string;
  attributes: Record<string, number | string>;
  inputs: GoldenTensors;
  expected: GoldenTensors;
}

/** ONNX counts steps from 0 and hands the slots in. */
describe('ONNX operators', () => {
  const slotNames: Record<string, Record<string, string>> = {
    Adagrad: { H: 's' },
    Adam: { V: 'm', H: 'v' },
    Momentum: { V: 'v' },
  };
  it.each(readGolden<OnnxCase>('onnx/node_optimizers.json').cases)(
    '$name',
    ({ op, attributes: a, inputs, expected }) => {
      const suffixes = Object.keys(inputs).flatMap((key) => /^X(\d*)$/.exec(key)?.[1] ?? []);
      const parameters = suffixes.map((suffix) => ({
        name: `X${suffix}`,
        value: Float32Array.from(inputs[`X${suffix}`].data as number[]),
        grad: Float32Array.from(inputs[`G${suffix}`].data as number[]),
      }));
      const T = inputs.T.data[0] as number;
      expect(a.norm_coefficient_post ?? 0).toBe(0);
      const options = {
        learningRate: inputs.R.data[0] as number,
        weightDecay: (a.norm_coefficient ?? 0) as number,
        ...(op === 'Adagrad' && { epsilon: a.epsilon, learningRateDecay: a.decay_factor ?? 0 }),
        ...(op === 'Adam' && {
          epsilon: a.epsilon,
          beta1: a.alpha,
          beta2: a.beta,
          epsilonHat: true,
          biasCorrection: T > 0,
        }),
        ...(op === 'Momentum' && {
          momentum: a.alpha,
          dampening: 1 - (a.beta as number),
          nesterov: a.mode === 'nesterov',
        }),
      } as Record<string, number | boolean>;
      const optimizer = makeOptimizer('torch', op, parameters, options);
      const state = optimizer.stateDict();
      // Adam's correction uses T itself, the others count this step as the (T + 1)-th
      for (const p of state.groups[0].parameters) p.step = op === 'Adam' ? Math.max(T - 1, 0) : T;
      for (const suffix of suffixes) {
        for (const [key, slot] of Object.entries(slotNames[op])) {
          state.slots.set(
            `X${suffix}.${slot}`,
            Float32Array.from(inputs[`${key}${suffix}`].data as number[]),
          );
        }
      }
      optimizer.loadStateDict(state);
      optimizer.step();
      const { slots } = optimizer.stateDict();
      let checked = 0;
      for (const { name, value } of parameters) {
        const suffix = name.slice(1);
        expectClose(name, value, expected[`${name}_new`].data, 3e-6, 3e-6);
        for (const [key, slot] of Object.entries(slotNames[op])) {
          expectClose(key, slots.get(`${name}.${slot}`)!, expected[`${key}${suffix}_new`].data, 3e-6, 3e-6);
          checked++;
        }
      }
      expect(Object.keys(expected)).toHaveLength(checked + parameters.length);
    },
  );
});
