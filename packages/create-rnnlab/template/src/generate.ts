/**
 * Lets the trained model write.
 *
 *   npm run generate
 *   npm run generate -- --prompt Ty --count 10 --temperature 0.6
 */
import { parseArgs } from 'node:util';
import { Rng } from '@rnnlab/tensor';
import { modelFromCheckpoint, sampleTexts, tokenizerFromCheckpoint } from '@rnnlab/train';
import { loadCheckpoint } from '@rnnlab/train/node';
import { settings } from './settings.js';

const { values } = parseArgs({
  options: {
    prompt: { type: 'string', default: '' },
    count: { type: 'string', default: settings.readAs === 'lines' ? '10' : '1' },
    /** 0 takes the likeliest character, 1 draws as the model says. */
    temperature: { type: 'string', default: '0.8' },
    length: { type: 'string', default: '400' },
    seed: { type: 'string', default: '1' },
  },
});

const checkpoint = await loadCheckpoint(settings.checkpoint);
const model = modelFromCheckpoint(checkpoint, { weights: 'best' });
const tokenizer = tokenizerFromCheckpoint(checkpoint);
const sampling = JSON.parse(checkpoint.notes.get('sampling') ?? '{"prompt":[0],"stopTokens":[]}');

const texts = await sampleTexts(
  model,
  { tokenizer, sampling },
  {
    prompt: values.prompt,
    count: Number(values.count),
    temperature: Number(values.temperature),
    maxNewTokens: Number(values.length),
    rng: new Rng(Number(values.seed)),
  },
);
for (const text of texts) console.log(text);
