import { ConfigError } from '@rnnlab/tensor';
import { checkBatchSize } from './batch-size';
import { checkInterval } from './interval';
import type { TrainerOptions } from './trainer-options';

/** Checks the options of a {@link Trainer} once. @throws {@link ConfigError} */
export function checkTrainerOptions(options: TrainerOptions): void {
  const { model, dataset, batchSize = 32, accumulationSteps = 1, epochs, steps, timeLimit } = options;
  checkBatchSize('Trainer', batchSize);
  if (options.evaluationBatchSize !== undefined)
    checkBatchSize('Trainer (evaluation)', options.evaluationBatchSize);
  checkCounts({ accumulationSteps, epochs, steps, patience: options.earlyStopping?.patience });
  checkPositive({ timeLimit, clipNorm: options.clipNorm, clipValue: options.clipValue });
  if (options.explosionFactor !== undefined && !(options.explosionFactor > 1)) {
    throw new ConfigError(
      `Trainer: explosionFactor is ${options.explosionFactor}, expected a number above 1, or Infinity to switch it off.`,
    );
  }
  const { decay = 0 } = options.weightAverage ?? {};
  if (!(decay >= 0 && decay < 1)) {
    throw new ConfigError(`Trainer: weightAverage.decay is ${decay}, expected a number in [0, 1).`);
  }
  if (options.clipNorm !== undefined && options.clipValue !== undefined) {
    throw new ConfigError('Trainer: clipNorm and clipValue are two ways to clip. Give one of them.');
  }
  checkInterval('Trainer: evaluateEvery', options.evaluateEvery);
  checkInterval('Trainer: checkpointEvery', options.checkpointEvery);
  checkInterval('Trainer: sample.every', options.sample?.every);
  if (epochs === undefined && steps === undefined && timeLimit === undefined && !options.earlyStopping) {
    throw new ConfigError('Trainer: nothing ends the run. Give epochs, steps, timeLimit or earlyStopping.');
  }
  if (options.earlyStopping && dataset.sizes.validation.tokens === 0) {
    throw new ConfigError('Trainer: earlyStopping needs a validation split and the dataset has none.');
  }
  const { bidirectional, batchFirst } = model.recurrent.options;
  if (bidirectional) {
    throw new ConfigError(
      'Trainer: the model is bidirectional, so it reads the token that it is to predict.',
    );
  }
  if (batchFirst) {
    throw new ConfigError(
      'Trainer: the model is batchFirst and batches are [seqLen, batchSize]. Leave it out.',
    );
  }
  if (model.vocabSize !== dataset.tokenizer.vocabSize) {
    throw new ConfigError(
      `Trainer: the model has vocabSize=${model.vocabSize} and the dataset's tokenizer ${dataset.tokenizer.vocabSize}. Build the model with dataset.tokenizer.vocabSize.`,
    );
  }
}

function checkCounts(counts: Record<string, number | undefined>): void {
  for (const [name, count] of Object.entries(counts)) {
    if (count !== undefined && (!Number.isInteger(count) || count < 1)) {
      throw new ConfigError(`Trainer: ${name} is ${count}, expected an integer ≥ 1.`);
    }
  }
}

function checkPositive(numbers: Record<string, number | undefined>): void {
  for (const [name, number] of Object.entries(numbers)) {
    if (number !== undefined && !(number > 0)) {
      throw new ConfigError(`Trainer: ${name} is ${number}, expected a number above 0.`);
    }
  }
}
