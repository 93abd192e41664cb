import { clipGradNorm, clipGradValue, SGD } from '@rnnlab/optimizers';
import type { LanguageModel, RecurrentState } from '@rnnlab/rnn';
import type { Batch } from '@rnnlab/train';

/** Options of {@link trainByHand}. */
export interface ByHandOptions {
  learningRate: number;
  clipNorm?: number;
  clipValue?: number;
  carriesState?: boolean;
}

/** Plain gradient descent on `epochs[e]`, the batches of every epoch. Returns the losses of every epoch. */
export function trainByHand(
  model: LanguageModel,
  epochs: readonly (readonly Batch[])[],
  { learningRate, clipNorm, clipValue, carriesState = false }: ByHandOptions,
): number[][] {
  const optimizer = new SGD(model.parameters(), { learningRate });
  return epochs.map((batches) => {
    let state: RecurrentState | undefined;
    return batches.map(({ ids, targets, lengths }) => {
      const result = model.forward(ids, targets, { state, lengths });
      if (carriesState) state = result.state;
      model.zeroGrad();
      model.backward(result.cache);
      if (clipNorm !== undefined) clipGradNorm(model.parameters(), clipNorm);
      if (clipValue !== undefined) clipGradValue(model.parameters(), clipValue);
      optimizer.step();
      return result.loss;
    });
  });
}

/** Lines of different length. */
export const lines = 'ada alan anita barbara donald edsger emmy grace hedy jean john katherine'.split(' ');

/** A text of which no two windows are the same. */
export const text = Array.from({ length: 16 }, (_, k) => `${k * k} is the square of ${k}. `).join('');
