/**
 * A run as JSON, one object a line: on stdout with `--json`, in a file with `--log`.
 *
 *   { "type": "run", … }         first: corpus, settings, model, reference lines
 *   { "type": "step", … } …      every event of the trainer, as @rnnlab/train documents them
 *   { "type": "end", … }         last: why it ended, samples, where the checkpoint is
 *
 * A number that is not finite becomes null.
 */
import type { TrainerEvent } from '@rnnlab/train';
import type { RunEnd, RunFacts, RunObserver } from './run-observer';

export class JsonLines implements RunObserver {
  readonly #write: (line: string) => void;
  readonly #close?: () => void;
  #path = '';

  /** @param close Called last of all, also after an error. */
  constructor(write: (line: string) => void, close?: () => void) {
    this.#write = write;
    this.#close = close;
  }

  begin({ file, files, settings, dataset, model, reference, path }: RunFacts): void {
    this.#path = path;
    const { sizes } = dataset;
    const parameters = model.parameters().reduce((sum, { value }) => sum + value.size, 0);
    this.#line({
      type: 'run',
      file,
      files,
      checkpoint: path,
      settings,
      model: model.config,
      parameters,
      sizes,
      reference,
    });
  }

  event(event: TrainerEvent): void {
    this.#line(event.type === 'stop' ? { ...event, error: event.error?.message } : event);
  }

  end({ stop, samples }: RunEnd): void {
    const { reason, step, bestLoss, bestStep } = stop;
    this.#line({ type: 'end', reason, step, bestLoss, bestStep, samples, checkpoint: this.#path });
  }

  close(): void {
    this.#close?.();
  }

  #line(value: object): void {
    this.#write(`${JSON.stringify(value)}\n`);
  }
}
