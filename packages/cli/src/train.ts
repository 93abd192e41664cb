/** `rnnlab train`: from a text file to a checkpoint, with a display on the way. */
import {
  createLanguageModel,
  Trainer,
  type HistoryEntry,
  type StopEvent,
  type TrainerEvent,
} from '@rnnlab/train';
import { createDataset } from './create-dataset';
import { createOptimizer } from './create-optimizer';
import { shellWord } from './format';
import { Interrupted } from './interrupted';
import { programName, type CommandIO } from './io';
import { freeRunPath, prepareOutput } from './output-path';
import { createProgress } from './progress';
import { readTextFile } from './read-text-file';
import { referenceLines } from './reference-lines';
import { saveRun } from './run-file';
import { styleFor } from './style';
import { describeEnd, describeRun } from './train-report';
import { describeSamples } from './train-samples';
import { resolveSettings, type TrainOptions, type TrainSettings } from './train-settings';

/** See the header of this file. */
export async function train(
  { file, out, ...options }: TrainOptions & { file: string; out?: string },
  io: CommandIO,
): Promise<void> {
  const { stdout, env, signal } = io;
  const style = styleFor(stdout, env);
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
  const reference = referenceLines(dataset);
  stdout.write(`${describeRun({ file, because, settings, dataset, model, reference, style })}\n`);

  const optimizer = createOptimizer(settings.optimizer, model.parameters(), settings.lr);
  const trainer = new Trainer({ model, dataset, optimizer, ...trainerOptions(settings) });
  const { characters, tokens } = dataset.sizes.training;
  const progress = createProgress(stdout, style, { charactersPerToken: characters / tokens });
  const history: HistoryEntry[] = [];
  let stop: StopEvent | undefined;
  try {
    for await (const event of trainer.run({ signal })) {
      progress.show(event);
      remember(history, event);
      if (event.type === 'checkpoint') {
        await saveRun(path, { trainer, model, dataset, history, settings, file });
      }
      if (event.type === 'stop') stop = event;
    }
  } finally {
    progress.stop();
  }

  if (stop) stdout.write(`\n${describeEnd(stop, reference, style)}`);
  if (!signal.aborted) {
    const { temperature, seed } = settings;
    stdout.write(await describeSamples(model, dataset, { temperature, seed, style }));
  }
  stdout.write(`\nCheckpoint saved: ${path}\n`);
  stdout.write(`Go on with:       ${style.cyan(nextCommand(io, path, settings, text))}\n`);
  if (signal.aborted) throw new Interrupted(signal);
}

/** What a checkpoint tells about the way to it: the measurements. */
function remember(history: HistoryEntry[], event: TrainerEvent): void {
  if (event.type !== 'evaluation') return;
  const { type, step, epoch, seconds, trainingLoss, loss } = event;
  history.push({ type, step, epoch, seconds, trainingLoss, loss });
}

function trainerOptions(settings: TrainSettings) {
  const { batch, epochs, steps, minutes, patience, clip, seed } = settings;
  return {
    batchSize: batch,
    evaluationBatchSize: Math.max(batch, 32),
    epochs,
    steps,
    timeLimit: minutes === undefined ? undefined : minutes * 60,
    earlyStopping: patience === undefined ? undefined : { patience },
    clipNorm: clip || undefined,
    seed,
  };
}

/** A command that works as it stands, with a prompt that the model knows: the beginning of the corpus. */
function nextCommand(io: CommandIO, path: string, settings: TrainSettings, text: string): string {
  const cased = settings.lowerCase ? text.toLowerCase() : text;
  const word = /\p{L}+/u.exec(cased)?.[0] ?? '';
  const prompt = settings.data === 'lines' ? [...word].slice(0, 2).join('') : word;
  const command = `${programName(io.env)} generate ${shellWord(path)}`;
  return prompt ? `${command} --prompt ${shellWord(prompt)}` : command;
}
