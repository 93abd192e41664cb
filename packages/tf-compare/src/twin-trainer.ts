/** TensorFlow's half of a training step: loss, gradients by `tf.variableGrads`, clipping, update. */
import type { LanguageModel } from '@rnnlab/rnn';
import { ConfigError } from '@rnnlab/tensor';
import type { Batch } from '@rnnlab/train';
import type * as tfjs from '@tensorflow/tfjs';
import type { TensorFlow } from './load-tensor-flow';
import { TensorFlowTwin, type TwinState } from './twin';

/** See the header of this file. */
export class TwinTrainer {
  readonly twin: TensorFlowTwin;
  readonly #tf: TensorFlow;
  readonly #optimizer: tfjs.Optimizer;
  readonly #clipNorm: number | undefined;
  #state: TwinState | undefined;

  constructor(
    tf: TensorFlow,
    model: LanguageModel,
    { optimizer, clipNorm }: { optimizer: tfjs.Optimizer; clipNorm?: number },
  ) {
    checkOneBias(model);
    this.#tf = tf;
    this.#optimizer = optimizer;
    this.#clipNorm = clipNorm;
    this.twin = new TensorFlowTwin(tf, model);
  }

  /** The next batch starts from zeros. */
  resetState(): void {
    for (const tensor of this.#state?.flat() ?? []) tensor.dispose();
    this.#state = undefined;
  }

  /**
   * One optimizer step.
   *
   * @param carriesState Keep the final state for the next batch.
   * @returns Nats per counted target, before the update.
   */
  step(batch: Batch, carriesState: boolean): number {
    const tf = this.#tf;
    const { twin } = this;
    const before = this.#state;
    let after: TwinState | undefined;
    const loss = tf.tidy(() => {
      const initial = before ?? twin.stateFrom(undefined, batch.ids.shape[1]);
      const variables = twin.weights.map(({ variable }) => variable);
      const { value, grads } = tf.variableGrads(() => {
        const { logits, state } = twin.forward(twin.embed(batch.ids), initial);
        if (carriesState) after = state.map((cell) => cell.map((part) => tf.keep(part)));
        return twin.loss(logits, batch);
      }, variables);
      this.#optimizer.applyGradients(this.#clipped(grads));
      return value.dataSync()[0];
    });
    this.resetState();
    this.#state = after;
    return loss;
  }

  dispose(): void {
    this.resetState();
    this.#optimizer.dispose();
    this.twin.dispose();
  }

  /** g·min(1, maxNorm / (norm + 1e-6)), as `clipGradNorm` of `@rnnlab/optimizers`. */
  #clipped(grads: tfjs.NamedTensorMap): tfjs.NamedTensorMap {
    const tf = this.#tf;
    if (this.#clipNorm === undefined) return grads;
    const squares = Object.values(grads).map((g) => tf.sum(tf.square(g)));
    const norm = tf.sqrt(tf.addN(squares));
    const coefficient = tf.minimum(1, tf.div(this.#clipNorm, tf.add(norm, 1e-6)));
    return Object.fromEntries(Object.entries(grads).map(([name, g]) => [name, tf.mul(g, coefficient)]));
  }
}

/** Two biases get the same gradient, so their sum moves twice as far as the one bias of TensorFlow. */
function checkOneBias({ recurrent }: LanguageModel): void {
  if (recurrent.options.recurrentBias) {
    throw new ConfigError(
      'TwinTrainer: the model has recurrentBias: true, whose two biases move their sum twice as far in a step as the one bias of TensorFlow.js. Make it without.',
    );
  }
}
