import { LinesDataset, type ConfiguredLanguageModel, type Dataset } from '@rnnlab/train';
import { Rng } from '@rnnlab/tensor';
import { drawText } from './stream-text';
import type { Style } from './style';

/** What marks a generated line that stands in the corpus. */
const marks = { new: ' ', training: '*', validation: '+' } as const;

/**
 * What the trained model writes: ten lines, each marked when it stands in the corpus, with the legend; or one
 * passage of text.
 */
export async function describeSamples(
  model: ConfiguredLanguageModel,
  dataset: Dataset,
  { temperature, seed, style }: { temperature: number; seed: number; style: Style },
): Promise<string> {
  const rng = new Rng(seed);
  const options = { bounds: dataset.sampling, temperature, rng };
  if (!(dataset instanceof LinesDataset)) {
    const text = await drawText(model, dataset.tokenizer, { ...options, length: 300 });
    return `\n${style.bold('A passage')} (temperature ${temperature}):\n${text.trim()}\n`;
  }
  const rows: string[] = [];
  while (rows.length < 10) {
    const line = await drawText(model, dataset.tokenizer, { ...options, length: 200 });
    const origin = dataset.originOf(line);
    rows.push(`  ${style.yellow(marks[origin])} ${origin === 'new' ? line : style.dim(line)}\n`);
  }
  const legend = style.dim(
    '  * stands in the training list   + stands in the validation list   others are new',
  );
  return `\n${style.bold('Ten generated lines')} (temperature ${temperature}):\n${rows.join('')}${legend}\n`;
}
