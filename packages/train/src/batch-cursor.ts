/**
 * Reads a dataset's training batches epoch by epoch, looking one batch ahead: so the last batch of an epoch is
 * known when it is read, also where the dataset cannot say how many there are.
 */
import { CorpusError } from './corpus-error';
import type { Batch, Dataset } from './dataset';

/** The batches of one optimizer step. */
export interface BatchGroup {
  batches: Batch[];
  /** Whether nothing is left of the epoch behind them. */
  endsEpoch: boolean;
}

/** See the header of this file. */
export class BatchCursor {
  readonly #dataset: Dataset;
  readonly #batchSize: number;
  readonly #seed: number;
  #batches?: AsyncIterator<Batch> | Iterator<Batch>;
  #ahead?: Batch;

  constructor(dataset: Dataset, batchSize: number, seed: number) {
    this.#dataset = dataset;
    this.#batchSize = batchSize;
    this.#seed = seed;
  }

  /** Up to `count` batches of `epoch`. `start` is used only after {@link reset}: else reading goes on. */
  async next(count: number, epoch: number, start: number): Promise<BatchGroup> {
    if (!this.#batches) {
      const wanted = { batchSize: this.#batchSize, epoch, start, seed: this.#seed };
      const source = this.#dataset.trainingBatches(wanted);
      this.#batches =
        Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
      await this.#advance();
    }
    const batches: Batch[] = [];
    while (this.#ahead && batches.length < count) {
      batches.push(this.#ahead);
      await this.#advance();
    }
    if (!batches.length) {
      throw new CorpusError(`Trainer: the dataset has no training batch ${start} in epoch ${epoch}.`);
    }
    const endsEpoch = this.#ahead === undefined;
    if (endsEpoch) this.reset();
    return { batches, endsEpoch };
  }

  /** Forgets where it was. */
  reset(): void {
    this.#batches = undefined;
    this.#ahead = undefined;
  }

  async #advance(): Promise<void> {
    const { done, value } = await this.#batches!.next();
    this.#ahead = done ? undefined : value;
  }
}
