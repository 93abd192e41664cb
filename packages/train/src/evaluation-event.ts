import type { Parameter } from '@rnnlab/tensor';
import { bitsPerCharacter, perplexity } from './metrics';
import { residentMemory } from './resident-memory';
import type { EvaluationEvent } from './trainer-events';
import type { RunningProgress } from './trainer-memory';
import type { TrainerOptions } from './trainer-options';
import { updateToWeightRatio, type WeightSnapshot } from './weight-snapshot';

/**
 * What a measured loss means at this point of a run.
 *
 * @param measured `before`: the weights before the last step, where one was taken in this run.
 */
export function evaluationEvent(
  { dataset, earlyStopping }: TrainerOptions,
  progress: RunningProgress,
  measured: { loss: number; parameters: readonly Parameter[]; before?: WeightSnapshot },
): Omit<EvaluationEvent, 'step' | 'epoch' | 'seconds' | 'evaluationSeconds'> {
  const { loss, parameters, before } = measured;
  const { tokens, characters } = dataset.sizes.validation;
  const { nats, tokens: seen } = progress.sinceEvaluation;
  const best = !progress.best || loss < progress.best.loss - (earlyStopping?.minDelta ?? 0);
  return {
    type: 'evaluation',
    loss,
    bitsPerCharacter: bitsPerCharacter(loss, tokens / characters),
    perplexity: perplexity(loss),
    trainingLoss: seen ? nats / seen : undefined,
    best,
    bestLoss: best ? loss : progress.best!.loss,
    bestStep: best ? progress.step : progress.best!.step,
    evaluationsSinceBest: best ? 0 : progress.evaluationsSinceBest + 1,
    updateToWeightRatio:
      progress.updateToWeightRatio ?? (before ? updateToWeightRatio(parameters, before) : {}),
    memoryBytes: residentMemory(),
  };
}
