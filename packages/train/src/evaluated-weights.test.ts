/** The average of the weights in a trainer. That it survives a resume bit for bit is in resume.test.ts. */
import { Adam } from '@rnnlab/optimizers';
import { expect, it } from 'vitest';
import { createLanguageModel } from './create-language-model';
import { evaluate } from './evaluate';
import { modelFromCheckpoint } from './model-from-checkpoint';
import { TextDataset } from './text-dataset';
import { Trainer } from './trainer';
import type { TrainerEvent } from './trainer-events';
import type { TrainerOptions } from './trainer-options';

const text = 'to be, or not to be: that is the question. '.repeat(6);
const dataset = new TextDataset(text, { seqLen: 5 });
const config = {
  cell: 'gru',
  vocabSize: dataset.tokenizer.vocabSize,
  hiddenSize: 6,
  dtype: 'float64',
  seed: 4,
} as const;
const decay = 0.75;

function makeTrainer(options: Partial<TrainerOptions> = {}): Trainer {
  const model = createLanguageModel(config);
  const optimizer = new Adam(model.parameters(), { learningRate: 0.03 });
  return new Trainer({
    model,
    dataset,
    optimizer,
    batchSize: 4,
    steps: 7,
    evaluateEvery: { steps: 3 },
    weightAverage: { decay },
    ...options,
  });
}

const valuesOf = (trainer: Trainer): Map<string, number[]> =>
  new Map(trainer.options.model.parameters().map(({ name, value }) => [name, [...value.data]]));

/** a ← x at the first step, a ← decay·a + (1 − decay)·x later. */
function average(history: readonly Map<string, number[]>[]): Map<string, number[]> {
  const [first, ...later] = history;
  return later.reduce((a, x) => {
    const next = [...a].map(([name, old]): [string, number[]] => [
      name,
      old.map((value, k) => decay * value + (1 - decay) * x.get(name)![k]),
    ]);
    return new Map(next);
  }, first);
}

async function lossWith(values: Map<string, number[]>): Promise<number> {
  const model = createLanguageModel(config);
  for (const { name, value } of model.parameters()) value.data.set(values.get(name)!);
  return (await evaluate(model, dataset, { batchSize: 4 })).loss;
}

it('evaluates, and ends with, the average; trains on with the weights', async () => {
  const trainer = makeTrainer({ restoreBest: false });
  const history: Map<string, number[]>[] = [];
  const losses: number[] = [];
  for await (const event of trainer.run()) {
    if (event.type === 'step') history.push(valuesOf(trainer));
    if (event.type !== 'evaluation') continue;
    // Outside an evaluation the model holds the weights of the last step.
    expect(valuesOf(trainer)).toEqual(history.at(-1));
    expect(event.loss).toBe(await lossWith(average(history)));
    expect(event.loss).not.toBe(await lossWith(history.at(-1)!));
    losses.push(event.loss);
  }
  expect(losses).toHaveLength(3);
  expect(valuesOf(trainer)).toEqual(average(history));
  expect(await trainer.evaluate()).toMatchObject({ loss: losses[2] });
  expect([...trainer.stateDict().tensors.get('head.bias')!.data]).toEqual(history.at(-1)!.get('head.bias'));

  const longer = makeTrainer({ restoreBest: false, steps: 9 });
  longer.loadStateDict(trainer.stateDict());
  expect(valuesOf(longer)).toEqual(history.at(-1));
});

it('keeps the average of the best evaluation as the best weights', async () => {
  // A rate that ruins the model behind step 3, so that step 3 stays the best.
  const trainer = makeTrainer({ learningRate: (step) => (step < 3 ? 0.03 : 3) });
  const history: Map<string, number[]>[] = [];
  const events: TrainerEvent[] = [];
  for await (const event of trainer.run()) {
    events.push(event);
    if (event.type === 'step') history.push(valuesOf(trainer));
  }
  expect(events.at(-1)).toMatchObject({ type: 'stop', bestStep: 3, restoredBest: true });
  expect(valuesOf(trainer)).toEqual(average(history.slice(0, 3)));
  const checkpoint = { model: config, ...trainer.stateDict() };
  const weights = (which: 'last' | 'best' | 'average') =>
    new Map(
      modelFromCheckpoint(checkpoint, { weights: which })
        .parameters()
        .map(({ name, value }) => [name, [...value.data]]),
    );
  expect(weights('best')).toEqual(average(history.slice(0, 3)));
  expect(weights('average')).toEqual(average(history));
  expect(weights('last')).toEqual(history.at(-1));
});

it('puts the weights back when evaluations overlap, and saves the right ones meanwhile', async () => {
  const trainer = makeTrainer();
  for await (const event of trainer.run()) if (event.type === 'step' && event.step === 5) break;
  const weights = valuesOf(trainer);
  const state = trainer.stateDict();
  const alone = [await trainer.evaluate(), await trainer.sample()];
  const together = Promise.all([trainer.evaluate(), trainer.sample()]);
  expect(valuesOf(trainer)).not.toEqual(weights);
  expect(trainer.stateDict()).toEqual(state);
  expect(() => trainer.loadStateDict(state)).toThrow(
    'Trainer.loadStateDict: evaluate() or sample() is under way and the average of the weights stands in the model. Await it first.',
  );
  await expect(trainer.run().next()).rejects.toThrow('Trainer.run: evaluate() or sample() is under way');
  expect(await together).toEqual(alone);
  expect(valuesOf(trainer)).toEqual(weights);
  expect(trainer.stateDict()).toEqual(state);
});

it('refuses an impossible decay, and a state with another one', () => {
  expect(() => makeTrainer({ weightAverage: { decay: 1 } })).toThrow(
    'Trainer: weightAverage.decay is 1, expected a number in [0, 1).',
  );
  const state = makeTrainer().stateDict();
  const refusal = (weightAverage?: { decay: number }) => () =>
    makeTrainer({ weightAverage }).loadStateDict(state);
  expect(refusal({ decay: 0.5 })).toThrow('Trainer.loadStateDict: averageDecay was 0.75 and is 0.5. Go on');
  expect(refusal()).toThrow('averageDecay was 0.75 and is undefined');
  state.tensors.delete('average.head.bias');
  expect(refusal({ decay })).toThrow('average.head.bias is missing');
});

it('tells the memory of the process with an evaluation', async () => {
  for await (const event of makeTrainer().run()) {
    if (event.type !== 'evaluation') continue;
    expect(event.memoryBytes).toBeGreaterThan(2 ** 20);
    expect(event.memoryBytes).toBeLessThan(2 ** 40);
  }
  expect.assertions(6);
});
