import { describe, expect, it } from 'vitest';
import { createLanguageModel, type LanguageModelConfig } from './create-language-model';

describe('createLanguageModel', () => {
  const configs: LanguageModelConfig[] = [
    { cell: 'rnn', vocabSize: 7, hiddenSize: 4, nonlinearity: 'relu', init: 'torch', seed: 3 },
    {
      cell: 'lstm',
      vocabSize: 7,
      hiddenSize: 4,
      numLayers: 2,
      dropout: 0.3,
      forgetBias: 2,
      dtype: 'float64',
    },
    { cell: 'gru', vocabSize: 7, hiddenSize: 4, embeddingDim: 3, resetAfter: false, seed: 9 },
    { cell: 'gru', vocabSize: 7, hiddenSize: 4, embeddingDim: 4, tieWeights: true, seed: 9 },
  ];
  it.each(configs)('$cell: the description, through JSON, makes the same model', (config) => {
    const model = createLanguageModel(config);
    expect(model.config).toEqual(config);
    const again = createLanguageModel(JSON.parse(JSON.stringify(model.config)) as LanguageModelConfig);
    expect(again.stateDict()).toEqual(model.stateDict());
    expect(model.recurrent.type).toBe(config.cell);
  });

  it('draws layers and head from different streams, both fixed by the seed', () => {
    const weights = (seed: number) =>
      createLanguageModel({ cell: 'rnn', vocabSize: 4, hiddenSize: 4, seed, init: 'seed' }).stateDict();
    const [a, b] = [weights(1), weights(2)];
    expect(a.get('rnn.weight_ih_l0')!.data).not.toEqual(a.get('head.weight')!.data);
    expect(a.get('head.weight')!.data).not.toEqual(b.get('head.weight')!.data);
  });

  it.each<[object, string]>([
    [{ cell: 'elman' }, `createLanguageModel: cell is "elman", expected 'rnn', 'lstm' or 'gru'.`],
    [
      { hidden: 3 },
      'createLanguageModel: "hidden" is no option, expected one of cell, vocabSize, hiddenSize',
    ],
    [{ hiddenSize: '4' }, 'createLanguageModel: hiddenSize is "4", expected a number.'],
    [{ forgetBias: 1 }, `forgetBias is an option of cell 'lstm' and cell is 'rnn'. Leave it out.`],
    [{ tieWeights: true, embeddingDim: 3 }, 'embeddingDim is 3, expected recurrent.outputSize=4'],
    [{ hiddenSize: 0 }, 'hiddenSize is 0, expected an integer ≥ 1.'],
    [JSON.parse('{"__proto__": 1}') as object, '"__proto__" is no option'],
  ])('refuses %o', (change, message) => {
    const config = Object.assign(Object.create(null) as object, { cell: 'rnn', vocabSize: 7, hiddenSize: 4 });
    for (const [name, value] of Object.entries(change))
      Object.defineProperty(config, name, { value, enumerable: true });
    expect(() => createLanguageModel(config as LanguageModelConfig)).toThrow(message);
  });
});
