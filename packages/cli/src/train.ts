/** `rnnlab train`: from text files to a checkpoint, with a display on the way. */
import { createLanguageModel } from '@rnnlab/train';
import type { BackendOptions } from './backend-options';
import { createBackend } from './create-backend';
import { createObservers, type ObserverOptions } from './create-observers';
import type { CommandIO } from './io';
import { openCorpus } from './open-corpus';
import { freeRunPath, prepareOutput } from './output-path';
import { showReading } from './reading-progress';
import { runTraining } from './run-training';
import type { TrainOptions } from './train-settings';

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
    keepLast,
    ...options
  }: TrainOptions &
    BackendOptions &
    ObserverOptions & {
      files: readonly string[];
      out?: string;
      keepLast?: number;
    },
  io: CommandIO,
): Promise<void> {
  const backend = await createBackend({ backend: name, threads });
  const { settings, because, dataset } = await showReading(io, json, (onProgress) =>
    openCorpus(files, options, { signal: io.signal, onProgress }),
  );
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
    { files, settings, because, dataset, model, path, keepLast },
    createObservers({ json, log, report }, io),
    io.signal,
  );
}
