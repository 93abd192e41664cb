/** Taking a state over: all of it, or nothing and the reason. That training goes on bit for bit is in resume.test.ts. */
import { Adam, SGD } from '@rnnlab/optimizers';
import { Tensor } from '@rnnlab/tensor';
import { describe, expect, it } from 'vitest';
import type { Batch, Dataset } from './dataset';
import { createLanguageModel } from './create-language-model';
import { LinesDataset } from './lines-dataset';
import { TextDataset } from './text-dataset';
import { Trainer } from './trainer';
import type { TrainerOptions } from './trainer-options';
import type { TrainerState } from './trainer-state';

const text = 'to be, or not to be: that is the question. '.repeat(6);

function makeTrainer(
  options: Partial<TrainerOptions> & { hiddenSize?: number; sgd?: boolean } = {},
): Trainer {
  const { hiddenSize = 6, sgd, ...rest } = options;
  const dataset = rest.dataset ?? new TextDataset(text, { seqLen: 5 });
  const model = createLanguageModel({
    cell: 'lstm',
    vocabSize: dataset.tokenizer.vocabSize,
    hiddenSize,
    seed: 4,
  });
  const optimizer = sgd ? new SGD(model.parameters(), { learningRate: 0.1 }) : new Adam(model.parameters());
  return new Trainer({
    batchSize: 4,
    steps: 7,
    evaluateEvery: { steps: 3 },
    model,
    dataset,
    optimizer,
    ...rest,
  });
}

async function trained(): Promise<TrainerState> {
  const trainer = makeTrainer();
  for await (const event of trainer.run()) if (event.type === 'step' && event.step === 5) break;
  return trainer.stateDict();
}

describe('Trainer.loadStateDict', () => {
  it('takes over what stateDict gave, the first half through JSON', async () => {
    const { progress, tensors } = await trained();
    expect(progress).toMatchObject({ step: 5, epoch: 0, batch: 5, best: { step: 3 } });
    const prefixes = new Set([...tensors.keys()].map((name) => name.split('.')[0]));
    expect([...prefixes].sort()).toEqual(['best', 'carried', 'head', 'optimizer', 'rnn']);
    const other = makeTrainer();
    other.loadStateDict({ progress: JSON.parse(JSON.stringify(progress)) as typeof progress, tensors });
    expect(other.stateDict()).toEqual({ progress, tensors });
  });

  const refusals: [string, (state: TrainerState) => void, Parameters<typeof makeTrainer>[0], RegExp][] = [
    [
      'another version',
      ({ progress }) => ((progress.version as number) = 9),
      {},
      /the state has version 9, expected 1\./,
    ],
    [
      'a missing counter',
      ({ progress }) => ((progress.step as unknown) = undefined),
      {},
      /is damaged: a counter is missing/,
    ],
    [
      'another batch size',
      () => {},
      { batchSize: 3 },
      /batchSize was 4 and is 3\. Go on with the corpus and the options/,
    ],
    ['another seed', () => {}, { seed: 8 }, /seed was 0 and is 8/],
    [
      'another corpus',
      () => {},
      { dataset: new TextDataset(text.repeat(2), { seqLen: 5 }) },
      /dataset\.trainingTokens was 231 and is 463; dataset\.validationTokens was 25 and is 51/,
    ],
    [
      'another text of the same sizes',
      () => {},
      { dataset: new TextDataset(text.replace('question', 'questoin'), { seqLen: 5 }) },
      /loadStateDict: dataset\.contentHash was "[0-9a-f]{8}" and is "[0-9a-f]{8}"\. Go on with the corpus/,
    ],
    [
      'the same ids of another alphabet',
      () => {},
      { dataset: new TextDataset(text.replaceAll('u', 'v'), { seqLen: 5 }) },
      /loadStateDict: dataset\.contentHash was "[0-9a-f]{8}" and is "[0-9a-f]{8}"\. Go on with the corpus/,
    ],
    [
      'another model',
      () => {},
      { hiddenSize: 5 },
      /rnn\.weight_ih_l0 has shape \[24, \d+\], expected \[20, \d+\]\. Build the model/,
    ],
    ['another optimizer', () => {}, { sgd: true }, /Adam, expected SGD/],
    [
      'missing weights',
      ({ tensors }) => tensors.delete('head.bias'),
      {},
      /head\.bias is missing, expected \[\d+\]/,
    ],
    [
      'missing best weights',
      ({ tensors }) => tensors.delete('best.head.bias'),
      {},
      /best\.head\.bias is missing/,
    ],
    [
      'half a carried state',
      ({ tensors }) => tensors.delete('carried.c'),
      {},
      /carried\.c is missing, expected \[1, 4, 6\]/,
    ],
    [
      'a slot of another size',
      ({ tensors }) => tensors.set('optimizer.head.bias.m', Tensor.zeros([1])),
      {},
      /'head\.bias.*' is Float32Array\(1\), expected/,
    ],
  ];
  it.each(refusals)('refuses %s and changes nothing', async (_, change, options, message) => {
    const state = await trained();
    change(state);
    const trainer = makeTrainer(options);
    const before = trainer.stateDict();
    expect(() => trainer.loadStateDict(state)).toThrow(message);
    expect(trainer.stateDict()).toEqual(before);
  });
});

it('refuses other lines of the same sizes, and the same lines in another order', async () => {
  const names = ['ada', 'grace', 'hedy', 'jean', 'mary'];
  const dataset = (lines: string[]) => new LinesDataset(lines, { validationEvery: 5 });
  const trainer = makeTrainer({ dataset: dataset(names) });
  for await (const event of trainer.run()) if (event.type === 'step' && event.step === 2) break;
  const state = trainer.stateDict();
  makeTrainer({ dataset: dataset([...names]) }).loadStateDict(state);
  const others = [
    ['ada', 'grace', 'hedy', 'jaen', 'mary'],
    ['grace', 'ada', 'hedy', 'jean', 'mary'],
    ['ada', 'grace', 'hedy', 'mary', 'jean'],
  ];
  for (const lines of others) {
    expect(() => makeTrainer({ dataset: dataset(lines) }).loadStateDict(state)).toThrow(
      /dataset\.contentHash was "[0-9a-f]{8}" and is "[0-9a-f]{8}"\. Go on with the corpus/,
    );
  }
});

it('trains on a dataset that streams and does not know its length', async () => {
  const whole = new TextDataset(text, { seqLen: 5 });
  const streaming: Dataset = {
    tokenizer: whole.tokenizer,
    sizes: whole.sizes,
    sampling: whole.sampling,
    carriesState: true,
    sequences: (split) => whole.sequences(split),
    describe: () => whole.describe(),
    batchesPerEpoch: () => undefined,
    async *trainingBatches(request): AsyncGenerator<Batch> {
      for (const batch of whole.trainingBatches(request)) {
        await Promise.resolve();
        yield batch;
      }
    },
    async *validationBatches(batchSize): AsyncGenerator<Batch> {
      yield* whole.validationBatches(batchSize);
    },
  };
  const losses = async (dataset: Dataset) => {
    const trainer = makeTrainer({ dataset, steps: 30 });
    const read: number[] = [];
    for await (const event of trainer.run()) {
      if (event.type === 'step' || event.type === 'evaluation' || event.type === 'epoch')
        read.push(event.loss);
    }
    return read;
  };
  expect(await losses(streaming)).toEqual(await losses(whole));
});
