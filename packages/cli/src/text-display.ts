/** A run for a person to read: facts, progress, what it led to, and how to go on. */
import type { TrainerEvent } from '@rnnlab/train';
import type { DrawnSample } from './draw-samples';
import { shellWord } from './format';
import { programName, type CommandIO } from './io';
import { createProgress, type Progress } from './progress';
import type { RunEnd, RunFacts, RunObserver } from './run-observer';
import { styleFor, type Style } from './style';
import { lossUnit } from './tokenizers';
import { describeEnd, describeRun } from './train-report';

/** What marks a generated line that stands in the corpus. */
const marks = { new: ' ', training: '*', validation: '+' } as const;
const legend = '* stands in the training list   + stands in the validation list   others are new';

export class TextDisplay implements RunObserver {
  readonly #io: CommandIO;
  readonly #style: Style;
  #facts!: RunFacts;
  #progress?: Progress;

  constructor(io: CommandIO) {
    this.#io = io;
    this.#style = styleFor(io.stdout, io.env);
  }

  begin(facts: RunFacts): void {
    this.#facts = facts;
    this.#io.stdout.write(`${describeRun(facts, this.#style)}\n`);
    const { characters, tokens } = facts.dataset.sizes.training;
    this.#progress = createProgress(this.#io.stdout, this.#style, {
      charactersPerToken: characters / tokens,
      unit: lossUnit(facts.dataset.tokenizer),
    });
  }

  event(event: TrainerEvent): void {
    this.#progress?.show(event);
  }

  end({ stop, samples, prompt }: RunEnd): void {
    this.close();
    const { stdout, env } = this.#io;
    const { path, settings } = this.#facts;
    stdout.write(`\n${describeEnd(stop, this.#facts, this.#style)}`);
    stdout.write(this.#describeSamples(samples, settings.temperature));
    const program = programName(env);
    const generate = `${program} generate ${shellWord(path)}`;
    const command = prompt ? `${generate} --prompt ${shellWord(prompt)}` : generate;
    stdout.write(`\nCheckpoint saved: ${path}\nGo on with:       ${this.#style.cyan(command)}\n`);
    if (stop.reason !== 'aborted') return;
    stdout.write(`Train on with:    ${this.#style.cyan(`${program} resume ${shellWord(path)}`)}\n`);
  }

  close(): void {
    this.#progress?.stop();
    this.#progress = undefined;
  }

  #describeSamples(samples: readonly DrawnSample[], temperature: number): string {
    const { bold, dim, yellow } = this.#style;
    if (!samples.length) return '';
    if (!samples[0].origin) {
      return `\n${bold('A passage')} (temperature ${temperature}):\n${samples[0].text.trim()}\n`;
    }
    const rows = samples.map(({ text, origin = 'new' }) => {
      return `  ${yellow(marks[origin])} ${origin === 'new' ? text : dim(text)}\n`;
    });
    return `\n${bold('Ten generated lines')} (temperature ${temperature}):\n${rows.join('')}  ${dim(legend)}\n`;
  }
}
