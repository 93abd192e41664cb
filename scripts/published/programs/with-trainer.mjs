/** The trainer, which is the same in a page as in Node: four epochs on names, then a checkpoint as bytes and back. */
import { Adam } from '@rnnlab/optimizers';
import {
  checkpointChunks,
  createLanguageModel,
  LinesDataset,
  modelFromCheckpoint,
  readCheckpoint,
  Trainer,
} from '@rnnlab/train';

const names = [
  'ada',
  'alan',
  'anita',
  'barbara',
  'donald',
  'edsger',
  'emmy',
  'grace',
  'hedy',
  'jean',
  'john',
  'karen',
];

/** @returns the content of a checkpoint of the trained model, as `saveCheckpoint` takes it */
export async function trainWithTrainer() {
  const dataset = new LinesDataset(names, { validationEvery: 4 });
  const { vocabSize } = dataset.tokenizer;
  const model = createLanguageModel({ cell: 'gru', vocabSize, hiddenSize: 12, seed: 1 });
  const optimizer = new Adam(model.parameters(), { learningRate: 0.02 });
  const trainer = new Trainer({ model, dataset, optimizer, batchSize: 4, epochs: 4, seed: 1 });
  const losses = [];
  for await (const event of trainer.run()) if (event.type === 'evaluation') losses.push(event.loss);
  if (!(losses.at(-1) < losses[0]))
    throw new Error(`the trainer's losses are ${losses}, expected them to fall`);

  const checkpoint = { model: model.config, tokenizer: dataset.tokenizer.toJSON(), ...trainer.stateDict() };
  const bytes = new Uint8Array(await new Blob([...checkpointChunks(checkpoint)]).arrayBuffer());
  sameModel(model, modelFromCheckpoint(await readCheckpoint(bytes), { weights: 'best' }));
  return { checkpoint, model };
}

/** @throws when a weight of one is not that of the other */
export function sameModel(one, other) {
  const bits = (model) =>
    model
      .parameters()
      .map(({ value }) => value.data.join())
      .join();
  if (bits(one) !== bits(other)) throw new Error('a loaded checkpoint has other weights than were saved');
}
