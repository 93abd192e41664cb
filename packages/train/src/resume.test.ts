/**
 * N steps + save + end of the process + load + N steps = 2N steps, bit for bit: weights, optimizer slots, carried
 * state, losses, evaluations and samples. Everything is compared exactly; only times may differ.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Adam, Momentum, RMSProp, SGD } from '@rnnlab/optimizers';
import { Rng, type Parameter } from '@rnnlab/tensor';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLanguageModel, type CellType } from './create-language-model';
import type { Dataset } from './dataset';
import { LinesDataset } from './lines-dataset';
import { modelFromCheckpoint, weightsOf } from './model-from-checkpoint';
import { loadCheckpoint, saveCheckpoint } from './node/checkpoint-file';
import { TextDataset } from './text-dataset';
import { Trainer } from './trainer';
import type { TrainerEvent } from './trainer-events';
import type { TrainerState } from './trainer-state';
import type { TrainableOptimizer, TrainerOptions } from './trainer-options';

const cells: CellType[] = ['rnn', 'lstm', 'gru'];
const optimizers: Record<string, (parameters: Parameter[]) => TrainableOptimizer> = {
  SGD: (parameters) => new SGD(parameters, { learningRate: 0.3 }),
  Momentum: (parameters) => new Momentum(parameters, { learningRate: 0.1 }),
  RMSProp: (parameters) => new RMSProp(parameters, { learningRate: 0.01 }),
  Adam: (parameters) => new Adam(parameters, { learningRate: 0.01 }),
};
const lines = ['diplo', 'raptor', 'rex', 'stego', 'ankylo', 'bronto', 'tri', 'allo', 'compy', 'dino', 'mosa'];
const linesOptions = { validationEvery: 4, bucketBatches: 2 };
const text = 'to be, or not to be: that is the question. whether it is nobler in the mind to suffer. '.repeat(
  3,
);
const textOptions = { seqLen: 7, validationFraction: 0.2 };
const datasets: Record<string, () => Dataset> = {
  lines: () => new LinesDataset(lines, linesOptions),
  text: () => new TextDataset(text, textOptions),
};

/** Evaluations, samples and checkpoints fall on many different steps, and epochs end between them. */
const schedule = {
  batchSize: 3,
  seed: 5,
  clipNorm: 1,
  evaluateEvery: { steps: 4 },
  checkpointEvery: { steps: 3 },
  sample: { every: { steps: 5 }, count: 2, maxNewTokens: 6 },
} satisfies Partial<TrainerOptions>;

interface Setup {
  cell: CellType;
  optimizer: string;
  dataset: string;
  /** Of the first weights, which a loaded state replaces. */
  seed?: number;
  options?: Partial<TrainerOptions>;
}

function makeTrainer({ cell, optimizer, dataset: kind, seed = 1, options }: Setup, steps: number): Trainer {
  const dataset = datasets[kind]();
  const vocabSize = dataset.tokenizer.vocabSize;
  const model = createLanguageModel({ cell, vocabSize, hiddenSize: 6, numLayers: 2, dropout: 0.25, seed });
  return new Trainer({
    ...schedule,
    ...options,
    steps,
    model,
    dataset,
    optimizer: optimizers[optimizer](model.parameters()),
  });
}

/** Of an event what must be equal: all but times. */
function comparable(event: TrainerEvent): unknown {
  const free = ['seconds', 'tokensPerSecond', 'secondsLeft', 'evaluationSeconds', 'memoryBytes'];
  return Object.fromEntries(Object.entries(event).filter(([name]) => !free.includes(name)));
}

/** Everything that happened up to `until` steps, or to the end. */
async function collect(trainer: Trainer, until = Infinity): Promise<unknown[]> {
  const events: unknown[] = [];
  for await (const event of trainer.run()) {
    if (event.type === 'start' || event.type === 'stop') continue;
    if (event.type === 'checkpoint' && event.reason === 'stop') continue;
    events.push(comparable(event));
    if (event.type === 'step' && event.step >= until) break;
  }
  return events;
}

/** A state whose tensors are bytes, so that −0 and NaN count, and whose times are gone. */
function exact({ progress, tensors }: TrainerState): unknown {
  const bytes = [...tensors].map(([name, { shape, dtype, data }]) => {
    return [name, { shape, dtype, bytes: new Uint8Array(data.slice().buffer) }] as const;
  });
  return { progress: { ...progress, seconds: 0 }, tensors: new Map(bytes) };
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rnnlab-resume-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** `n` steps, save, forget everything, load, steps up to `2n`: the events of both halves and the last state. */
async function inTwoHalves(setup: Setup, n: number): Promise<{ events: unknown[]; state: TrainerState }> {
  const path = join(folder, `${Object.values({ ...setup, options: '' }).join('-')}.safetensors`);
  const first = makeTrainer(setup, 2 * n);
  const before = await collect(first, n);
  const model = first.options.model as ReturnType<typeof createLanguageModel>;
  await saveCheckpoint(path, { model: model.config, ...first.stateDict() });

  const second = makeTrainer({ ...setup, seed: 99 }, 2 * n);
  const { progress, tensors } = await loadCheckpoint(path);
  second.loadStateDict({ progress: progress!, tensors });
  const after = await collect(second);
  return { events: [...before, ...after], state: second.stateDict() };
}

const setups = cells.flatMap((cell) =>
  Object.keys(optimizers).flatMap((optimizer) =>
    Object.keys(datasets).map((dataset): Setup => ({ cell, optimizer, dataset })),
  ),
);

describe('N steps + save + load + N steps = 2N steps, bit for bit', () => {
  it.each(setups)('$cell, $optimizer, $dataset', async (setup) => {
    // 7 is the middle of an epoch for both datasets (3 and 10 steps) and no multiple of any interval.
    const whole = makeTrainer(setup, 14);
    const events = await collect(whole);
    const halves = await inTwoHalves(setup, 7);
    expect(halves.events).toEqual(events);
    expect(exact(halves.state)).toEqual(exact(whole.stateDict()));
    const types = new Set((events as TrainerEvent[]).map(({ type }) => type));
    expect([...types].sort()).toEqual(['checkpoint', 'epoch', 'evaluation', 'sample', 'step']);
  });

  it.each([1, 2, 3, 4, 5, 6, 8, 9, 10])('saved at step %i, where something else is due', async (n) => {
    const setup: Setup = { cell: 'lstm', optimizer: 'Adam', dataset: n % 2 ? 'lines' : 'text' };
    const whole = makeTrainer(setup, 2 * n);
    const events = await collect(whole);
    const halves = await inTwoHalves({ ...setup }, n);
    expect(halves.events).toEqual(events);
    expect(exact(halves.state)).toEqual(exact(whole.stateDict()));
  });

  it('with accumulated gradients and a learning-rate schedule', async () => {
    const options = { accumulationSteps: 2, learningRate: (step: number) => 0.02 / (1 + step) };
    const setup: Setup = { cell: 'gru', optimizer: 'Adam', dataset: 'text', options };
    const whole = makeTrainer(setup, 14);
    const events = await collect(whole);
    const halves = await inTwoHalves(setup, 7);
    expect(halves.events).toEqual(events);
    expect(exact(halves.state)).toEqual(exact(whole.stateDict()));
  });

  it('with an average of the weights, which evaluations, samples and the end use', async () => {
    const setup: Setup = { cell: 'lstm', optimizer: 'Adam', dataset: 'text' };
    const averaged: Setup = { ...setup, options: { weightAverage: { decay: 0.8 } } };
    const whole = makeTrainer(averaged, 14);
    const events = await collect(whole);
    const halves = await inTwoHalves(averaged, 7);
    expect(halves.events).toEqual(events);
    expect(exact(halves.state)).toEqual(exact(whole.stateDict()));
    const names = [...halves.state.tensors.keys()].filter((name) => name.startsWith('average.'));
    expect(names).toHaveLength(whole.options.model.parameters().length);

    // Training itself is the same as without one, up to what evaluations measure.
    const plain = await collect(makeTrainer(setup, 14));
    const steps = (all: unknown[]) => (all as TrainerEvent[]).filter(({ type }) => type === 'step');
    expect(steps(events)).toEqual(steps(plain));
    expect(events).not.toEqual(plain);
  });

  it('would notice a single bit', async () => {
    const trainer = makeTrainer({ cell: 'rnn', optimizer: 'SGD', dataset: 'lines' }, 2);
    await collect(trainer);
    const [one, other] = [trainer.stateDict(), trainer.stateDict()];
    expect(exact(one)).toEqual(exact(other));
    const { data } = other.tensors.get('head.bias')!;
    new Uint8Array(data.buffer, data.byteOffset)[0] ^= 1;
    expect(exact(one)).not.toEqual(exact(other));
  });
});

/** Goes on from a checkpoint and saves at every checkpoint event: what `rnnlab resume` does. */
const resumeScript = `
  import * as optimizers from '@rnnlab/optimizers';
  import { LinesDataset } from './lines-dataset';
  import { modelFromCheckpoint } from './model-from-checkpoint';
  import { loadCheckpoint, saveCheckpoint } from './node/checkpoint-file';
  import { TextDataset } from './text-dataset';
  import { Trainer } from './trainer';
  const { path, lines, text, dataOptions, options } = JSON.parse(process.argv[2]);
  const checkpoint = await loadCheckpoint(path);
  const model = modelFromCheckpoint(checkpoint);
  const dataset = lines ? new LinesDataset(lines, dataOptions) : new TextDataset(text, dataOptions);
  const Optimizer = optimizers[checkpoint.progress.optimizer.type];
  const optimizer = new Optimizer(model.parameters(), { learningRate: 0.5 });
  const trainer = new Trainer({ ...options, model, dataset, optimizer });
  trainer.loadStateDict(checkpoint);
  for await (const event of trainer.run()) {
    if (event.type !== 'checkpoint' || event.reason === 'stop') continue;
    await saveCheckpoint(path, { ...checkpoint, ...trainer.stateDict() });
    process.stdout.write(event.step + '\\n');
  }`;

describe('a run whose process is killed again and again', () => {
  const script = (): string => join(folder, 'resume.mjs');
  beforeAll(() =>
    build({
      stdin: {
        contents: resumeScript,
        resolveDir: dirname(fileURLToPath(import.meta.url)),
        loader: 'ts',
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: script(),
      logLevel: 'silent',
    }),
  );

  const runs: Setup[] = [
    { cell: 'lstm', optimizer: 'Adam', dataset: 'text' },
    { cell: 'gru', optimizer: 'RMSProp', dataset: 'lines' },
    { cell: 'rnn', optimizer: 'Momentum', dataset: 'text' },
  ];
  it.each(runs)('$cell, $optimizer, $dataset', async (setup) => {
    const steps = 150;
    const maxKills = 5;
    const options = { checkpointEvery: { steps: 1 } };
    const path = join(folder, `killed-${setup.cell}.safetensors`);
    const start = makeTrainer({ ...setup, options }, steps);
    const model = start.options.model as ReturnType<typeof createLanguageModel>;
    await saveCheckpoint(path, { model: model.config, ...start.stateDict() });
    const argument = JSON.stringify({
      path,
      ...(setup.dataset === 'lines'
        ? { lines, dataOptions: linesOptions }
        : { text, dataOptions: textOptions }),
      options: { ...schedule, ...options, steps },
    });

    const rng = new Rng(8);
    let kills = 0;
    for (let finished = false; !finished; ) {
      const child = spawn(process.execPath, [script(), argument], { stdio: ['ignore', 'pipe', 'inherit'] });
      const closed = once(child, 'close');
      await Promise.race([once(child.stdout, 'data'), closed]);
      child.stdout.resume();
      if (kills < maxKills) {
        await Promise.race([sleep(rng.uniform(0, 60)), closed]);
        child.kill('SIGKILL');
      }
      const [code, signal] = await closed;
      if (signal === 'SIGKILL') kills++;
      else expect(code).toBe(0);
      finished = (await loadCheckpoint(path)).progress!.step === steps;
    }
    expect(kills).toBeGreaterThan(1);

    const whole = makeTrainer({ ...setup, options }, steps);
    const saved: TrainerState[] = [];
    for await (const event of whole.run()) {
      if (event.type === 'checkpoint' && event.reason !== 'stop') saved.push(whole.stateDict());
    }
    const checkpoint = await loadCheckpoint(path);
    const { progress, tensors } = checkpoint;
    expect(exact({ progress: progress!, tensors })).toEqual(exact(saved.at(-1)!));
    expect(modelFromCheckpoint(checkpoint).stateDict()).toEqual(weightsOf(checkpoint));
  });
});
