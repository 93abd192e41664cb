/**
 * Trains, and saves a checkpoint at every new best and at the end. Ctrl-C saves too.
 *
 *   npm run train
 *   npm run train -- --epochs 3
 *   npm run resume                   goes on from the checkpoint, exactly as if it had never stopped
 *   npm run resume -- --epochs 40    counted from the very beginning
 */
import { parseArgs } from 'node:util';
import { Adam } from '@rnnlab/optimizers';
import { createLanguageModel, modelFromCheckpoint, Trainer } from '@rnnlab/train';
import { loadCheckpoint, saveCheckpoint } from '@rnnlab/train/node';
import { openDataset } from './dataset.js';
import { settings } from './settings.js';

const { values } = parseArgs({
  options: { resume: { type: 'boolean', default: false }, epochs: { type: 'string' } },
});
const { cell, hiddenSize, numLayers, batchSize, learningRate, seed, checkpoint } = settings;
const epochs = Number(values.epochs ?? settings.epochs);

const dataset = await openDataset();
const { vocabSize } = dataset.tokenizer;
const saved = values.resume ? await loadCheckpoint(checkpoint) : undefined;
const model = saved
  ? modelFromCheckpoint(saved)
  : createLanguageModel({ cell, vocabSize, hiddenSize, numLayers, seed });
const trainer = new Trainer({
  model,
  dataset,
  optimizer: new Adam(model.parameters(), { learningRate }),
  batchSize,
  epochs,
  clipNorm: 5,
  seed,
  sample: { count: 2, temperature: 0.8 },
});
if (saved?.progress) trainer.loadStateDict({ progress: saved.progress, tensors: saved.tensors });

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

for await (const event of trainer.run({ signal: stop.signal })) {
  if (event.type === 'evaluation') {
    const { epoch, trainingLoss, loss } = event;
    console.log(
      `epoch ${epoch}: training ${trainingLoss?.toFixed(3)}, held out ${loss.toFixed(3)} nats/char`,
    );
  } else if (event.type === 'sample') {
    for (const text of event.texts) console.log(`    ${text.trim().replaceAll('\n', '\n    ')}`);
  } else if (event.type === 'checkpoint') {
    await saveCheckpoint(checkpoint, {
      model: model.config,
      tokenizer: dataset.tokenizer.toJSON(),
      notes: new Map([['sampling', JSON.stringify(dataset.sampling)]]),
      ...trainer.stateDict(),
    });
  } else if (event.type === 'stop') {
    console.log(`Stopped at step ${event.step} (${event.reason}), saved in ${checkpoint}.`);
    console.log('Next: npm run generate, or npm run resume -- --epochs N to train on.');
  }
}
