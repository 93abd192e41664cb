/**
 * The same first weights, the same batches, the same optimizer with the same numbers in it, k steps: both losses of every
 * step, and how far the weights are apart after it.
 *
 * The optimizer follows TensorFlow.js (`convention: 'tfjs'`), and TensorFlow's gets every number from ours: no default of
 * either side decides anything. Clipping is by the norm of all gradients together, with PyTorch's ε = 1e-6 on both sides.
 *
 * What is left is rounding. Both compute in float32 and sum in another order, so the losses start about 1e-7 apart; training
 * is a dynamical system, and a difference of the weights grows from step to step at the rate that the loss surface gives it.
 */
import { Breath, type LanguageModel } from '@rnnlab/rnn';
import type { Batch } from '@rnnlab/train';
import { distanceOf } from './difference';
import type { TensorFlow } from './load-tensor-flow';
import { ScratchTrainer } from './scratch-trainer';
import { createOptimizers, type TwinOptimizerOptions } from './twin-optimizers';
import { TwinTrainer } from './twin-trainer';

/** What both sides do. */
export interface TrainingPlan {
  /** Taken in turn; they begin again when they end, each with a fresh state. */
  batches: Iterable<Batch> | (() => Iterable<Batch>);
  /** k */
  steps: number;
  optimizer: TwinOptimizerOptions;
  /** Largest norm of the gradient. Default: no clipping. */
  clipNorm?: number;
  /** Whether a batch starts in the state that the one before ended in, as in a `TextDataset`. Default false. */
  carriesState?: boolean;
  /** Compare the weights only after every so many steps. Default 1. */
  measureEvery?: number;
  /** Told of every step, e.g. to show progress. */
  onStep?: (step: TrainingStep) => void;
  /** Ends the comparison early. */
  signal?: AbortSignal;
}

/** One step. */
export interface TrainingStep {
  /** From 1. */
  step: number;
  /** Nats per counted target, before the update. */
  loss: { rnnlab: number; tensorflow: number };
  /** |difference of the losses| / TensorFlow's. */
  relative: number;
  /** ‖w − w′‖₂ / ‖w′‖₂ over all weights, after the update; only where it was measured. */
  distance?: number;
  /** The same for each parameter by name. */
  distances?: Record<string, number>;
}

/** See the header of this file. */
export interface TrainingComparison {
  steps: TrainingStep[];
  /** The largest relative difference of the losses. */
  largestLossDifference: number;
  /** The last measured distance of the weights. */
  distance: number;
  /** Milliseconds in training steps alone, comparisons left out. */
  milliseconds: { rnnlab: number; tensorflow: number };
  /** TensorFlow's network after the last step; dispose of it. */
  trainer: TwinTrainer;
}

/**
 * Trains `model` and its twin side by side.
 *
 * @param model Is trained: afterwards it has the weights of the last step.
 * @throws {@link ConfigError} for a model or an optimizer that TensorFlow.js has no counterpart of.
 *
 * @example
 * ```ts
 * import { LinesDataset, createLanguageModel } from '@rnnlab/train';
 * import { compareTraining, loadTensorFlow } from '@rnnlab/tf-compare';
 *
 * const engine = await loadTensorFlow({ engine: 'cpu' });
 * const dataset = new LinesDataset(['ada', 'grace', 'hedy', 'jean', 'mary'], { validationEvery: 5 });
 * const model = createLanguageModel({ cell: 'lstm', vocabSize: dataset.tokenizer.vocabSize, hiddenSize: 6, seed: 1 });
 * const batches = [...dataset.trainingBatches({ batchSize: 2, epoch: 0 })];
 * const plan = { batches, steps: 5, optimizer: { name: 'adam', learningRate: 0.01 } } as const;
 * const { steps, trainer } = await compareTraining(engine, model, plan);
 * console.log(steps.length, steps[4].relative < 1e-5); // 5 true
 * trainer.dispose();
 * ```
 */
export async function compareTraining(
  engine: { readonly tf: TensorFlow },
  model: LanguageModel,
  plan: TrainingPlan,
): Promise<TrainingComparison> {
  const { clipNorm, carriesState = false, measureEvery = 1, onStep, signal } = plan;
  const optimizers = createOptimizers(engine.tf, model.parameters(), plan.optimizer);
  const trainer = new TwinTrainer(engine.tf, model, { optimizer: optimizers.tensorflow, clipNorm });
  const scratch = new ScratchTrainer(model, { optimizer: optimizers.rnnlab, clipNorm });
  const milliseconds = { rnnlab: 0, tensorflow: 0 };
  const steps: TrainingStep[] = [];
  const breath = new Breath();
  try {
    for (const { batch, first } of inTurn(plan)) {
      if (signal?.aborted) break;
      if (first) {
        scratch.resetState();
        trainer.resetState();
      }
      const step = steps.length + 1;
      const before = performance.now();
      const own = scratch.step(batch, carriesState);
      const between = performance.now();
      const theirs = trainer.step(batch, carriesState);
      milliseconds.rnnlab += between - before;
      milliseconds.tensorflow += performance.now() - between;
      const taken: TrainingStep = {
        step,
        loss: { rnnlab: own, tensorflow: theirs },
        relative: Math.abs(own - theirs) / Math.abs(theirs),
        ...(step % measureEvery === 0 || step === plan.steps ? weightDistances(model, trainer) : {}),
      };
      steps.push(taken);
      onStep?.(taken);
      await breath.ifDue(); // or no signal would come through
    }
  } catch (error) {
    trainer.dispose();
    throw error;
  } finally {
    scratch.dispose();
  }
  return {
    steps,
    largestLossDifference: steps.reduce((max, { relative }) => Math.max(max, relative), 0),
    distance: steps.findLast(({ distance }) => distance !== undefined)?.distance ?? NaN,
    milliseconds,
    trainer,
  };
}

/** The batches one after the other, as often as it takes. */
function* inTurn({ batches, steps }: TrainingPlan): Generator<{ batch: Batch; first: boolean }> {
  for (let taken = 0; taken < steps; ) {
    let first = true;
    for (const batch of typeof batches === 'function' ? batches() : batches) {
      yield { batch, first };
      first = false;
      if (++taken === steps) return;
    }
    if (first) return; // there are none
  }
}

function weightDistances(model: LanguageModel, trainer: TwinTrainer) {
  const theirs = trainer.twin.stateDict();
  const pairs = model
    .parameters()
    .filter(({ name }) => theirs.has(name))
    .map(({ name, value }) => [name, [value.data, theirs.get(name)!.data] as const] as const);
  return {
    distance: distanceOf(pairs.map(([, pair]) => pair)),
    distances: Object.fromEntries(pairs.map(([name, pair]) => [name, distanceOf([pair])])),
  };
}
