/**
 * The training loop: batches → loss → gradient → clip → optimizer step, with everything around it told as
 * events (trainer-events.ts).
 *
 * Between two steps the loop does what is due there: the event of a finished epoch, an evaluation, a checkpoint
 * event, samples. What was done at which step is part of the state, so a run that is saved at any event goes on
 * as if it had not stopped. The gradient is one step's mean over all its real targets (training-step.ts).
 */
import { Breath } from '@rnnlab/rnn';
import { ConfigError, type Parameter, type Workspace } from '@rnnlab/tensor';
import { BatchCursor } from './batch-cursor';
import { derivedRng } from './derived-rng';
import type { DivergenceError } from './divergence';
import { evaluate } from './evaluate';
import { EvaluatedWeights } from './evaluated-weights';
import { evaluationEvent } from './evaluation-event';
import { endsInterval } from './interval';
import { modelWorkspace } from './model-workspace';
import { takeOptimizerStep } from './optimizer-step';
import { RunClock } from './run-clock';
import { lastStep, startFacts, stopReason } from './run-plan';
import { sampleTexts } from './sample-texts';
import { checkTrainerOptions } from './trainer-checks';
import type { EvaluationEvent, StopEvent, StopReason, TrainerEvent } from './trainer-events';
import type { RunOptions, TrainerOptions } from './trainer-options';
import { loadTrainerState, newMemory, saveTrainerState, type TrainerMemory } from './trainer-memory';
import type { TrainerState } from './trainer-state';
import { takeSnapshot, updateToWeightRatio, type WeightSnapshot } from './weight-snapshot';

/** Path of the generators of samples, beside those of the shuffles. */
const samplePath = 0x5a;

/**
 * Trains a language model on a dataset.
 *
 * @example
 * ```ts
 * import { Adam } from '@rnnlab/optimizers';
 * import { createLanguageModel, LinesDataset, Trainer } from '@rnnlab/train';
 *
 * const dataset = new LinesDataset(['ada', 'grace', 'hedy', 'jean', 'mary'], { validationEvery: 5 });
 * const model = createLanguageModel({ cell: 'gru', vocabSize: dataset.tokenizer.vocabSize, hiddenSize: 8 });
 * const optimizer = new Adam(model.parameters(), { learningRate: 0.01 });
 * const trainer = new Trainer({ model, dataset, optimizer, batchSize: 2, epochs: 2 });
 * for await (const event of trainer.run()) {
 *   if (event.type === 'evaluation') console.log(event.epoch, event.loss.toFixed(2), 'nats per character');
 * }
 * ```
 */
export class Trainer {
  readonly options: Readonly<TrainerOptions>;
  readonly #parameters: readonly Parameter[];
  readonly #batches: BatchCursor;
  readonly #memory: TrainerMemory;
  readonly #evaluated: EvaluatedWeights;
  readonly #clock = new RunClock();
  readonly #workspace: Workspace;
  /** Its own, since its batches have another shape: in one workspace each would push the other's memory out. */
  readonly #evaluationWorkspace: Workspace;
  /** The weights that the last usable loss was computed with. */
  readonly #good: WeightSnapshot;
  /** The best of an evaluation at the end of a run, which is no part of the run that may go on. */
  #finalBest?: { loss: number; step: number; weights: WeightSnapshot };
  #running = false;
  #paused = false;

  /** @throws {@link ConfigError} for options that are impossible, alone or together. */
  constructor(options: TrainerOptions) {
    checkTrainerOptions(options);
    this.options = options;
    this.#parameters = options.model.parameters();
    this.#good = takeSnapshot(this.#parameters);
    this.#workspace = modelWorkspace(options.model);
    this.#evaluationWorkspace = modelWorkspace(options.model);
    this.#batches = new BatchCursor(options.dataset, options.batchSize ?? 32, options.seed ?? 0);
    this.#memory = newMemory(options);
    this.#evaluated = new EvaluatedWeights(this.#parameters, this.#memory);
  }

  /** Optimizer steps taken. */
  get step(): number {
    return this.#memory.progress.step;
  }

  /** Epochs completed. */
  get epoch(): number {
    return this.#memory.progress.epoch;
  }

  /** Trains until the options, {@link pause} or the signal end it. Called again, it goes on. */
  async *run({ signal }: RunOptions = {}): AsyncGenerator<TrainerEvent, void, undefined> {
    if (this.#running)
      throw new ConfigError('Trainer.run: it is running. Stop it first, with pause() or a signal.');
    this.#beginRun();
    const breath = new Breath();
    try {
      yield this.#emit({
        type: 'start',
        ...this.#progress(),
        resumed: this.step > 0,
        ...startFacts(this.options),
      });
      for (;;) {
        yield* this.#dueWork(signal);
        await breath.ifDue();
        const reason = this.#stopReason(signal);
        if (reason) return yield* this.#finish(reason, signal);
        const error = yield* this.#takeStep();
        if (error) {
          yield this.#emit({ ...this.#stopEvent('diverged', false), error });
          throw error;
        }
      }
    } finally {
      this.#memory.progress.seconds = this.#clock.seconds;
      this.#running = false;
    }
  }

  /** Ends the run behind the step under way, with reason `'paused'`. `run()` goes on. */
  pause(): void {
    this.#paused = true;
  }

  /** Loss on the whole validation split, now. Changes nothing. */
  async evaluate(signal?: AbortSignal): Promise<{ loss: number; tokens: number }> {
    const { model, dataset, evaluationBatchSize, batchSize = 32 } = this.options;
    const workspace = this.#evaluationWorkspace;
    const settings = { batchSize: evaluationBatchSize ?? batchSize, signal, workspace };
    return this.#evaluated.use(() => evaluate(model, dataset, settings));
  }

  /** Texts drawn from the model as it is now; the same at the same step. Changes nothing. */
  async sample(signal?: AbortSignal): Promise<string[]> {
    const { model, dataset, sample, seed = 0 } = this.options;
    const rng = derivedRng(seed, samplePath, this.step);
    return this.#evaluated.use(() => sampleTexts(model, dataset, { ...sample, rng, signal }));
  }

  /** A copy of everything needed to go on bit for bit. See {@link TrainerState}. */
  stateDict(): TrainerState {
    const seconds = this.#running ? this.#clock.seconds : this.#memory.progress.seconds;
    return saveTrainerState(this.options, this.#memory, seconds);
  }

  /**
   * Takes over a state of {@link stateDict}, into the model, the optimizer and this trainer.
   *
   * @throws {@link CheckpointError} when it is damaged, or of another model, optimizer, dataset or batch size;
   *   nothing is changed then.
   */
  loadStateDict(state: TrainerState): void {
    if (this.#running) throw new ConfigError('Trainer.loadStateDict: it is running. Stop it first.');
    this.#evaluated.requireIdle('Trainer.loadStateDict');
    loadTrainerState(this.options, this.#memory, state);
    this.#batches.reset();
    this.#finalBest = undefined;
    takeSnapshot(this.#parameters, this.#good);
  }

  #beginRun(): void {
    // The weights that a run left at its end are for use; training goes on from the last ones.
    this.#evaluated.giveBack('Trainer.run');
    this.#running = true;
    this.#paused = false;
    this.#clock.begin(this.#memory.progress.seconds);
    this.#finalBest = undefined;
  }

  #emit<E extends TrainerEvent>(event: E): E {
    this.options.onEvent?.(event);
    return event;
  }

  #progress() {
    return { step: this.step, epoch: this.epoch, seconds: this.#clock.seconds };
  }

  /** Everything that belongs between two steps and was not done at this one. */
  async *#dueWork(signal: AbortSignal | undefined): AsyncGenerator<TrainerEvent, void, undefined> {
    const { progress } = this.#memory;
    const { step, done } = progress;
    const { evaluateEvery = { epochs: 1 }, sample, checkpointEvery, dataset } = this.options;
    if (endsInterval({ epochs: 1 }, progress) && done.epoch !== step) {
      const { nats, tokens } = progress.inEpoch;
      done.epoch = step;
      progress.inEpoch = { nats: 0, tokens: 0 };
      yield this.#emit({ type: 'epoch', ...this.#progress(), loss: nats / tokens });
    }
    const measured = dataset.sizes.validation.tokens > 0 && endsInterval(evaluateEvery, progress);
    if (measured && done.evaluation !== step) {
      const event = await this.#measure(signal);
      if (!event) return; // aborted in the middle: done again when the run goes on
      done.evaluation = step;
      progress.sinceEvaluation = { nats: 0, tokens: 0 };
      progress.evaluationsSinceBest = event.evaluationsSinceBest;
      if (event.best) {
        progress.best = { loss: event.loss, step };
        this.#memory.best = this.#evaluated.snapshot(this.#memory.best);
      }
      yield this.#emit(event);
      if (event.best) yield this.#emit({ type: 'checkpoint', ...this.#progress(), reason: 'best' });
    }
    if (endsInterval(checkpointEvery, progress) && done.checkpoint !== step) {
      done.checkpoint = step;
      yield this.#emit({ type: 'checkpoint', ...this.#progress(), reason: 'interval' });
    }
    if (sample && endsInterval(sample.every ?? { epochs: 1 }, progress) && done.sample !== step) {
      const texts = await this.sample(signal);
      if (signal?.aborted) return;
      done.sample = step;
      yield this.#emit({ type: 'sample', ...this.#progress(), texts });
    }
  }

  /** The evaluation event of this moment; `undefined` when the signal cut it short. */
  async #measure(signal: AbortSignal | undefined): Promise<EvaluationEvent | undefined> {
    const started = performance.now();
    const { loss } = await this.evaluate(signal);
    if (signal?.aborted) return undefined;
    const before = this.#clock.steps ? this.#good : undefined;
    const event = evaluationEvent(this.options, this.#memory.progress, {
      loss,
      parameters: this.#parameters,
      before,
    });
    return { ...event, ...this.#progress(), evaluationSeconds: (performance.now() - started) / 1000 };
  }

  #stopReason(signal: AbortSignal | undefined): StopReason | undefined {
    if (signal?.aborted) return 'aborted';
    return (
      stopReason(this.options, this.#memory.progress, this.#clock.seconds) ??
      (this.#paused ? 'paused' : undefined)
    );
  }

  /** One optimizer step, or the reason why it was not taken. */
  async *#takeStep(): AsyncGenerator<TrainerEvent, DivergenceError | undefined, undefined> {
    const { options } = this;
    const { progress, smoothed } = this.#memory;
    const { accumulationSteps = 1, timeLimit, evaluateEvery = { epochs: 1 } } = options;
    const group = await this.#batches.next(accumulationSteps, progress.epoch, progress.batch);
    const started = performance.now();
    this.#evaluated.requireIdle('Trainer.run');
    const taken = takeOptimizerStep(options, this.#memory, group, this.#good, this.#workspace);
    if (taken instanceof Error) {
      this.#batches.reset();
      return taken;
    }
    if (endsInterval(evaluateEvery, progress)) {
      progress.updateToWeightRatio = updateToWeightRatio(this.#parameters, this.#good);
    } else delete progress.updateToWeightRatio;
    const tokensPerSecond = this.#clock.stepped(taken.tokens, (performance.now() - started) / 1000);
    yield this.#emit({
      type: 'step',
      ...this.#progress(),
      ...taken,
      smoothedLoss: smoothed.add(taken.loss),
      tokensPerSecond,
      secondsLeft: this.#clock.secondsLeft(this.step, lastStep(options), timeLimit),
    });
    return undefined;
  }

  /** The end of a run that did not fail. */
  async *#finish(
    reason: StopReason,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<TrainerEvent, void, undefined> {
    const { progress } = this.#memory;
    const { step } = progress;
    const complete = reason !== 'aborted' && reason !== 'paused';
    if (this.#clock.steps) yield this.#emit({ type: 'checkpoint', ...this.#progress(), reason: 'stop' });
    const measured = progress.done.evaluation === step || !this.options.dataset.sizes.validation.tokens;
    if (complete && step > 0 && !measured) {
      const event = await this.#measure(signal);
      if (event?.best) this.#finalBest = { loss: event.loss, step, weights: this.#evaluated.snapshot() };
      if (event) yield this.#emit(event);
      if (event?.best) yield this.#emit({ type: 'checkpoint', ...this.#progress(), reason: 'best' });
    }
    const best = this.#best();
    const restoredBest = complete && this.options.restoreBest !== false && best !== undefined;
    if (restoredBest && best.step !== step) this.#evaluated.keep(best.weights);
    else if (complete) this.#evaluated.keep();
    yield this.#emit(this.#stopEvent(reason, restoredBest));
  }

  #best(): { loss: number; step: number; weights: WeightSnapshot } | undefined {
    const { progress, best } = this.#memory;
    return this.#finalBest ?? (progress.best && best && { ...progress.best, weights: best });
  }

  #stopEvent(reason: StopReason, restoredBest: boolean): StopEvent {
    const best = this.#best();
    const facts = { bestLoss: best?.loss, bestStep: best?.step, restoredBest };
    return { type: 'stop', ...this.#progress(), reason, ...facts };
  }
}
