/** What a run is going to do, and when it ends. */
import type { StartEvent, StopReason } from './trainer-events';
import type { TrainerOptions } from './trainer-options';
import type { TrainerProgress } from './trainer-state';

/** Optimizer steps of one epoch; `undefined` when the dataset cannot say. */
function stepsPerEpoch({
  dataset,
  batchSize = 32,
  accumulationSteps = 1,
}: TrainerOptions): number | undefined {
  const batches = dataset.batchesPerEpoch(batchSize);
  return batches === undefined ? undefined : Math.ceil(batches / accumulationSteps);
}

/** The step at which the run ends at the latest; `undefined` when only time or patience ends it. */
export function lastStep(options: TrainerOptions): number | undefined {
  const perEpoch = stepsPerEpoch(options);
  const { epochs, steps = Infinity } = options;
  const byEpochs = epochs !== undefined && perEpoch !== undefined ? epochs * perEpoch : Infinity;
  const last = Math.min(byEpochs, steps);
  return Number.isFinite(last) ? last : undefined;
}

/** Why the run ends here, if it does. */
export function stopReason(
  { epochs = Infinity, steps = Infinity, timeLimit = Infinity, earlyStopping }: TrainerOptions,
  { step, epoch, evaluationsSinceBest }: Pick<TrainerProgress, 'step' | 'epoch' | 'evaluationsSinceBest'>,
  seconds: number,
): StopReason | undefined {
  if (earlyStopping && evaluationsSinceBest >= earlyStopping.patience) return 'early-stopping';
  if (epoch >= epochs) return 'epochs';
  if (step >= steps) return 'steps';
  return seconds >= timeLimit ? 'time' : undefined;
}

/** What the first event of a run tells. */
export function startFacts(
  options: TrainerOptions,
): Omit<StartEvent, 'type' | 'step' | 'epoch' | 'seconds' | 'resumed'> {
  const { model, dataset } = options;
  return {
    stepsPerEpoch: stepsPerEpoch(options),
    lastStep: lastStep(options),
    parameters: model.parameters().reduce((sum, { value }) => sum + value.size, 0),
    trainingTokens: dataset.sizes.training.tokens,
    validationTokens: dataset.sizes.validation.tokens,
  };
}
