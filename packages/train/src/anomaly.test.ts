import { SGD } from '@rnnlab/optimizers';
import { Tensor } from '@rnnlab/tensor';
import { describe, expect, it } from 'vitest';
import { findBackwardAnomaly, findForwardAnomaly } from './anomaly';
import { createLanguageModel, type LanguageModelConfig } from './create-language-model';
import { DivergenceError } from './divergence';
import { LinesDataset } from './lines-dataset';
import { Trainer } from './trainer';

const dataset = new LinesDataset(['diplo', 'raptor', 'rex', 'stego', 'ankylo'], { validationEvery: 5 });
const { vocabSize } = dataset.tokenizer;
const make = (config: Partial<LanguageModelConfig> = {}) =>
  createLanguageModel({ cell: 'lstm', vocabSize, hiddenSize: 3, numLayers: 2, seed: 4, ...config });

const ids = Tensor.from(
  [
    [1, 4],
    [2, 0],
    [3, 5],
    [0, 1],
  ],
  { dtype: 'int32' },
); // prettier-ignore
const forward = (model: ReturnType<typeof make>) =>
  findForwardAnomaly(model, model.forward(ids, ids), undefined);
const parameter = (model: ReturnType<typeof make>, name: string) =>
  model.parameters().find((candidate) => candidate.name === name)!;

describe('findForwardAnomaly', () => {
  it('finds nothing in a sound pass', () => {
    expect(forward(make())).toBeUndefined();
  });

  it('names a weight before everything that follows from it', () => {
    const model = make();
    parameter(model, 'rnn.weight_hh_l1').value.row(7).data[2] = NaN;
    expect(forward(model)).toBe('weight rnn.weight_hh_l1[7, 2] = NaN');
  });

  it('names the first gate, layer and time where finite weights overflow', () => {
    const model = make({ cell: 'rnn', nonlinearity: 'relu' });
    // h = relu(… + 1e20·h): about 1 after the first step, 1e20 after the second, ∞ after the third
    parameter(model, 'rnn.bias_ih_l0').value.fill(1);
    const recurrent = parameter(model, 'rnn.weight_hh_l0').value.fill(0);
    recurrent.row(1).data[1] = 1e20;
    expect(forward(model)).toMatch(/^gate n\[0, 1\] = Infinity of layer 0 at time 2$/);
  });

  it('names a state that was carried in, and the logits', () => {
    const model = make();
    const state = model.zeroState(2);
    state.h.row(1).row(0).data[2] = Infinity;
    const result = model.forward(ids, ids);
    expect(findForwardAnomaly(model, result, state)).toBe('carried state h[1, 0, 2] = Infinity');
    result.logits.row(3).row(1).data[0] = -Infinity;
    expect(findForwardAnomaly(model, result, undefined)).toBe('logits[3, 1, 0] = -Infinity');
  });
});

it('findBackwardAnomaly begins at the head, where backward begins', () => {
  const model = make();
  expect(findBackwardAnomaly(model)).toBeUndefined();
  parameter(model, 'rnn.weight_ih_l0').grad.data[0] = NaN;
  parameter(model, 'rnn.weight_ih_l1').grad.row(5).data[1] = NaN;
  expect(findBackwardAnomaly(model)).toBe('gradient of rnn.weight_ih_l1[5, 1] = NaN');
});

it('a trainer with detectAnomaly stops and says where it began', async () => {
  const model = make({ numLayers: 1 });
  const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
  const trainer = new Trainer({ model, dataset, optimizer, steps: 3, batchSize: 2, detectAnomaly: true });
  parameter(model, 'head.bias').value.data[1] = NaN;
  const run = (async () => {
    for await (const event of trainer.run())
      if (event.type === 'step') expect.unreachable('no step can be taken');
  })();
  const error = await run.then(
    () => undefined,
    (reason: unknown) => reason as DivergenceError,
  ); // prettier-ignore
  expect(error).toBeInstanceOf(DivergenceError);
  expect(error!.diagnosis.anomaly).toBe('weight head.bias[1] = NaN');
  expect(error!.message).toContain(
    'step 1 was not taken: a number in it is not finite; it first appeared in weight head.bias[1] = NaN;',
  );
});

it('trains as without it while all is well', async () => {
  const losses = async (detectAnomaly: boolean) => {
    const model = make();
    const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
    const seen: number[] = [];
    for await (const event of new Trainer({
      model,
      dataset,
      optimizer,
      steps: 4,
      batchSize: 2,
      detectAnomaly,
    }).run()) {
      if (event.type === 'step') seen.push(event.loss);
    }
    return seen;
  };
  expect(await losses(true)).toEqual(await losses(false));
});
