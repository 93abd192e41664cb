import { clipGradNorm, clipGradValue } from '@rnnlab/optimizers';
import type { Workspace } from '@rnnlab/tensor';
import type { BatchGroup } from './batch-cursor';
import { diagnose, type DivergenceError } from './divergence';
import type { TrainerMemory } from './trainer-memory';
import type { TrainerOptions } from './trainer-options';
import { accumulateGradients } from './training-step';
import { restoreSnapshot, takeSnapshot, type WeightSnapshot } from './weight-snapshot';

/** What a step tells of itself. */
export interface TakenStep {
  /** Nats per real token, before the step. */
  loss: number;
  /** Real targets. */
  tokens: number;
  learningRate: number;
  /** Before clipping. */
  gradientNorm: number;
}

/**
 * One optimizer step on a group of batches: gradient, clip, learning rate, update; then the counters move on.
 *
 * @param good Gets the weights before the step, whose loss was usable. When loss or gradient are not, the
 *   model gets them back and nothing else changes.
 */
export function takeOptimizerStep(
  options: TrainerOptions,
  memory: TrainerMemory,
  { batches, endsEpoch }: BatchGroup,
  good: WeightSnapshot,
  workspace: Workspace,
): TakenStep | DivergenceError {
  const { model, dataset, optimizer, clipNorm, clipValue } = options;
  const { progress } = memory;
  const parameters = model.parameters();
  const { carriesState } = dataset;
  const { loss, tokens, state, anomaly } = accumulateGradients(
    model,
    batches,
    memory.carried,
    carriesState,
    workspace,
    options.detectAnomaly,
  );
  const gradientNorm = clipGradNorm(parameters, clipNorm ?? Infinity, { kernels: optimizer.kernels });
  const limit = (options.explosionFactor ?? 10) * Math.log(Math.max(2, model.vocabSize));
  if (!(loss <= limit) || !Number.isFinite(gradientNorm)) {
    const error = diagnose(parameters, {
      step: progress.step + 1,
      loss,
      cell: model.recurrent.type,
      limit,
      anomaly,
    });
    restoreSnapshot(parameters, good);
    return error;
  }
  if (clipValue !== undefined) clipGradValue(parameters, clipValue);
  if (options.learningRate) optimizer.learningRate = options.learningRate(progress.step);
  takeSnapshot(parameters, good);
  optimizer.step();
  memory.average?.update();
  memory.carried = endsEpoch ? undefined : state;
  progress.step++;
  progress.batch = endsEpoch ? 0 : progress.batch + batches.length;
  if (endsEpoch) progress.epoch++;
  for (const sum of [progress.inEpoch, progress.sinceEvaluation]) {
    sum.nats += loss * tokens;
    sum.tokens += tokens;
  }
  return { loss, tokens, learningRate: optimizer.learningRate, gradientNorm };
}
