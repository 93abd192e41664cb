/** `--report run.html`: collects a run and writes one page that explains it, also when the run ended early. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { TrainerEvent } from '@rnnlab/train';
import { fileProblem } from './describe-error';
import { integer, nats, plural } from './format';
import { describeModel } from './model-summary';
import type { ReportChart } from './page-parts';
import { reportPage } from './report-page';
import type { RunEnd, RunFacts, RunObserver } from './run-observer';
import { lossUnit } from './tokenizers';
import { describeReference } from './train-report';
import { ThinnedSeries } from './thinned-series';
import { UserError } from './user-error';

type EventOf<Type extends TrainerEvent['type']> = Extract<TrainerEvent, { type: Type }>;

export class HtmlReport implements RunObserver {
  readonly #path: string;
  readonly #steps = new ThinnedSeries<EventOf<'step'>>();
  readonly #evaluations = new ThinnedSeries<EventOf<'evaluation'>>();
  readonly #memory = new ThinnedSeries<{ step: number; bytes: number }>();
  readonly #samples: { step: number; texts: readonly string[] }[] = [];
  #facts?: RunFacts;
  #end?: RunEnd;

  /** @throws {@link UserError} when the page cannot be written there. */
  constructor(path: string) {
    this.#path = path;
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, '', { flag: 'a' });
    } catch (error) {
      const known = fileProblem(error);
      if (!known) throw error;
      throw new UserError(`Cannot write the report "${path}": ${known.problem}; choose another --report.`);
    }
  }

  begin(facts: RunFacts): void {
    this.#facts = facts;
  }

  event(event: TrainerEvent): void {
    if (event.type === 'step') this.#steps.add(event);
    if (event.type === 'evaluation') this.#evaluations.add(event);
    if ('memoryBytes' in event && typeof event.memoryBytes === 'number') {
      this.#memory.add({ step: event.step, bytes: event.memoryBytes });
    }
    if (event.type === 'sample') this.#samples.push({ step: event.step, texts: event.texts });
  }

  end(end: RunEnd): void {
    this.#end = end;
  }

  close(): void {
    if (!this.#facts) return;
    const { file, model, settings } = this.#facts;
    const last = this.#end && { step: this.#end.stop.step, texts: this.#end.samples.map(({ text }) => text) };
    const page = reportPage({
      title: `${settings.cell.toUpperCase()} on ${file}`,
      summary: this.#summary(),
      charts: this.#charts(),
      samples: last?.texts.length ? [...this.#samples, last] : this.#samples,
      settings: { file, ...settings, model: describeModel(model.config) },
    });
    writeFileSync(this.#path, page);
  }

  #summary(): string {
    const { dataset, reference } = this.#facts!;
    const { stop } = this.#end ?? {};
    const unit = lossUnit(dataset.tokenizer);
    const best =
      stop?.bestLoss === undefined
        ? ''
        : `Best validation: ${nats(stop.bestLoss)} ${unit} at step ${integer(stop.bestStep ?? 0)}. `;
    const counted = reference ? `On the validation part ${describeReference(reference, unit)}. ` : '';
    const { training, validation } = dataset.sizes;
    return `${best}${counted}${plural(training.characters, 'character')} for training, ${integer(validation.characters)} for validation.`;
  }

  #charts(): ReportChart[] {
    const steps = this.#steps.points;
    const evaluations = this.#evaluations.points;
    const memory = this.#memory.points;
    const { reference, dataset } = this.#facts!;
    const { characters, tokens } = dataset.sizes.training;
    const x = steps.map(({ step }) => step);
    const measuredAt = evaluations.map(({ step }) => step);
    const level = (value: number) => ({ x: [x[0], x[x.length - 1]], y: [value, value], dashed: true });
    const counted = reference
      ? [
          { name: 'unigram', ...level(reference.unigram) },
          { name: 'bigram', ...level(reference.bigram) },
          ...(reference.fiveGram === undefined ? [] : [{ name: '5-gram', ...level(reference.fiveGram) }]),
        ]
      : [];
    return [
      {
        title: `Loss, ${lossUnit(dataset.tokenizer).replace('/char', ' per character').replace('/', ' per ')}`,
        lines: [
          { name: 'training', x, y: steps.map(({ smoothedLoss }) => smoothedLoss) },
          { name: 'validation', x: measuredAt, y: evaluations.map(({ loss }) => loss) },
          ...counted,
        ],
      },
      {
        title: 'Gradient norm before clipping',
        lines: [{ name: 'norm', x, y: steps.map(({ gradientNorm }) => gradientNorm) }],
      },
      {
        title: 'Learning rate',
        lines: [{ name: 'rate', x, y: steps.map(({ learningRate }) => learningRate) }],
      },
      {
        title: 'Characters per second',
        lines: [
          {
            name: 'speed',
            x,
            y: steps.map(({ tokensPerSecond }) => (tokensPerSecond * characters) / tokens),
          },
        ],
      },
      {
        title: 'Memory, MB',
        lines: [
          { name: 'memory', x: memory.map(({ step }) => step), y: memory.map(({ bytes }) => bytes / 1e6) },
        ],
      },
    ];
  }
}
