import { Adam, SGD } from '@rnnlab/optimizers';
import type { Tensor } from '@rnnlab/tensor';
import { describe, expect, it } from 'vitest';
import { createLanguageModel, type ConfiguredLanguageModel } from './create-language-model';
import { DivergenceError } from './divergence';
import { LinesDataset } from './lines-dataset';
import { TextDataset } from './text-dataset';
import { Trainer } from './trainer';
import type { TrainerEvent } from './trainer-events';
import type { TrainerOptions } from './trainer-options';

const names = [
  'diplo',
  'raptor',
  'rex',
  'stego',
  'ankylo',
  'bronto',
  'tri',
  'allo',
  'compy',
  'dino',
  'mosa',
  'ptero',
];
const text = 'to be, or not to be: that is the question. whether it is nobler in the mind to suffer. '.repeat(
  3,
);

function makeTrainer(options: Partial<TrainerOptions> & { learningRateOf?: number } = {}): Trainer {
  const { learningRateOf = 0.02, ...rest } = options;
  const dataset = options.dataset ?? new LinesDataset(names, { validationEvery: 4 });
  const model =
    options.model ??
    createLanguageModel({ cell: 'lstm', vocabSize: dataset.tokenizer.vocabSize, hiddenSize: 7, seed: 2 });
  const optimizer = new Adam(model.parameters(), { learningRate: learningRateOf });
  const ends = rest.steps || rest.timeLimit || rest.earlyStopping ? {} : { epochs: 3 };
  return new Trainer({ dataset, model, optimizer, batchSize: 3, ...ends, ...rest });
}

async function collect(trainer: Trainer, signal?: AbortSignal): Promise<TrainerEvent[]> {
  const events: TrainerEvent[] = [];
  for await (const event of trainer.run({ signal })) events.push(event);
  return events;
}

const ofType = <T extends TrainerEvent['type']>(events: TrainerEvent[], type: T) =>
  events.filter((event): event is Extract<TrainerEvent, { type: T }> => event.type === type);

const weightsOf = (trainer: Trainer) =>
  [...trainer.options.model.stateDict().values()].map(({ data }) => [...data]);

describe('Trainer', () => {
  it('tells what happens in order', async () => {
    const told: string[] = [];
    const trainer = makeTrainer({
      epochs: 2,
      sample: { count: 2, maxNewTokens: 5 },
      checkpointEvery: { steps: 4 },
      onEvent: ({ type }) => told.push(type),
    });
    const events = await collect(trainer);
    expect(events.map(({ type }) => type)).toEqual(told);
    const label = (event: TrainerEvent) =>
      event.type === 'checkpoint' ? `checkpoint ${event.reason}` : event.type;
    expect(events.map(label)).toEqual([
      ...['start', 'step', 'step', 'step', 'epoch', 'evaluation', 'checkpoint best', 'sample'],
      ...['step', 'checkpoint interval', 'step', 'step', 'epoch', 'evaluation', 'checkpoint best', 'sample'],
      ...['checkpoint stop', 'stop'],
    ]);
    expect(events[0]).toMatchObject({ resumed: false, stepsPerEpoch: 3, lastStep: 6, trainingTokens: 51 });
    expect(events.at(-1)).toMatchObject({
      reason: 'epochs',
      step: 6,
      epoch: 2,
      bestStep: 6,
      restoredBest: true,
    });
    expect(ofType(events, 'sample')[0].texts).toHaveLength(2);
    const [epoch] = ofType(events, 'epoch');
    const steps = ofType(events, 'step').slice(0, 3);
    const nats = steps.reduce((sum, { loss, tokens }) => sum + loss * tokens, 0);
    expect(epoch.loss).toBeCloseTo(nats / 51, 12);
  });

  it('learns: the loss falls well below a blind guess', async () => {
    const trainer = makeTrainer({ epochs: 40 });
    const steps = ofType(await collect(trainer), 'step');
    const blind = Math.log(trainer.options.model.vocabSize);
    expect(steps[0].loss).toBeGreaterThan(0.9 * blind);
    expect(steps.at(-1)!.smoothedLoss).toBeLessThan(0.6 * blind);
  });

  it('is fixed by its seed', async () => {
    const losses = async (seed: number) =>
      ofType(await collect(makeTrainer({ seed })), 'step').map(({ loss }) => loss);
    const first = await losses(1);
    expect(await losses(1)).toEqual(first);
    expect(await losses(2)).not.toEqual(first);
  });

  it('takes one optimizer step a batch, which is not one step an example', async () => {
    const run = async (batchSize: number) => {
      const trainer = makeTrainer({ batchSize, epochs: 1 });
      const steps = ofType(await collect(trainer), 'step');
      return { count: steps.length, weights: weightsOf(trainer) };
    };
    const [batches, examples] = [await run(3), await run(1)];
    expect([batches.count, examples.count]).toEqual([3, 9]);
    expect(batches.weights).not.toEqual(examples.weights);
  });

  it.each(['clipNorm', 'clipValue'] as const)('clips with %s', async (option) => {
    const train = async (limit?: number) => {
      const dataset = new LinesDataset(names, { validationEvery: 4 });
      const { vocabSize } = dataset.tokenizer;
      const model = createLanguageModel({ cell: 'gru', vocabSize, hiddenSize: 5, dtype: 'float64' });
      const before = [...model.stateDict().values()].map((tensor) => tensor.clone());
      const optimizer = new SGD(model.parameters(), { learningRate: 1 });
      const trainer = new Trainer({
        model,
        dataset,
        optimizer,
        steps: 1,
        restoreBest: false,
        ...(limit && { [option]: limit }),
      });
      const [step] = ofType(await collect(trainer), 'step');
      const changes = [...model.stateDict().values()].flatMap(({ data }, p) =>
        [...data].map((x, k) => x - before[p].data[k]),
      );
      return { norm: step.gradientNorm, changes };
    };
    const free = await train();
    const clipped = await train(0.01);
    expect(clipped.norm).toBe(free.norm); // before clipping
    expect(Math.hypot(...free.changes)).toBeCloseTo(free.norm, 9);
    if (option === 'clipNorm') expect(Math.hypot(...clipped.changes)).toBeCloseTo(0.01, 5);
    else expect(Math.max(...clipped.changes.map(Math.abs))).toBeCloseTo(0.01, 12);
  });

  it('follows a learning-rate schedule', async () => {
    const rates = ofType(
      await collect(makeTrainer({ steps: 4, learningRate: (step) => 0.1 / (step + 1) })),
      'step',
    );
    expect(rates.map(({ learningRate }) => learningRate)).toEqual([0.1, 0.05, 0.1 / 3, 0.025]);
  });

  it('evaluates the whole validation split and measures in several units', async () => {
    const trainer = makeTrainer({ evaluateEvery: { steps: 2 }, steps: 4 });
    const evaluations = ofType(await collect(trainer), 'evaluation');
    expect(evaluations.map(({ step }) => step)).toEqual([2, 4]);
    const [{ loss, perplexity, bitsPerCharacter, trainingLoss, updateToWeightRatio }] = evaluations;
    expect(perplexity).toBeCloseTo(Math.exp(loss), 10);
    expect(bitsPerCharacter).toBeCloseTo(loss / Math.log(2), 10);
    expect(trainingLoss).toBeGreaterThan(0);
    expect(Object.keys(updateToWeightRatio)).toEqual(
      trainer.options.model.parameters().map(({ name }) => name),
    );
    for (const ratio of Object.values(updateToWeightRatio)) expect(ratio).toBeGreaterThan(0);
    const measured = await trainer.evaluate();
    expect(measured.tokens).toBe(trainer.options.dataset.sizes.validation.tokens);
  });

  it('stops early and gives the best weights back, from which it can also go on', async () => {
    const trainer = makeTrainer({
      earlyStopping: { patience: 3 },
      learningRateOf: 0.3,
      explosionFactor: Infinity,
    });
    const events = await collect(trainer);
    const evaluations = ofType(events, 'evaluation');
    const stop = ofType(events, 'stop')[0];
    expect(stop.reason).toBe('early-stopping');
    expect(evaluations.at(-1)!.evaluationsSinceBest).toBe(3);
    const best = Math.min(...evaluations.map(({ loss }) => loss));
    expect(stop.bestLoss).toBe(best);
    expect((await trainer.evaluate()).loss).toBeCloseTo(best, 10);
    // The state that training goes on from still holds the last weights.
    const [last, restored] = [trainer.stateDict().tensors, trainer.options.model.stateDict()];
    expect(last.get('head.bias')!.data).not.toEqual(restored.get('head.bias')!.data);
    expect(last.get('best.head.bias')!.data).toEqual(restored.get('head.bias')!.data);
  });

  it('keeps the last weights on request', async () => {
    const options = { learningRateOf: 0.3, explosionFactor: Infinity, epochs: 12 };
    const trainer = makeTrainer({ ...options, restoreBest: false });
    const events = await collect(trainer);
    expect(ofType(events, 'stop')[0].restoredBest).toBe(false);
    expect((await trainer.evaluate()).loss).toBeCloseTo(ofType(events, 'evaluation').at(-1)!.loss, 10);
  });

  it('ends with an evaluation, which is no part of the state to go on from', async () => {
    const trainer = makeTrainer({ steps: 4 });
    const events = await collect(trainer);
    expect(ofType(events, 'evaluation').map(({ step }) => step)).toEqual([3, 4]);
    expect(trainer.stateDict().progress.best?.step).toBe(3);
    expect(ofType(events, 'stop')[0]).toMatchObject({ reason: 'steps', bestStep: 4 });
  });

  it('stops at a time limit', async () => {
    const events = await collect(makeTrainer({ timeLimit: 0.05, steps: 1e9 }));
    expect(ofType(events, 'stop')[0]).toMatchObject({ reason: 'time' });
  });

  it('ends behind the step under way when aborted, and goes on when run again', async () => {
    const controller = new AbortController();
    const trainer = makeTrainer({ epochs: 2 });
    const events: TrainerEvent[] = [];
    for await (const event of trainer.run({ signal: controller.signal })) {
      events.push(event);
      if (event.type === 'step' && event.step === 2) controller.abort();
    }
    expect(events.map(({ type }) => type)).toEqual(['start', 'step', 'step', 'checkpoint', 'stop']);
    expect(events.at(-1)).toMatchObject({ reason: 'aborted', step: 2, restoredBest: false });
    const rest = await collect(trainer);
    const whole = await collect(makeTrainer({ epochs: 2 }));
    const losses = (list: TrainerEvent[]) => ofType(list, 'step').map(({ loss }) => loss);
    expect([...losses(events), ...losses(rest)]).toEqual(losses(whole));
  });

  it('pauses and goes on, also after break', async () => {
    const trainer = makeTrainer({ epochs: 2 });
    const losses: number[] = [];
    for await (const event of trainer.run()) {
      if (event.type !== 'step') continue;
      losses.push(event.loss);
      if (event.step === 1) trainer.pause();
    }
    expect(trainer.step).toBe(1);
    for await (const event of trainer.run()) {
      if (event.type !== 'step') continue;
      losses.push(event.loss);
      if (event.step === 3) break;
    }
    losses.push(...ofType(await collect(trainer), 'step').map(({ loss }) => loss));
    expect(losses).toEqual(ofType(await collect(makeTrainer({ epochs: 2 })), 'step').map(({ loss }) => loss));
  });

  it('lets timers run while it trains', async () => {
    const dataset = new TextDataset(text.repeat(4), { seqLen: 32 });
    const controller = new AbortController();
    const trainer = makeTrainer({ dataset, steps: 1e9 });
    setTimeout(() => controller.abort(), 120);
    const events = await collect(trainer, controller.signal);
    expect(ofType(events, 'stop')[0].reason).toBe('aborted');
  });

  it('runs once at a time', async () => {
    const trainer = makeTrainer();
    const run = trainer.run();
    await run.next();
    await expect(trainer.run().next()).rejects.toThrow('Trainer.run: it is running.');
    await run.return();
    expect(ofType(await collect(trainer), 'stop')[0].reason).toBe('epochs');
  });
});

describe('a loss that is no longer usable', () => {
  /** A model whose weights are made unusable before step 3. */
  async function spoil(
    change: (model: ConfiguredLanguageModel) => void,
    options: Partial<TrainerOptions> = {},
  ) {
    const dataset = new LinesDataset(names, { validationEvery: 4 });
    const model = createLanguageModel({
      cell: 'lstm',
      vocabSize: dataset.tokenizer.vocabSize,
      hiddenSize: 6,
      seed: 1,
    });
    const trainer = makeTrainer({ dataset, model, ...options });
    const events: TrainerEvent[] = [];
    let good: Map<string, Tensor> | undefined;
    let thrown: unknown;
    try {
      for await (const event of trainer.run()) {
        events.push(event);
        if (event.type === 'step' && event.step === 1)
          good = new Map([...model.stateDict()].map(([n, t]) => [n, t.clone()]));
        if (event.type === 'step' && event.step === 2) change(model);
      }
    } catch (error) {
      thrown = error;
    }
    return { events, good: good!, thrown: thrown as DivergenceError, model, trainer };
  }

  it('is diagnosed, told and thrown, and the model keeps the last good weights', async () => {
    const { events, good, thrown, model } = await spoil((m) => {
      m.stateDict().get('rnn.weight_hh_l0')!.data[6 * 6 + 4] = NaN; // the first row of the block f
    });
    expect(thrown).toBeInstanceOf(DivergenceError);
    expect(thrown.code).toBe('ERR_DIVERGENCE');
    expect(thrown.message).toMatch(
      /^Trainer: step 3 was not taken: the loss is NaN; first non-finite number: value of rnn\.weight_hh_l0\[40\] \(gate f\); largest gradient: .* Lower the learning rate, or clip the gradient with clipNorm\.$/,
    );
    expect(thrown.diagnosis.firstNonFinite).toEqual({
      parameter: 'rnn.weight_hh_l0',
      where: 'value',
      index: 40,
      gate: 'f',
    });
    expect(Object.keys(thrown.diagnosis.gradientNorms)).toEqual(model.parameters().map(({ name }) => name));
    expect(events.at(-1)).toMatchObject({ type: 'stop', reason: 'diverged', step: 2, error: thrown });
    for (const [name, tensor] of model.stateDict()) expect(tensor.data).toEqual(good.get(name)!.data);
  });

  it('is noticed when it explodes, before it is NaN', async () => {
    const { thrown } = await spoil((m) =>
      m
        .stateDict()
        .get('head.weight')!
        .data.forEach((_, k, w) => (w[k] = 1e4 * (k % 7))),
    );
    expect(thrown.message).toMatch(
      /the loss is .* nats, above the limit of .*; all weights and gradients are finite;/,
    );
    expect(thrown.diagnosis.firstNonFinite).toBeUndefined();
  });

  it('may explode where that is allowed', async () => {
    const { thrown, events } = await spoil(
      (m) =>
        m
          .stateDict()
          .get('head.weight')!
          .data.forEach((_, k, w) => (w[k] = 1e4 * (k % 7))),
      { explosionFactor: Infinity },
    );
    expect(thrown).toBeUndefined();
    expect(events.at(-1)).toMatchObject({ reason: 'epochs' });
  });
});

describe('options that are impossible', () => {
  const dataset = new LinesDataset(names, { validationEvery: 4 });
  const { vocabSize } = dataset.tokenizer;
  it.each<[Partial<TrainerOptions>, string]>([
    [
      { epochs: undefined, steps: undefined },
      'nothing ends the run. Give epochs, steps, timeLimit or earlyStopping.',
    ],
    [{ epochs: 0 }, 'Trainer: epochs is 0, expected an integer ≥ 1.'],
    [{ batchSize: 1.5 }, 'Trainer: batchSize is 1.5, expected an integer ≥ 1.'],
    [{ clipNorm: 0 }, 'Trainer: clipNorm is 0, expected a number above 0.'],
    [{ clipNorm: 1, clipValue: 1 }, 'clipNorm and clipValue are two ways to clip. Give one of them.'],
    [{ explosionFactor: 1 }, 'explosionFactor is 1, expected a number above 1'],
    [
      { evaluateEvery: { steps: 0 } },
      'Trainer: evaluateEvery is {"steps":0}, expected { steps: n } or { epochs: n }',
    ],
    [{ sample: { every: {} as never } }, 'Trainer: sample.every is {}, expected'],
    [
      { dataset: new LinesDataset(names, { validationEvery: 0 }), earlyStopping: { patience: 2 } },
      'earlyStopping needs a validation split and the dataset has none.',
    ],
    [
      { model: createLanguageModel({ cell: 'rnn', vocabSize: 5, hiddenSize: 3 }) },
      `the model has vocabSize=5 and the dataset's tokenizer ${vocabSize}. Build the model with dataset.tokenizer.vocabSize.`,
    ],
  ])('%o', (options, message) => {
    const model = createLanguageModel({ cell: 'rnn', vocabSize, hiddenSize: 3 });
    const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
    expect(() => new Trainer({ model, dataset, optimizer, epochs: 1, ...options })).toThrow(message);
  });
});
