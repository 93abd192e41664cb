/**
 * How long does a training step take on either side, and how much memory does it work in, at sizes of your own?
 *
 * Both take turns, round by round, so that whatever else the machine does meets both; the median of the rounds counts. A
 * step is everything: forward, gradients of everything, clipping by norm, Adam. A first round warms up and does not count.
 *
 * Memory is what a step holds at its peak in numbers. Ours: weights, gradients, both slots of Adam, and the workspace that
 * every step uses again. TensorFlow's: all its tensors at the fullest moment of a step, as `tf.profile` counts them.
 */
import { Rng, Tensor } from '@rnnlab/tensor';
import { createLanguageModel, type Batch, type LanguageModelConfig } from '@rnnlab/train';
import type { TensorFlow } from './load-tensor-flow';
import { ScratchTrainer } from './scratch-trainer';
import { createOptimizers } from './twin-optimizers';
import { TwinTrainer } from './twin-trainer';

/** The work. */
export interface SpeedPlan {
  /** A GRU needs `resetAfter: false`, the form that TensorFlow.js has. */
  model: LanguageModelConfig;
  /** T */
  seqLen: number;
  /** B */
  batchSize: number;
  /** Rounds that count. Default 3. */
  rounds?: number;
  /** Least length of either side's part of a round. Default 300 milliseconds; one step at least. */
  milliseconds?: number;
  /** Ends the measurement behind the round under way. */
  signal?: AbortSignal;
}

/** One side. */
export interface SideSpeed {
  /** Median over the rounds. */
  tokensPerSecond: number;
  /** The same as time: milliseconds of one step. */
  millisecondsPerStep: number;
  /** Tokens per second of every round. */
  rounds: number[];
  /** At the peak of a step, see the header of this file. */
  bytes: number;
}

/** See the header of this file. */
export interface SpeedComparison {
  rnnlab: SideSpeed;
  tensorflow: SideSpeed;
  /** How many times faster rnnlab is. */
  ratio: number;
}

/**
 * Measures training steps on random tokens.
 *
 * @throws {@link ConfigError} for a model that TensorFlow.js has no counterpart of.
 *
 * @example
 * ```ts
 * import { compareSpeed, loadTensorFlow } from '@rnnlab/tf-compare';
 *
 * const engine = await loadTensorFlow({ engine: 'cpu' });
 * const model = { cell: 'lstm', vocabSize: 27, hiddenSize: 16 } as const;
 * const { rnnlab, tensorflow } = await compareSpeed(engine, { model, seqLen: 8, batchSize: 4, milliseconds: 50 });
 * console.log(Math.round(rnnlab.tokensPerSecond), Math.round(tensorflow.tokensPerSecond), tensorflow.bytes);
 * ```
 */
export async function compareSpeed(
  engine: { readonly tf: TensorFlow },
  plan: SpeedPlan,
): Promise<SpeedComparison> {
  const { rounds = 3, milliseconds = 300, signal } = plan;
  const model = createLanguageModel(plan.model);
  const optimizer = { name: 'adam', learningRate: 0.001 } as const;
  const optimizers = createOptimizers(engine.tf, model.parameters(), optimizer);
  const theirs = new TwinTrainer(engine.tf, model, { optimizer: optimizers.tensorflow, clipNorm: 5 });
  const ours = new ScratchTrainer(model, { optimizer: optimizers.rnnlab, clipNorm: 5 });
  try {
    const batch = randomBatch(plan);
    const rates = { rnnlab: [] as number[], tensorflow: [] as number[] };
    for (let round = 0; round <= rounds && !(signal?.aborted && round > 1); round++) {
      const own = rateOf(() => ours.step(batch, false), batch.count, milliseconds);
      const other = rateOf(() => theirs.step(batch, false), batch.count, milliseconds);
      if (round === 0) continue;
      rates.rnnlab.push(own);
      rates.tensorflow.push(other);
      await new Promise((resolve) => setTimeout(resolve)); // let timers and signals through
    }
    const { peakBytes } = await engine.tf.profile(() => void theirs.step(batch, false) as never);
    const weights = model.parameters().reduce((sum, { value }) => sum + value.data.byteLength, 0);
    const rnnlab = sideOf(rates.rnnlab, batch.count, 4 * weights + ours.byteLength);
    const tensorflow = sideOf(rates.tensorflow, batch.count, peakBytes);
    return { rnnlab, tensorflow, ratio: rnnlab.tokensPerSecond / tensorflow.tokensPerSecond };
  } finally {
    theirs.dispose();
    ours.dispose();
  }
}

function randomBatch({ model, seqLen, batchSize }: SpeedPlan): Batch {
  const rng = new Rng(1);
  const count = seqLen * batchSize;
  const random = () =>
    Tensor.from(
      Int32Array.from({ length: count }, () => rng.int(model.vocabSize)),
      { shape: [seqLen, batchSize] },
    );
  return { ids: random(), targets: random(), count };
}

/** Tokens per second. */
function rateOf(step: () => void, tokens: number, milliseconds: number): number {
  const started = performance.now();
  let [steps, passed] = [0, 0];
  do {
    step();
    steps++;
    passed = performance.now() - started;
  } while (passed < milliseconds);
  return (1000 * steps * tokens) / passed;
}

function sideOf(rounds: number[], tokens: number, bytes: number): SideSpeed {
  const sorted = [...rounds].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const tokensPerSecond = (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2;
  return { tokensPerSecond, millisecondsPerStep: (1000 * tokens) / tokensPerSecond, rounds, bytes };
}
