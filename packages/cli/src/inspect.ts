/** `rnnlab inspect`: what is in a checkpoint. */
import { stat } from 'node:fs/promises';
import type { HistoryEntry, TrainerProgress } from '@rnnlab/train';
import { bytes, duration, integer, nats, plural } from './format';
import type { CommandIO } from './io';
import { describeModel } from './model-summary';
import { corpusName } from './read-text-files';
import { openRun, type SavedRun } from './run-file';
import { styleFor } from './style';
import { lossUnit } from './tokenizers';
import { describeUpdate } from './train-report';

/** See the header of this file. */
export async function inspect(path: string, { stdout, env }: CommandIO): Promise<void> {
  const run = await openRun(path);
  const { checkpoint, model, tokenizer, settings, files } = run;
  const { size } = await stat(path);
  const style = styleFor(stdout, env);
  const parameters = model.parameters();
  const total = parameters.reduce((sum, { value }) => sum + value.size, 0);
  const rows: [string, string][] = [
    [
      'checkpoint',
      `${path}, ${bytes(size)}, schema ${checkpoint.schema} of @rnnlab/train ${checkpoint.libraryVersion}`,
    ],
    ['model', describeModel(model.config)],
    ['tokens', describeVocabulary(tokenizer.vocabulary)],
    ['corpus', `${corpusName(files)}, read as ${settings.data}${settings.lowerCase ? ', lower-cased' : ''}`],
    ...(checkpoint.progress ? describeProgress(checkpoint.progress, run) : []),
  ];
  for (const [name, text] of rows) stdout.write(`${style.bold(name.padEnd(11))} ${text}\n`);
  stdout.write(`\n${style.bold(`${plural(parameters.length, 'tensor')}, ${plural(total, 'parameter')}`)}\n`);
  const widest = Math.max(...parameters.map(({ name }) => name.length));
  for (const { name, value } of parameters) {
    const shape = `[${value.shape.join(', ')}]`;
    stdout.write(`  ${name.padEnd(widest)}  ${shape.padEnd(12)} ${integer(value.size).padStart(9)}\n`);
  }
  const history = describeHistory(checkpoint.history);
  if (history.length)
    stdout.write(`\n${style.bold('Last evaluations')}, ${lossUnit(tokenizer)}\n${history.join('\n')}\n`);
}

function describeHistory(history: readonly HistoryEntry[]): string[] {
  const shown = history.filter((entry) => entry.type === 'evaluation').slice(-10);
  return shown.map(
    ({ step, trainingLoss, loss }) =>
      `  step ${integer(Number(step)).padStart(9)}  training ${nats(trainingLoss as number | undefined)}  validation ${nats(loss as number)}`,
  );
}

function describeProgress(
  progress: TrainerProgress,
  { settings, best, tokenizer }: SavedRun,
): [string, string][] {
  const { step, epoch, seconds, dataset } = progress;
  const tokens = (split: string) => integer(Number(dataset[`${split}Tokens`]));
  const { batch, seed } = settings;
  return [
    ['split', `${tokens('training')} tokens for training, ${tokens('validation')} for validation`],
    [
      'trained',
      `${plural(step, 'step')}, ${plural(epoch, 'epoch')}, ${duration(seconds)}: ${describeUpdate(settings)}, batch ${batch}, seed ${seed}`,
    ],
    [
      'best',
      best
        ? `${nats(best.loss)} ${lossUnit(tokenizer)} on the validation part, at step ${integer(best.step)}`
        : 'never measured',
    ],
  ];
}

/** `27: \n a b c …`, shortened. */
function describeVocabulary(vocabulary: readonly string[]): string {
  const shown = vocabulary
    .slice(0, 40)
    .map((token) => (/^\S+$/u.test(token) ? token : JSON.stringify(token)));
  const rest = vocabulary.length - shown.length;
  return `${vocabulary.length}: ${shown.join(' ')}${rest > 0 ? ` … and ${rest} more` : ''}`;
}
