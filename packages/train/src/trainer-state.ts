/**
 * Everything a {@link Trainer} needs to go on bit for bit: `trainer.stateDict()` gives it, `loadStateDict`
 * takes it. JSON values in one object and tensors in one map, so that a checkpoint file can hold both.
 *
 *   tensors                              are
 *   rnn.weight_ih_l0, head.bias, …       the weights, under their own (PyTorch's) names
 *   optimizer.<parameter>.<slot>         the optimizer's moments
 *   carried.h, carried.c                 the state that the next chunk starts from; only where one is carried
 *   best.<parameter>                     the weights of the best evaluation; only when there was one
 *   average.<parameter>                  the moving average of the weights; only with `weightAverage`
 *
 * Shuffles, samples and the order of batches follow from (seed, epoch, step): of random generators only the
 * one of dropout has a state.
 */
import type { RngState, Tensor } from '@rnnlab/tensor';
import type { SmoothedLossState } from './smoothed-loss';

/** The version of {@link TrainerProgress}; raised when its meaning changes. */
export const trainerStateVersion = 1;

/** The JSON half of a trainer's state. */
export interface TrainerProgress {
  version: typeof trainerStateVersion;
  /** Optimizer steps taken. */
  step: number;
  /** Epochs completed. */
  epoch: number;
  /** Batches of the present epoch that were read. */
  batch: number;
  seconds: number;
  seed: number;
  batchSize: number;
  accumulationSteps: number;
  /** Of the average of the weights; absent without one. */
  averageDecay?: number;
  /** `dataset.describe()`: a saved run goes on only on the same corpus, cut the same way. */
  dataset: Record<string, string | number | boolean>;
  dropoutRng: RngState;
  smoothedLoss: SmoothedLossState;
  /** Sums of loss·targets and of targets, since the last evaluation and in the present epoch. */
  sinceEvaluation: { nats: number; tokens: number };
  inEpoch: { nats: number; tokens: number };
  best?: { loss: number; step: number };
  evaluationsSinceBest: number;
  /** Steps at which evaluation, sample, checkpoint and epoch event were last done, so that none is done twice. */
  done: { evaluation: number; sample: number; checkpoint: number; epoch: number };
  /** Of the last step, when an evaluation follows it: so that it tells the same after a resume. */
  updateToWeightRatio?: Record<string, number>;
  /** The optimizer's state without its slots. */
  optimizer: { type: string };
}

/** Both halves. */
export interface TrainerState {
  progress: TrainerProgress;
  tensors: Map<string, Tensor>;
}
