/**
 * What a {@link Trainer} tells while it runs. The order within a run:
 *
 *   start, then for every optimizer step: step, and behind it, where due: epoch, evaluation, checkpoint, sample;
 *   at the end: checkpoint (reason 'stop'), evaluation unless one was due at this step (a new best: checkpoint), stop
 *
 * That evaluation is only told: it is no part of `trainer.stateDict()`, so that a run that goes on is bit for bit one
 * that never ended there. Whoever keeps a history saves it once more at `stop`.
 *
 * Every event is a plain object of JSON values (`StopEvent.error` aside), ready to be a line of a log.
 * When an event arrives, the trainer stands between two steps: `trainer.stateDict()` is complete there.
 */
import type { DivergenceError } from './divergence';

/** Where a run stands. Every event has these. */
interface Progress {
  /** Optimizer steps taken since the very beginning, over all runs. */
  step: number;
  /** Epochs completed. */
  epoch: number;
  /** Seconds of running since the very beginning, over all runs. */
  seconds: number;
}

/** First event of a run. */
export interface StartEvent extends Progress {
  type: 'start';
  /** Whether steps were taken before: in an earlier run of this trainer, or from a loaded state. */
  resumed: boolean;
  /** Steps of one epoch; absent when the dataset cannot say. */
  stepsPerEpoch?: number;
  /** The step at which this run ends at the latest; absent when only time or patience ends it. */
  lastStep?: number;
  /** Trainable numbers of the model. */
  parameters: number;
  trainingTokens: number;
  validationTokens: number;
}

/** After every optimizer step. */
export interface StepEvent extends Progress {
  type: 'step';
  /** Mean over the real targets of this step, before it was taken: nats per token. */
  loss: number;
  /** Bias-corrected moving average of `loss`. */
  smoothedLoss: number;
  /** Real targets of this step. */
  tokens: number;
  /** Real targets per second of training, a moving average. */
  tokensPerSecond: number;
  /** Of this step. */
  learningRate: number;
  /** Euclidean norm of the whole gradient, before clipping. */
  gradientNorm: number;
  /** Seconds until `lastStep` or the time limit at the present speed; absent when neither is known. */
  secondsLeft?: number;
}

/**
 * A measurement on the whole validation split. One that comes only because the run ends is no part of the state: a run
 * that goes on from there knows nothing of it.
 */
export interface EvaluationEvent extends Progress {
  type: 'evaluation';
  /** Nats per real token. */
  loss: number;
  bitsPerCharacter: number;
  /** exp(loss), per token. */
  perplexity: number;
  /** Mean of the training loss since the last evaluation, per real token; absent before the first step. */
  trainingLoss?: number;
  /** Whether it is the best so far. */
  best: boolean;
  bestLoss: number;
  bestStep: number;
  /** Evaluations since the best one. */
  evaluationsSinceBest: number;
  /** ‖Δw‖ / ‖w‖ of the last step, by parameter; about 1e-3 is usual. Empty before the first step of a run. */
  updateToWeightRatio: Record<string, number>;
  /** Seconds that this measurement took. */
  evaluationSeconds: number;
  /** Memory that the process holds; absent where the platform does not tell, as in browsers. */
  memoryBytes?: number;
}

/** Text drawn from the model as it is. */
export interface SampleEvent extends Progress {
  type: 'sample';
  texts: string[];
}

/** All training batches were read once more. */
export interface EpochEvent extends Progress {
  type: 'epoch';
  /** Mean training loss of the epoch, per real token. */
  loss: number;
}

/** A good moment to save `trainer.stateDict()`: asked for by `checkpointEvery`, after a new best, or at the end. */
export interface CheckpointEvent extends Progress {
  type: 'checkpoint';
  reason: 'interval' | 'best' | 'stop';
}

/** Why a run ended. */
export type StopReason = 'epochs' | 'steps' | 'time' | 'early-stopping' | 'paused' | 'aborted' | 'diverged';

/** Last event of a run. */
export interface StopEvent extends Progress {
  type: 'stop';
  reason: StopReason;
  /** Of the best evaluation; absent when there was none. */
  bestLoss?: number;
  bestStep?: number;
  /** Whether the model now holds the weights of `bestStep`. */
  restoredBest: boolean;
  /** Only for `'diverged'`. `run` throws it after this event. */
  error?: DivergenceError;
}

/** Everything that {@link Trainer.run} yields; `type` tells them apart. */
export type TrainerEvent =
  | StartEvent
  | StepEvent
  | EvaluationEvent
  | SampleEvent
  | EpochEvent
  | CheckpointEvent
  | StopEvent;
