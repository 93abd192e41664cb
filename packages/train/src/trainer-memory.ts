/**
 * What a trainer keeps between two steps, and its way into a {@link TrainerState} and back.
 */
import { WeightAverage } from '@rnnlab/optimizers';
import type { RecurrentState } from '@rnnlab/rnn';
import { CheckpointError, formatShape, sameShape, Tensor, type Parameter } from '@rnnlab/tensor';
import { SmoothedLoss } from './smoothed-loss';
import type { TrainerOptions } from './trainer-options';
import { trainerStateVersion, type TrainerProgress, type TrainerState } from './trainer-state';
import type { WeightSnapshot } from './weight-snapshot';

/** What the trainer counts; the rest of a {@link TrainerProgress} is asked for when it is saved. */
export type RunningProgress = Omit<TrainerProgress, 'dropoutRng' | 'smoothedLoss' | 'optimizer'>;

/** See the header of this file. */
export interface TrainerMemory {
  progress: RunningProgress;
  readonly smoothed: SmoothedLoss;
  /** The state that the next batch starts from. */
  carried?: RecurrentState;
  /** The weights of `progress.best`. */
  best?: WeightSnapshot;
  /** Of the weights; only where it was asked for. */
  readonly average?: WeightAverage;
  /** The weights that training goes on from, while the model holds the best ones or the average instead. */
  last?: WeightSnapshot;
}

/** Of a trainer that has not taken a step. */
export function newMemory(options: TrainerOptions): TrainerMemory {
  const { model, optimizer, smoothing, weightAverage } = options;
  const { kernels } = optimizer;
  return {
    progress: newProgress(options),
    smoothed: new SmoothedLoss(smoothing),
    average: weightAverage && new WeightAverage(model.parameters(), { ...weightAverage, kernels }),
  };
}

/** The beginning. */
function newProgress(options: TrainerOptions): RunningProgress {
  const { dataset, batchSize = 32, accumulationSteps = 1, seed = 0, weightAverage } = options;
  return {
    version: trainerStateVersion,
    step: 0,
    epoch: 0,
    batch: 0,
    seconds: 0,
    seed,
    batchSize,
    accumulationSteps,
    ...(weightAverage && { averageDecay: weightAverage.decay ?? 0.999 }),
    dataset: { ...dataset.describe() },
    sinceEvaluation: { nats: 0, tokens: 0 },
    inEpoch: { nats: 0, tokens: 0 },
    evaluationsSinceBest: 0,
    done: { evaluation: 0, sample: 0, checkpoint: 0, epoch: 0 },
  };
}

/** A copy of everything. */
export function saveTrainerState(
  { model, optimizer }: TrainerOptions,
  { progress, smoothed, carried, best, average, last }: TrainerMemory,
  seconds: number,
): TrainerState {
  const { slots, ...saved } = optimizer.stateDict();
  const tensors: TrainerState['tensors'] = new Map();
  const shapes = new Map(model.parameters().map(({ name, value }) => [name, value.shape]));
  for (const { name, value } of model.parameters()) tensors.set(name, (last?.get(name) ?? value).clone());
  for (const [key, array] of slots) {
    const shape = shapes.get(key.slice(0, key.lastIndexOf('.'))) ?? [];
    const fits = shape.reduce((size, d) => size * d, 1) === array.length;
    tensors.set(`optimizer.${key}`, new Tensor(array.slice(), fits ? shape : [array.length]));
  }
  for (const [name, tensor] of Object.entries(carried ?? {})) tensors.set(`carried.${name}`, tensor.clone());
  for (const [name, tensor] of best ?? []) tensors.set(`best.${name}`, tensor.clone());
  for (const [name, array] of average?.stateDict().averages ?? [])
    tensors.set(`average.${name}`, new Tensor(array, shapes.get(name)!));
  const counted = structuredClone({ ...progress, seconds });
  const rest = { dropoutRng: model.recurrent.rng.state, smoothedLoss: smoothed.state, optimizer: saved };
  return { progress: { ...counted, ...rest }, tensors };
}

/** Checks all of `state`, then takes it over. @throws {@link CheckpointError} */
export function loadTrainerState(
  options: TrainerOptions,
  memory: TrainerMemory,
  { progress, tensors }: TrainerState,
): void {
  const { model, optimizer } = options;
  checkProgress(progress, newProgress(options));
  const parameters = model.parameters();
  const weights = selectTensors(parameters, tensors, '');
  const best = progress.best && selectTensors(parameters, tensors, 'best.');
  const averages = memory.average && selectTensors(parameters, tensors, 'average.');
  const carried = selectCarried(options, tensors);
  const { dropoutRng, smoothedLoss, optimizer: saved, ...running } = structuredClone(progress);
  const slots = [...tensors].filter(([key]) => key.startsWith('optimizer.'));
  // The optimizer checks before it changes anything, and what comes behind it cannot fail.
  optimizer.loadStateDict({
    ...saved,
    slots: new Map(slots.map(([key, { data }]) => [key.slice('optimizer.'.length), data as Float32Array])),
  });
  model.loadStateDict(weights);
  if (averages) {
    const arrays = Array.from(averages, ([name, { data }]) => [name, data as Float32Array] as const);
    memory.average?.loadStateDict({ updates: progress.step, averages: new Map(arrays) });
  }
  model.recurrent.rng.state = dropoutRng;
  memory.smoothed.state = smoothedLoss;
  memory.progress = running;
  memory.best = best;
  memory.carried = carried;
  memory.last = undefined;
}

/** What has to be the same, and what has to be there at all. */
function checkProgress(saved: TrainerProgress, fresh: RunningProgress): void {
  const where = 'Trainer.loadStateDict';
  if (saved?.version !== trainerStateVersion) {
    throw new CheckpointError(
      `${where}: the state has version ${JSON.stringify(saved?.version)}, expected ${trainerStateVersion}. Load it with the release that wrote it.`,
    );
  }
  const numbers = [saved.step, saved.epoch, saved.batch, saved.seconds, saved.evaluationsSinceBest];
  const nested = [saved.sinceEvaluation, saved.inEpoch, saved.done, saved.smoothedLoss, saved.best ?? {}];
  const all: unknown[] = [
    ...numbers,
    ...nested.flatMap((record) => Object.values(record ?? { missing: NaN })),
  ];
  if (
    !all.every((value) => Number.isFinite(value) && (value as number) >= 0) ||
    !saved.optimizer ||
    !saved.dropoutRng
  ) {
    throw new CheckpointError(`${where}: the state is damaged: a counter is missing or no number.`);
  }
  const differences: string[] = [];
  const compare = (name: string, was: unknown, is: unknown) => {
    if (was !== is) differences.push(`${name} was ${JSON.stringify(was)} and is ${JSON.stringify(is)}`);
  };
  for (const name of ['seed', 'batchSize', 'accumulationSteps', 'averageDecay'] as const)
    compare(name, saved[name], fresh[name]);
  const names = new Set([...Object.keys(saved.dataset ?? {}), ...Object.keys(fresh.dataset)]);
  for (const name of names) compare(`dataset.${name}`, saved.dataset?.[name], fresh.dataset[name]);
  if (differences.length) {
    throw new CheckpointError(
      `${where}: ${differences.join('; ')}. Go on with the corpus and the options of the saved run.`,
    );
  }
}

/** The tensors `<prefix><parameter name>`, each in the shape of its parameter. */
function selectTensors(
  parameters: readonly Parameter[],
  tensors: ReadonlyMap<string, Tensor>,
  prefix: string,
): WeightSnapshot {
  const selected = parameters.map(({ name, value }): [string, Tensor] => {
    const tensor = tensors.get(prefix + name);
    if (!tensor || !sameShape(tensor.shape, value.shape)) {
      throw new CheckpointError(
        `Trainer.loadStateDict: ${prefix}${name} ${tensor ? `has shape ${formatShape(tensor.shape)}` : 'is missing'}, expected ${formatShape(value.shape)}. Build the model with the options it was saved with.`,
      );
    }
    return [name, tensor.clone(value.dtype)];
  });
  return new Map(selected);
}

function selectCarried(
  { model, batchSize = 32 }: TrainerOptions,
  tensors: ReadonlyMap<string, Tensor>,
): RecurrentState | undefined {
  if (!tensors.has('carried.h')) return undefined;
  const state = model.zeroState(batchSize);
  for (const [name, zeros] of Object.entries(state) as [string, Tensor][]) {
    const tensor = tensors.get(`carried.${name}`);
    if (!tensor || !sameShape(tensor.shape, zeros.shape)) {
      throw new CheckpointError(
        `Trainer.loadStateDict: carried.${name} ${tensor ? `has shape ${formatShape(tensor.shape)}` : 'is missing'}, expected ${formatShape(zeros.shape)}.`,
      );
    }
    zeros.copyFrom(tensor);
  }
  return state;
}
