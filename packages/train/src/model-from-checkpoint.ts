/**
 * From a checkpoint back to things that run. The sizes in its configuration are compared with its weights before anything
 * is built, so a small file cannot ask for a huge model.
 */
import { CheckpointError, formatShape, RnnlabError, type Backend, type Tensor } from '@rnnlab/tensor';
import { tokenizerFromJSON, type Tokenizer } from '@rnnlab/tokenizer';
import type { Checkpoint } from './checkpoint';
import {
  createLanguageModel,
  type ConfiguredLanguageModel,
  type LanguageModelConfig,
} from './create-language-model';

/** Options of {@link modelFromCheckpoint}. */
export interface ModelFromCheckpointOptions {
  /**
   * `'best'` takes the weights of the best evaluation, `'average'` their moving average, each where there is one.
   * Default `'last'`: those of the last step.
   */
  weights?: CheckpointWeights;
  /** Where the weights live. Default: the model's own. */
  backend?: Backend;
}

/** Which of the weights in a checkpoint. */
export type CheckpointWeights = 'last' | 'best' | 'average';

const stateNames = ['optimizer.', 'carried.', 'best.', 'average.'];

/** The weights of a checkpoint by their own names, without the other tensors. */
export function weightsOf(checkpoint: Checkpoint, which: CheckpointWeights = 'last'): Map<string, Tensor> {
  const { tensors, progress } = checkpoint;
  // Before the first step an average is saved, but of nothing.
  const present = { last: false, best: progress?.best, average: progress?.averageDecay && progress.step };
  if (present[which]) {
    const prefix = `${which}.`;
    const chosen = [...tensors].filter(([name]) => name.startsWith(prefix));
    return new Map(chosen.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
  }
  return new Map([...tensors].filter(([name]) => !stateNames.some((start) => name.startsWith(start))));
}

/**
 * The model of a checkpoint with its weights.
 *
 * @throws {@link CheckpointError} when weights and configuration do not fit each other.
 *
 * @example
 * ```ts
 * import { createLanguageModel, modelFromCheckpoint } from '@rnnlab/train';
 *
 * const model = createLanguageModel({ cell: 'gru', vocabSize: 5, hiddenSize: 3, seed: 1 });
 * const copy = modelFromCheckpoint({ model: model.config, tensors: model.stateDict() });
 * console.log(copy.parameters()[0].value.data[0] === model.parameters()[0].value.data[0]); // true
 * ```
 */
export function modelFromCheckpoint(
  checkpoint: Checkpoint,
  { weights = 'last', backend }: ModelFromCheckpointOptions = {},
): ConfiguredLanguageModel {
  const state = weightsOf(checkpoint, weights);
  checkSizes(checkpoint.model, state);
  const model = build(checkpoint.model, backend);
  model.loadStateDict(state);
  return model;
}

/**
 * The tokenizer of a checkpoint.
 *
 * @throws {@link CheckpointError} when there is none, it is damaged, or the model has another vocabulary size.
 */
export function tokenizerFromCheckpoint({ tokenizer: json, model }: Checkpoint): Tokenizer {
  if (json === undefined) {
    throw new CheckpointError(
      'tokenizerFromCheckpoint: no tokenizer was saved. Pass tokenizer: tokenizer.toJSON() to saveCheckpoint.',
    );
  }
  let tokenizer: Tokenizer;
  try {
    tokenizer = tokenizerFromJSON(json);
  } catch (cause) {
    throw new CheckpointError(`tokenizerFromCheckpoint: ${(cause as Error).message}`, { cause });
  }
  if (tokenizer.vocabSize !== model.vocabSize) {
    throw new CheckpointError(
      `tokenizerFromCheckpoint: the tokenizer has vocabSize=${tokenizer.vocabSize} and the model ${model.vocabSize}. The file is damaged: go back to an earlier checkpoint.`,
    );
  }
  return tokenizer;
}

/** Every size in the configuration is a dimension of a weight that is there. */
function checkSizes(config: LanguageModelConfig, weights: ReadonlyMap<string, Tensor>): void {
  const { vocabSize, hiddenSize, numLayers = 1, embeddingDim, tieWeights } = config;
  const expected: [string, number, string, number][] = [
    ['vocabSize', vocabSize, tieWeights ? 'embedding.weight' : 'head.weight', 0],
    ['hiddenSize', hiddenSize, `rnn.weight_hh_l${numLayers - 1}`, 1],
  ];
  if (embeddingDim !== undefined) expected.push(['embeddingDim', embeddingDim, 'embedding.weight', 1]);
  for (const [option, size, name, axis] of expected) {
    const shape = weights.get(name)?.shape;
    if (shape?.[axis] !== size) {
      throw new CheckpointError(
        `modelFromCheckpoint: ${name} ${shape ? `has shape ${formatShape(shape)}` : 'is missing'}, but the configuration says ${option}=${size}` +
          `${option === 'hiddenSize' ? ` and numLayers=${numLayers}` : ''}. The file is damaged: go back to an earlier checkpoint.`,
      );
    }
  }
}

function build(config: LanguageModelConfig, backend: Backend | undefined): ConfiguredLanguageModel {
  try {
    return createLanguageModel({ ...config, backend });
  } catch (cause) {
    if (!(cause instanceof RnnlabError)) throw cause;
    throw new CheckpointError(`modelFromCheckpoint: ${cause.message}`, { cause });
  }
}
