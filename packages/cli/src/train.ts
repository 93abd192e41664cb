/** `rnnlab train`: from a text file to a checkpoint, with a display on the way. */
import { createLanguageModel } from '@rnnlab/train';
import { createDataset } from './create-dataset';
import { createObservers, type ObserverOptions } from './create-observers';
import type { CommandIO } from './io';
import { freeRunPath, prepareOutput } from './output-path';
import { readTextFile } from './read-text-file';
import { runTraining } from './run-training';
import { resolveSettings, type TrainOptions } from './train-settings';

/** See the header of this file. */
export async function train(
  {
    file,
    out,
    json,
    log,
    report,
    ...options
  }: TrainOptions & ObserverOptions & { file: string; out?: string },
  io: CommandIO,
): Promise<void> {
  const text = await readTextFile(file);
  const { settings, because } = resolveSettings(options, text, file);
  const dataset = createDataset(text, settings, file);
  const path = out ?? (await freeRunPath(file, settings.cell));
  await prepareOutput(path);
  const model = createLanguageModel({
    cell: settings.cell,
    vocabSize: dataset.tokenizer.vocabSize,
    hiddenSize: settings.hidden,
    numLayers: settings.layers,
    embeddingDim: settings.embedding,
    dropout: settings.dropout,
    seed: settings.seed,
  });
  await runTraining(
    { file, settings, because, dataset, model, path },
    createObservers({ json, log, report }, io),
    io.signal,
  );
}
