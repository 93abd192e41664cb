/** The text as batches of token ids, one token a character; a tenth of it is held out to measure on. */
import { type Dataset, LinesDataset, TextDataset } from '@rnnlab/train';
import { readText } from '@rnnlab/train/node';
import { settings } from './settings.js';

export async function openDataset(): Promise<Dataset> {
  const text = await readText(settings.file);
  if (settings.readAs === 'lines') return new LinesDataset(text, { validationEvery: 10 });
  return new TextDataset(text, { seqLen: settings.seqLen });
}
