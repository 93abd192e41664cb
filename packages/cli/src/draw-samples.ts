import { LinesDataset, type ConfiguredLanguageModel, type Dataset } from '@rnnlab/train';
import { Rng } from '@rnnlab/tensor';
import { drawText } from './stream-text';

/** A text of the trained model. */
export interface DrawnSample {
  text: string;
  /** Where the corpus has this very line; absent for one long text. */
  origin?: 'new' | 'training' | 'validation';
}

/** Ten lines as the corpus has them, or one passage of 300 characters. */
export async function drawSamples(
  model: ConfiguredLanguageModel,
  dataset: Dataset,
  { temperature, seed, signal }: { temperature: number; seed: number; signal?: AbortSignal },
): Promise<DrawnSample[]> {
  const options = { bounds: dataset.sampling, temperature, rng: new Rng(seed), signal };
  if (!(dataset instanceof LinesDataset)) {
    return [{ text: await drawText(model, dataset.tokenizer, { ...options, length: 300 }) }];
  }
  const samples: DrawnSample[] = [];
  while (samples.length < 10 && !signal?.aborted) {
    const text = await drawText(model, dataset.tokenizer, { ...options, length: 200 });
    samples.push({ text, origin: dataset.originOf(text) });
  }
  return samples;
}
