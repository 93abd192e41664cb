/**
 * How training shows where it is: a bar that redraws itself on a terminal, plain lines anywhere else.
 */
import { MultiBar, type SingleBar } from 'cli-progress';
import type { EvaluationEvent, StartEvent, StepEvent, TrainerEvent } from '@rnnlab/train';
import { duration, integer, nats } from './format';
import type { OutputStream } from './io';
import type { Style } from './style';

/** Told every event of a trainer. */
export interface Progress {
  show(event: TrainerEvent): void;
  /** Ends the display; whatever is written next stands below it. */
  stop(): void;
}

/** What is known at a moment, put together from the last events. */
interface Readings {
  start?: StartEvent;
  step?: StepEvent;
  evaluation?: EvaluationEvent;
}

/** What tokens are worth. */
export interface TokenMeasures {
  /** 1 for a character tokenizer. */
  charactersPerToken: number;
  /** Of losses; default `'nats/char'`. */
  unit?: string;
}

export function createProgress(stdout: OutputStream, style: Style, measures: TokenMeasures): Progress {
  return stdout.isTTY ? new ProgressBar(stdout, style, measures) : new ProgressLines(stdout, measures);
}

function remember(readings: Readings, event: TrainerEvent): void {
  if (event.type === 'start') readings.start = event;
  if (event.type === 'step') readings.step = event;
  if (event.type === 'evaluation') readings.evaluation = event;
}

/** `1,234 characters/s`, and the time left where an end is known. */
function speed({ step }: Readings, { charactersPerToken }: TokenMeasures): string[] {
  if (!step) return [];
  const rate = `${integer(step.tokensPerSecond * charactersPerToken)} chars/s`;
  return step.secondsLeft === undefined ? [rate] : [rate, `${duration(step.secondsLeft)} left`];
}

class ProgressBar implements Progress {
  readonly #stdout: OutputStream;
  readonly #draw: () => string;
  readonly #bars: MultiBar;
  readonly #bar: SingleBar;
  readonly #readings: Readings = {};

  constructor(stdout: OutputStream, style: Style, measures: TokenMeasures) {
    this.#stdout = stdout;
    this.#draw = () => drawBar(this.#readings, measures, stdout.columns || 80, style);
    this.#bars = new MultiBar({
      stream: stdout,
      fps: 12,
      clearOnComplete: true, // its last line would be cut short: it counts colour codes as columns
      hideCursor: false, // a second Ctrl-C could not bring it back
      gracefulExit: false, // signals are handled in one place: interrupt.ts
      format: this.#draw,
    });
    this.#bar = this.#bars.create(1, 0);
  }

  show(event: TrainerEvent): void {
    remember(this.#readings, event);
    this.#bar.update(0);
  }

  stop(): void {
    this.#bars.stop();
    this.#stdout.write(`${this.#draw()}\n`);
  }
}

/** Fits the line: the words shorten until a bar has room beside them. */
function drawBar(readings: Readings, measures: TokenMeasures, columns: number, style: Style): string {
  const { start, step, evaluation } = readings;
  const done = start?.lastStep ? Math.min(1, (step?.step ?? start.step) / start.lastStep) : undefined;
  const [train, validation] = [nats(step?.smoothedLoss), nats(evaluation?.loss)];
  const timing = speed(readings, measures);
  const { unit = 'nats/char' } = measures;
  const long = [steps(readings), `train ${train}`, `validation ${validation} ${unit}`, ...timing].join(' · ');
  const short = [
    steps(readings).replace('step ', ''),
    `train ${train} val ${validation} ${unit}`,
    ...timing.map((text) => text.replace(/,\d{3} chars/, 'k chars').replace(' min', '')),
  ].join(' · ');
  const words = columns - long.length >= least ? long : short;
  const room = Math.min(30, columns - words.length - 7); // a bar, ' 100% ' and a free column
  if (done === undefined || room < 4) return words.slice(0, columns - 1);
  return `${drawTrack(done, room, style)} ${String(Math.floor(done * 100)).padStart(3)}% ${words}`;
}

/** A bar of `room` columns, filled as far as the share that is done. */
export function drawTrack(done: number, room: number, style: Style): string {
  const filled = Math.round(done * room);
  return style.green('█'.repeat(filled)) + style.dim('░'.repeat(room - filled));
}

/** Columns beside the words that are worth having: a bar of ten and its percentage. */
const least = 17;

function steps({ start, step }: Readings): string {
  const taken = integer(step?.step ?? start?.step ?? 0);
  return start?.lastStep ? `step ${taken}/${integer(start.lastStep)}` : `step ${taken}`;
}

/** One line an evaluation, and one every so many seconds between them. */
class ProgressLines implements Progress {
  static readonly #interval = 15;
  readonly #stdout: OutputStream;
  readonly #measures: TokenMeasures;
  readonly #readings: Readings = {};
  #lastLine = 0;

  constructor(stdout: OutputStream, measures: TokenMeasures) {
    this.#stdout = stdout;
    this.#measures = measures;
  }

  show(event: TrainerEvent): void {
    remember(this.#readings, event);
    const due = event.type === 'step' && event.seconds - this.#lastLine >= ProgressLines.#interval;
    if (event.type !== 'evaluation' && !due) return;
    this.#lastLine = event.seconds;
    const { step, evaluation } = this.#readings;
    const train =
      event.type === 'evaluation' ? (event.trainingLoss ?? step?.smoothedLoss) : step?.smoothedLoss;
    const words = [
      steps(this.#readings),
      `epoch ${event.epoch}`,
      `train ${nats(train)}`,
      `validation ${nats(evaluation?.loss)} ${this.#measures.unit ?? 'nats/char'}`,
      ...speed(this.#readings, this.#measures),
    ];
    this.#stdout.write(`${words.join(' · ')}\n`);
  }

  stop(): void {}
}
