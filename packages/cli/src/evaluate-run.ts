/** `rnnlab eval`: the loss of a checkpoint on a text. */
import { bitsPerCharacter, evaluate, perplexity, referenceLines, type Dataset } from '@rnnlab/train';
import type { BackendOptions } from './backend-options';
import { createBackend } from './create-backend';
import { integer, nats } from './format';
import { Interrupted } from './interrupted';
import type { CommandIO } from './io';
import { openDataset, type ReadingOptions } from './open-corpus';
import { corpusName } from './read-text-files';
import { showReading } from './reading-progress';
import { openRun, type SavedRun } from './run-file';
import { describeReference, type CountedLines } from './train-report';
import { styleFor } from './style';
import { lossUnit } from './tokenizers';
import { UserError } from './user-error';

/** See the header of this file. */
export async function evaluateRun(
  path: string,
  others: readonly string[],
  { json, ...options }: { json?: boolean } & BackendOptions,
  io: CommandIO,
): Promise<void> {
  const { stdout, env, signal } = io;
  const saved = await openRun(path, await createBackend(options));
  const { dataset, batches, characters, reference, on } = await showReading(io, json, (onProgress) =>
    measured(saved, others, { signal, onProgress }),
  );
  const { loss, tokens } = await evaluate(saved.model, batches, { signal });
  if (signal.aborted) throw new Interrupted(signal);
  const facts = {
    checkpoint: path,
    on,
    characters,
    nats: loss,
    bitsPerCharacter: bitsPerCharacter(loss, tokens / characters),
    perplexity: perplexity(loss),
    ...reference,
    vocabSize: dataset.tokenizer.vocabSize,
  };
  if (json) return void stdout.write(`${JSON.stringify(facts)}\n`);
  const { bold } = styleFor(stdout, env);
  const unit = lossUnit(dataset.tokenizer);
  stdout.write(`${bold(`${nats(loss)} ${unit}`)} on ${on}, ${integer(characters)} characters\n`);
  stdout.write(`${nats(facts.bitsPerCharacter)} bits/char, perplexity ${nats(facts.perplexity)}\n`);
  if (reference) {
    stdout.write(`${describeReference(reference, unit)}\n`);
  }
}

interface Measured {
  dataset: Dataset;
  batches: Pick<Dataset, 'carriesState' | 'validationBatches'>;
  characters: number;
  reference?: CountedLines;
  /** In words. */
  on: string;
}

/** The validation part of the run's own corpus, or all of other files. */
async function measured(
  saved: SavedRun,
  others: readonly string[],
  reading: ReadingOptions,
): Promise<Measured> {
  const { settings, tokenizer } = saved;
  const files = others.length ? others : saved.files;
  const file = corpusName(files);
  if (others.length) {
    const whole = { ...settings, validationEvery: undefined, validationFraction: 0 };
    const dataset = await openDataset(files, whole, { tokenizer, ...reading });
    const { carriesState, sizes } = dataset;
    const validationBatches = (batchSize: number) => dataset.trainingBatches({ batchSize, epoch: 0 });
    const batches = { carriesState, validationBatches };
    return { dataset, batches, characters: sizes.training.characters, on: `all of ${file}` };
  }
  const dataset = await openDataset(files, settings, { tokenizer, ...reading });
  const { characters } = dataset.sizes.validation;
  if (!characters) {
    throw new UserError(`"${file}" was used for training as a whole: name another file to measure on.`);
  }
  const reference = referenceLines(dataset, { fiveGram: !settings.stream });
  return { dataset, batches: dataset, characters, reference, on: `the validation part of ${file}` };
}
