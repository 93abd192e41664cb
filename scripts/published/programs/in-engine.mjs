/** Runs the programs in an engine that has no bundler before it, with files, and prints what they found. */
import { loadCheckpoint, saveCheckpoint } from '@rnnlab/train/node';
import { modelFromCheckpoint } from '@rnnlab/train';
import { run } from './train-names.mjs';
import { sameModel, trainWithTrainer } from './with-trainer.mjs';

const found = await run();
const { checkpoint, model } = await trainWithTrainer();
await saveCheckpoint('names.safetensors', checkpoint);
sameModel(model, modelFromCheckpoint(await loadCheckpoint('names.safetensors'), { weights: 'best' }));
console.log(`found ${JSON.stringify(found)}`);
