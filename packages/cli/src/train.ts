/** `rnnlab train`: from text files to a checkpoint, with a display on the way. */
import { createLanguageModel } from '@rnnlab/train';
import type { BackendOptions } from './backend-options';
import { createBackend } from './create-backend';
import { createDataset } from './create-dataset';
import { createObservers, type ObserverOptions } from './create-observers';
import type { CommandIO } from './io';
import { freeRunPath, prepareOutput } from './output-path';
import { corpusName, readTextFiles } from './read-text-files';
import { runTraining } from './run-training';
import { resolveSettings, type TrainOptions } from './train-settings';

/** See the header of this file. */
export async function train(
  {
    files,
    out,
    json,
    log,
    report,
    backend: name,
    threads,
    ...options
  }: TrainOptions & BackendOptions & ObserverOptions & { files: readonly string[]; out?: string },
  io: CommandIO,
): Promise<void> {
  const backend = await createBackend({ backend: name, threads });
  const text = await readTextFiles(files);
  const file = corpusName(files);
  const { settings, because } = resolveSettings(options, text, file);
  const dataset = createDataset(text, settings, file);
  const path = out ?? (await freeRunPath(files[0], settings.cell));
  await prepareOutput(path);
  const model = createLanguageModel({
    cell: settings.cell,
    vocabSize: dataset.tokenizer.vocabSize,
    hiddenSize: settings.hidden,
    numLayers: settings.layers,
    embeddingDim: settings.embedding,
    dropout: settings.dropout,
    seed: settings.seed,
    backend,
  });
  await runTraining(
    { files, settings, because, dataset, model, path },
    createObservers({ json, log, report }, io),
    io.signal,
  );
}
