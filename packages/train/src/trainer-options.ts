import type { UpdateKernels } from '@rnnlab/optimizers';
import type { LanguageModel } from '@rnnlab/rnn';
import type { Dataset } from './dataset';
import type { TrainerEvent } from './trainer-events';

/** What a {@link Trainer} needs of an optimizer; those of `@rnnlab/optimizers` fit. */
export interface TrainableOptimizer {
  learningRate: number;
  /** Then the trainer clips and averages with them as well. */
  readonly kernels?: UpdateKernels;
  step(): unknown;
  zeroGrad(): void;
  /** JSON values, and typed arrays by `<parameter name>.<slot>`. */
  stateDict(): SavedOptimizer;
  loadStateDict(state: SavedOptimizer): void;
}

/** See {@link TrainableOptimizer.stateDict}. */
export interface SavedOptimizer {
  type: string;
  slots: Map<string, Float32Array | Float64Array>;
}

/** A moment that comes back: every so many optimizer steps, or at the end of every so many epochs. */
export type Interval = { steps: number } | { epochs: number };

/** When training counts as going nowhere. */
export interface EarlyStoppingOptions {
  /** Evaluations in a row without a new best before the run stops. */
  patience: number;
  /** A loss is a new best only when it is lower by more than this, in nats per token. Default 0. */
  minDelta?: number;
}

/** Text drawn while training. */
export interface SampleOptions {
  /** Default: at the end of every epoch. */
  every?: Interval;
  /** How many texts. Default 3. */
  count?: number;
  /** Default 1. */
  temperature?: number;
  /** Tokens of one text at most. Default 100. */
  maxNewTokens?: number;
  /** Token ids, or a text. Default: what the dataset says, e.g. the beginning of a line. */
  prompt?: readonly number[] | string;
}

/** Options of a {@link Trainer}. At least one of `epochs`, `steps`, `timeLimit`, `earlyStopping` must end the run. */
export interface TrainerOptions {
  model: LanguageModel;
  dataset: Dataset;
  /** Made on `model.parameters()`. */
  optimizer: TrainableOptimizer;
  /** B, the rows of a batch; 1 trains on single examples. Default 32. */
  batchSize?: number;
  /** Batches whose gradients make one optimizer step, weighted by their real targets. Default 1. */
  accumulationSteps?: number;
  /** Stop when so many epochs are complete, counted from the very beginning. */
  epochs?: number;
  /** Stop after so many optimizer steps, counted from the very beginning. */
  steps?: number;
  /** Stop after so many seconds of running, counted from the very beginning. */
  timeLimit?: number;
  earlyStopping?: EarlyStoppingOptions;
  /** Scale the whole gradient down to this Euclidean norm. */
  clipNorm?: number;
  /** Cut every element of the gradient to ± this value. */
  clipValue?: number;
  /** The rate of step 0, 1, …; default: the optimizer's own, unchanged. */
  learningRate?: (step: number) => number;
  /** Measure on the whole validation split. Default: every epoch. Not without a validation split. */
  evaluateEvery?: Interval;
  /** Rows of an evaluation batch. Default: `batchSize`. */
  evaluationBatchSize?: number;
  /**
   * Keep a moving average of the weights, a ← decay·a + (1 − decay)·w behind every step. Evaluations, samples, best
   * and final weights are then the average, and training goes on with the weights themselves. `decay` is in [0, 1),
   * default 0.999. Default: none.
   */
  weightAverage?: { decay?: number };
  /** At the end of a run the model holds the weights of the best evaluation. Default true. */
  restoreBest?: boolean;
  /** Draw texts while training. Default: none. */
  sample?: SampleOptions;
  /** Emit a checkpoint event so often, besides those after a new best and at the end. */
  checkpointEvery?: Interval;
  /** Seed of the shuffles and of the samples, 0 to 2³² − 1. Default 0. */
  seed?: number;
  /** β of the moving average of the training loss, in [0, 1). Default 0.98. */
  smoothing?: number;
  /** A step loss above this many times ln(vocabSize), the loss of a blind guess, counts as exploded. Default 10. */
  explosionFactor?: number;
  /**
   * Look at every number of every step and say where NaN or Infinity first appears: weight, gate, state, logit or
   * gradient, with layer, time and index. About doubles the time of a step. Default false.
   */
  detectAnomaly?: boolean;
  /** Called with every event before `run` yields it. */
  onEvent?: (event: TrainerEvent) => void;
}

/** Options of {@link Trainer.run}. */
export interface RunOptions {
  /** Ends the run behind the step under way, with reason `'aborted'`. */
  signal?: AbortSignal;
}
