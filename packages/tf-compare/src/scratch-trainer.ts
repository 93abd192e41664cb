/** Our half of a training step: loss, hand-derived gradients, clipping, update. The counterpart of `TwinTrainer`. */
import { clipGradNorm } from '@rnnlab/optimizers';
import type { LanguageModel, RecurrentState } from '@rnnlab/rnn';
import { Workspace, type Parameter } from '@rnnlab/tensor';
import type { Batch } from '@rnnlab/train';

/** See the header of this file. */
export class ScratchTrainer {
  readonly #model: LanguageModel;
  readonly #parameters: readonly Parameter[];
  readonly #optimizer: { step(): unknown };
  readonly #clipNorm: number | undefined;
  readonly #workspace: Workspace;
  #state: RecurrentState | undefined;

  constructor(
    model: LanguageModel,
    { optimizer, clipNorm }: { optimizer: { step(): unknown }; clipNorm?: number },
  ) {
    this.#model = model;
    this.#parameters = model.parameters();
    this.#optimizer = optimizer;
    this.#clipNorm = clipNorm;
    this.#workspace = new Workspace(model.recurrent.cells[0][0].backend);
  }

  /** Bytes that a step works in, without weights and gradients. */
  get byteLength(): number {
    return this.#workspace.byteLength;
  }

  /** The next batch starts from zeros. */
  resetState(): void {
    this.#state = undefined;
  }

  /**
   * One optimizer step.
   *
   * @param carriesState Keep the final state for the next batch.
   * @returns Nats per counted target, before the update.
   */
  step({ ids, targets, lengths }: Batch, carriesState: boolean): number {
    const model = this.#model;
    model.zeroGrad();
    const loss = this.#workspace.run(() => {
      const pass = model.forward(ids, targets, { state: this.#state, lengths });
      model.backward(pass.cache);
      const { h, c } = pass.state;
      this.#state = carriesState ? { h: h.clone(), ...(c && { c: c.clone() }) } : undefined;
      return pass.loss;
    });
    if (this.#clipNorm !== undefined) clipGradNorm(this.#parameters, this.#clipNorm);
    this.#optimizer.step();
    return loss;
  }

  dispose(): void {
    this.#workspace.dispose();
  }
}
