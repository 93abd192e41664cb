/**
 * The gradient of one optimizer step, from one batch or from several.
 *
 *   L = Σₖ nₖ·Lₖ / Σₖ nₖ         Lₖ the mean loss of batch k over its nₖ real targets
 *
 * Every batch is weighted by its share of the real targets, so k accumulated batches give the gradient of one
 * big batch of all their rows. A state that is carried goes from batch to batch; gradients do not: truncated
 * back-propagation through time (Williams & Peng 1990) with the length of one batch.
 */
import type { LanguageModel, RecurrentState } from '@rnnlab/rnn';
import type { Workspace } from '@rnnlab/tensor';
import { findBackwardAnomaly, findForwardAnomaly } from './anomaly';
import type { Batch } from './dataset';
import { keepState } from './model-workspace';

/** What {@link accumulateGradients} gives. */
export interface GradientStep {
  /** L, in nats per real token. */
  loss: number;
  /** Σₖ nₖ */
  tokens: number;
  /** The state behind the last batch. */
  state?: RecurrentState;
  /** Where NaN or Infinity first appeared; only looked for when asked to. Nothing was computed behind it. */
  anomaly?: string;
}

/**
 * Sets the gradients of the model to dL/dw.
 *
 * @param state The state that the first batch starts from; zeros by default.
 * @param carriesState Whether each further batch starts from the state of the one before.
 * @param workspace Where the tensors of the passes live.
 * @param detectAnomaly Whether to look for the first number that is not finite.
 */
export function accumulateGradients(
  model: LanguageModel,
  batches: readonly Batch[],
  state: RecurrentState | undefined,
  carriesState: boolean,
  workspace: Workspace,
  detectAnomaly = false,
): GradientStep {
  model.zeroGrad();
  const tokens = batches.reduce((sum, batch) => sum + batch.count, 0);
  let loss = 0;
  let carried = state;
  let anomaly: string | undefined;
  for (const batch of batches) {
    const { ids, targets, lengths, count } = batch;
    workspace.run(() => {
      const result = model.forward(ids, targets, { state: carried, lengths, training: true });
      if (detectAnomaly && count > 0) anomaly = findForwardAnomaly(model, result, carried);
      if (anomaly) return;
      if (carriesState) carried = keepState(result.state);
      if (count === 0) return;
      const share = count / tokens;
      loss += share * result.loss;
      model.backward(result.cache, { loss: share });
      if (detectAnomaly) anomaly = findBackwardAnomaly(model);
    });
    if (anomaly) return { loss: NaN, tokens, anomaly };
  }
  return { loss, tokens, state: carried };
}

/** Σ x² */
export function squaredNorm(x: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += x[k] * x[k];
  return sum;
}
