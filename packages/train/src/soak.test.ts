/**
 * A soak: 7,500 steps, about as many as an LSTM of two layers of 256 takes in an hour (50 streams of 50 characters, one
 * thread), here with a tiny model. Behind warm-up neither memory nor numbers drift.
 *
 * - The part of the wasm memory that was ever handed out stays what it is, to the byte.
 * - So does the least number of live JavaScript objects, up to 40 that come and go: a leak of one a step would be
 *   thousands. (A single reading may hold a model of which finalisers have not told yet.)
 * - The heap behind a forced collection grows by less than half a megabyte. What it does grow by, at first 40 bytes a
 *   step and then ever less, is not ours: heap snapshots 30,000 steps apart differ by compiled code and what the engine
 *   keeps about it, and by no object, string or array.
 * - The loss that training reports is the loss of the saved and loaded file, to the bit.
 */
import { Adam } from '@rnnlab/optimizers';
import { wasmBackend, type Backend, type DType } from '@rnnlab/tensor';
import { expect, it } from 'vitest';
import { checkpointChunks, readCheckpoint } from './checkpoint';
import { createLanguageModel, type ConfiguredLanguageModel } from './create-language-model';
import type { Dataset } from './dataset';
import { evaluate } from './evaluate';
import { LinesDataset } from './lines-dataset';
import { modelFromCheckpoint } from './model-from-checkpoint';
import { liveBytes, liveObjects } from './testing/live-bytes';
import { TextDataset } from './text-dataset';
import { Trainer } from './trainer';

const steps = 3750;
const warmUp = 1500;
const every = 250;

/** A wasm backend that says which part of its memory was ever handed out. */
function observed(): { backend: Backend; end: () => number } {
  const backend = wasmBackend({ memoryMiB: 64 });
  let end = 0;
  const allocate = backend.allocate.bind(backend);
  backend.allocate = (shape: readonly number[], dtype: DType) => {
    const tensor = allocate(shape, dtype);
    end = Math.max(end, tensor.data.byteOffset + tensor.data.byteLength);
    return tensor;
  };
  return { backend, end: () => end };
}

const words = 'diplo raptor rex stegosaurus ankylo bronto tri allosaurus compy dino mosa pterodactylus'.split(
  ' ',
);
const text = 'to be, or not to be: that is the question. whether it is nobler in the mind to suffer. '.repeat(
  4,
);
const datasets: [string, Dataset][] = [
  ['lines of many lengths', new LinesDataset(words, { validationEvery: 4, bucketBatches: 1 })],
  ['a text with carried state', new TextDataset(text, { seqLen: 7, validationFraction: 0.2 })],
];

async function lossOfFile(trainer: Trainer, dataset: Dataset, batchSize: number): Promise<number> {
  const { config } = trainer.options.model as ConfiguredLanguageModel;
  const chunks = [...checkpointChunks({ model: config, ...trainer.stateDict() })];
  const checkpoint = await readCheckpoint(new Uint8Array(Buffer.concat(chunks)));
  const model = modelFromCheckpoint(checkpoint);
  return (await evaluate(model, dataset, { batchSize })).loss;
}

it.each(datasets)('neither memory nor losses drift: %s', { timeout: 60_000 }, async (_, dataset) => {
  const { backend, end } = observed();
  const { vocabSize } = dataset.tokenizer;
  const model = createLanguageModel({ cell: 'lstm', vocabSize, hiddenSize: 5, seed: 3, backend });
  const trainer = new Trainer({
    model,
    dataset,
    optimizer: new Adam(model.parameters(), { learningRate: 0.003 }),
    batchSize: 4,
    steps,
    clipNorm: 1,
    evaluateEvery: { steps: every },
    checkpointEvery: { steps: every },
    sample: { every: { steps: every }, count: 1, maxNewTokens: 8 },
  });
  // Numbers in arrays that are there before, so that what is measured does not grow by being measured.
  const count = (steps - warmUp) / every + 1;
  const [heap, wasm, objects] = [0, 1, 2].map(() => new Float64Array(count));
  let measured = NaN;
  let compared = 0;
  for await (const event of trainer.run()) {
    if (event.type === 'evaluation') measured = event.loss;
    if (event.type !== 'checkpoint' || event.reason !== 'interval') continue;
    expect(await lossOfFile(trainer, dataset, 4)).toBe(measured);
    compared++;
    const k = (event.step - warmUp) / every;
    if (k < 0) continue;
    heap[k] = await liveBytes();
    wasm[k] = end();
    objects[k] = liveObjects(Object);
  }
  expect(compared).toBe(steps / every);
  expect(Math.max(...wasm)).toBe(Math.min(...wasm));
  // What is compiled or not yet collected makes single readings large, none too small.
  const growth = (readings: Float64Array) =>
    Math.min(...readings.subarray(-4)) - Math.min(...readings.subarray(0, 4));
  expect(growth(objects)).toBeLessThanOrEqual(40);
  expect(growth(heap)).toBeLessThan(500_000);
});
