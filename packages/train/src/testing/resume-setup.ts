/** Runs that are cut in two, for tests: the same tables in the test and in the process that it kills. */
import {
  Adadelta,
  Adagrad,
  Adam,
  Adamax,
  AdamW,
  AMSGrad,
  Lion,
  Momentum,
  NAdam,
  RAdam,
  RMSProp,
  Rprop,
  SGD,
  type UpdateKernels,
} from '@rnnlab/optimizers';
import { updateKernels } from '@rnnlab/optimizers/kernels';
import { referenceBackend, wasmBackend, type Backend, type Parameter } from '@rnnlab/tensor';
import { createLanguageModel, type CellType, type ConfiguredLanguageModel } from '../create-language-model';
import type { Dataset } from '../dataset';
import { LinesDataset } from '../lines-dataset';
import { TextDataset } from '../text-dataset';
import { Trainer } from '../trainer';
import type { TrainerEvent } from '../trainer-events';
import type { TrainableOptimizer, TrainerOptions } from '../trainer-options';
import type { TrainerState } from '../trainer-state';

export const cells: CellType[] = ['rnn', 'lstm', 'gru'];

/** All of `@rnnlab/optimizers` but L-BFGS, which asks for the loss of the same examples many times in a step: a trainer refuses it. */
export const optimizers: Record<
  string,
  (parameters: Parameter[], kernels?: UpdateKernels) => TrainableOptimizer
> = {
  SGD: (parameters, kernels) => new SGD(parameters, { kernels, learningRate: 0.3, momentum: 0.5 }),
  Momentum: (parameters, kernels) => new Momentum(parameters, { kernels, learningRate: 0.1 }),
  RMSProp: (parameters, kernels) =>
    new RMSProp(parameters, { kernels, learningRate: 0.01, centered: true, momentum: 0.3 }),
  Adam: (parameters, kernels) => new Adam(parameters, { kernels, learningRate: 0.01 }),
  AMSGrad: (parameters, kernels) => new AMSGrad(parameters, { kernels, learningRate: 0.01 }),
  AdamW: (parameters, kernels) => new AdamW(parameters, { kernels, learningRate: 0.01 }),
  Adamax: (parameters, kernels) => new Adamax(parameters, { kernels, learningRate: 0.01 }),
  NAdam: (parameters, kernels) => new NAdam(parameters, { kernels, learningRate: 0.01 }),
  RAdam: (parameters, kernels) => new RAdam(parameters, { kernels, learningRate: 0.01 }),
  Adagrad: (parameters, kernels) => new Adagrad(parameters, { kernels, learningRate: 0.05 }),
  Adadelta: (parameters, kernels) => new Adadelta(parameters, { kernels, learningRate: 1 }),
  Lion: (parameters, kernels) => new Lion(parameters, { kernels, learningRate: 0.003 }),
  Rprop: (parameters, kernels) => new Rprop(parameters, { kernels, learningRate: 0.01 }),
};

/** By thread count too: `workPerThread: 1` divides even the products of a tiny model. */
export const backends: Record<string, () => Backend> = {
  reference: () => referenceBackend,
  wasm: () => wasmBackend({ memoryMiB: 64 }),
  '2 threads': () => wasmBackend({ memoryMiB: 64, threads: 2, workPerThread: 1 }),
  '3 threads': () => wasmBackend({ memoryMiB: 64, threads: 3, workPerThread: 1 }),
};

const names = ['diplo', 'raptor', 'rex', 'stego', 'ankylo', 'bronto', 'tri', 'allo', 'compy', 'dino', 'mosa'];
const question = 'to be, or not to be: that is the question. whether it is nobler in the mind to suffer. ';

export const datasets: Record<string, () => Dataset> = {
  lines: () => new LinesDataset(names, { validationEvery: 4, bucketBatches: 2 }),
  text: () => new TextDataset(question.repeat(3), { seqLen: 7, validationFraction: 0.2 }),
  streams: () =>
    new TextDataset(question.repeat(3), { seqLen: 7, validationFraction: 0.2, validationStreams: 3 }),
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

/** By names, so that it fits a command line. */
export interface Setup {
  cell: CellType;
  optimizer: string;
  /** Of {@link datasets}, or one that was opened. */
  dataset: string | Dataset;
  /** Of the first weights, which a loaded state replaces. */
  seed?: number;
  /** Runs the updates too. Default: the model's own, with updates in TypeScript. */
  backend?: Backend;
  options?: Partial<TrainerOptions>;
}

export interface ConfiguredTrainer extends Trainer {
  readonly options: Readonly<TrainerOptions & { model: ConfiguredLanguageModel }>;
}

export function makeTrainer(setup: Setup, steps: number): ConfiguredTrainer {
  const { cell, optimizer, dataset: wanted, seed = 1, backend, options } = setup;
  const dataset = typeof wanted === 'string' ? datasets[wanted]() : wanted;
  const { vocabSize } = dataset.tokenizer;
  const shape = { hiddenSize: 6, numLayers: 2, dropout: 0.25 };
  const model = createLanguageModel({ cell, vocabSize, ...shape, seed, backend });
  return new Trainer({
    ...schedule,
    ...options,
    steps,
    model,
    dataset,
    optimizer: optimizers[optimizer](model.parameters(), backend && updateKernels(backend)),
  }) as ConfiguredTrainer;
}

/** Of an event what must be equal: all but times. */
function comparable(event: TrainerEvent): unknown {
  const free = ['seconds', 'tokensPerSecond', 'secondsLeft', 'evaluationSeconds', 'memoryBytes'];
  return Object.fromEntries(Object.entries(event).filter(([name]) => !free.includes(name)));
}

/** Everything that happened up to `until` steps, or to the end. */
export async function collect(trainer: Trainer, until = Infinity): Promise<unknown[]> {
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
export function exact({ progress, tensors }: TrainerState): unknown {
  const bytes = [...tensors].map(([name, { shape, dtype, data }]) => {
    return [name, { shape, dtype, bytes: new Uint8Array(data.slice().buffer) }] as const;
  });
  return { progress: { ...progress, seconds: 0 }, tensors: new Map(bytes) };
}
