/** What `rnnlab train` prints before and after training. */
import { LinesDataset, type Dataset, type ReferenceLines, type StopEvent } from '@rnnlab/train';
import { duration, integer, nats, plural } from './format';
import { describeModel } from './model-summary';
import type { RunFacts } from './run-observer';
import type { Style } from './style';
import { lossUnit } from './tokenizers';
import type { TrainSettings } from './train-settings';

/** Reference lines; of a text larger than memory no 5-gram is counted. */
export type CountedLines = Omit<ReferenceLines, 'fiveGram'> & Partial<ReferenceLines>;

/** Two columns: a word, and what there is to say about it. */
function row(style: Style, name: string, text: string): string {
  return `${style.bold(name.padEnd(11))} ${text}\n`;
}

/** Corpus, model, optimizer and what the loss is to be compared with. */
export function describeRun(facts: RunFacts, style: Style): string {
  const { file, because, settings, dataset, model, reference } = facts;
  const { training, validation } = dataset.sizes;
  const size = (split: 'training' | 'validation') =>
    settings.data === 'lines'
      ? plural(dataset.sizes[split].items, 'line')
      : plural(dataset.sizes[split].characters, 'character');
  const other = settings.data === 'lines' ? 'text' : 'lines';
  const kind = settings.data === 'lines' ? 'one example a line' : 'one long text';
  const cased = settings.lowerCase ? ', lower-cased (--no-lower-case keeps capitals)' : '';
  const parameters = model.parameters().reduce((sum, { value }) => sum + value.size, 0);
  return [
    row(
      style,
      'corpus',
      `${file}: ${plural(training.characters + validation.characters, 'character')}, ${dataset.tokenizer.vocabSize} distinct tokens${cased}`,
    ),
    row(style, 'read as', `${kind}: ${because} (--data ${other} reads it the other way)`),
    row(
      style,
      'split',
      `${size('training')} for training, ${size('validation')} for validation${leftOut(dataset)}`,
    ),
    row(style, 'model', `${describeModel(model.config)}: ${plural(parameters, 'parameter')}`),
    row(style, 'optimizer', describeOptimizer(settings)),
    row(
      style,
      'reference',
      reference
        ? `${describeReference(reference, lossUnit(dataset.tokenizer))} on the validation part`
        : 'none: no validation part to measure on',
    ),
  ].join('');
}

/** Lines of the validation part that stand in the training part too would be measured by memory. */
function leftOut(dataset: Dataset): string {
  const count = dataset instanceof LinesDataset ? dataset.duplicates.length : 0;
  return count ? `; ${plural(count, 'training line')} left out that the validation part has too` : '';
}

/** `adamw, learning rate 0.01 (cosine, 100 steps of warm-up), weight decay 0.1, weights averaged with decay 0.99` */
export function describeUpdate(settings: TrainSettings): string {
  const { optimizer, lr, schedule, warmup, weightDecay, ema } = settings;
  const course = [
    ...(schedule && schedule !== 'constant' ? [schedule] : []),
    ...(warmup ? [`${plural(warmup, 'step')} of warm-up`] : []),
  ];
  const moves = course.length ? ` (${course.join(', ')})` : '';
  const decay = weightDecay === undefined ? '' : `, weight decay ${weightDecay}`;
  const average = ema === undefined ? '' : `, weights averaged with decay ${ema}`;
  return `${optimizer}, learning rate ${lr}${moves}${decay}${average}`;
}

function describeOptimizer(settings: TrainSettings): string {
  const { clip, batch, accumulate = 1, data, seqLen } = settings;
  const rows = data === 'lines' ? plural(batch, 'line') : `${integer(batch)} × ${integer(seqLen)} characters`;
  const clipping = clip ? `, gradient norm clipped at ${clip}` : '';
  const group = accumulate > 1 ? `, ${integer(accumulate)} of them a step` : '';
  return `${describeUpdate(settings)}, batches of ${rows}${group}${clipping}`;
}

/** What models that only count score. */
export function describeReference({ unigram, bigram, fiveGram }: CountedLines, unit: string): string {
  const longer = fiveGram === undefined ? '' : `, a 5-gram ${nats(fiveGram)}`;
  return `a unigram scores ${nats(unigram)}, a bigram ${nats(bigram)}${longer} ${unit}`;
}

/** How it ended, in one line. */
export function describeEnd(
  stop: StopEvent,
  { reference, dataset }: Pick<RunFacts, 'reference' | 'dataset'>,
  style: Style,
): string {
  const why: Record<StopEvent['reason'], string> = {
    epochs: 'Trained',
    steps: 'Trained',
    time: 'Time is up',
    'early-stopping': 'No better validation any more: stopped',
    paused: 'Paused',
    aborted: 'Stopped',
    diverged: 'Diverged',
  };
  const head = `${why[stop.reason]} after ${plural(stop.step, 'step')} (${plural(stop.epoch, 'epoch')}, ${duration(stop.seconds)}).`;
  if (stop.bestLoss === undefined) return `${head}\n`;
  const { bigram, fiveGram } = reference ?? {};
  const longer = fiveGram === undefined ? '' : `, 5-gram ${nats(fiveGram)}`;
  const against = bigram === undefined ? '' : `; bigram ${nats(bigram)}${longer}`;
  const best = `Best validation: ${style.bold(`${nats(stop.bestLoss)} ${lossUnit(dataset.tokenizer)}`)} at step ${integer(stop.bestStep ?? 0)}${against}.`;
  return `${head} ${best}\n`;
}
