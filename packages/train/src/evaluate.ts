import { Breath, type LanguageModel, type RecurrentState } from '@rnnlab/rnn';
import type { Workspace } from '@rnnlab/tensor';
import type { Batch, Dataset } from './dataset';
import { keepState, modelWorkspace } from './model-workspace';

/** What {@link evaluate} measures. */
export interface Evaluation {
  /** Nats per real token; NaN when there is none. */
  loss: number;
  /** Real tokens measured. */
  tokens: number;
}

/**
 * The loss of a model on the whole validation split (or on batches of your own): no dropout, no gradient, the
 * mean over all real tokens, not over batches.
 *
 * @param options `signal` ends it early, with what was measured so far; `workspace` is used again where there is one.
 *
 * @example
 * ```ts
 * import { createLanguageModel, evaluate, LinesDataset } from '@rnnlab/train';
 *
 * const dataset = new LinesDataset(['ada', 'grace', 'hedy', 'jean'], { validationEvery: 4 });
 * const model = createLanguageModel({ cell: 'rnn', vocabSize: dataset.tokenizer.vocabSize, hiddenSize: 8 });
 * const { loss, tokens } = await evaluate(model, dataset);
 * console.log(tokens); // 5: j, e, a, n and the end of the line
 * ```
 */
export async function evaluate(
  model: LanguageModel,
  dataset: Pick<Dataset, 'carriesState' | 'validationBatches'>,
  options: { batchSize?: number; signal?: AbortSignal; workspace?: Workspace } = {},
): Promise<Evaluation> {
  const breath = new Breath();
  const workspace = options.workspace ?? modelWorkspace(model);
  const batches: Iterable<Batch> | AsyncIterable<Batch> = dataset.validationBatches(options.batchSize ?? 32);
  let state: RecurrentState | undefined;
  let [nats, tokens] = [0, 0];
  for await (const batch of batches) {
    workspace.run(() => {
      const result = model.forward(batch.ids, batch.targets, { state, lengths: batch.lengths });
      if (batch.count) nats += result.loss * batch.count;
      if (dataset.carriesState) state = keepState(result.state);
    });
    tokens += batch.count;
    await breath.ifDue();
    if (options.signal?.aborted) break;
  }
  return { loss: nats / tokens, tokens };
}
