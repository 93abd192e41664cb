import { wasmBackend, type Tensor } from '@rnnlab/tensor';
import { describe, expect, it } from 'vitest';
import { clipGradNorm, clipGradValue } from './clipping';
import { GradientAccumulation } from './gradient-accumulation';
import { expectClose, readGolden, runAll, type GoldenCase, type GoldenTensors } from './golden-fixtures';
import { makeOptimizer, optionsOf, translateOptions } from './golden-optimizers';
import { outside } from './golden-outside';
import type { Convention, Optimizer, UpdateKernels } from './index';
import { updateKernels } from './kernels';
import type { FloatArray } from './parameter';
import { WeightAverage } from './weight-average';

type Made = { name: string; value: FloatArray; grad: FloatArray; shape: number[] };

/** Where the numbers are, and who computes. */
interface Ground {
  place(data: number[]): FloatArray;
  kernels?: UpdateKernels;
}

const float64: Ground = { place: (data) => Float64Array.from(data) };
const float32: Ground = { place: (data) => Float32Array.from(data) };

/** The memory of a wasm backend, for one test: `held` has the tensors that own it. */
function wasmGround(): Ground {
  const held: Tensor[] = [];
  const place = (data: number[]): FloatArray => {
    const tensor = backend.allocate([data.length], 'float32');
    held.push(tensor);
    tensor.data.set(data);
    return tensor.data as FloatArray;
  };
  return { place, kernels: updateKernels(backend) };
}

const backend = wasmBackend({ memoryMiB: 64 });

function makeParameters(initial: GoldenTensors, { place }: Ground): Made[] {
  return Object.entries(initial).map(([name, { shape, data }]) => ({
    name,
    shape,
    value: place(data as number[]),
    grad: place(data.map(() => 0)),
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
  kernels: UpdateKernels | undefined,
): void {
  const norm = clipGradNorm(parameters, Number.MAX_VALUE, { kernels });
  const scale = roundScale(maxNorm / Math.max(roundNorm(norm), maxNorm));
  clipGradNorm(parameters, norm * scale, { epsilon: 0, kernels });
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
  const { kernels } = optimizer;
  const average = use_ema
    ? new WeightAverage(parameters, { decay: ema_momentum as number, kernels })
    : undefined;
  const accumulation = new GradientAccumulation(optimizer, {
    batches,
    beforeStep: () => {
      if (clipnorm)
        for (const p of parameters) clipAsKeras([p], clipnorm as number, Math.fround, identity, kernels);
      if (global_clipnorm) clipAsKeras(parameters, global_clipnorm as number, identity, Math.fround, kernels);
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
function runTrajectory(convention: Convention, atol: number, rtol: number, makeGround: () => Ground) {
  return (c: GoldenCase, file: Record<string, any>): void => {
    const ground = makeGround();
    const parameters = makeParameters(file.initial, ground);
    const groups = c.config?.groups as Record<string, Record<string, unknown>> | undefined;
    const given = groups
      ? parameters.map((p) => ({ parameters: [p], ...translateOptions(groups[p.name]) }))
      : parameters;
    const optimizer = makeOptimizer(convention, c.optimizer, given, ownOptions(c), ground.kernels);
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

describe('trajectories', () => {
  runAll(
    'optimizers/torch.json',
    outside.torch,
    runTrajectory('torch', 1e-11, 1e-9, () => float64),
  );
  runAll(
    'optimizers/keras.json',
    outside.keras,
    runTrajectory('keras', 1e-11, 1e-9, () => float64),
  );
  runAll(
    'optimizers/optax.json',
    outside.optax,
    runTrajectory('optax', 1e-11, 1e-9, () => float64),
  );
  runAll(
    'optimizers/tfjs.json',
    {},
    runTrajectory('tfjs', 1e-6, 1e-3, () => float32),
  );
  it('optimizers/torch_muon.json holds nothing but Muon', () => {
    const optimizers = readGolden('optimizers/torch_muon.json').cases.map(({ optimizer }) => optimizer);
    expect([...new Set(optimizers)]).toEqual(Object.keys(outside.muon));
  });
});

/** Gradients of 1e-12 to 1e3, all zero at one step and at one element always; and rarer options. */
describe('hostile trajectories', () => {
  runAll(
    'more/torch.json',
    {},
    runTrajectory('torch', 1e-11, 1e-9, () => float64),
  );
  runAll(
    'more/keras.json',
    {},
    runTrajectory('keras', 1e-11, 1e-9, () => float64),
  );
  runAll(
    'more/optax.json',
    {},
    runTrajectory('optax', 1e-11, 1e-9, () => float64),
  );
  runAll(
    'more/tfjs.json',
    {},
    runTrajectory('tfjs', 1e-6, 1e-3, () => float32),
  );
});

/** float32 values and slots follow the float64 path to the rounding of float32. */
describe('trajectories in float32', () => {
  const run = runTrajectory('torch', 2e-5, 2e-5, () => float32);
  runAll('optimizers/torch.json', outside.torch, (c, file) => run({ ...c, finalState: undefined }, file));
});

describe('trajectories in float32 with kernels', () => {
  for (const convention of ['torch', 'keras', 'optax', 'tfjs'] as const) {
    const run = runTrajectory(convention, 2e-5, 2e-5, wasmGround);
    const notOffered = convention === 'tfjs' ? {} : outside[convention];
    runAll(`optimizers/${convention}.json`, notOffered, (c, file) =>
      run({ ...c, finalState: undefined }, file),
    );
    runAll(`more/${convention}.json`, {}, (c, file) => run({ ...c, finalState: undefined }, file));
  }
});

describe("Keras' own tests", () => {
  runAll('keras/own_tests_optimizer_golden.json', outside.keras, (c) => {
    const parameters = makeParameters({ x: c.initial }, float64);
    const step = makeStep(c, parameters, makeOptimizer('keras', c.optimizer, parameters, ownOptions(c)));
    for (const x of c.gradients) step({ x });
    expectClose('x', parameters[0].value, c.golden.data, 1e-4, 1e-4);
  });
});
