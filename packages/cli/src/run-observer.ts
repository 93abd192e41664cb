import type { ConfiguredLanguageModel, Dataset, StopEvent, TrainerEvent } from '@rnnlab/train';
import type { DrawnSample } from './draw-samples';
import type { CountedLines } from './train-report';
import type { TrainSettings } from './train-settings';

/** What is known of a run before its first step. */
export interface RunFacts {
  /** The corpus, as it was named. */
  files: readonly string[];
  /** The same in one string, to be read. */
  file: string;
  settings: TrainSettings;
  /** Why the corpus counts as lines or as one text. */
  because: string;
  dataset: Dataset;
  model: ConfiguredLanguageModel;
  /** `undefined` without a validation part. */
  reference: CountedLines | undefined;
  /** Where the checkpoint goes. */
  path: string;
}

/** What a run has led to. The checkpoint is on the disk. */
export interface RunEnd {
  stop: StopEvent;
  /** Drawn from the best weights; empty when the run was interrupted. */
  samples: readonly DrawnSample[];
  /** A prompt that the model knows. */
  prompt: string;
}

/** Someone who watches a run: the terminal, a log, a report. Told in this order. */
export interface RunObserver {
  begin?(facts: RunFacts): void;
  event(event: TrainerEvent): void;
  end?(end: RunEnd): void | Promise<void>;
  /** Last of all, also after an error. */
  close?(): void;
}
