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
  /** Of the validation part; 1 for a character tokenizer. */
  #tokensPerCharacter = NaN;

  /** @param close Called last of all, also after an error. */
  constructor(write: (line: string) => void, close?: () => void) {
    this.#write = write;
    this.#close = close;
  }

  begin({ file, files, settings, dataset, model, reference, path }: RunFacts): void {
    this.#path = path;
    const { sizes } = dataset;
    this.#tokensPerCharacter = sizes.validation.tokens / sizes.validation.characters;
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
    const bestPerCharacter = bestLoss === undefined ? undefined : bestLoss * this.#tokensPerCharacter;
    const best = { bestLoss, bestPerCharacter, bestStep };
    this.#line({ type: 'end', reason, step, ...best, samples, checkpoint: this.#path });
  }

  close(): void {
    this.#close?.();
  }

  #line(value: object): void {
    this.#write(`${JSON.stringify(value)}\n`);
  }
}
