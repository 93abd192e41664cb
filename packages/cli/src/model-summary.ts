import type { LanguageModelConfig } from '@rnnlab/train';
import { plural } from './format';

/** `LSTM, 1 layer of 50 units, one-hot input` */
export function describeModel(config: Readonly<LanguageModelConfig>): string {
  const { cell, numLayers = 1, hiddenSize, embeddingDim, dropout } = config;
  return [
    cell.toUpperCase(),
    `${plural(numLayers, 'layer')} of ${plural(hiddenSize, 'unit')}`,
    embeddingDim === undefined ? 'one-hot input' : `embedding of ${embeddingDim}`,
    ...(dropout ? [`dropout ${dropout}`] : []),
  ].join(', ');
}
